"""A disk that is full, memory that is too little, a file cut short: one sentence, and nothing else than before."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from factory import World, alter_source, settings_of
from scratch_run import make_candidate, make_release, make_run, settings_at

from vha import pipeline
from vha.cli import main
from vha.errors import BuildError, MachineLimit, SourceError, VhaError
from vha.extract import refuse_changed_landing
from vha.files import write_whole
from vha.limits import limit_met, within_limits
from vha.publish.candidate import read_seal
from vha.publish.history import ensure_history
from vha.run import Run, RunPaths
from vha.settings import SYSTEMS, Settings
from vha.warehouse.connect import connect
from vha.warehouse.spark import limit_met as spark_limit_met

RUN = "r1"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation with a release, in the environment that the tasks of a run read."""
    urls = World.small().write_sqlite(tmp_path / "sources")
    for system, url in urls.items():
        monkeypatch.setenv(f"VHA_{system.upper()}_URL", url)
    monkeypatch.setenv("VHA_HOME", str(tmp_path / "home"))
    return settings_of(tmp_path / "home", urls)


@pytest.fixture
def small_disk(settings: Settings) -> Iterator[Path]:
    """The installation on a file system of its own, of 32 MB."""
    settings.home.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(settings.home)]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting a small file system is not permitted to this account")
    try:
        yield settings.home
    finally:
        subprocess.run(["umount", "--lazy", str(settings.home)], check=True)


def fill(disk: Path, but: int) -> None:
    """Leave so many bytes of a disk free."""
    status = os.statvfs(disk)
    (disk / "filler").write_bytes(bytes(status.f_bavail * status.f_frsize - but))


def deliver(settings: Settings) -> None:
    Run(RUN, date(2026, 9, 30), True, "os:somebody").save(settings)
    for system in SYSTEMS:
        pipeline.extract(RUN, system)
    pipeline.land(RUN)


def with_release(home: Path) -> Path:
    release = home / "releases" / "earlier"
    release.mkdir(parents=True)
    (release / "index.html").write_text("an earlier release")
    (home / "releases" / "current").symlink_to("earlier")
    return home / "releases"


def state_of(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): str(path.readlink()) if path.is_symlink() else path.read_bytes().hex()
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


def leftovers(settings: Settings) -> list[str]:
    """Files that are neither a whole landing nor what a run keeps for inspection."""
    halves = {f".{system}" for system in SYSTEMS}
    return [
        path.name
        for path in settings.home.rglob("*")
        if path.name.endswith((".tmp", ".wal"))
        or path.name in halves
        # A folder so called is a landing or release that the next attempt goes on with.
        or (path.name.endswith(".partial") and path.is_file())
    ]


def last_error(settings: Settings) -> str:
    events = (RunPaths(settings, RUN).work / "events.jsonl").read_text().splitlines()
    return str(json.loads(events[-1])["error"])


def cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def overwrite(file: Path) -> None:
    """Damage what only a reader of the whole file would meet."""
    with file.open("r+b") as stream:
        stream.seek(file.stat().st_size // 3)
        stream.write(bytes(16))


@pytest.mark.parametrize("damage", [cut, overwrite])
@pytest.mark.parametrize("step", [pipeline.build, pipeline.audit])
def test_a_landed_file_that_is_cut_short_or_damaged_is_named(
    settings: Settings, step: Callable[[str], object], damage: Callable[[Path], None]
) -> None:
    deliver(settings)
    releases = with_release(settings.home)
    before = state_of(releases)
    file = RunPaths(settings, RUN).landing / "crime" / "crime_report.parquet"
    file.chmod(0o600)
    damage(file)
    with pytest.raises(SourceError) as told:
        step(RUN)
    assert str(file) in str(told.value)
    assert "cut short, damaged or changed: start a new run" in str(told.value)
    assert last_error(settings) == str(told.value)
    assert state_of(releases) == before
    assert leftovers(settings) == []


def test_a_file_of_the_history_that_is_cut_short_is_named(settings: Settings) -> None:
    deliver(settings)
    ensure_history(settings)
    file = settings.home / "history" / "release_register" / "0.parquet"
    cut(file)
    with pytest.raises(BuildError, match=r"release_register.*cut short or damaged"):
        pipeline.build(RUN)


def test_what_the_steps_leave_for_each_other_is_named_when_it_is_cut_short(tmp_path: Path) -> None:
    settings = settings_at(tmp_path / "home")
    paths = RunPaths(settings, make_candidate(settings, RUN, date(2026, 9, 30)).run_id)
    assert len(read_seal(settings, Run.load(settings, RUN)).files) > 5
    for file, read in {
        paths.warehouse: lambda: connect(settings, paths.warehouse, read_only=True),
        paths.landing / "landing.json": lambda: refuse_changed_landing(settings, RUN),
        paths.candidate_file: lambda: read_seal(settings, Run.load(settings, RUN)),
        paths.run_file: lambda: Run.load(settings, RUN),
    }.items():
        cut(file)
        with pytest.raises(VhaError, match=f"{file} is (missing or damaged|cut short or damaged): .*run"):
            read()


def test_a_disk_that_fills_up_during_extraction_is_told_and_the_half_copy_goes(
    settings: Settings, small_disk: Path
) -> None:
    alter_source(
        settings.source_urls["crime"],
        "insert into crime_flag with recursive numbers(n) as "
        "(select 1 union all select n + 1 from numbers where n < 200000) "
        "select hex(randomblob(8)), 'knife', 'manual', '2026-01-01 10:00:00' from numbers",
    )
    releases = with_release(small_disk)
    before = state_of(releases)
    fill(small_disk, but=2**20)
    with pytest.raises(MachineLimit, match=f"The disk of {small_disk} is full: free some of it"):
        pipeline.extract(RUN, "crime")
    assert state_of(releases) == before
    assert leftovers(settings) == []
    assert os.statvfs(small_disk).f_bavail > 0


def test_a_disk_that_fills_up_while_the_landing_is_sealed_is_told(
    settings: Settings, small_disk: Path
) -> None:
    Run(RUN, date(2026, 9, 30), True, "os:somebody").save(settings)
    for system in SYSTEMS:
        pipeline.extract(RUN, system)
    fill(small_disk, but=0)
    with pytest.raises(MachineLimit, match=f"The disk of {small_disk} is full: free some of it"):
        pipeline.land(RUN)
    assert not list(small_disk.rglob("landing.json"))
    (small_disk / "filler").unlink()
    assert pipeline.land(RUN)["rows"] > 0


@pytest.mark.parametrize("room", [0, 100_000, 600_000])
def test_a_disk_that_fills_up_during_the_report_is_told_and_the_half_candidate_goes(
    settings: Settings, small_disk: Path, room: int
) -> None:
    make_run(settings, RUN, date(2026, 9, 30))
    releases = with_release(small_disk)
    before = state_of(releases)
    fill(small_disk, but=room)
    with pytest.raises(MachineLimit, match=f"The disk of {small_disk} is full: free some of it"):
        pipeline.report(RUN)
    assert state_of(releases) == before
    assert leftovers(settings) == []
    assert not RunPaths(settings, RUN).candidate.exists()
    (small_disk / "filler").unlink()
    assert pipeline.report(RUN)["candidate"]


@pytest.mark.parametrize("room", [pytest.param(0, id="the manifest"), pytest.param(24_000, id="the history")])
def test_a_disk_that_fills_up_while_publishing_is_told_and_the_next_attempt_completes_it(
    settings: Settings, small_disk: Path, room: int
) -> None:
    make_release(settings, "earlier", date(2026, 6, 30))
    make_candidate(settings, RUN, date(2026, 9, 30))
    current = small_disk / "releases" / "current"
    before = state_of(current.resolve())
    fill(small_disk, but=room)
    with pytest.raises(MachineLimit, match=f"The disk of {small_disk} is full: free some of it"):
        pipeline.publish(RUN)
    assert current.resolve().name == "earlier"
    assert RunPaths(settings, RUN).release.exists() == (room > 0), "the room is not what the test means"
    assert state_of(current.resolve()) == before
    assert leftovers(settings) == []
    (small_disk / "filler").unlink()
    pipeline.publish(RUN)
    assert current.resolve().name == RUN


def test_what_is_written_whole_stays_as_it_was_on_a_full_disk(settings: Settings, small_disk: Path) -> None:
    file = small_disk / "audit.json"
    write_whole(file, "earlier")
    fill(small_disk, but=0)
    with pytest.raises(OSError, match="No space left"):
        write_whole(file, "x" * 10_000)
    assert file.read_text() == "earlier"
    assert leftovers(settings) == []


@pytest.mark.slow
def test_a_disk_that_fills_up_during_the_build_is_told_and_the_half_work_file_goes(
    settings: Settings, small_disk: Path
) -> None:
    deliver(settings)
    releases = with_release(small_disk)
    before = state_of(releases)
    fill(small_disk, but=5 * 2**20)
    with pytest.raises(MachineLimit, match=f"The disk of {small_disk} is full: free some of it"):
        pipeline.build(RUN)
    assert state_of(releases) == before
    assert leftovers(settings) == []
    assert not RunPaths(settings, RUN).warehouse.exists()


@pytest.mark.slow
def test_too_little_memory_for_the_build_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(settings)
    releases = with_release(settings.home)
    before = state_of(releases)
    monkeypatch.setenv("VHA_MEMORY_LIMIT", "8MB")
    with pytest.raises(
        MachineLimit, match=r"does not fit into the 8MB of memory.*set VHA_MEMORY_LIMIT to more"
    ):
        pipeline.build(RUN)
    assert last_error(settings).startswith("The work does not fit")
    assert state_of(releases) == before
    assert leftovers(settings) == []


def test_too_little_memory_for_anything_is_told_by_any_command(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VHA_MEMORY_LIMIT", "0.001KB")
    assert main(["sources", "check"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("vha: The work does not fit into the 0.001KB of memory")
    assert said.count("\n") == 1


# ---- Which limit ----


@pytest.mark.parametrize(
    "message",
    [
        'IO Error: Could not write all bytes to file "/x/r1.duckdb": wanted=262144 wrote=131072',
        "Out of Memory Error: failed to offload data block of size 256.0 KiB (1.0 MiB/1.0 MiB used)",
        "OSError: [Errno 28] No space left on device",
    ],
)
def test_what_cannot_be_written_is_the_disks_fault(settings: Settings, message: str) -> None:
    settings.home.mkdir()
    assert "The disk of" in str(limit_met(settings, message))


def test_another_failure_is_no_limit(settings: Settings) -> None:
    settings.home.mkdir()
    assert limit_met(settings, "Constraint Error: NOT NULL constraint failed") is None
    with pytest.raises(ZeroDivisionError), within_limits(settings):
        raise ZeroDivisionError
    with (
        pytest.raises(VhaError, match="Out of Memory Error is what somebody called it"),
        within_limits(settings),
    ):
        raise BuildError("Out of Memory Error is what somebody called it")


def test_a_limits_sentence_holds_nothing_of_the_message(settings: Settings) -> None:
    settings.home.mkdir()
    for message in ("Out of Memory Error: SYN-4711", "Could not write SYN-4711"):
        assert "4711" not in str(limit_met(settings, message))


def test_what_does_not_fit_into_javas_memory_names_the_setting_of_that(settings: Settings) -> None:
    settings.home.mkdir()
    for message in (
        "java.lang.OutOfMemoryError: Java heap space",
        "System memory 104857600 must be at least 471859200. Please increase heap size using the --driver-memory",
    ):
        assert "set VHA_SPARK_MEMORY to more" in str(spark_limit_met(settings, message))
    assert "The disk of" in str(spark_limit_met(settings, "java.io.IOException: No space left on device"))
