"""What each page is given to show, from the tables of the release."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from vha.report.site import assumptions, exports, method, quality, ratios, transparency, variants, workbooks
from vha.report.site.figures import Quarter, grouped, place
from vha.report.site.parts import MAIN
from vha.report.site.published import Published, Row
from vha.report.site.vocabulary import CHARACTERISTICS, POPULATIONS, SHOWN_ON
from vha.run import Run

Content = Mapping[str, Any]


def _overview(quarter: Quarter, run: Run) -> Content:
    published = quarter.published
    return {
        "movements": quarter.list_movements(),
        "checks": quality.totals(published),
        "has_earlier_releases": quality.has_earlier_releases(published),
        "not_passed": quality.not_passed(published),
        "accepted": quality.accepted(published),
        "quarantined": _quarantined(published),
        "parameters": _parameters(published),
        "main": _main(quarter),
        "trend": quarter.chart_of_sizes(),
        "flags": ratios.flags(quarter),
        "comparisons": ratios.comparisons(quarter),
        "uncompared": ratios.uncompared(quarter),
    }


def _breakdown(quarter: Quarter, run: Run) -> Content:
    return {
        "movements": quarter.list_movements(),
        "breakdown": [{**section, **_in_short(section["rows"])} for section in quarter.breakdown()],
    }


def _completeness(quarter: Quarter, run: Run) -> Content:
    order = (
        f"{place('population_kind', tuple(POPULATIONS))}, {place('characteristic', tuple(CHARACTERISTICS))}"
    )
    rows = quarter.rows("special_category_completeness", order=order)
    return {"completeness": grouped(rows, "population_kind")}


def _disproportionality(quarter: Quarter, run: Run) -> Content:
    sections = ratios.sections(quarter)
    return {
        "sections": sections,
        "main": next((section for section in sections if section["code"] == MAIN), None),
        "flags": ratios.flags(quarter),
        "comparisons": ratios.comparisons(quarter),
        "states": ratios.STATES,
        "limitations": ratios.limitations(quarter),
    }


def _what_if(quarter: Quarter, run: Run) -> Content:
    return variants.content(quarter, "what_if")


def _feedback(quarter: Quarter, run: Run) -> Content:
    return variants.content(quarter, "feedback")


def _quarter(quarter: Quarter, run: Run) -> Content:
    return {"movements": quarter.list_movements(), "main": _main(quarter)}


def _quarters(quarter: Quarter, run: Run) -> Content:
    sizes = quarter.published.rows("select period, people from list_trend where measure = 'listed'")
    people = {row["period"]: row["people"] for row in sizes}
    return {
        "periods": [{"period": period, "people": people.get(period)} for period in quarter.published.periods]
    }


def _method(quarter: Quarter, run: Run) -> Content:
    reasons = quarter.published.rows(
        "select * from code_labels where domain = 'removal_reason' order by code"
    )
    return {"method": method.content(quarter.published), "reasons": reasons}


def _policy(quarter: Quarter, run: Run) -> Content:
    return {
        "parameters": _parameters(quarter.published),
        "rows": assumptions.register(quarter.published, of_the_list=True),
        "in_seeds": assumptions.in_seeds(quarter.published),
    }


def _quality(quarter: Quarter, run: Run) -> Content:
    published = quarter.published
    return {
        "checks": quality.totals(published),
        "has_earlier_releases": quality.has_earlier_releases(published),
        "withdrawn": quality.withdrawn(published),
        "not_passed": quality.not_passed(published),
        "accepted": quality.accepted(published),
        "quarantined": _quarantined(published),
        "kept_out": quality.kept_out_by_reason(published),
        "attack": quality.attack(published),
    }


def _releases(quarter: Quarter, run: Run) -> Content:
    return {
        "register": quarter.published.rows(
            "select * from release_register order by published_at desc, run_id"
        )
    }


def _transparency(quarter: Quarter, run: Run) -> Content:
    return {"record": transparency.sections(quarter.published, run)}


def _downloads(quarter: Quarter, run: Run) -> Content:
    published = quarter.published
    return {
        "files": [
            {
                "table": table,
                "page": SHOWN_ON.get(table.name),
                **published.row(f'select count(*) as "rows" from {table.name}'),
            }
            for table in published.tables.values()
        ],
        "workbooks": [
            {"path": f"downloads/{workbooks.NAME}.{ending}", "title": title}
            for ending, title in workbooks.FORMATS.items()
        ],
        "marks": exports.MARKS,
    }


def _words(quarter: Quarter, run: Run) -> Content:
    return {}


CONTENT: Mapping[str, Callable[[Quarter, Run], Content]] = {
    "index": _overview,
    "breakdown": _breakdown,
    "completeness": _completeness,
    "disproportionality": _disproportionality,
    "what-if": _what_if,
    "feedback": _feedback,
    "quarter": _quarter,
    "quarters": _quarters,
    "method": _method,
    "policy": _policy,
    "quality": _quality,
    "releases": _releases,
    "transparency": _transparency,
    "downloads": _downloads,
    "about": _words,
    "accessibility": _words,
}
"""By page."""


def _main(quarter: Quarter) -> Content | None:
    return next((section for section in quarter.breakdown() if section["code"] == MAIN), None)


def _in_short(rows: Sequence[Row]) -> Content:
    """The ``largest`` group of which a number is shown, and the rows ``not_stated`` and ``missing``; None for none."""
    by_code = {row["group_code"]: row for row in rows}
    unknown = {code: by_code.pop(code, None) for code in ("not_stated", "missing")}
    shown = [row for row in by_code.values() if row["people"]]
    return {"largest": max(shown, key=lambda row: row["people"], default=None), **unknown}


def _parameters(published: Published) -> Content:
    return published.row(
        "select count(*) as stated, count(*) filter (basis = 'assumption') as assumed from policy_register"
    )


def _quarantined(published: Published) -> Content:
    return published.row(
        "select coalesce(cast(sum(row_count) as bigint), 0) as row_count from quarantine_counts"
    )
