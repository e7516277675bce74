"""Source systems in SQLite files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import adbc_driver_sqlite.dbapi
import pyarrow as pa
from adbc_driver_manager import dbapi

from vha.errors import SourceError, SourceUnavailable
from vha.extract.contract import Kind, Table
from vha.extract.source import URL_FORMS, Source, query_name, query_of, variable_of

_BUSY_MILLISECONDS = 10_000
_BATCH_ROWS = 16_384


def open_file(system: str, rest: str, *, configured: bool) -> SqliteSource:
    """Open the file of ``sqlite:///FILE``, of which `rest` is what follows ``sqlite://``.

    Args:
        configured: whether the user set the URL; if not, the file is where the synthetic sources belong.

    Raises:
        SourceError: there is no such file, or it may not be read.
    """
    variable = variable_of(system)
    if not rest.startswith("/") or rest == "/":
        raise SourceError(f"{variable} names no file: set it to {URL_FORMS}.")
    file = Path(rest[1:]).absolute()
    if not file.exists():
        remedy = f"correct {variable}" if configured else "make synthetic sources with `vha sources create`"
        raise SourceError(f"The {system} system's database {file} does not exist: {remedy}.")
    if not file.is_file() or not os.access(file, os.R_OK):
        raise SourceError(f"The {system} system's database {file} is no file to be read: correct {variable}.")
    # Without mode=ro, SQLite would write to a source.
    connection = adbc_driver_sqlite.dbapi.connect(f"file:{quote(str(file))}?mode=ro", autocommit=False)
    with connection.cursor() as cursor:
        cursor.execute(f"pragma busy_timeout = {_BUSY_MILLISECONDS}")
        cursor.fetchall()
    return SqliteSource(system, connection)


class SqliteSource(Source):
    """A SQLite file: its columns have no types to rely on, so every value is read as the text it shows as."""

    marker_exists = "select count(*) from sqlite_master where name = 'synthetic_marker'"

    def as_text(self, cursor: dbapi.Cursor, table: Table, limit: int | None) -> Iterator[pa.RecordBatch]:
        # The driver takes a column's type from its first rows, and nulls for numbers: so that it takes text,
        # a row of texts goes first, and is dropped again.
        texts = ", ".join(f"'' as {column.name}" for column in table.columns)
        casts = ", ".join(f"cast({column.name} as text)" for column in table.columns)
        end = "" if limit is None else f" limit {limit + 1}"
        cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(_BATCH_ROWS)})
        cursor.execute(f"select {texts} union all select {casts} from {query_of(table)} as q{end}")
        skip = 1
        for batch in cursor.fetch_record_batch():
            yield batch.slice(skip)
            skip = 0

    def wrong_type(self, field: pa.Field, kind: Kind) -> str | None:
        return None

    def explain(self, message: str, table: Table | None) -> SourceError:
        where, query = f"the {self.system} system ({variable_of(self.system)})", query_name(table)
        if re.search("database (table )?is locked", message):
            return SourceUnavailable(
                f"Another program holds the database of {where} locked: try again later."
            )
        if "file is not a database" in message:
            return SourceError(f"The file of {where} is not a SQLite database: correct the variable.")
        if missing := re.search(r"no such (table|column): (\S+)", message):
            return SourceError(
                f"There is no {missing[1]} {missing[2]} in {where}, which {query} reads: "
                "correct the database or the query."
            )
        # SQLite's messages tell of names and syntax, never of values; the query itself stands after them.
        reason = message.split("\nquery: ")[0].split("query: ")[-1]
        return SourceError(f"{query} cannot be run in {where} ({reason}): correct the database or the query.")
