"""Extraction: what a client spends for reading sources to Parquet, and what PostgreSQL spends for answering."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.competitors.postgresql import create_functions, load
from benchmarks.measure import Cost, measure
from benchmarks.postgres_server import Server, running, used_cpu
from vha.extract.contract import TABLES, Column
from vha.settings import SYSTEMS

ROWS = 2_000_000
CRIME = [table for table in TABLES if table.system == "crime"]
READ = """
import json, sys, time
from vha.extract import extract_system
from vha.settings import Settings
settings, before = Settings.from_environment(), time.process_time()
rows = sum(extract_system(settings, "benchmark", system)["rows"] for system in sys.argv[1:])
print(json.dumps([rows, time.process_time() - before]))
"""
"""Extracts systems, and says what that alone took of CPU, without the start of Python."""


@dataclass(frozen=True)
class Read:
    """One reading of a source.

    Attributes:
        seconds: of CPU, of the client without its start.
        server: seconds of CPU of the server's session; None without a server.
    """

    source: str
    rows: int
    seconds: float
    server: float | None
    cost: Cost


def measured(folder: Path, env: Mapping[str, str], sizes: Sequence[str], repeat: int) -> list[Read]:
    """Read 2 million crime reports from each engine, and all of ten Londons, if landed, from PostgreSQL."""
    work = folder / "extraction"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    _fill_sqlite(work / "crime.db")
    sqlite = {f"VHA_{system.upper()}_URL": f"sqlite:///{work}/crime.db" for system in SYSTEMS}
    found = [_read("SQLite", work, {**env, **sqlite}, ["crime"], None) for _ in range(repeat)]
    with running("2GB") as server:
        urls = {f"VHA_{system.upper()}_URL": server.url for system in SYSTEMS}
        with server.cursor() as cursor:
            for statement in _filling("generate_series(1, {rows}) as numbers(n)", native=True):
                cursor.execute(statement)
        found += [_read("PostgreSQL", work, {**env, **urls}, ["crime"], server.pid) for _ in range(repeat)]
        if "x10" in sizes:
            _copy(folder / "landing" / "x10", server)
            found += [
                _read("PostgreSQL, all of x10", work, {**env, **urls}, list(SYSTEMS), server.pid)
                for _ in range(repeat)
            ]
    shutil.rmtree(work)
    return found


def _read(
    source: str, work: Path, env: Mapping[str, str], systems: Sequence[str], server: int | None
) -> Read:
    home = work / "home"
    shutil.rmtree(home, ignore_errors=True)
    before = used_cpu(server) if server else 0.0
    command = [sys.executable, "-c", READ, *systems]
    cost, status = measure(command, {**env, "VHA_HOME": str(home)}, work / "log", 3600)
    said = (work / "log").read_text()
    if status:
        raise RuntimeError(f"{source} could not be read: {said}")
    rows, seconds = json.loads(said.splitlines()[-1])
    print(f"{source}: {rows:,} rows, {rows / seconds:,.0f} rows/s, {cost.peak_mb:.0f} MB", flush=True)
    return Read(source, rows, seconds, used_cpu(server) - before if server else None, cost)


def _filling(numbers: str, *, native: bool) -> list[str]:
    """Statements that make the crime system's tables and fill that of reports."""
    tables = [
        f"create table {table.name} ("
        + ", ".join(f"{column.name} {column.kind if native else 'text'}" for column in table.columns)
        + ")"
        for table in CRIME
    ]
    day = "date '2026-01-01'" if native else "'2026-01-01'"
    moment = "timestamp '2026-01-02 10:00:00'" if native else "'2026-01-02 10:00:00'"
    return [
        *tables,
        f"insert into crime_report select 'CRIS-' || n, 'CRIS', {moment}, {day}, null, (n % 40) || 'D', 'live', "
        f"(n % 22) || '', 'public', 'Camden', 'INC-' || n / 2, null, {moment} from {numbers.format(rows=ROWS)}",
    ]


def _fill_sqlite(file: Path) -> None:
    numbers = (
        "(with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < {rows}) "
        "select n from numbers)"
    )
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for statement in ("pragma synchronous = off", *_filling(numbers, native=False)):
            connection.execute(statement)


def _copy(landing: Path, server: Server) -> None:
    """Make a landing's rows source tables again; a date that is none is null, as it must be in such a source."""
    with server.cursor() as cursor:
        create_functions(cursor)
        for table in TABLES:
            load(cursor, landing / f"{table.path}.parquet", f"landed_{table.name}")
            cursor.execute(f"drop table if exists {table.name}")
            columns = ", ".join(f"{_typed(column)} as {column.name}" for column in table.columns)
            cursor.execute(f"create unlogged table {table.name} as select {columns} from landed_{table.name}")
            cursor.execute(f"drop table landed_{table.name}")


def _typed(column: Column) -> str:
    if column.kind == "date":
        return f"day({column.name})"
    if column.kind == "timestamp":
        return f"case when moment({column.name}) is not null then {column.name}::timestamp end"
    return column.name
