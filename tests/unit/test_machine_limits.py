"""A disk that is full, memory that is too little, a file cut short: one sentence, and nothing else than before."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from factory import World, alter_source, settings_of

from vha import pipeline
from vha.errors import BuildError, MachineLimit, VhaError
from vha.limits import limit_met, within_limits
from vha.run import Run, RunPaths
from vha.settings import SYSTEMS, Settings

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
    """The installation on a file system of its own, of 16 MB."""
    settings.home.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(settings.home)]
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
        str(path.relative_to(folder)): str(path.readlink()) if path.is_symlink() else path.read_text()
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


def leftovers(settings: Settings) -> list[str]:
    """Files that are neither a whole landing nor what a run keeps for inspection."""
    names = [path.name for path in settings.home.rglob("*")]
    return [name for name in names if name.endswith((".tmp", ".wal")) or name in {f".{s}" for s in SYSTEMS}]


def last_error(settings: Settings) -> str:
    events = (RunPaths(settings, RUN).work / "events.jsonl").read_text().splitlines()
    return str(json.loads(events[-1])["error"])


def test_a_landed_file_that_is_cut_short_is_named(settings: Settings) -> None:
    deliver(settings)
    releases = with_release(settings.home)
    before = state_of(releases)
    file = RunPaths(settings, RUN).landing / "crime" / "crime_report.parquet"
    file.chmod(0o600)
    os.truncate(file, file.stat().st_size // 2)
    with pytest.raises(BuildError) as told:
        pipeline.build(RUN)
    assert str(file) in str(told.value)
    assert "cut short or damaged" in str(told.value)
    assert last_error(settings) == str(told.value)
    assert state_of(releases) == before
    assert leftovers(settings) == []


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
