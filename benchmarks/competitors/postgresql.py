"""PostgreSQL: the landing is loaded into a server of its own (told apart), and plain SQL makes the list there."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from adbc_driver_manager import dbapi

from benchmarks.portable import POLICY, Words
from benchmarks.portable import assess as assess_by
from benchmarks.postgres_server import running, used_cpu
from vha.extract.contract import TABLES
from vha.publish.list_hash import Value

loading_cpu = 0.0
"""Seconds of CPU until every table was loaded and analysed."""

_DAYS = "(0[1-9]|[12][0-9]|3[01])"
_DATE = f"((19|20)[0-9][0-9]|2100)-(0[1-9]|1[0-2])-{_DAYS}"
_TIME = "([01][0-9]|2[0-3])(:[0-5][0-9]){2}"

SQL = f"""
-- There is no cast that may fail: the calendar is asked only for days that not every month has. As casts of texts are
-- stable, so are these: declared immutable, they would not become part of a query's plan.
create function is_day(x text) returns boolean language sql stable parallel safe return
    substr(x, 9, 2) <= '28'
    or substr(x, 9, 2)::int <= extract(day from (left(x, 8) || '01')::date + interval '1 month - 1 day');
create function day(x text) returns date language sql stable parallel safe return
    case when x ~ '^{_DATE}$' then case when is_day(x) then x::date end end;
create function moment(x text) returns date language sql stable parallel safe return
    case when x ~ '^{_DATE} {_TIME}$' then case when is_day(x) then left(x, 10)::date end end;
"""


class _Server:
    def __init__(self, cursor: dbapi.Cursor) -> None:
        self.cursor = cursor

    def make(self, name: str, select: str) -> int:
        # Unlogged, not temporary: two processes may then scan it.
        self.cursor.execute(f"create unlogged table {name} as {select}")
        self.cursor.execute(f"analyze {name}")
        ((rows,),) = self.rows(f"select count(*) from {name}")
        return int(rows)

    def rows(self, select: str) -> Sequence[Sequence[Any]]:
        self.cursor.execute(select)
        # A numeric comes as text.
        return [tuple(row) for row in self.cursor.fetchall()]


def assess(landing: Path, policy: Path, as_of: date, work: Path, memory: str) -> Sequence[Sequence[Value]]:
    """The assessment list, in rank order."""
    global loading_cpu
    with running(memory) as server:
        with server.cursor() as cursor:
            create_functions(cursor)
            for table in TABLES:
                load(cursor, landing / f"{table.path}.parquet", f"landed_{table.name}")
            for name in POLICY:
                load(cursor, policy / f"{name}.parquet", f"policy_{name}")
        loading_cpu = used_cpu(server.pid) + time.process_time()
        with server.cursor() as cursor:
            words = Words(_clean, lambda x: f"day({x})", lambda x: f"moment({x})")
            return assess_by(_Server(cursor), words, as_of)


def _clean(text: str) -> str:
    return f"nullif(btrim({text}, E' \\t\\n\\r'), '')"


def create_functions(cursor: dbapi.Cursor) -> None:
    """Functions ``day`` and ``moment``: the date of a text, or null if it is none."""
    for statement in filter(str.strip, SQL.split(";\n")):
        cursor.execute(statement)


def load(cursor: dbapi.Cursor, file: Path, table: str) -> None:
    """Make a table of a Parquet file's rows."""
    columns = pq.read_schema(file)
    types = {
        field.name: "bigint" if pa.types.is_integer(field.type)
        else "boolean" if pa.types.is_boolean(field.type)
        else "numeric(18, 4)" if pa.types.is_decimal(field.type)
        else "text"
        for field in columns
    }  # fmt: skip
    cursor.execute(
        f"create unlogged table {table} ({', '.join(f'{name} {kind}' for name, kind in types.items())})"
    )
    batches = pq.ParquetFile(file).iter_batches(batch_size=65_536)
    cursor.adbc_ingest(table, pa.RecordBatchReader.from_batches(columns, batches), mode="append")
    cursor.execute(f"analyze {table}")
