"""Publishing: what becomes a release, what never does, and what a crash leaves."""

import fcntl
import itertools
import json
import shutil
import stat
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from scratch_run import (
    CHECKS,
    LISTED,
    MARKED_PERSON,
    MARKED_RECORD,
    approve,
    make_candidate,
    make_release,
    make_run,
    settings_at,
    tree_of,
)

from vha.errors import PublishError, QualityBlocked, SignOffMissing, SignOffRefused
from vha.files import sha256_of, write_whole
from vha.publish import candidate, history, release
from vha.publish.release import publish
from vha.publish.releases import current_release, published_for
from vha.report import assemble
from vha.run import Run, RunPaths
from vha.settings import Settings

Q3_END = date(2026, 9, 30)
NEXT_DAY = date(2026, 10, 1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_at(tmp_path / "home")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """One release, for tests that only look."""
    settings = settings_at(tmp_path_factory.mktemp("published") / "home")
    make_release(settings, "r1", Q3_END)
    return settings


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release, and the next candidate ready to be published, to be copied."""
    settings = settings_at(tmp_path_factory.mktemp("ready") / "home")
    make_release(settings, "r1", Q3_END)
    make_candidate(settings, "r2", NEXT_DAY)
    return settings.home


@pytest.fixture
def about_to_publish(settings: Settings, ready: Path) -> Settings:
    shutil.copytree(ready, settings.home, symlinks=True)
    return settings


def manifest_of(settings: Settings, run_id: str) -> dict[str, Any]:
    return json.loads((settings.home / "releases" / run_id / "manifest.json").read_text())


def test_the_release_is_the_candidate_and_its_manifest(published: Settings) -> None:
    folder = published.home / "releases" / "r1"
    manifest = manifest_of(published, "r1")
    assert (published.home / "releases" / "current").readlink() == Path("r1")
    assert set(tree_of(folder)) == {*manifest["files"], "manifest.json"}
    assert {name: tree_of(folder)[name] for name in manifest["files"]} == manifest["files"]
    assert not RunPaths(published, "r1").candidate.exists()


def test_the_manifest_says_where_the_release_comes_from(published: Settings) -> None:
    manifest = manifest_of(published, "r1")
    lines = "".join(
        f"2026-09-30|{'|'.join([str(rank), person, *scores, str(reports), str(latest), str(age)])}|{flags}\n"
        for (rank, person, *scores, reports, latest, age), flags in zip(
            [row[:-2] for row in LISTED], ("true|false", "false|true"), strict=True
        )
    )
    assert manifest["list_hash"] == sha256_of(lines)
    assert manifest["counts"] == {"listed": 2, "added": 1, "removed": 0, "kept": 1}
    assert manifest["as_of"] == "2026-09-30"
    assert manifest["kind_of_data"] == "synthetic"
    assert manifest["policy_version"] == "abc123abc123"
    assert manifest["previous_release"] is None
    assert manifest["started_by"] == "os"
    assert manifest["inputs"]["crime/crime_report"]["rows"] == 3
    assert manifest["sign_off"]["kind"] == "automatic_synthetic"
    assert manifest["tables"]["restricted/assessment.duckdb"]["assessment_list"]["rows"] == 2
    assert set(manifest["versions"]) == {
        "python", "duckdb", "dbt-core", "dbt-duckdb", "great-expectations", "apache-airflow",
    }  # fmt: skip
    assert manifest["git_commit"] == "unknown" or len(manifest["git_commit"].removesuffix("-dirty")) == 40


def test_people_are_for_the_service_account_alone(published: Settings) -> None:
    folder = published.home / "releases" / "r1"
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*"))}
    assert modes[folder / "restricted"] == 0o700
    assert modes[folder / "restricted/assessment.duckdb"] == 0o600
    assert modes[folder / "manifest.json"] == 0o600
    assert stat.S_IMODE((published.home / "history").stat().st_mode) == 0o700


def test_a_marked_person_is_in_nothing_that_is_published(published: Settings) -> None:
    folder = published.home / "releases" / "r1"
    with duckdb.connect(str(folder / "restricted/assessment.duckdb"), read_only=True) as database:
        assert database.execute("select nominal_id from assessment_list where rank = 1").fetchone() == (
            MARKED_PERSON,
        )
    for path in [folder / "manifest.json", *(p for p in (folder / "public").rglob("*") if p.is_file())]:
        content = path.read_bytes()
        for mark in (MARKED_PERSON, MARKED_RECORD, str(published.home)):
            assert mark.encode() not in content, path
    # DuckDB compresses texts: what is stored is not all there is to read.
    with duckdb.connect(str(folder / "public/oversight.duckdb"), read_only=True) as database:
        for (table,) in database.execute("select table_name from duckdb_tables()").fetchall():
            assert "MARKED" not in str(database.execute(f"from {table}").fetchall()), table


# Refusals


def damaged(damage: Callable[[Path], object]) -> Callable[[Settings, Run], None]:
    """Something done to the candidate after it was sealed and approved."""
    return lambda settings, run: (damage(RunPaths(settings, run.run_id).candidate), None)[1]


def set_audit(checks: object) -> Callable[[Settings, Run], None]:
    return lambda settings, run: (
        RunPaths(settings, run.run_id).audit_results.write_text(json.dumps(checks)),
        None,
    )[1]


def edit_record(settings: Settings, run: Run) -> None:
    record = settings.home / "sign_off" / f"{run.run_id}.json"
    text = record.read_text()
    record.unlink()
    record.write_text(text.replace("A test.", "Another."))


def swap_work_file(settings: Settings, run: Run) -> None:
    """Of which the manifest would still take the seeds."""
    with duckdb.connect(str(RunPaths(settings, run.run_id).warehouse)) as work:
        work.execute("insert into seeds.policy values ('another', '1')")


def reseal(settings: Settings, run: Run) -> None:
    (RunPaths(settings, run.run_id).candidate / "public/site/index.html").write_text("other")
    candidate.seal(settings, run)


FAILED = [{**CHECKS[0], "status": "failed"}]
ERRORED = [{**CHECKS[0], "status": "errored", "evaluated": None, "unexpected": None, "percentage": None}]

REFUSALS: dict[str, tuple[Callable[[Settings, Run], None], type[Exception], str]] = {
    "a changed file": (
        damaged(lambda folder: (folder / "restricted/assessment.duckdb").open("ab").write(b"x")),
        PublishError,
        "restricted/assessment.duckdb was changed",
    ),
    "a missing file": (
        damaged(lambda folder: (folder / "public/dbt_docs/index.html").unlink()),
        PublishError,
        "public/dbt_docs/index.html is missing",
    ),
    "an extra file": (
        damaged(lambda folder: (folder / "public/extra.csv").touch()),
        PublishError,
        "public/extra.csv was added",
    ),
    "a symbolic link": (
        damaged(lambda folder: (folder / "public/link").symlink_to("/etc/passwd")),
        PublishError,
        "public/link",
    ),
    "no candidate": (damaged(shutil.rmtree), PublishError, "is gone"),
    "no seal": (
        lambda settings, run: RunPaths(settings, run.run_id).candidate_file.unlink(),
        PublishError,
        "candidate.json is missing",
    ),
    "another run's seal": (
        lambda settings, run: write_whole(
            RunPaths(settings, run.run_id).candidate_file,
            RunPaths(settings, run.run_id).candidate_file.read_text().replace('"r2"', '"r1"'),
        ),
        PublishError,
        "another run's candidate",
    ),
    "a candidate other than the approved one": (reseal, SignOffRefused, "another candidate"),
    "no sign-off": (
        lambda settings, run: (settings.home / "sign_off" / f"{run.run_id}.json").unlink(),
        SignOffMissing,
        "Nobody has signed off",
    ),
    "an edited sign-off": (edit_record, SignOffRefused, "changed"),
    "no audit": (
        lambda settings, run: RunPaths(settings, run.run_id).audit_results.unlink(),
        PublishError,
        "left no results",
    ),
    "an audit of nothing": (set_audit([]), QualityBlocked, "No check"),
    "results that were edited": (
        set_audit([{**CHECKS[0], "unexpected": 1, "severity": "warning"}]),
        PublishError,
        "changed after the audit",
    ),
    "another work file": (swap_work_file, PublishError, "changed after the audit"),
    "a failed critical check": (set_audit(FAILED), QualityBlocked, "ranks_are_unique"),
    "an errored critical check": (set_audit(ERRORED), QualityBlocked, "ranks_are_unique"),
}


@pytest.mark.parametrize("refusal", REFUSALS)
def test_refused_with_everything_published_as_it_was(about_to_publish: Settings, refusal: str) -> None:
    settings = about_to_publish
    run = Run.load(settings, "r2")
    tamper, error, message = REFUSALS[refusal]
    tamper(settings, run)
    before = tree_of(settings.home)
    with pytest.raises(error, match=message):
        publish(settings, run)
    assert tree_of(settings.home) == before


def test_a_failed_check_stays_refused_when_the_audit_is_repeated_after_the_report(settings: Settings) -> None:
    run = make_candidate(settings, "r1", Q3_END, checks=FAILED)
    set_audit(CHECKS)(settings, run)
    with pytest.raises(QualityBlocked):
        publish(settings, run)
    assert current_release(settings) is None


def test_a_rejected_candidate_is_not_released(settings: Settings) -> None:
    run = make_run(settings, "r1", Q3_END, synthetic=False)
    assemble(settings, run)
    approve(settings, run, "rejected")
    with pytest.raises(SignOffRefused, match="rejected"):
        publish(settings, run)


# Dates


def test_a_second_release_for_a_date_needs_a_correction(settings: Settings) -> None:
    first = make_candidate(settings, "r1", Q3_END)
    second = make_candidate(settings, "r2", Q3_END)
    publish(settings, first)
    before = tree_of(settings.home)
    with pytest.raises(PublishError, match="--correct"):
        publish(settings, second)
    assert tree_of(settings.home) == before
    make_release(settings, "r3", Q3_END, correct="A source was wrong.")
    assert current_release(settings).run_id == "r3"
    assert [found.run_id for found in published_for(settings, Q3_END)] == ["r1", "r3"]
    assert manifest_of(settings, "r3")["correction"] == "A source was wrong."


def test_an_earlier_date_is_kept_and_never_becomes_current(settings: Settings) -> None:
    make_release(settings, "r1", NEXT_DAY)
    make_release(settings, "r2", Q3_END)
    assert current_release(settings).run_id == "r1"
    assert (settings.home / "releases" / "r2" / "manifest.json").exists()
    make_release(settings, "r3", Q3_END, correct="Again.")
    assert current_release(settings).run_id == "r1"


def test_publishing_an_old_release_again_changes_nothing(settings: Settings) -> None:
    first = make_release(settings, "r1", Q3_END)
    make_release(settings, "r2", NEXT_DAY)
    before = tree_of(settings.home)
    assert publish(settings, first) == settings.home / "releases" / "r1"
    assert tree_of(settings.home) == before


def test_movements_from_an_outdated_release_are_refused(settings: Settings) -> None:
    run = make_candidate(settings, "r2", NEXT_DAY)
    make_release(settings, "r1", Q3_END)
    with pytest.raises(PublishError, match="r1 was released after run r2"):
        publish(settings, run)
    make_release(settings, "r3", NEXT_DAY)
    assert manifest_of(settings, "r3")["previous_release"] == "r1"


# One at a time


def test_publishing_waits_for_another_to_end(
    about_to_publish: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run.load(about_to_publish, "r2")
    begun = threading.Event()
    read_seal = candidate.read_seal
    monkeypatch.setattr(release, "read_seal", lambda *arguments: (begun.set(), read_seal(*arguments))[1])
    with (about_to_publish.home / "releases" / ".lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        publishing = threading.Thread(target=publish, args=(about_to_publish, run))
        publishing.start()
        assert not begun.wait(timeout=0.5)
    publishing.join(timeout=60)
    assert current_release(about_to_publish).run_id == "r2"


# Crashes


class CrashError(Exception):
    """The process ends here."""


# Where the process ends: before the nth call of each, in the order in which they are reached.
STEPS: list[tuple[object, str, int]] = [
    (release, "_refuse_wrong_order", 1),
    (Path, "rename", 1),
    (release, "describe", 1),
    (release, "write_whole", 1),
    (Path, "write_text", 1),
    (Path, "replace", 1),
    (release, "force_to_disk", 1),
    (Path, "rename", 2),
    (release, "ensure_history", 1),
    (history, "_write", 1),
    (Path, "replace", 2),
    (history, "_write", 5),
    (history, "_write", 7),
    (release, "make_current", 1),
    (Path, "symlink_to", 1),
    (Path, "replace", 9),
    (release, "remove_old_inputs", 1),
]


def crash_before(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, nth: int) -> None:
    real, calls = getattr(owner, name), itertools.count(1)

    def step(*args: Any, **kwargs: Any) -> Any:
        if next(calls) == nth:
            raise CrashError
        return real(*args, **kwargs)

    monkeypatch.setattr(owner, name, step)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step[1]}-{step[2]}")
def test_a_crash_shows_nothing_half_done_and_publishing_again_completes(
    about_to_publish: Settings, step: tuple[object, str, int]
) -> None:
    settings = about_to_publish
    run = Run.load(settings, "r2")
    sealed = candidate.read_seal(settings, run)
    old = tree_of(settings.home / "releases" / "r1")

    with pytest.MonkeyPatch.context() as monkeypatch:
        crash_before(monkeypatch, *step)
        with pytest.raises(CrashError):
            publish(settings, run)

    current = settings.home / "releases" / "current"
    assert current.readlink() in (Path("r1"), Path("r2"))
    shown = current.resolve()
    assert candidate.file_hashes(shown).items() >= manifest_of(settings, shown.name)["files"].items()
    for visible in (settings.home / "releases").glob("[!.]*"):
        assert (visible / "manifest.json").exists()
    registered = {path.stem for path in (settings.home / "history/release_register").glob("*.parquet")}
    for run_id in registered - {"0"}:
        for table in history.HISTORY:
            assert (settings.home / "history" / table / f"{run_id}.parquet").exists()

    assert publish(settings, run) == settings.home / "releases" / "r2"
    assert current.readlink() == Path("r2")
    assert manifest_of(settings, "r2")["files"] == sealed.files
    candidate.refuse_changes(settings.home / "releases/r2", sealed.files, besides={"manifest.json"})
    assert tree_of(settings.home / "releases" / "r1") == old
    assert {path.name for path in (settings.home / "releases").iterdir()} == {".lock", "r1", "r2", "current"}
    assert not list((settings.home / "history").rglob("*.partial"))
    for table in history.HISTORY:
        names = {path.stem for path in (settings.home / "history" / table).glob("*.parquet")}
        assert names == {"0", "r1", "r2"}


def test_a_release_that_crashed_before_its_history_is_completed_by_the_next_build(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_candidate(settings, "r1", Q3_END)
    with monkeypatch.context() as context:
        crash_before(context, release, "ensure_history", 1)
        with pytest.raises(CrashError):
            publish(settings, run)
    make_release(settings, "r2", NEXT_DAY)
    assert manifest_of(settings, "r2")["previous_release"] == "r1"
