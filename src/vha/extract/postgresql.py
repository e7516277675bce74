"""Source systems in PostgreSQL databases."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import adbc_driver_manager as adbc
import adbc_driver_postgresql.dbapi
import pyarrow as pa
from adbc_driver_manager import dbapi

from vha.errors import SourceError, SourceUnavailable
from vha.extract.contract import Kind, Table
from vha.extract.source import URL_FORMS, Source, query_name, query_of, variable_of

_CONNECT_SECONDS = 10
"""How long to wait for an answer, unless the URL or the environment says; libpq itself waits for ever."""

_SESSION = (
    "set session characteristics as transaction isolation level repeatable read, read only",
    "set client_encoding to 'UTF8'",
    "set datestyle to 'ISO, YMD'",
    # Rows come in the order they are stored in, so that the same table gives the same bytes.
    "set synchronize_seqscans to off",
    "set max_parallel_workers_per_gather to 0",
)

_REFUSALS = (
    ("authentication failed|no password supplied", "refuses the user or the password"),
    ("no pg_hba.conf entry", "refuses this user or this machine"),
    ("role .* does not exist", "does not know the user"),
    ("database .* does not exist", "does not know the database"),
    ("SSL", "and this machine do not agree on encryption (sslmode)"),
)
"""What libpq says when a server refuses a connection for good, and how it is told."""

_TRANSIENT = ("08", "40", "53", "55", "57")
"""SQLSTATE classes: lost connection, conflict, lack of resources, lock, intervention of an operator."""


def open_server(system: str, url: str) -> PostgresqlSource:
    """Connect, and begin a transaction that sees one moment and writes nothing.

    Raises:
        SourceUnavailable: the server does not answer.
        SourceError: the server refuses the connection, or the URL is no valid one.
    """
    os.environ.setdefault("PGCONNECT_TIMEOUT", str(_CONNECT_SECONDS))
    try:
        connection = adbc_driver_postgresql.dbapi.connect(url, autocommit=True)
        with connection.cursor() as cursor:
            for statement in _SESSION:
                cursor.execute(statement)
        connection.adbc_connection.set_autocommit(False)
    except adbc.Error as error:
        raise _refusal(system, str(error)) from None
    return PostgresqlSource(system, connection)


def _refusal(system: str, message: str) -> SourceError:
    """The project's error for libpq's; its message is not repeated, since it may quote a piece of the URL."""
    variable = variable_of(system)
    for pattern, refusal in _REFUSALS:
        if re.search(pattern, message):
            return SourceError(f"The {system} system's server {refusal}: correct {variable}.")
    if re.search("URI|invalid (integer|percent)", message):
        return SourceError(
            f"{variable} is no valid URL: set it to {URL_FORMS}, "
            "with the characters @ : / ? # % of a password percent-encoded."
        )
    return SourceUnavailable(
        f"The {system} system's server does not answer: "
        f"check that it runs and that {variable} names its host and port."
    )


class PostgresqlSource(Source):
    """A PostgreSQL database: its columns must have the types of the contract."""

    marker_exists = "select to_regclass('synthetic_marker') is not null"

    def as_text(self, cursor: dbapi.Cursor, table: Table, limit: int | None) -> Iterator[pa.RecordBatch]:
        texts = ", ".join(
            f"date_trunc('second', {column.name})::text as {column.name}"
            if column.kind == "timestamp"
            else f"{column.name}::text"
            for column in table.columns
        )
        end = "" if limit is None else f" limit {limit}"
        cursor.execute(f"select {texts} from {query_of(table)} as q{end}")
        yield from cursor.fetch_record_batch()

    def wrong_type(self, field: pa.Field, kind: Kind) -> str | None:
        fits = {
            "text": pa.types.is_string(field.type),
            "date": pa.types.is_date32(field.type),
            "timestamp": pa.types.is_timestamp(field.type) and field.type.tz is None,
        }
        return None if fits[kind] else str(field.metadata[b"POSTGRESQL:type"], "utf-8")

    def explain(self, message: str, table: Table | None) -> SourceError:
        where = f"the {self.system} system ({variable_of(self.system)})"
        sqlstate = found[1] if (found := re.search(r"SQLSTATE: (\w{5})", message)) else ""
        said = found[1] if (found := re.search(r"\w+:  (.*)", message)) else ""
        if sqlstate.startswith("42"):  # of names and syntax; what other classes say may hold values
            reason = said
        elif sqlstate and not sqlstate.startswith(_TRANSIENT):
            reason = f"SQLSTATE {sqlstate}"
        elif not sqlstate and said and not re.match("canceling|terminating", said):
            # Met while rows were streamed: the driver then gives no code.
            reason = "the server's log says why"
        else:
            return SourceUnavailable(f"The connection to {where} broke off: try again later.")
        return SourceError(
            f"{query_name(table)} cannot be run in {where} ({reason}): correct the database or the query."
        )
