"""Inputs are removed when nothing needs them any more, and not before."""

import json
import os
from datetime import date
from pathlib import Path

import pytest
from scratch_run import settings_at

from vha.publish.retention import remove_old_inputs
from vha.run import RunPaths
from vha.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_at(tmp_path / "home")


def lay(
    settings: Settings, run_id: str, age: int, released: date | None = None, *, sealed: bool = False
) -> None:
    """A run's files, ``age`` seconds after the oldest."""
    paths = RunPaths(settings, run_id)
    paths.landing.mkdir(parents=True)
    paths.dbt_target.mkdir(parents=True)
    paths.warehouse.touch()
    paths.run_file.touch()
    record = paths.landing / "landing.json"
    record.touch()
    os.utime(record, (age, age))
    if released:
        paths.release.mkdir(parents=True)
        manifest = {"run_id": run_id, "as_of": released.isoformat(), "published_at": f"{age:04}"}
        (paths.release / "manifest.json").write_text(json.dumps(manifest))
    if sealed or released:
        paths.candidate_file.touch()


def kept(settings: Settings) -> set[str]:
    landings = {path.name for path in (settings.home / "landing").iterdir()}
    assert landings == {path.stem for path in (settings.home / "work").glob("*.duckdb")}
    return landings


def test_the_latest_runs_and_the_quarter_ends_are_kept(settings: Settings) -> None:
    lay(settings, "q2-middle", 1, date(2026, 5, 15))
    lay(settings, "q2-end", 2, date(2026, 6, 30))
    lay(settings, "q2-corrected", 3, date(2026, 6, 30))
    lay(settings, "q3-first", 4, date(2026, 7, 1))
    lay(settings, "q3-last", 5, date(2026, 8, 2))
    lay(settings, "q2-late", 6, date(2026, 6, 1))
    remove_old_inputs(settings, keep=1)
    assert kept(settings) == {"q2-corrected", "q3-last", "q2-late"}


def test_a_candidate_that_awaits_its_sign_off_is_kept_and_a_failed_run_is_not(settings: Settings) -> None:
    lay(settings, "waiting", 1, sealed=True)
    lay(settings, "failed", 2)
    lay(settings, "latest", 3, date(2026, 7, 1))
    remove_old_inputs(settings, keep=1)
    assert kept(settings) == {"waiting", "latest"}
    assert RunPaths(settings, "failed").run_file.exists(), "what became of the run can still be read"


def test_fewer_runs_than_are_kept_stay(settings: Settings) -> None:
    lay(settings, "one", 1)
    lay(settings, "two", 2, date(2026, 7, 1))
    remove_old_inputs(settings, keep=2)
    remove_old_inputs(settings, keep=7)
    assert kept(settings) == {"one", "two"}


def test_a_landing_in_the_making_is_left_alone(settings: Settings) -> None:
    partial = settings.home / "landing" / ".next.partial"
    partial.mkdir(parents=True)
    (partial / "landing.json").touch()
    lay(settings, "latest", 3, date(2026, 7, 1))
    remove_old_inputs(settings, keep=1)
    assert partial.exists()


def test_an_interrupted_removal_is_finished(settings: Settings) -> None:
    removed = settings.home / "landing" / ".old.removed"
    removed.mkdir(parents=True)
    (removed / "landing.json").touch()
    lay(settings, "latest", 3, date(2026, 7, 1))
    remove_old_inputs(settings, keep=1)
    assert kept(settings) == {"latest"}


def test_a_landing_that_was_never_finished_goes_when_it_is_older_than_all_that_is_kept(
    settings: Settings,
) -> None:
    lay(settings, "first", 10)
    lay(settings, "second", 20)
    for name, age in (("abandoned", 5), ("under-way", 15)):
        folder = settings.home / "landing" / f".{name}.partial"
        folder.mkdir()
        os.utime(folder, (age, age))
    remove_old_inputs(settings, keep=2)
    assert [path.name for path in (settings.home / "landing").glob(".*")] == [".under-way.partial"]
