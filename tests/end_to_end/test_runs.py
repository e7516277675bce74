"""From source systems to releases, through real Airflow, dbt and Great Expectations, on SQLite and PostgreSQL."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from left_behind import MARK, MARKS, found_in, places
from postgres import Postgres
from real_runs import MISSING_DAYS

Results = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres) -> Path:
    home = tmp_path_factory.mktemp("home")
    program = Path(__file__).with_name("real_runs.py")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VHA_")}
    subprocess.run(
        [sys.executable, str(program), str(home), postgres.create_database()],
        check=True,
        timeout=900,
        env=environment,
    )
    return home


@pytest.fixture(scope="module")
def results(home: Path) -> Results:
    return json.loads((home / "results.json").read_text())


def manifest(home: Path, result: dict[str, Any]) -> dict[str, Any]:
    """That of the release that was current after a run."""
    return json.loads((home / "releases" / result["current"] / "manifest.json").read_text())


def rows(database: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_a_run_ends_with_a_release_and_says_what_came_out(home: Path, results: Results) -> None:
    first = results["first"]
    assert (first["code"], first["err"]) == (0, "")
    counts = manifest(home, first)["counts"]
    assert counts["listed"] == counts["added"] > 0
    assert f"{counts['listed']:,} listed, {counts['added']:,} added, 0 removed" in first["out"]
    assert str(home / "releases" / first["current"]) in first["out"]
    for task in ("open_run", "extract crime", "land", "build", "audit", "report", "sign_off", "publish"):
        assert re.search(rf"^{task} +success +\d+\.\d s", first["out"], re.MULTILINE), task


def test_the_release_has_the_promised_form(home: Path, results: Results) -> None:
    release = home / "releases" / results["first"]["current"]
    for path in (
        "restricted/assessment.duckdb",
        "public/oversight.duckdb",
        "public/site/index.html",
        "public/data_docs/index.html",
        "public/dbt_docs/index.html",
        "manifest.json",
    ):
        assert (release / path).is_file(), path
    assert stat.S_IMODE((release / "restricted").stat().st_mode) == 0o700
    assert stat.S_IMODE((release / "restricted/assessment.duckdb").stat().st_mode) == 0o600
    tables = {
        name
        for (name,) in rows(release / "public/oversight.duckdb", "select table_name from duckdb_tables()")
    }
    assert tables >= {
        "special_category_completeness",
        "quality_checks",
        "quality_trend",
        "quarantine_counts",
        "policy_register",
        "policy_content",
        "release_register",
    }


def test_a_second_release_for_a_date_needs_a_reason(results: Results) -> None:
    again = results["again"]
    assert again["code"] == 1
    assert "--correct" in again["err"]
    assert again["current_files"] == results["first"]["current_files"]


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("down", ["VHA_CRIME_URL"]),
        ("wrong_url", ["VHA_CRIME_URL", "mysql"]),
        ("no_such_file", ["VHA_PERSON_URL"]),
        ("missing_table", ["crime_flag"]),
        ("missing_column", ["crime_report", "outcome_code"]),
        ("extra_column", ["nominal", "surname"]),
        ("text_for_dates", ["crime_report", "recorded_at"]),
        ("broken_text", ["nominal", "religion", "UTF-8"]),
        ("empty_table", ["nominal"]),
        ("mixed_markers", ["crime", "marker"]),
        ("renamed_column", ["crime_person", "linked_on"]),
    ],
)
def test_an_unfit_source_ends_in_one_sentence_and_changes_nothing(
    results: Results, case: str, words: list[str]
) -> None:
    result = results[case]
    assert result["code"] == 1
    sentences = [line for line in result["err"].splitlines() if not line.startswith("Airflow's log")]
    assert len(sentences) == 1, result["err"]
    for word in words:
        assert word in sentences[0]
    assert "secret" not in result["out"] + result["err"]
    assert result["current"] == results["first"]["current"]
    assert result["current_files"] == results["first"]["current_files"]


def test_postgresql_gives_the_same_list(home: Path, results: Results) -> None:
    assert results["postgresql"]["code"] == 0, results["postgresql"]["err"]
    assert results["postgresql"]["current"] != results["first"]["current"]
    first, second = manifest(home, results["first"]), manifest(home, results["postgresql"])
    assert second["list_hash"] == first["list_hash"]
    assert second["correction"] == "The same from PostgreSQL"
    assert second["counts"] == first["counts"], "a correction is told against the release before both"


def test_the_landing_of_both_engines_is_the_same(home: Path, results: Results) -> None:
    """But for dates that PostgreSQL cannot hold, which arrive as null: as unreadable as they were."""
    first, second = manifest(home, results["first"]), manifest(home, results["postgresql"])
    assert {table: landed["rows"] for table, landed in first["inputs"].items()} == {
        table: landed["rows"] for table, landed in second["inputs"].items()
    }
    databases = [
        home / "releases" / results[run]["current"] / "public/oversight.duckdb"
        for run in ("first", "postgresql")
    ]
    query = "select source_table, reason, row_count from quarantine_counts order by all"
    assert rows(databases[0], query) == rows(databases[1], query) != []


def test_a_later_run_moves_on_from_the_last_release(home: Path, results: Results) -> None:
    later = results["a_week_later"]
    assert later["code"] == 0, later["err"]
    before = results["postgresql"]
    listed = {
        row[0]: row[1:]
        for row in rows(
            home / "releases" / before["current"] / "restricted/assessment.duckdb",
            "select nominal_id, rank, total_score from assessment_list",
        )
    }
    release = home / "releases" / later["current"]
    movements = rows(
        release / "restricted/assessment.duckdb",
        "select nominal_id, movement, previous_rank, previous_score, reason, driver from list_movements",
    )
    assert {row[0]: row[2:4] for row in movements if row[1] != "added"} == listed
    for _, movement, _, _, reason, driver in movements:
        assert (reason is not None, driver is not None) == (movement == "removed", movement == "removed")
    described = manifest(home, later)
    assert described["previous_release"] == before["current"]
    accepted = [f"{failure['suite']}.{failure['check_name']}" for failure in described["accepted_failures"]]
    assert accepted == sorted(MISSING_DAYS)
    assert "The sources are known to end" in (release / "public/site/quality.html").read_text()


def test_figures_by_characteristic_stay_until_a_quarter_closes(home: Path, results: Results) -> None:
    query = "select * from special_category_completeness order by all"
    then, now = (
        rows(home / "releases" / results[run]["current"] / "public/oversight.duckdb", query)
        for run in ("postgresql", "a_week_later")
    )
    assert now == then != []


@pytest.mark.parametrize(
    ("step", "code", "words"),
    [
        ("broken_build", 1, "model stg_person__numbers could not be built"),
        ("broken_audit", 2, "numbers.are_numbers could not be evaluated"),
        ("broken_report", 1, "ConversionException in task report"),
    ],
)
def test_a_step_that_fails_ends_in_one_sentence_and_changes_nothing(
    home: Path, results: Results, step: str, code: int, words: str
) -> None:
    result = results[step]
    assert (result["code"], len(result["err"].splitlines())) == (code, 2)
    assert words in result["err"]
    assert result["current_files"] == results["first"]["current_files"]


def test_no_person_can_be_found_outside_the_places_for_people(home: Path, results: Results) -> None:
    """Of all these runs, whether they ended well or at whichever step: the marked person, and those on the list."""
    restricted = home / "releases" / results["first"]["current"] / "restricted/assessment.duckdb"
    identifiers = rows(
        restricted,
        """
        select nominal_id from assessment_list where rank <= 5
        union
        select record_ref from score_contributions where kind <> 'intelligence_cap'
        union
        (
            select record_key from quarantine
            where source_table = 'crime.crime_report' and length(record_key) > 5 limit 20
        )
        """,
    )
    [(rank, score)] = rows(
        restricted,
        f"select rank, cast(total_score as varchar) from assessment_list where nominal_id = '{MARK}'",
    )
    assert rank == 1, "the marked person leads the list, so that every step meets them"
    wanted = [*MARKS, score, *(identifier for (identifier,) in identifiers)]
    found, searched = found_in(places(home), *wanted)
    assert found == []
    assert searched > 50
    assert found_in([restricted], MARK) == ([restricted], 1), "the search itself works"
