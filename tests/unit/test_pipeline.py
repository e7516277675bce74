"""The beginning of a run, and what every task body leaves behind."""

from __future__ import annotations

import json
import traceback
from datetime import date
from pathlib import Path

import pytest
from factory import World

from vha import pipeline
from vha.errors import ConfigurationError, SourceError, Unexpected, VhaError
from vha.publish import releases
from vha.publish.releases import Release
from vha.run import Run, RunPaths, run_id_of
from vha.settings import SYSTEMS, Settings


@pytest.fixture
def world() -> World:
    return World.small()


@pytest.fixture
def home(tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VHA_HOME", str(tmp_path / "home"))
    for system, url in world.write_sqlite(tmp_path).items():
        monkeypatch.setenv(f"VHA_{system.upper()}_URL", url)
    return tmp_path / "home"


def events(run_id: str) -> list[dict[str, object]]:
    path = RunPaths(Settings.from_environment(), run_id).work / "events.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_run_over_synthetic_sources_is_about_their_reference_date(home: Path) -> None:
    run_id = pipeline.open_run("manual__2026-11-22T05:00:00+00:00", None, "os:somebody", None)
    run = Run.load(Settings.from_environment(), run_id)
    assert run == Run("manual__2026-11-22T05-00-00-00-00", date(2026, 9, 30), True, "os:somebody")


def test_a_run_over_real_sources_is_about_yesterday(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.markers.clear()
    monkeypatch.setenv("VHA_HOME", str(tmp_path / "home"))
    for system, url in world.write_sqlite(tmp_path).items():
        monkeypatch.setenv(f"VHA_{system.upper()}_URL", url)
    run = Run.load(Settings.from_environment(), pipeline.open_run("real", None, "os:somebody", None))
    assert not run.synthetic
    assert 0 < (date.today() - run.as_of).days <= 2
    with pytest.raises(ConfigurationError, match="is not over yet"):
        pipeline.open_run("tomorrow", "2999-01-01", "os:somebody", None)


def test_work_files_are_for_this_account_alone(home: Path) -> None:
    pipeline.open_run("run", None, "os:somebody", None)
    assert (home / "work").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("as_of", ["30.9.2026", "2026-02-30", "yesterday"])
def test_an_as_of_date_that_is_none_is_refused(home: Path, as_of: str) -> None:
    with pytest.raises(ConfigurationError, match="YYYY-MM-DD"):
        pipeline.open_run("run", as_of, "os:somebody", None)


def test_a_second_release_for_a_date_needs_a_reason(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    released = Release(date(2026, 9, 30), "2026-10-01T05:10:00", "earlier", home)
    monkeypatch.setattr(releases, "published_for", lambda _, day: [released] if day == released.as_of else [])
    with pytest.raises(ConfigurationError, match="--correct"):
        pipeline.open_run("second", None, "os:somebody", None)
    pipeline.open_run("second", None, "os:somebody", "A wrong flag was withdrawn")
    pipeline.open_run("another-date", "2026-09-29", "os:somebody", None)
    pipeline.open_run("no-release", None, "os:somebody", None, for_release=False)


def test_a_run_can_be_opened_again_only_as_the_same_run(home: Path) -> None:
    for _ in range(2):
        pipeline.open_run("run 1", None, "os:somebody", None)
    with pytest.raises(ConfigurationError, match="opened before"):
        pipeline.open_run("run:1", None, "os:somebody-else", None)


@pytest.mark.parametrize("name", ["current", "0", "..", "/"])
def test_a_run_cannot_take_a_name_that_means_something_else(name: str) -> None:
    with pytest.raises(ConfigurationError, match="another name"):
        run_id_of(name)


@pytest.mark.parametrize("system", SYSTEMS)
def test_one_source_without_the_marker_stops_the_run(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    del world.markers[system]
    monkeypatch.setenv("VHA_HOME", str(tmp_path / "home"))
    for name, url in world.write_sqlite(tmp_path).items():
        monkeypatch.setenv(f"VHA_{name.upper()}_URL", url)
    with pytest.raises(SourceError, match=system):
        pipeline.open_run("mixed", None, "os:somebody", None)


def test_each_body_records_what_became_of_it(home: Path) -> None:
    run_id = pipeline.open_run("run", None, "os:somebody", None)
    assert pipeline.extract(run_id, "crime")["rows"] > 0
    with pytest.raises(VhaError):
        pipeline.land(run_id)
    recorded = [(event["task"], event["map"], event["state"]) for event in events(run_id)]
    assert recorded == [
        ("open_run", None, "running"),
        ("open_run", None, "success"),
        ("extract", "crime", "running"),
        ("extract", "crime", "success"),
        ("land", None, "running"),
        ("land", None, "failed"),
    ]
    assert events(run_id)[-1]["exit_code"] == 1
    assert "intelligence" in str(events(run_id)[-1]["error"])


def test_an_unexpected_error_is_recorded_without_its_words(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = pipeline.open_run("run", None, "os:somebody", None)

    words = "SYN-1 was born on 2001-02-03"

    def leak(*_: object) -> None:
        raise ValueError(words)

    monkeypatch.setattr("vha.extract.land", leak)
    with pytest.raises(Unexpected, match="ValueError in task land") as failed:
        pipeline.land(run_id)
    logged = "".join(traceback.format_exception(failed.value))
    assert "in leak" in logged, "where it was"
    assert "SYN-1" not in logged + json.dumps(events(run_id))
    assert events(run_id)[-1]["exit_code"] == 1
