"""The audit as a whole: what stops a release, what it leaves, and what it never tells."""

from __future__ import annotations

import logging
import re
import subprocess
import sys

import duckdb
import pytest
from marked import MARKS, pages, results_of

from vha.audit import EXPECTATIONS, audit, declarations
from vha.audit.binding import refuse_others
from vha.errors import BuildError, ConfigurationError, PublishError, QualityBlocked
from vha.run import Run, RunPaths
from vha.settings import PROJECT_ROOT, Settings


def test_a_good_run_passes_and_leaves_its_results(run: Run, settings: Settings) -> None:
    paths = RunPaths(settings, run.run_id)
    before = paths.warehouse.read_bytes()
    counts = audit(settings, run)
    declared = sum(len(suite.checks) for suite in declarations.load(EXPECTATIONS))
    assert counts == {"rows": declared, "passed": declared, "warned": 0, "failed": 0, "accepted": 0}
    assert len(results_of(paths)) == declared
    assert list(results_of(paths)["landing_nominal.sex_is_complete"]) == [
        *("suite", "check_name", "severity", "status"),
        *("evaluated", "unexpected", "percentage", "meaning", "owner"),
    ]
    assert paths.warehouse.read_bytes() == before
    assert not list(paths.warehouse.parent.glob("*.wal"))


def test_a_critical_failure_blocks_and_keeps_results_and_docs(
    broken: RunPaths, run: Run, settings: Settings
) -> None:
    with pytest.raises(
        QualityBlocked, match=r"landing_nominal\.nominal_id_is_unique failed for 199 of 500 rows"
    ):
        audit(settings, run)
    assert results_of(broken)["landing_nominal.nominal_id_is_unique"]["status"] == "failed"
    assert b"Nominal id is unique" in pages(broken.data_docs)["suites/landing_nominal.html"]


def test_a_warning_does_not_block(run: Run, settings: Settings) -> None:
    with duckdb.connect(str(RunPaths(settings, run.run_id).warehouse)) as connection:
        connection.execute("update landing.nominal set sex = null")
    counts = audit(settings, run)
    assert (counts["warned"], counts["failed"]) == (1, 0)


def test_a_table_that_is_missing_blocks(run: Run, settings: Settings) -> None:
    with duckdb.connect(str(RunPaths(settings, run.run_id).warehouse)) as connection:
        connection.execute("drop table assessment.review_queue")
    with pytest.raises(QualityBlocked, match=r"review_queue\.nominal_id_is_there could not be evaluated"):
        audit(settings, run)


UNSAFE = "('2026-Q3', 'sex/X', 3, 3, false)"
CONTRADICTING = "('2026-Q3', 'all', null, null, false)"


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (
            UNSAFE,
            r"no_withheld_number_can_be_worked_out failed for 1 of 3 rows: .*, sex of 2026-Q3: have the",
        ),
        (CONTRADICTING, r"figures_do_not_contradict_each_other failed for 1 of 3 rows"),
    ],
)
def test_a_quarter_that_would_give_somebody_away_blocks(
    run: Run, settings: Settings, found: str, message: str
) -> None:
    with duckdb.connect(str(RunPaths(settings, run.run_id).warehouse)) as connection:
        connection.execute(f"insert into run.disclosure_audit values {found}")
    with pytest.raises(QualityBlocked, match=r"disclosure_audit\." + message):
        audit(settings, run)


def test_an_attack_that_was_not_made_blocks(run: Run, settings: Settings) -> None:
    with duckdb.connect(str(RunPaths(settings, run.run_id).warehouse)) as connection:
        connection.execute("drop table run.disclosure_audit")
    with pytest.raises(QualityBlocked, match="no_withheld_number_can_be_worked_out could not be evaluated"):
        audit(settings, run)


def test_results_hold_for_the_work_file_that_was_judged_and_no_other(run: Run, settings: Settings) -> None:
    paths = RunPaths(settings, run.run_id)
    audit(settings, run)
    refuse_others(paths)
    judged = paths.warehouse.read_bytes()
    with duckdb.connect(str(paths.warehouse)) as connection:
        connection.execute("delete from assessment.assessment_list where rank = 1")
    with pytest.raises(PublishError, match="changed after the audit"):
        refuse_others(paths)
    paths.warehouse.write_bytes(judged)
    refuse_others(paths)
    paths.audit_results.write_text(paths.audit_results.read_text().replace("critical", "warning"))
    with pytest.raises(PublishError, match="changed after the audit"):
        refuse_others(paths)


def test_a_check_that_raises_has_errored(broken: RunPaths, run: Run, settings: Settings) -> None:
    with pytest.raises(QualityBlocked):
        audit(settings, run)
    results = results_of(broken)
    assert results["raising.sex_is_a_number"]["status"] == "errored"
    assert results["raising.there_is_a_column"]["status"] == "errored"


def test_no_value_of_a_person_is_in_results_docs_logs_or_message(
    broken: RunPaths,
    run: Run,
    settings: Settings,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "vha")
    with pytest.raises(QualityBlocked) as blocked:
        audit(settings, run)
    printed = capfd.readouterr()
    told = [
        str(blocked.value),
        caplog.text,
        printed.out,
        printed.err,
        *(repr(left) for left in pages(broken.work).values()),
    ]
    assert "ConversionException" in caplog.text
    assert [mark for mark in MARKS for text in told if mark in text] == []


def test_there_is_nothing_to_audit_before_the_build(settings: Settings, run: Run) -> None:
    RunPaths(settings, run.run_id).warehouse.unlink()
    with pytest.raises(BuildError, match="build it first"):
        audit(settings, run)


def test_a_limit_that_the_policy_lacks_is_named(run: Run, settings: Settings) -> None:
    with duckdb.connect(str(RunPaths(settings, run.run_id).warehouse)) as connection:
        connection.execute("delete from seeds.policy where parameter = 'completeness_minimum_sex'")
    with pytest.raises(ConfigurationError, match=r"'completeness_minimum_sex': add it to seeds/policy\.csv"):
        audit(settings, run)


def test_one_module_imports_great_expectations_and_only_when_an_audit_is_made() -> None:
    sources = (PROJECT_ROOT / "src").rglob("*.py")
    imports = re.compile(r"^\s*(import|from) great_expectations", re.MULTILINE)
    importing = [file.name for file in sources if imports.search(file.read_text())]
    assert importing == ["validation.py"]
    loaded = "import sys, vha.audit; sys.exit('great_expectations' in sys.modules)"
    subprocess.run([sys.executable, "-c", loaded], check=True)
