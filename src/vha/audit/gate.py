"""The severity gate: pure functions from what was declared and found to what may be published."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from vha.audit.declarations import Check, Severity, Suite
from vha.errors import QualityBlocked

Status = Literal["passed", "failed", "errored"]

# Suites of the list and of what it is made of, the suites of the attack and of what it is about, and words of checks
# of completeness: see is_never_accepted.
_IDENTITIES = frozenset(
    {
        *("assessment_list", "score_contributions", "list_movements"),
        *("survivors", "offence_weights", "crime_links", "suspect_reports"),
        *("crime_points", "intelligence_points", "assessed_people"),
    }
)
_DISCLOSURE = frozenset({"disclosure_audit", "group_counts"})
_COMPLETENESS = ("complete", "recorded")


@dataclass(frozen=True)
class Finding:
    """What the evaluation of one check came to.

    Attributes:
        evaluated: rows the rule was held against; None where it is not about rows, or could not be evaluated.
        unexpected: rows that break it.
        sentence: the rule in words, as HTML.
    """

    status: Status
    evaluated: int | None = None
    unexpected: int | None = None
    sentence: str = ""


@dataclass(frozen=True)
class CheckResult:
    """One row of ``quality_checks`` less ``run_id``; ``percentage`` is that of unexpected rows, 0 to 100.

    The three numbers are None where there are none, or where they would say how many people there are.
    """

    suite: str
    check_name: str
    severity: Severity
    status: Status
    evaluated: int | None
    unexpected: int | None
    percentage: float | None
    meaning: str
    owner: str


def settle(suites: Iterable[Suite], findings: Mapping[tuple[str, str], Finding]) -> list[CheckResult]:
    """One result for each declared check; ``findings`` goes by suite and check name.

    A check that was declared and never evaluated is an error, not a pass.
    """
    return [
        _result(suite, check, findings.get((suite.name, check.name), Finding("errored")))
        for suite in suites
        for check in suite.checks
    ]


def _result(suite: Suite, check: Check, finding: Finding) -> CheckResult:
    shown = Finding(finding.status) if suite.rows_are_people else finding
    return CheckResult(
        suite=suite.name,
        check_name=check.name,
        severity=check.severity,
        status=finding.status,
        evaluated=shown.evaluated,
        unexpected=shown.unexpected,
        percentage=_percentage(shown),
        meaning=check.meaning.strip(),
        owner=check.owner,
    )


def summary(results: Sequence[CheckResult]) -> dict[str, int]:
    """Counts of checks: those evaluated (``rows``), passed, warned about, and failed critically.

    A check that could not be evaluated has failed, with its severity.
    """
    return {
        "rows": sum(result.status != "errored" for result in results),
        "passed": sum(result.status == "passed" for result in results),
        "warned": sum(_is_broken(result) and result.severity == "warning" for result in results),
        "failed": sum(_is_broken(result) and result.severity == "critical" for result in results),
    }


def is_never_accepted(suite: str, check_name: str) -> bool:
    """Whether no policy can let anybody accept a failure: of the score's identities; of how completely ethnicity
    is recorded, without which nobody could see whom the list bears on; and of what would give people away."""
    is_identity = suite in _IDENTITIES
    is_completeness = "ethnicity" in check_name and any(word in check_name for word in _COMPLETENESS)
    return is_identity or is_completeness or suite in _DISCLOSURE


def decide(
    results: Sequence[CheckResult],
    docs: str,
    accepted: Collection[str] = (),
    notes: Mapping[str, str] | None = None,
) -> None:
    """Let the run go on, or not.

    Args:
        docs: where the results can be read.
        accepted: failures that somebody answers for, as ``SUITE.CHECK``.
        notes: by ``SUITE.CHECK``, what can be said of a failure beyond the check's own words.

    Raises:
        QualityBlocked: a critical check failed or could not be evaluated, and nobody may and does answer for
            it; or there is no result at all.
    """
    if not results:
        raise QualityBlocked("No check was made, so nothing is published: declare some in expectations/.")
    blocking = [
        result
        for result in results
        if _is_broken(result) and result.severity == "critical" and not _is_accepted(result, accepted)
    ]
    if blocking:
        checks = "1 critical check" if len(blocking) == 1 else f"{len(blocking)} critical checks"
        raise QualityBlocked(
            f"Nothing is published, because {checks} did not pass ({docs} has all results): "
            + "; ".join(_reason(result, notes or {}) for result in blocking)
            + "."
        )


def _is_accepted(result: CheckResult, accepted: Collection[str]) -> bool:
    return (
        result.status == "failed"
        and f"{result.suite}.{result.check_name}" in accepted
        and not is_never_accepted(result.suite, result.check_name)
    )


def _is_broken(result: CheckResult) -> bool:
    return result.status != "passed"


def _percentage(finding: Finding) -> float | None:
    if finding.unexpected is None or not finding.evaluated:
        return None
    return round(100 * finding.unexpected / finding.evaluated, 4)


def _reason(result: CheckResult, notes: Mapping[str, str]) -> str:
    name = f"{result.suite}.{result.check_name}"
    if result.status == "errored":
        found = "could not be evaluated"
    elif result.evaluated is None:
        found = "failed"
    elif result.unexpected is None:
        found = f"failed with {result.evaluated} rows"
    else:
        found = f"failed for {result.unexpected} of {result.evaluated} rows"
    note = f", {notes[name]}" if name in notes else ""
    return f"{name} {found}: {result.meaning.rstrip('.')}{note} (to be mended by {result.owner})"
