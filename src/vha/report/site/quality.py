"""The quality page: each check in plain words, how it went in the releases before, and since when it has not passed."""

from __future__ import annotations

from typing import Any

from vha.report.site.formats import NOT_APPLICABLE, day, sentence
from vha.report.site.published import Published, Row
from vha.report.site.quality_words import REASONS, SOURCES, STAGES, SUITES

RELEASES = 20
"""So many releases the trend goes back."""

# Shapes, so that nothing is said by colour alone.
MARKS = {"passed": "●", "failed": "✕", "errored": "?", None: "·"}


def suites(published: Published) -> list[dict[str, Any]]:
    """The suites with their checks, those that did not pass first, then in the order of the pipeline.

    A suite has ``suite``, its ``title`` and ``stage`` in plain words, ``passed``, ``made`` and ``checks``. A check is a
    row of ``quality_checks`` with ``marks`` and ``said`` (its trend, the latest release last, for the eye and in words)
    and ``since``, the first date of the unbroken time in which it has not passed.
    """
    checks: dict[str, list[dict[str, Any]]] = {}
    for check in published.rows(_CHECKS, releases=RELEASES):
        check["marks"] = "".join(MARKS[status] for status in check["trend"])
        check["said"] = _said(check)
        checks.setdefault(check["suite"], []).append(check)
    found = [
        {**total, **_in_words(total["suite"]), "checks": checks[total["suite"]]}
        for total in published.rows(_SUITES)
    ]
    order = list(SUITES)
    return sorted(
        found,
        key=lambda suite: (
            suite["passed"] == suite["made"],
            order.index(suite["suite"]) if suite["suite"] in SUITES else len(order),
        ),
    )


def _in_words(suite: str) -> dict[str, str]:
    stage, title = SUITES.get(suite, ("", sentence(suite)))
    return {"title": title, "stage": STAGES.get(stage, NOT_APPLICABLE)}


def kept_out(published: Published) -> list[dict[str, Any]]:
    """The rows kept out by ``source`` and ``why`` in plain words, with the codes: rows of ``quarantine_counts``."""
    return [
        {
            **row,
            "source": SOURCES.get(row["source_table"], row["source_table"]),
            "why": REASONS.get(row["reason"], sentence(row["reason"])),
        }
        for row in published.rows("select * from quarantine_counts order by source_table, reason")
    ]


def kept_out_by_reason(published: Published) -> list[dict[str, Any]]:
    """The rows kept out by ``reason``, with ``why`` in plain words and their ``row_count``, the most first."""
    rows = published.rows(
        "select reason, cast(sum(row_count) as bigint) as row_count from quarantine_counts "
        "group by reason order by row_count desc, reason"
    )
    return [{**row, "why": REASONS.get(row["reason"], sentence(row["reason"]))} for row in rows]


def not_passed(published: Published) -> list[dict[str, Any]]:
    """The checks of :func:`suites` that did not pass."""
    return [check for suite in suites(published) for check in suite["checks"] if check["status"] != "passed"]


def totals(published: Published) -> dict[str, Any]:
    """Counts of this release's checks: ``made``, ``passed``, ``warned`` and ``failed``."""
    return published.row(_TOTALS)


def attack(published: Published) -> dict[str, Any]:
    """How many withheld numbers were attacked (``attacked``), and how many of them could be inferred (``revealed``)."""
    return published.row(
        "select count(*) as attacked, count(*) filter (not safe) as revealed from disclosure_audit"
    )


def has_earlier_releases(published: Published) -> bool:
    """Whether there is a release before this one, with which deliveries can be compared."""
    return bool(published.row("select count(*) as releases from release_register")["releases"])


def withdrawn(published: Published) -> list[dict[str, Any]]:
    """The checks of the releases that the trend goes back to that are not made any more: ``last_made_on``."""
    return published.rows(
        "select suite, check_name, max(as_of_date) as last_made_on from quality_trend "
        "anti join quality_checks using (suite, check_name) group by all order by suite, check_name"
    )


def accepted(published: Published) -> list[dict[str, Any]]:
    """The critical failures that somebody answered for, with what the check means."""
    return published.rows(
        "select accepted.*, checks.meaning from accepted_failures as accepted "
        "left join quality_checks as checks using (suite, check_name) order by suite, check_name"
    )


def _said(check: Row) -> str:
    """A trend in one sentence, for those who cannot see the marks."""
    times = f"of the last {check['trend_made']} releases in which it was made"
    if not check["trend_failed"]:
        return f"passed in all {times}"
    since = f"; not passed since {day(check['since'])}" if check["since"] else ""
    return f"did not pass in {check['trend_failed']} {times}{since}"


_TOTALS = """
select
    count(*) as made,
    count(*) filter (status = 'passed') as passed,
    count(*) filter (status <> 'passed' and severity = 'warning') as warned,
    count(*) filter (status <> 'passed' and severity = 'critical') as failed
from quality_checks
"""

_SUITES = """
select suite, count(*) as made, count(*) filter (status = 'passed') as passed
from quality_checks
group by suite
order by made = passed, suite
"""

_CHECKS = """
with releases as (
    select distinct as_of_date from quality_trend order by as_of_date desc limit $releases
),
grid as (
    select checks.suite, checks.check_name, releases.as_of_date, trend.status
    from quality_checks as checks
    cross join releases
    left join quality_trend as trend
        on checks.suite = trend.suite
            and checks.check_name = trend.check_name
            and releases.as_of_date = trend.as_of_date
),
last_passed as (
    select suite, check_name, max(as_of_date) filter (status = 'passed') as passed_on
    from grid
    group by all
),
trends as (
    select
        suite,
        check_name,
        list(grid.status order by grid.as_of_date) as trend,
        count(grid.status) as trend_made,
        count(*) filter (grid.status <> 'passed') as trend_failed,
        min(grid.as_of_date) filter (
            grid.status <> 'passed' and grid.as_of_date > coalesce(last_passed.passed_on, date '0001-01-01')
        ) as since
    from grid
    inner join last_passed using (suite, check_name)
    group by all
)
select checks.*, trends.* exclude (suite, check_name)
from quality_checks as checks
inner join trends using (suite, check_name)
order by checks.suite, checks.status = 'passed', checks.severity, checks.check_name
"""
