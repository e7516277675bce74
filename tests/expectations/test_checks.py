"""Every declared check passes on good data, and fails, alone, on data that breaks its rule."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from delivery_mutations import DELIVERY
from figure_mutations import FIGURES
from mart_mutations import CONTRIBUTIONS, LIST, MOVEMENTS, OVERSIGHT, QUEUE
from mutations import LANDING, QUARANTINE, Mutation
from ratio_mutations import RATIOS

from vha.audit.declarations import Suite
from vha.audit.gate import Finding

MUTATIONS = [
    *(*LANDING, *DELIVERY, *QUARANTINE, *LIST, *CONTRIBUTIONS),
    *(*MOVEMENTS, *QUEUE, *OVERSIGHT, *FIGURES, *RATIOS),
]


def evaluate(path: Path, suites: list[Suite]) -> dict[tuple[str, str], Finding]:
    from vha.audit import validation

    return validation.validate(path, {}, suites)


def test_every_check_passes_on_good_data(good_warehouse: Path, suites: dict[str, Suite]) -> None:
    findings = evaluate(good_warehouse, list(suites.values()))
    declared = {(suite.name, check.name) for suite in suites.values() for check in suite.checks}
    assert {name for name, finding in findings.items() if finding.status == "passed"} == declared


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
