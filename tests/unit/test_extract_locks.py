"""A source's users feel nothing of an extraction: reads see one moment, and hold no lock that anybody waits for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import adbc_driver_manager as adbc
import adbc_driver_postgresql.dbapi
import pytest
from factory import World, settings_of
from postgres import Postgres, execute

from vha.extract import extract_system, landing, postgresql
from vha.settings import Settings

ROWS = 20_000
"""More reports than the driver fetches at once, so that the reading is under way when the writers come."""

USERS = (
    "update crime_report set record_status = 'cancelled'",
    "delete from crime_flag",
    "insert into crime_person select * from crime_person limit 1",
    "analyze crime_report",
    "vacuum crime_report",
)
"""What goes on in a source; none of it may have to wait."""


@pytest.fixture
def source(postgres: Postgres, tmp_path: Path) -> Settings:
    """A crime system with enough reports, in a database of its own: maintenance needs one."""
    settings = settings_of(tmp_path, World.small().write_postgres(postgres))
    execute(
        settings.source_urls["crime"],
        "insert into crime_report select r.* from crime_report as r, "
        f"generate_series(1, {ROWS}) where r.crime_ref = 'C1'",
    )
    return settings


@pytest.fixture
def meanwhile(source: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], Path]:
    """Extract the crime system, and do something when its first rows have been read; returns its folder."""

    def extract(work: Callable[[], None]) -> Path:
        write = landing.write_parquet

        def disturbed(batches: Iterator[Any], *arguments: Any) -> int:
            def passed_on() -> Iterator[Any]:
                yield next(batches)
                monkeypatch.setattr(landing, "write_parquet", write)
                work()
                yield from batches

            return write(passed_on(), *arguments)

        monkeypatch.setattr(landing, "write_parquet", disturbed)
        extract_system(source, "disturbed", "crime")
        return source.home / "landing" / ".disturbed.partial" / "crime"

    return extract


def locks(url: str) -> set[str]:
    """The kinds of lock that are held on the source's tables by others than this session."""
    with (
        adbc_driver_postgresql.dbapi.connect(url, autocommit=True) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "select distinct mode from pg_locks where relation::regclass::text like '%crime%' "
            "and pid <> pg_backend_pid()"
        )
        return {mode for (mode,) in cursor.fetchall()}


def use(url: str) -> None:
    """Do what the source's users do; an error if any of it would have to wait."""
    execute(url, "set lock_timeout to '200ms'", *USERS)


def hashes(folder: Path) -> dict[str, str]:
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(folder.glob("*.parquet"))}


def undisturbed(source: Settings) -> dict[str, str]:
    extract_system(source, "undisturbed", "crime")
    return hashes(source.home / "landing" / ".undisturbed.partial" / "crime")


def test_users_write_and_maintain_while_a_table_is_read(source: Settings, meanwhile: Any) -> None:
    url, found = source.source_urls["crime"], set[str]()
    expected = undisturbed(source)

    def work() -> None:
        found.update(locks(url))
        use(url)

    assert hashes(meanwhile(work)) == expected
    assert found == {"AccessShareLock"}
    assert locks(url) == set(), "nothing is held when the reading is over"


def test_reading_what_was_committed_last_would_land_two_moments(
    source: Settings, meanwhile: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    loose = [statement.replace("repeatable read", "read committed") for statement in postgresql._SESSION]
    monkeypatch.setattr(postgresql, "_SESSION", loose)
    expected = undisturbed(source)
    assert hashes(meanwhile(lambda: use(source.source_urls["crime"]))) != expected


def test_a_reader_that_locked_its_tables_would_be_noticed(
    source: Settings, meanwhile: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, found = source.source_urls["crime"], set[str]()
    opened = postgresql.open_server

    def locking(*arguments: str) -> postgresql.PostgresqlSource:
        reader = opened(*arguments)
        with reader.reading() as cursor:
            cursor.execute("lock table crime_report in share mode")
        return reader

    monkeypatch.setattr(postgresql, "open_server", locking)
    # A read-only transaction may not lock so: the session must not say so either.
    monkeypatch.setattr(postgresql, "_SESSION", [s.replace(", read only", "") for s in postgresql._SESSION])

    def work() -> None:
        found.update(locks(url))
        with pytest.raises(adbc.Error, match="lock timeout"):
            use(url)

    meanwhile(work)
    assert found > {"AccessShareLock"}
