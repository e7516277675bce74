"""The pages of a yearly review: the published figures of the year's quarters in neighbouring columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from vha.report.site import assumptions
from vha.report.site.figures import Quarter, in_order
from vha.report.site.pages import environment
from vha.report.site.published import Published
from vha.report.site.vocabulary import CHARACTERISTICS
from vha.run import Run

_PAGES = {
    "index": "The list, and who came and went",
    "breakdown": "Who is on the list",
    "disparity": "Disparity between groups",
    "quality": "Data quality",
    "policy": "Changes of policy",
}
"""What the navigation calls each page."""

_OF_THE_SITE = {"index": "breakdown", "breakdown": "breakdown", "disparity": "disproportionality"}
"""The page of the site whose figures a page shows, and whose assumptions it therefore rests on."""

_RATIO = ("rate_ratio", "ci_low", "ci_high", "bound_low", "bound_high", "status")


def write(published: Published, run: Run, year: int, folder: Path) -> None:
    """Write the pages into the review's folder, ``index.html`` the first.

    Args:
        published: the review's database.
        run: the release that the quarters' figures are taken from.
    """
    periods = sorted(published.periods)
    last = Quarter(published, periods[-1])
    ratios = _by_characteristic(
        published, "disproportionality", ("group_code", "benchmark"), _RATIO, "and stage = 'listed'"
    )
    # The main characteristic comes first, and stands where the navigation leads to.
    files = {
        section["code"]: f"disparity-{section['code'].replace('_', '-')}.html" if at else "disparity.html"
        for at, section in enumerate(ratios)
    }
    templates = environment(published, run, "vha.review")
    templates.globals.update(
        root="",
        year=year,
        periods=periods,
        missing=[
            period for period in (f"{year}-Q{number}" for number in range(1, 5)) if period not in periods
        ],
        vocabulary=last.vocabulary,
        pages=[(f"{name}.html", short) for name, short in _PAGES.items() if ratios or name != "disparity"],
        disparities=[(file, code) for code, file in files.items()],
    )

    def write_page(file: str, template: str, title: str, within: str | None = None, **content: Any) -> None:
        html = templates.get_template(f"year-{template}.html.j2").render(
            file=file,
            title=title,
            within=within,
            assumed=assumptions.of_page(published, _OF_THE_SITE.get(template, "")),
            **content,
        )
        (folder / file).write_text(html, encoding="utf-8")

    contents = _contents(published, last)
    for name, content in contents.items():
        title = f"Review of {year}" if name == "index" else _PAGES[name]
        write_page(f"{name}.html", name, title, **content)
    for section in ratios:
        of = last.vocabulary.characteristic(section["code"])
        file = files[section["code"]]
        within = None if file == "disparity.html" else "disparity.html"
        write_page(file, "disparity", f"Disparity between groups: {of}", within, section=section)


def _contents(published: Published, last: Quarter) -> Mapping[str, Mapping[str, Any]]:
    """What each page but those of the ratios is given to show, by its name."""
    return {
        "index": {
            "sizes": last.chart_of_sizes(),
            "trend": _side_by_side(published, "list_trend", ("measure", "reason", "driver"), ("people",)),
        },
        "breakdown": {
            "breakdown": _by_characteristic(
                published, "special_category_breakdown", ("group_code",), ("people", "percentage", "status")
            )
        },
        "quality": {
            "releases": published.rows("select * from releases order by as_of_date, run_id"),
            "not_passed": published.rows(
                "select suite, check_name, severity, meaning, owner, count(*) as releases, max(as_of_date) as last "
                "from checks_not_passed group by all order by severity, releases desc, suite, check_name"
            ),
            "accepted": published.rows("select * from accepted_failures order by all"),
        },
        "policy": {"changes": published.rows("select * from policy_changes order by all")},
    }


def _by_characteristic(
    published: Published, table: str, keys: Sequence[str], values: Sequence[str], where: str = ""
) -> list[dict[str, Any]]:
    """A section for each characteristic, with its rows side by side."""
    found = {row["characteristic"] for row in published.rows(f"select distinct characteristic from {table}")}
    return [
        {
            "code": code,
            "rows": _side_by_side(published, table, keys, values, f"where characteristic = '{code}' {where}"),
        }
        for code in in_order(found, CHARACTERISTICS)
    ]


def _side_by_side(
    published: Published, table: str, keys: Sequence[str], values: Sequence[str], where: str = ""
) -> list[dict[str, Any]]:
    """Rows of a table by their key: ``key``, and ``periods``, the values by the period they belong to."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in published.rows(f"select * from {table} {where} order by {', '.join(keys)}, period"):
        found.setdefault(tuple(row[key] for key in keys), {})[row["period"]] = {
            value: row[value] for value in values
        }
    return [{"key": key, "periods": by_period} for key, by_period in found.items()]
