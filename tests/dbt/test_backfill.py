"""Past lists: each equals a plain run at its date, all dates being computed in one build."""

from __future__ import annotations

import stat
from datetime import date
from itertools import pairwise
from pathlib import Path

import factory
import pytest
from factory import settings_of
from harness import Project, Warehouse, replacing
from reference import Seeds, read_seeds, with_policy
from worlds import random_world

from vha import pipeline
from vha.backfill.dates import dates_between
from vha.backfill.past_lists import DATABASE, PastList, backfill, past_lists
from vha.errors import ConfigurationError
from vha.publish.list_hash import COLUMNS, list_hash
from vha.run import RunPaths
from vha.settings import SYSTEMS, Settings
from vha.warehouse.connect import connect

TODAY = date(2026, 9, 30)
RETROSPECT = ("past_lists", "past_movements", "past_counts")


@pytest.fixture(scope="module")
def seeds() -> Seeds:
    """A policy by which many people come and go."""
    return with_policy(read_seeds(), score_threshold=300, minimum_crime_reports=1)


def hash_of(built: Warehouse, table: str, as_of: date) -> str:
    rows = built.rows(f"select * from {table} where as_of_date = date '{as_of}' order by \"rank\"")
    return list_hash([row[column] for column in COLUMNS] for row in rows)


def listed_in(built: Warehouse, as_of: date) -> set[str]:
    rows = built.rows(f"select nominal_id from retrospect.past_lists where as_of_date = date '{as_of}'")
    return {row["nominal_id"] for row in rows}


def test_each_past_list_equals_a_plain_run_at_its_date(project: Project, seeds: Seeds) -> None:
    world, dates = random_world(4, 1500, TODAY), dates_between("2024-02-29", "2026-09-30", "quarter")
    past = project.build(world, TODAY, seeds=seeds, past_dates=dates, wanted=RETROSPECT)
    hashes = {as_of: hash_of(past, "retrospect.past_lists", as_of) for as_of in dates}
    assert len(set(hashes.values())) == len(dates) == 11
    for as_of in dates:
        plain = project.build(world, as_of, seeds=seeds, wanted=("assessment_list",))
        assert hashes[as_of] == hash_of(plain, "assessment.assessment_list", as_of), as_of


def test_a_list_that_is_ranked_with_the_other_dates_is_found(project: Project, seeds: Seeds) -> None:
    world, dates = random_world(4, 300, TODAY), [date(2026, 6, 30), TODAY]
    broken = {"int_ranked_lists": replacing("partition by people.assessment", "")}
    plain = project.build(world, TODAY, seeds=seeds, wanted=("assessment_list",))
    past = project.build(world, TODAY, seeds=seeds, past_dates=dates, wanted=RETROSPECT, mutate=broken)
    expected = hash_of(plain, "assessment.assessment_list", TODAY)
    assert hash_of(past, "retrospect.past_lists", TODAY) != expected


def test_movements_lead_from_each_past_list_to_the_next(project: Project, seeds: Seeds) -> None:
    dates = dates_between("2026-01-31", "2026-09-30", "month")
    past = project.build(
        random_world(5, 1500, TODAY), TODAY, seeds=seeds, past_dates=dates, wanted=RETROSPECT
    )
    movements = past.rows("retrospect.past_movements")
    assert {row["as_of_date"] for row in movements} == set(dates[1:])
    assert {row["movement"] for row in movements} == {"added", "removed", "kept"}
    counts = {row.pop("as_of_date"): row for row in past.rows("retrospect.past_counts")}
    first = listed_in(past, dates[0])
    assert counts[dates[0]] == {"listed": len(first), "added": None, "removed": None, "kept": None}
    for before, now in pairwise(dates):
        was, is_now = listed_in(past, before), listed_in(past, now)
        told = {
            movement: {
                row["nominal_id"]
                for row in movements
                if row["as_of_date"] == now and row["movement"] == movement
            }
            for movement in ("added", "removed", "kept")
        }
        assert told == {"added": is_now - was, "removed": was - is_now, "kept": was & is_now}
        assert counts[now] == {"listed": len(is_now)} | {name: len(who) for name, who in told.items()}


def test_a_past_list_is_marked_as_such(project: Project, seeds: Seeds) -> None:
    dates = [date(2026, 6, 30), TODAY]
    past = project.build(random_world(4, 300, TODAY), TODAY, seeds=seeds, past_dates=dates, wanted=RETROSPECT)
    marks = past.rows(
        "select distinct as_of_date, computed_in_retrospect, computed_on, policy_version from retrospect.past_lists"
    )
    assert sorted(tuple(row.values()) for row in marks) == [
        (dates[0], True, TODAY, "policy"),
        (TODAY, False, TODAY, "policy"),
    ]


@pytest.mark.parametrize(
    ("first", "last", "every", "expected"),
    [
        ("2026-03-31", "2026-09-30", "quarter", ["2026-03-31", "2026-06-30", "2026-09-30"]),
        ("2026-04-01", "2026-09-29", "quarter", ["2026-06-30"]),
        ("2023-12-31", "2024-03-30", "month", ["2023-12-31", "2024-01-31", "2024-02-29"]),
    ],
)
def test_the_dates_are_the_ends_of_quarters_or_months(
    first: str, last: str, every: str, expected: list[str]
) -> None:
    assert [day.isoformat() for day in dates_between(first, last, every)] == expected


def test_twenty_quarters_are_twenty_dates() -> None:
    assert len(dates_between("2021-12-31", "2026-09-30", "quarter")) == 20


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-02-30", "2026-09-30", "--from '2026-02-30' is no date"),
        ("2026-01-01", "soon", "--to 'soon' is no date"),
        ("2026-04-01", "2026-06-29", "No quarter ends from 2026-04-01 to 2026-06-29"),
        ("2026-09-30", "2025-09-30", "No quarter ends"),
    ],
)
def test_dates_that_make_no_sense_end_in_a_sentence(first: str, last: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        dates_between(first, last, "quarter")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    world = factory.World.small()
    for report in world.tables["crime_report"]:
        report["offence_code"] = "1"
    settings = settings_of(tmp_path / "home", world.write_sqlite(tmp_path))
    monkeypatch.setenv("VHA_HOME", str(settings.home))
    for system in SYSTEMS:
        monkeypatch.setenv(f"VHA_{system.upper()}_URL", settings.source_urls[system])
    return settings


def test_a_date_that_is_not_over_yet_is_refused_before_anything_is_read(settings: Settings) -> None:
    with pytest.raises(ConfigurationError, match="2026-12-31 is not past"):
        backfill(settings, "2026-06-30", "2026-12-31", "quarter")
    assert not (settings.home / "landing").exists()


@pytest.mark.slow
def test_a_backfill_through_dbt_equals_a_run_and_publishes_nothing(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert backfill(settings, "2026-06-30", "2026-09-30", "quarter") == 0
    said = capsys.readouterr().out
    folder = settings.home / "backfill" / "2026-06-30_2026-09-30_quarter"
    lists = past_lists(settings, folder / DATABASE)
    assert [past.as_of for past in lists] == [date(2026, 6, 30), TODAY]
    assert lists[-1] == PastList(TODAY, 1, 0, 0, 1, lists[-1].list_hash)
    for past in lists:
        assert f"{past.as_of} {past.listed:>8,}" in said
        assert past.list_hash in said
    assert not (settings.home / "releases").exists()
    assert stat.S_IMODE((folder / DATABASE).stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / DATABASE).parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700

    run_id = pipeline.open_run("plain", "2026-09-30", "os:test", None)
    for system in SYSTEMS:
        pipeline.extract(run_id, system)
    pipeline.land(run_id)
    pipeline.build(run_id)
    with connect(settings, RunPaths(settings, run_id).warehouse, read_only=True) as work:
        plain = work.execute(f"select {', '.join(COLUMNS)} from assessment.assessment_list order by rank")
        assert list_hash(plain.fetchall()) == lists[-1].list_hash
