"""What each page is given to show, from the tables of the release."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from vha.report.site import assumptions, exports, method, quality, transparency, variants, workbooks
from vha.report.site.figures import Quarter
from vha.report.site.published import Published
from vha.run import Run

Content = Mapping[str, Any]

_MAIN = "self_defined_ethnicity_5"
"""The characteristic that the first page shows, and of which ratios are drawn for every quarter."""

_IN_TABLES_ONLY = "self_defined_ethnicity_18"
"""The characteristic with so many groups that charts of their ratios would bury the others."""

_STATES = {
    "insufficient_data": "Too few people to say. That is not the same as no disparity.",
    "not_comparable": "Cannot be compared: this benchmark has no count of these groups, or one of other people.",
}


def _overview(quarter: Quarter, run: Run) -> Content:
    published = quarter.published
    return {
        "movements": quarter.list_movements(),
        "checks": quality.totals(published),
        "not_passed": quality.not_passed(published),
        "accepted": quality.accepted(published),
        "quarantined": _quarantined(published),
        "parameters": _parameters(published),
        "main": _main(quarter),
        "trend": quarter.chart_of_sizes(),
        "flags": quarter.flags(),
    }


def _breakdown(quarter: Quarter, run: Run) -> Content:
    return {
        "movements": quarter.list_movements(),
        "breakdown": quarter.breakdown(),
        "cross": quarter.cross_tables(),
        "agreement": quarter.matrix("ethnicity_agreement", "self_defined_5", "officer_observed_5"),
        "completeness": quarter.rows(
            "special_category_completeness", order="population_kind, characteristic"
        ),
        "completeness_by_group": quarter.rows(
            "special_category_completeness_by_group", order="characteristic, by_characteristic, by_group"
        ),
    }


def _disproportionality(quarter: Quarter, run: Run) -> Content:
    sections = quarter.disproportionality()
    # A chart takes longer than all else of a page: of earlier quarters the main ones are drawn.
    is_latest = quarter.period in quarter.published.periods[:1]
    charts = {
        section["code"]: {kind: quarter.charts_of_ratios(section, kind) for kind in ("benchmarks", "steps")}
        for section in sections
        if section["code"] == _MAIN or (is_latest and section["code"] != _IN_TABLES_ONLY)
    }
    return {
        "sections": sections,
        "flags": quarter.flags(),
        "comparisons": quarter.comparisons(),
        "limitations": quarter.limitations(),
        "states": _STATES,
        "charts": {code: drawn for code, drawn in charts.items() if code == _MAIN or any(drawn.values())},
    }


def _what_if(quarter: Quarter, run: Run) -> Content:
    return {"measures": variants.MEASURES, **variants.content(quarter, "what_if")}


def _feedback(quarter: Quarter, run: Run) -> Content:
    return {"measures": variants.MEASURES, **variants.content(quarter, "feedback")}


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
    return {"parameters": _parameters(quarter.published), "in_seeds": assumptions.in_seeds(quarter.published)}


def _quality(quarter: Quarter, run: Run) -> Content:
    published = quarter.published
    return {
        "checks": quality.totals(published),
        "has_earlier_releases": quality.has_earlier_releases(published),
        "withdrawn": quality.withdrawn(published),
        "suites": quality.suites(published),
        "not_passed": quality.not_passed(published),
        "accepted": quality.accepted(published),
        "quarantined": _quarantined(published),
        "quarantine": published.rows("select * from quarantine_counts order by source_table, reason"),
        "releases": quality.RELEASES,
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
            {"table": table, **published.row(f'select count(*) as "rows" from {table.name}')}
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
    return next((section for section in quarter.breakdown() if section["code"] == _MAIN), None)


def _parameters(published: Published) -> Content:
    return published.row(
        "select count(*) as stated, count(*) filter (basis = 'assumption') as assumed from policy_register"
    )


def _quarantined(published: Published) -> Content:
    return published.row(
        "select coalesce(cast(sum(row_count) as bigint), 0) as row_count from quarantine_counts"
    )
