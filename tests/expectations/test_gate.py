"""The gate's truth table: what stops a release, and what only shows."""

from __future__ import annotations

import pytest

from vha.audit.declarations import Check, Severity, Suite
from vha.audit.gate import Finding, Status, decide, settle, summary
from vha.errors import QualityBlocked

PASSED, FAILED, ERRORED = Finding("passed", 10, 0), Finding("failed", 10, 2), Finding("errored")


def suite_of(*severities: Severity, rows_are_people: bool = False) -> Suite:
    checks = tuple(
        Check(
            name=f"check_{number}",
            severity=severity,
            meaning=f"Something is wrong with {number}.",
            owner="the owner",
            rows="select 1 from {batch}",
        )
        for number, severity in enumerate(severities)
    )
    return Suite("suite", "schema.table", "select 1", rows_are_people, checks)


def findings_of(*findings: Finding | None) -> dict[tuple[str, str], Finding]:
    return {("suite", f"check_{number}"): finding for number, finding in enumerate(findings) if finding}


@pytest.mark.parametrize(
    ("severity", "finding", "status", "blocks"),
    [
        ("critical", PASSED, "passed", False),
        ("critical", FAILED, "failed", True),
        ("critical", ERRORED, "errored", True),
        ("critical", None, "errored", True),
        ("warning", PASSED, "passed", False),
        ("warning", FAILED, "failed", False),
        ("warning", ERRORED, "errored", False),
        ("warning", None, "errored", False),
    ],
)
def test_only_a_critical_check_that_did_not_pass_blocks(
    severity: Severity, finding: Finding | None, status: Status, blocks: bool
) -> None:
    results = settle([suite_of(severity)], findings_of(finding))
    assert [result.status for result in results] == [status]
    if blocks:
        with pytest.raises(QualityBlocked):
            decide(results, "index.html")
    else:
        decide(results, "index.html")


def test_no_result_at_all_blocks() -> None:
    with pytest.raises(QualityBlocked, match="No check was made"):
        decide([], "index.html")


def test_a_check_that_was_not_evaluated_counts_with_its_severity() -> None:
    results = settle(
        [suite_of("critical", "critical", "warning", "warning")], findings_of(PASSED, None, ERRORED, FAILED)
    )
    assert summary(results) == {"rows": 2, "passed": 1, "warned": 2, "failed": 1}


def test_the_message_names_check_count_meaning_and_owner() -> None:
    results = settle([suite_of("critical", "critical", "warning")], findings_of(FAILED, ERRORED, FAILED))
    with pytest.raises(QualityBlocked) as blocked:
        decide(results, "data_docs/index.html")
    assert str(blocked.value) == (
        "Nothing is published, because 2 critical checks did not pass "
        "(data_docs/index.html has all results): "
        "suite.check_0 failed for 2 of 10 rows: Something is wrong with 0 (to be mended by the owner); "
        "suite.check_1 could not be evaluated: Something is wrong with 1 (to be mended by the owner)."
    )
    assert blocked.value.exit_code == 2


def test_percentage_is_that_of_unexpected_rows() -> None:
    (result,) = settle([suite_of("warning")], findings_of(Finding("failed", 300, 1)))
    assert (result.evaluated, result.unexpected, result.percentage) == (300, 1, 0.3333)


def test_numbers_of_people_are_not_kept() -> None:
    (result,) = settle([suite_of("warning", rows_are_people=True)], findings_of(FAILED))
    assert (result.evaluated, result.unexpected, result.percentage) == (None, None, None)
