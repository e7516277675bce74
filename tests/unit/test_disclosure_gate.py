"""The disclosure attack as a step of the run: when a quarter closes, before anything is sealed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest
from scratch_run import make_run, settings_at

from vha.disclosure.gate import attack_candidate
from vha.errors import QualityBlocked
from vha.publish.history import ensure_history
from vha.report.databases import write_databases
from vha.run import Run, RunPaths
from vha.settings import Settings

SAFE = "('sex', 'M', 1000, 'published'), ('sex', 'F', null, 'secondary_suppressed'), ('sex', 'X', null, 'suppressed')"
UNSAFE = "('sex', 'M', 1000, 'published'), ('sex', 'F', 95, 'published'), ('sex', 'X', null, 'suppressed')"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_at(tmp_path / "home")


def run_with(settings: Settings, cells: str, closes: str | None) -> Run:
    """A run that is built and audited, with figures by sex of a list of a thousand people and their ages."""
    run = make_run(settings, "r1", date(2026, 9, 30))
    with duckdb.connect(str(RunPaths(settings, "r1").warehouse)) as work:
        work.execute("update run.assessment set closes_period = ?", [closes])
        work.execute(
            f"""
            create or replace table oversight.special_category_breakdown as
            select '2026-Q3' as period, * from (values {cells}, ('age_band', '18-24', 1090, 'published'))
                as cells(characteristic, group_code, people, status);
            create or replace table oversight.list_trend as
            select '2026-Q3' as period, date '2026-09-30' as as_of_date, 'listed' as measure,
                cast(null as varchar) as reason, cast(null as varchar) as driver, 1090 as people,
                'published' as status;
            """
        )
    write_databases(settings, run)
    return run


def audit_of(settings: Settings) -> list[tuple[object, ...]]:
    database = RunPaths(settings, "r1").candidate / "public/oversight.duckdb"
    with duckdb.connect(str(database), read_only=True) as oversight:
        return oversight.execute(
            "select cell, lower, upper, safe from disclosure_audit order by 1"
        ).fetchall()


def test_what_can_be_worked_out_of_a_closing_quarter_is_written_down(settings: Settings) -> None:
    attack_candidate(settings, run_with(settings, SAFE, "2026-Q3"))
    assert [(cell, safe) for cell, _, _, safe in audit_of(settings)] == [("sex/F", True), ("sex/X", True)]


def test_a_quarter_that_would_give_somebody_away_does_not_go_out(settings: Settings) -> None:
    run = run_with(settings, UNSAFE, "2026-Q3")
    with pytest.raises(QualityBlocked, match="sex of 2026-Q3"):
        attack_candidate(settings, run)


def test_figures_that_contradict_each_other_do_not_go_out(settings: Settings) -> None:
    run = run_with(settings, SAFE.replace("1000", "2000"), "2026-Q3")
    with pytest.raises(QualityBlocked, match="contradict each other"):
        attack_candidate(settings, run)


def test_between_quarters_what_was_found_is_carried_along(settings: Settings) -> None:
    run = run_with(settings, UNSAFE, None)
    ensure_history(settings)
    history = settings.home / "history"
    with duckdb.connect(":memory:") as connection:
        for table, row in {
            "release_register": "'earlier' as run_id, date '2026-09-29' as as_of_date",
            "disclosure_audit": "'earlier' as run_id, '2026-Q2' as period, 'sex/X' as cell, 1 as lower, 9 as upper, "
            "true as safe",
        }.items():
            connection.execute(
                f"copy (select * from read_parquet('{history}/{table}/0.parquet') union all by name select {row}) "
                f"to '{history}/{table}/earlier.parquet' (format parquet)"
            )
    attack_candidate(settings, run)
    assert audit_of(settings) == [("sex/X", 1, 9, True)]
