"""The history holds what was published, typed, and counts only once it is registered."""

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest
from scratch_run import LISTED, MARKED_PERSON, make_candidate, make_release, settings_at

from vha.files import sha256_of
from vha.publish.history import ensure_history
from vha.publish.history_tables import HISTORY
from vha.publish.release import publish
from vha.settings import Settings

Q3_END = date(2026, 9, 30)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_at(tmp_path / "home")


def read(settings: Settings, table: str, what: str = "*") -> list[tuple]:
    files = settings.home / "history" / table / "*.parquet"
    return duckdb.sql(f"select {what} from read_parquet('{files}') order by all").fetchall()


def test_before_the_first_release_every_table_is_there_and_empty(settings: Settings) -> None:
    ensure_history(settings)
    ensure_history(settings)
    for table, columns in HISTORY.items():
        assert [path.name for path in (settings.home / "history" / table).iterdir()] == ["0.parquet"]
        relation = duckdb.read_parquet(str(settings.home / "history" / table / "0.parquet"))
        found = dict(zip(relation.columns, map(str, relation.types), strict=True))
        assert {name: kind.lower().replace(",", ", ") for name, kind in found.items()} == columns
        assert relation.fetchall() == []


def test_each_release_adds_its_rows_under_its_run(settings: Settings) -> None:
    make_release(settings, "r1", Q3_END)
    make_release(settings, "r2", date(2026, 10, 1))
    people = [row[1] for row in LISTED]
    assert read(settings, "assessment_list", "run_id, rank, nominal_id") == [
        (run_id, rank, person) for run_id in ("r1", "r2") for rank, person in enumerate(people, start=1)
    ]
    assert read(settings, "score_contributions", "run_id, nominal_id")[-1] == ("r2", MARKED_PERSON)
    assert read(settings, "quarantine", "run_id, reason") == [("r1", "bad_date"), ("r2", "bad_date")]
    assert read(settings, "quality_checks", "run_id, check_name")[-1] == ("r2", "ranks_are_unique")
    assert len(read(settings, "special_category_completeness")) == 6
    assert read(settings, "table_volumes")[:2] == [
        ("r1", "crime.crime_report", 3),
        ("r1", "person.nominal", 2),
    ]


def test_the_register_holds_the_manifest_s_facts(settings: Settings) -> None:
    make_release(settings, "r1", Q3_END)
    [(run_id, as_of, published_at, _, inputs_hash, list_hash, kind, policy)] = read(
        settings, "release_register"
    )
    assert (run_id, as_of, kind, policy) == ("r1", Q3_END, "automatic_synthetic", "abc123abc123")
    reports, nominals = sha256_of("reports"), sha256_of("nominals")
    assert inputs_hash == sha256_of(f'{{"crime/crime_report":"{reports}","person/nominal":"{nominals}"}}\n')
    assert len(list_hash) == 64
    assert published_at.tzinfo is None


def test_a_history_that_is_lost_in_whole_or_in_part_is_written_again_from_the_releases(
    settings: Settings,
) -> None:
    make_release(settings, "r1", Q3_END)
    make_release(settings, "r2", date(2026, 10, 1))
    before = {table: read(settings, table) for table in HISTORY}
    for lost in ("", *HISTORY):
        if lost:
            (settings.home / "history" / lost / "r1.parquet").unlink()
        else:
            shutil.rmtree(settings.home / "history")
        ensure_history(settings)
        assert {table: read(settings, table) for table in HISTORY} == before


def test_a_run_knows_the_checks_of_earlier_releases_and_not_those_they_correct(settings: Settings) -> None:
    make_release(settings, "r1", Q3_END)
    make_release(settings, "r2", Q3_END, correct="Again.")
    make_release(settings, "r3", date(2026, 12, 1))
    run = make_candidate(settings, "r4", date(2026, 10, 1))
    release = publish(settings, run)
    with duckdb.connect(str(release / "public/oversight.duckdb"), read_only=True) as oversight:
        trend = oversight.execute("select as_of_date, check_name from quality_trend order by all").fetchall()
    names = ["ethnicity_is_recorded", "ranks_are_unique"]
    assert trend == [(day, name) for day in (Q3_END, date(2026, 10, 1)) for name in names]
