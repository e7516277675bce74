"""The work file as dbt finds it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from factory import World, settings_of

from vha.extract import extract_system, land
from vha.policy.variants import variant_names
from vha.publish.history import ensure_history
from vha.run import Run, RunPaths
from vha.settings import SYSTEMS, Settings
from vha.warehouse.connect import connect
from vha.warehouse.prepare import last_closed_quarter, period_of, prepare
from vha.warehouse.seeds import SEEDS


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = settings_of(tmp_path / "home", World.small().write_sqlite(tmp_path))
    for system in SYSTEMS:
        extract_system(settings, "run-1", system)
    land(settings, "run-1")
    return settings


def assessments(settings: Settings, as_of: date) -> list[tuple[object, ...]]:
    prepare(settings, Run("run-1", as_of, True, "os:somebody"))
    with connect(settings, RunPaths(settings, "run-1").warehouse, read_only=True) as work:
        return work.execute(
            "select assessment, as_of_date, closes_period from run.assessment "
            "where variant is null order by as_of_date desc"
        ).fetchall()


def what_ifs(settings: Settings) -> list[tuple[object, ...]]:
    """Those of the work file that was prepared last."""
    with connect(settings, RunPaths(settings, "run-1").warehouse, read_only=True) as work:
        return work.execute("select * from run.assessment where variant is not null order by all").fetchall()


def publish_completeness(settings: Settings, period: str, as_of: date) -> None:
    """A published release, as far as the next run's preparation reads it."""
    ensure_history(settings)
    with connect(settings, Path(":memory:")) as connection:
        for table, row in {
            "special_category_completeness": f"'earlier' as run_id, '{period}' as period",
            "release_register": f"'earlier' as run_id, date '{as_of}' as as_of_date",
        }.items():
            folder = settings.home / "history" / table
            connection.execute(
                f"copy (select * from read_parquet('{folder}/0.parquet') union all by name select {row}) "
                f"to '{folder}/earlier.parquet' (format parquet)"
            )


@pytest.mark.parametrize(
    ("as_of", "closed", "period"),
    [
        (date(2026, 9, 30), date(2026, 9, 30), "2026-Q3"),
        (date(2026, 10, 1), date(2026, 9, 30), "2026-Q3"),
        (date(2026, 12, 30), date(2026, 9, 30), "2026-Q3"),
        (date(2026, 12, 31), date(2026, 12, 31), "2026-Q4"),
        (date(2027, 1, 1), date(2026, 12, 31), "2026-Q4"),
        (date(2028, 2, 29), date(2027, 12, 31), "2027-Q4"),
    ],
)
def test_a_quarter_is_closed_on_its_last_day(as_of: date, closed: date, period: str) -> None:
    assert last_closed_quarter(as_of) == closed
    assert period_of(closed) == period


def test_a_release_of_a_quarters_last_day_closes_it(settings: Settings) -> None:
    assert assessments(settings, date(2026, 9, 30)) == [("release", date(2026, 9, 30), "2026-Q3")]


def test_the_first_run_closes_the_quarter_before_its_date_in_retrospect(settings: Settings) -> None:
    assert assessments(settings, date(2026, 10, 7)) == [
        ("release", date(2026, 10, 7), None),
        ("quarter_end", date(2026, 9, 30), "2026-Q3"),
    ]


def test_a_quarter_that_was_published_is_not_computed_again(settings: Settings) -> None:
    publish_completeness(settings, "2026-Q3", date(2026, 9, 30))
    assert assessments(settings, date(2026, 10, 7)) == [("release", date(2026, 10, 7), None)]


@pytest.mark.parametrize(
    ("as_of", "varies"), [(date(2026, 9, 30), "release"), (date(2026, 10, 7), "quarter_end")]
)
def test_what_ifs_vary_the_assessment_that_closes_a_quarter(
    settings: Settings, as_of: date, varies: str
) -> None:
    assessments(settings, as_of)
    assert what_ifs(settings) == [
        (f"variant/{name}", date(2026, 9, 30), None, name, varies) for name in sorted(variant_names(SEEDS))
    ]


def test_without_a_quarter_to_close_there_is_no_what_if(settings: Settings) -> None:
    publish_completeness(settings, "2026-Q3", date(2026, 9, 30))
    assessments(settings, date(2026, 10, 7))
    assert what_ifs(settings) == []


def test_a_backfill_computes_no_what_if(settings: Settings) -> None:
    prepare(settings, Run("run-1", date(2026, 10, 7), True, "os:somebody"), [date(2026, 9, 30)])
    assert what_ifs(settings) == []


def test_what_was_published_later_is_not_known_to_a_run_for_an_earlier_date(settings: Settings) -> None:
    publish_completeness(settings, "2026-Q3", date(2026, 10, 8))
    assert len(assessments(settings, date(2026, 10, 7))) == 2


def test_a_new_work_file_makes_an_earlier_audit_and_candidate_void(settings: Settings) -> None:
    paths = RunPaths(settings, "run-1")
    prepare(settings, Run("run-1", date(2026, 9, 30), True, "os:somebody"))
    paths.work.mkdir(exist_ok=True)
    paths.audit_results.write_text("[]")
    paths.candidate_file.write_text("{}")
    for folder in (paths.data_docs, paths.candidate):
        folder.mkdir()
        (folder / "file").touch()
    prepare(settings, Run("run-1", date(2026, 9, 30), True, "os:somebody"))
    for path in (paths.audit_results, paths.candidate_file, paths.data_docs, paths.candidate):
        assert not path.exists()
