"""The history as a run knew it, made again from the releases themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from vha.files import sha256_of_file
from vha.publish.history import add_anchors, add_release
from vha.publish.history_tables import HISTORY
from vha.publish.manifest import ASSESSMENT, OVERSIGHT
from vha.publish.releases import Release
from vha.settings import Settings
from vha.verify.findings import Difference, Finding, Note, compared
from vha.verify.subject import Subject, read
from vha.warehouse.connect import connect


class PastIsGone(Exception):
    """What the run knew of earlier releases cannot be made again.

    Attributes:
        finding: a note if a release is no longer kept, a difference if one that is kept cannot be read.
    """

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


def known_releases(settings: Settings, subject: Subject) -> list[Release]:
    """The releases that were published when the run was built: those that its own register names.

    Raises:
        PastIsGone: the register, or the databases of one of the releases, are not what they were.
    """
    try:
        with connect(settings, subject.path / OVERSIGHT, read_only=True) as oversight:
            rows = oversight.execute("select run_id from release_register order by published_at").fetchall()
    except duckdb.Error:
        raise PastIsGone(_unreadable(subject.run_id)) from None
    releases = []
    for (run_id,) in rows:
        folder = settings.home / "releases" / run_id
        if not folder.is_dir():
            raise PastIsGone(Note(f"The earlier release {run_id}, from which it goes on, is no longer kept."))
        earlier = read(folder)
        if isinstance(earlier, Difference):
            raise PastIsGone(_unreadable(run_id))
        for difference in _changed_databases(earlier):
            raise PastIsGone(difference)
        releases.append(earlier.release)
    return releases


def make_history(settings: Settings, releases: Sequence[Release], history: Path) -> None:
    """Write a history of exactly these releases.

    Raises:
        PastIsGone: a release's databases cannot be read.
    """
    history.mkdir(mode=0o700)
    add_anchors(settings, history)
    for release in releases:
        try:
            add_release(settings, release, history)
        except (duckdb.Error, LookupError):
            raise PastIsGone(_unreadable(release.run_id)) from None


def _changed_databases(earlier: Subject) -> Iterator[Difference]:
    for database in (ASSESSMENT, OVERSIGHT):
        name = f"releases/{earlier.run_id}/{database}"
        expected = earlier.manifest["files"].get(database)
        try:
            found = sha256_of_file(earlier.path / database)
        except OSError:
            found = "no file that can be read"
        yield from compared(name, expected, found)


def _unreadable(run_id: str) -> Difference:
    return Difference(f"releases/{run_id}", "a release", "one that cannot be read")


def check_history(settings: Settings, made: Path) -> Iterator[Difference]:
    """The kept history's files against those made again; of releases that are not among these nothing is said."""
    for table in HISTORY:
        for file in sorted((made / table).glob("*.parquet")):
            name = f"history/{table}/{file.name}"
            kept = settings.home / name
            if not kept.is_file():
                yield Difference(name, "a file", "nothing")
            elif kept.read_bytes() != file.read_bytes() and not _by_another_version(settings, kept, file):
                yield Difference(name, "what the release holds", "something else")


def _by_another_version(settings: Settings, kept: Path, made: Path) -> bool:
    """Whether another version of DuckDB wrote the file, so that bytes may differ, and the content is the same."""
    with connect(settings, Path(":memory:")) as connection:

        def of(query: str, file: Path) -> list[tuple[object, ...]]:
            return connection.execute(query, [str(file)]).fetchall()

        writer, rows = "select created_by from parquet_file_metadata(?)", "select * from read_parquet(?)"
        try:
            return of(writer, kept) != of(writer, made) and of(rows, kept) == of(rows, made)
        except duckdb.Error:
            return False
