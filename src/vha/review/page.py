"""The page of a yearly review: the published figures of the year's quarters in neighbouring columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vha.report.site.figures import Quarter, in_order
from vha.report.site.pages import environment
from vha.report.site.published import Published
from vha.report.site.vocabulary import CHARACTERISTICS
from vha.run import Run

_RATIO = ("rate_ratio", "ci_low", "ci_high", "status")


def render(published: Published, run: Run, year: int) -> str:
    """The page as HTML.

    Args:
        published: the review's database.
        run: the release that the quarters' figures are taken from.
    """
    periods = sorted(published.periods)
    last = Quarter(published, periods[-1])
    pages = environment(published, run, "vha.review")
    return pages.get_template("year.html.j2").render(
        root="",
        year=year,
        periods=periods,
        missing=[
            period for period in (f"{year}-Q{number}" for number in range(1, 5)) if period not in periods
        ],
        sizes=last.chart_of_sizes(),
        vocabulary=last.vocabulary,
        trend=_side_by_side(published, "list_trend", ("measure", "reason", "driver"), ("people",)),
        breakdown=_by_characteristic(
            published, "special_category_breakdown", ("group_code",), ("people", "percentage", "status")
        ),
        ratios=_by_characteristic(
            published, "disproportionality", ("group_code", "benchmark"), _RATIO, "and stage = 'listed'"
        ),
        releases=published.rows("select * from releases order by as_of_date, run_id"),
        not_passed=published.rows(
            "select suite, check_name, severity, meaning, owner, count(*) as releases, max(as_of_date) as last "
            "from checks_not_passed group by all order by severity, releases desc, suite, check_name"
        ),
        accepted=published.rows("select * from accepted_failures order by all"),
        changes=published.rows("select * from policy_changes order by all"),
    )


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
