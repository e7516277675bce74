"""Every declared check passes on good data, and fails, alone, on data that breaks its rule."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from delivery_mutations import DELIVERY
from figure_mutations import FIGURES
from mart_mutations import CONTRIBUTIONS, LIST, MOVEMENTS, QUEUE
from mutations import LANDING, QUARANTINE, Mutation
from presence_mutations import PRESENCE
from ratio_mutations import RATIOS
from register_mutations import REGISTERS

from vha.audit.declarations import Suite
from vha.audit.gate import Finding

MUTATIONS = [
    *(*LANDING, *DELIVERY, *QUARANTINE, *LIST, *CONTRIBUTIONS),
    *(*MOVEMENTS, *QUEUE, *REGISTERS, *FIGURES, *RATIOS, *PRESENCE),
]


def evaluate(path: Path, suites: list[Suite]) -> dict[tuple[str, str], Finding]:
    from vha.audit import validation

    return validation.validate(path, {}, suites)


def test_every_check_passes_on_good_data(good_warehouse: Path, suites: dict[str, Suite]) -> None:
    findings = evaluate(good_warehouse, list(suites.values()))
    declared = {(suite.name, check.name) for suite in suites.values() for check in suite.checks}
    assert {name for name, finding in findings.items() if finding.status == "passed"} == declared


def test_every_expectation_carries_its_meaning_severity_and_owner(suites: dict[str, Suite]) -> None:
    """In Great Expectations' own suites, wherever they are shown or written to."""
    from vha.audit import validation

    for suite in suites.values():
        expectations = validation.library_suite(suite).expectations
        for check, expectation in zip(suite.checks, expectations, strict=True):
            said = {"meaning": check.meaning.strip(), "severity": check.severity, "owner": check.owner}
            assert expectation.meta == {"check_name": check.name, **said}
            assert expectation.severity == check.severity


def test_every_check_has_a_broken_variant(suites: dict[str, Suite]) -> None:
    declared = {f"{suite.name}.{check.name}" for suite in suites.values() for check in suite.checks}
    broken = {
        f"{mutation.check.split('.')[0]}.{name}"
        for mutation in MUTATIONS
        for name in (mutation.check.split(".")[1], *mutation.besides)
    }
    assert broken == declared


@pytest.mark.parametrize(
    "mutation",
    [
        pytest.param(
            mutation, id=mutation.check, marks=[pytest.mark.slow] if mutation in (*FIGURES, *RATIOS) else []
        )
        for mutation in MUTATIONS
    ],
)
def test_a_check_catches_its_broken_variant(
    mutation: Mutation, good_warehouse: Path, suites: dict[str, Suite]
) -> None:
    broken = good_warehouse.with_name("broken.duckdb")
    broken.write_bytes(good_warehouse.read_bytes())
    with duckdb.connect(str(broken)) as connection:
        connection.execute(mutation.sql)
    suite, check = mutation.check.split(".")
    findings = evaluate(broken, [suites[suite]])
    not_passed = {
        name: finding.status for (_, name), finding in findings.items() if finding.status != "passed"
    }
    assert not_passed == dict.fromkeys((check, *mutation.also, *mutation.besides), "failed")


MAY_BE_EMPTY = {
    "landing.restriction": "nobody may have objected",
    "landing.safeguarding": "nobody may be referred",
    "assessment.quarantine": "every row may be good; its counts are held against it",
    "assessment.review_queue": "nobody may have to be looked at",
    "assessment.score_contributions": "the suite of the list misses them",
    "history.table_volumes": "a first release has none before it",
    "intermediate.int_completeness_by_group": "the completeness of all is asked for in listed_people",
    "intermediate.int_fail_closed_rows": "nothing may fail closed",
    "intermediate.int_recent_links": "what is counted there only warns, and so does the check that it is there",
    "intermediate.int_text_forms": "what is counted there only warns, and so does the check that it is there",
    "run.disclosure_audit": "nothing may be withheld",
}
"""Tables without a row of which no check of their own fails, and why that is right."""


def test_a_table_without_a_row_stops_the_release(good_warehouse: Path, suites: dict[str, Suite]) -> None:
    of_table: dict[str, list[Suite]] = {}
    for suite in suites.values():
        of_table.setdefault(suite.table, []).append(suite)
    unnoticed = set()
    broken = good_warehouse.with_name("broken.duckdb")
    for table, its_suites in of_table.items():
        broken.write_bytes(good_warehouse.read_bytes())
        with duckdb.connect(str(broken)) as connection:
            connection.execute(f"delete from {table}")
        findings = evaluate(broken, its_suites)
        critical = [(s.name, c.name) for s in its_suites for c in s.checks if c.severity == "critical"]
        if all(findings[name].status == "passed" for name in critical):
            unnoticed.add(table)
    assert unnoticed == set(MAY_BE_EMPTY)
