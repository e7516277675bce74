"""The disclosure attack as a part of the run: made when a quarter closes, before the audit reads what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from scratch_run import make_run, settings_at

from vha.disclosure.gate import what_to_withhold, write_audit
from vha.publish.history import ensure_history
from vha.run import RunPaths
from vha.settings import Settings

SAFE = "('sex', 'M', 1000, 'published'), ('sex', 'F', null, 'secondary_suppressed'), ('sex', 'X', null, 'suppressed')"
UNSAFE = "('sex', 'M', 1000, 'published'), ('sex', 'F', 95, 'published'), ('sex', 'X', null, 'suppressed')"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_at(tmp_path / "home")


@pytest.fixture
def work(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The work file of a run."""
    make_run(settings, "r1", date(2026, 9, 30))
    with duckdb.connect(str(RunPaths(settings, "r1").warehouse)) as connection:
        yield connection


def with_figures(work: duckdb.DuckDBPyConnection, cells: str, closes: str | None) -> None:
    """Figures by sex of a list of a thousand people, and their ages."""
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


def audit_of(work: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return work.execute("select cell, lower, upper, safe from run.disclosure_audit order by 1").fetchall()


def test_what_can_be_worked_out_of_a_closing_quarter_is_written_down(work: duckdb.DuckDBPyConnection) -> None:
    with_figures(work, SAFE, "2026-Q3")
    write_audit(work)
    assert [(cell, safe) for cell, _, _, safe in audit_of(work)] == [("sex/F", True), ("sex/X", True)]
    assert what_to_withhold(work) == ""


def test_what_would_give_somebody_away_is_written_down_as_that(work: duckdb.DuckDBPyConnection) -> None:
    with_figures(work, UNSAFE, "2026-Q3")
    write_audit(work)
    assert [(cell, safe) for cell, _, _, safe in audit_of(work)] == [("sex/X", False)]
    assert what_to_withhold(work).startswith("sex of 2026-Q3: have the disclosure control lead withhold")


def test_figures_that_contradict_each_other_are_written_down_without_bounds(
    work: duckdb.DuckDBPyConnection,
) -> None:
    with_figures(work, SAFE.replace("1000", "2000"), "2026-Q3")
    write_audit(work)
    assert audit_of(work) == [("all", None, None, False)]


def test_between_quarters_what_was_found_is_carried_along(
    settings: Settings, work: duckdb.DuckDBPyConnection
) -> None:
    with_figures(work, UNSAFE, None)
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
    write_audit(work)
    assert audit_of(work) == [("sex/X", 1, 9, True)]


def test_completeness_that_contradicts_itself_is_written_down_without_bounds(
    work: duckdb.DuckDBPyConnection,
) -> None:
    """Of one sex alone more people lack a religion than of all suspects."""
    with_figures(work, SAFE, "2026-Q3")
    work.execute(
        """
        create or replace table oversight.special_category_completeness as
        select '2026-Q3' as period, 'suspects' as population_kind, 'religion' as characteristic, 2000 as recorded,
            0 as not_stated, 10 as missing, 99.5 as percentage_recorded, 'published' as status;
        create or replace table oversight.special_category_completeness_by_group as
        select '2026-Q3' as period, 'religion' as characteristic, 'sex' as by_characteristic, * from (values
            ('M', 900, 0, 700, 'published'), ('F', null, null, null, 'suppressed')
        ) as rows_of_table(by_group, recorded, not_stated, missing, status);
        """
    )
    write_audit(work)
    assert audit_of(work) == [("all", None, None, False)]


def test_a_larger_population_that_is_smaller_than_the_list_is_written_down_without_bounds(
    work: duckdb.DuckDBPyConnection,
) -> None:
    with_figures(work, SAFE, "2026-Q3")
    work.execute(
        """
        create or replace table oversight.special_category_completeness as
        select '2026-Q3' as period, 'suspects' as population_kind, 'date_of_birth' as characteristic, 500 as recorded,
            0 as not_stated, 0 as missing, 100 as percentage_recorded, 'published' as status
        """
    )
    write_audit(work)
    assert audit_of(work) == [("all", None, None, False)]
