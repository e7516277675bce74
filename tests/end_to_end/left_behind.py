"""Every byte that runs leave outside the places for people, and whether a person can be found in it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import duckdb

MARK = "SYN-MARKED-4711"
MARKED_REPORT = "CR-MARKED-4711"
BORN = "1987-06-05"
MARKS = (MARK, MARKED_REPORT, BORN, "datetime.date(1987, 6, 5)")
"""A person who is nobody, planted into the sources: their number, that of reports against them, their birthday."""

PLANT = {
    "person": (
        "insert into nominal (nominal_id, date_of_birth, sex, self_defined_ethnicity, officer_observed_ethnicity, "
        f"updated_at) values ('{MARK}', '{BORN}', 'M', 'W1', 'IC1', '2026-01-01 00:00:00')",
    ),
    "crime": tuple(
        statement
        for number in range(1, 9)
        for statement in (
            "insert into crime_report (crime_ref, source_system, recorded_at, committed_from, offence_code, "
            "record_status, location_kind, borough, updated_at) "
            f"values ('{MARKED_REPORT}-{number}', 'CONNECT', '2026-0{number}-02 09:00:00', '2026-0{number}-01', '1', "
            f"'live', 'public', 'Barnet', '2026-0{number}-02 09:00:00')",
            "insert into crime_person (crime_ref, nominal_id, role, link_status, linked_at, updated_at) "
            f"values ('{MARKED_REPORT}-{number}', '{MARK}', 'suspect', 'live', '2026-0{number}-02 09:00:00', "
            f"'2026-0{number}-02 09:00:00')",
        )
    ),
}
"""What makes them the highest of the list, by system."""


def places(home: Path) -> Iterator[Path]:
    """All files but those that are there to hold people: sources, landing, work file, history, restricted."""
    for path in home.rglob("*"):
        inside = path.relative_to(home).parts
        if inside[0] in ("sources", "landing", "history") or "restricted" in inside:
            continue
        # An index into SQLite's log holds no values, and comes and goes.
        is_people = inside[0] == "work" and path.suffix == ".duckdb"
        if path.is_file() and not is_people and not path.name.endswith(".db-shm"):
            yield path


def content(path: Path) -> bytes:
    """A file's bytes, and what its tables hold: compressed, or across pages, bytes alone would not show it."""
    bytes_of_it = path.read_bytes()
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as database:
            names = database.execute("select table_name from duckdb_tables()").fetchall()
            rows = [database.execute(f'select * from "{name}"').fetchall() for (name,) in names]
    elif path.suffix == ".db":
        with closing(sqlite3.connect(path, timeout=60)) as metadata:
            names = metadata.execute("select name from sqlite_master where type = 'table'").fetchall()
            rows = [metadata.execute(f'select * from "{name}"').fetchall() for (name,) in names]
    else:
        return bytes_of_it
    return bytes_of_it + repr(rows).encode()


def found_in(paths: Iterable[Path], *wanted: str) -> tuple[list[Path], int]:
    """The files in which any of these texts stands, and how many were searched."""
    pattern = re.compile(b"|".join(re.escape(text.encode()) for text in wanted))
    searched = list(paths)
    return [path for path in searched if pattern.search(content(path))], len(searched)
