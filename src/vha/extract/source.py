"""One source system, open within one read-only transaction: whatever is described and read is one snapshot.

A driver's message is never passed on as it stands, since it may hold a password or a person's data.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

import adbc_driver_manager as adbc
import pyarrow as pa
from adbc_driver_manager import dbapi

from vha.errors import SourceError
from vha.extract.contract import Kind, Table

QUERIES = Path(__file__).parent / "queries"

URL_FORMS = "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE"

_TYPE_NAMES = {"text": "text", "date": "date", "timestamp": "timestamp without time zone"}


def variable_of(system: str) -> str:
    """The environment variable that holds the system's connection URL."""
    return f"VHA_{system.upper()}_URL"


def query_file(table: Table) -> Path:
    """The SQL file that a data engineer edits to map a force's own tables."""
    return QUERIES / table.system / f"{table.name}.sql"


def query_name(table: Table | None) -> str:
    """What a message calls a query: its file within the repository, or that it is the marker's."""
    return f"src/vha/extract/queries/{table.path}.sql" if table else "The query of synthetic_marker"


def query_of(table: Table) -> str:
    """The table's extraction query, in brackets, to select from.

    Raises:
        SourceError: the query file is gone.
    """
    try:
        query = query_file(table).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SourceError(f"The query {query_name(table)} is missing: restore it.") from None
    # The line ends keep a comment in the query's last line from swallowing the bracket.
    return f"(\n{query.strip().removesuffix(';')}\n)"


def text_schema(table: Table) -> pa.Schema:
    """The columns as they are read: in the contract's order, all text."""
    return pa.schema([pa.field(column.name, pa.string()) for column in table.columns])


class Source(ABC):
    """A source system, as :func:`vha.extract.engines.open_source` opens it."""

    marker_exists: str
    """A query of one row and column: whether there is a table ``synthetic_marker``."""

    def __init__(self, system: str, connection: dbapi.Connection) -> None:
        self.system = system
        self._connection = connection

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def check(self, table: Table) -> None:
        """Compare the columns of the query's result with the contract; no row is read.

        Raises:
            SourceError: a column is missing, unknown, delivered twice or of another type, or the query fails.
        """
        with self.reading(table) as cursor:
            cursor.execute(f"select * from {query_of(table)} as q limit 0")
            fields = list(cursor.fetch_record_batch().schema)
        problems = self._problems(table, fields)
        if problems:
            raise SourceError(
                f"{table.path} {', '.join(problems)}: correct the {self.system} system's table "
                f"({variable_of(self.system)}) or {query_name(table)}."
            )

    def read(self, table: Table, limit: int | None = None) -> Iterator[pa.RecordBatch]:
        """Stream the rows as delivered (at most `limit`), every column as text, in the contract's order.

        Raises:
            SourceUnavailable: the connection broke, or the database is locked.
            SourceError: the query fails, or a text is not UTF-8.
        """
        with self.reading(table) as cursor:
            for batch in self.as_text(cursor, table, limit):
                _refuse_broken_text(table, batch)
                yield batch

    def marker_rows(self) -> list[tuple[str | None, ...]] | None:
        """The rows of ``synthetic_marker`` as text (version, seed, reference date); None without that table.

        Raises:
            SourceError: the table has other columns.
        """
        with self.reading() as cursor:
            cursor.execute(self.marker_exists)
            ((exists,),) = cursor.fetchall()
            if not exists:
                return None
            cursor.execute(
                "select cast(generator_version as varchar), cast(seed as varchar), "
                "cast(reference_date as varchar) from synthetic_marker limit 2"
            )
            return cursor.fetchall()

    @contextmanager
    def reading(self, table: Table | None = None) -> Iterator[dbapi.Cursor]:
        """A cursor to read `table` (or the synthetic marker) with; a driver's errors become ours."""
        try:
            with self._connection.cursor() as cursor:
                yield cursor
        except (adbc.Error, pa.ArrowException, OSError) as error:
            # A transaction that met an error serves no other table until it is rolled back.
            with suppress(adbc.Error):
                self._connection.adbc_connection.rollback()
            # `from None`: a task log would print the driver's error, and values with it.
            raise self.explain(str(error), table) from None

    @abstractmethod
    def as_text(self, cursor: dbapi.Cursor, table: Table, limit: int | None) -> Iterator[pa.RecordBatch]:
        """Run the table's query with each column of the contract cast to text."""

    @abstractmethod
    def wrong_type(self, field: pa.Field, kind: Kind) -> str | None:
        """The database's name for the field's type, if a column of `kind` must not have it."""

    @abstractmethod
    def explain(self, message: str, table: Table | None) -> SourceError:
        """The project's error for a driver's, met while reading `table` (or the synthetic marker)."""

    def _problems(self, table: Table, fields: list[pa.Field]) -> list[str]:
        """What is wrong with the columns of a result, as predicates of a sentence about the table."""
        found = [field.name for field in fields]
        contract = [column.name for column in table.columns]
        wrong = [
            f"has column {name} as {type_name}, not as {_TYPE_NAMES[column.kind]}"
            for column in table.columns
            for name, field in zip(found, fields, strict=True)
            if name == column.name and (type_name := self.wrong_type(field, column.kind))
        ]
        return [
            *(f"lacks column {name}" for name in contract if name not in found),
            *(f"has a column {name} that is not in the contract" for name in found if name not in contract),
            *(f"has column {name} twice" for name in contract if found.count(name) > 1),
            *wrong,
        ]


def _refuse_broken_text(table: Table, batch: pa.RecordBatch) -> None:
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        try:
            column.validate(full=True)
        except pa.ArrowInvalid:
            raise SourceError(
                f"{table.path} has text in column {name} that is not UTF-8: "
                f"convert it in the {table.system} system's database or in {query_name(table)}."
            ) from None
