"""Writes synthetic tables into SQLite files and PostgreSQL databases, and never over anything else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import adbc_driver_manager
import adbc_driver_postgresql.dbapi
import adbc_driver_sqlite.dbapi
import pyarrow as pa
import pyarrow.compute as pc
from adbc_driver_manager.dbapi import Connection

from vha.errors import ConfigurationError, SourceUnavailable
from vha.extract.contract import TABLES, Table

MARKER = "synthetic_marker"
OWN_TABLES = {MARKER, *(table.name for table in TABLES)}
SQLITE, POSTGRESQL = "sqlite:///", ("postgresql://", "postgres://")
FORMATS = {"date": "%Y-%m-%d", "timestamp": "%Y-%m-%d %H:%M:%S"}
NATIVE = {"date": pa.date32(), "timestamp": pa.timestamp("s")}


def by_database(urls: Mapping[str, str], tables: Iterable[Table]) -> dict[str, list[Table]]:
    """The tables of each database, which may be one for several systems."""
    databases: dict[str, list[Table]] = {}
    for table in tables:
        databases.setdefault(urls[table.system], []).append(table)
    return databases


def write(databases: Mapping[str, Sequence[Table]], data: Mapping[str, pa.Table]) -> None:
    """Write tables into databases, in place of what an earlier call wrote there.

    Args:
        databases: connection URL to the tables that go there; each gets ``synthetic_marker`` too.
        data: table name to its rows, all columns text in the contract's form.

    Raises:
        ConfigurationError: a URL is of no supported kind, or a database holds anything that is not synthetic.
        SourceUnavailable: a database cannot be reached or written.
    """
    for url in databases:
        if not url.startswith((SQLITE, *POSTGRESQL)):
            raise ConfigurationError(
                f"Synthetic sources cannot be written to a URL of the scheme {url.partition(':')[0]!r}: "
                "use sqlite:///FILE or postgresql://…."
            )
    for url in databases:  # all are looked at before any is written
        with _reaching(url):
            _refuse_real_data(url)
    for url, tables in databases.items():
        with _reaching(url):
            if url.startswith(SQLITE):
                _write_sqlite(_file(url), tables, data)
            else:
                _write_postgresql(url, tables, data)


@contextmanager
def _reaching(url: str) -> Iterator[None]:
    # The driver's own message may hold a password, so it is left out.
    try:
        yield
    except (adbc_driver_manager.Error, OSError):
        raise SourceUnavailable(
            f"The database {_public_name(url)} cannot be reached or written: "
            "check the URL, that it is running, and that tables may be made there."
        ) from None


def _file(url: str) -> Path:
    return Path(url.removeprefix(SQLITE))


def _refuse_real_data(url: str) -> None:
    if url.startswith(SQLITE):
        if not _file(url).exists():
            return
        query = "select name from sqlite_master where type in ('table', 'view') and name not like 'sqlite_%'"
    else:
        # Whatever a bare table name may mean, in any schema of the search path: just that could be dropped.
        query = (
            "select relname from pg_catalog.pg_class where relkind in ('r', 'p', 'v', 'm', 'f') "
            "and pg_catalog.pg_table_is_visible(oid) "
            "and relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema')"
        )
    with _connect(url) as connection:
        found = {row[0] for row in _rows(connection, query)}
    if found and (MARKER not in found or not found <= OWN_TABLES):
        raise ConfigurationError(
            f"The database {_public_name(url)} holds tables that `vha sources create` did not make: "
            "nothing was written; give it an empty database."
        )


def _write_sqlite(path: Path, tables: Sequence[Table], data: Mapping[str, pa.Table]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.unlink(missing_ok=True)
    with _connect(f"{SQLITE}{partial}") as connection:
        # The file has no name that anybody reads until it is whole: a journal would protect nothing.
        _execute(connection, "pragma journal_mode = off", "pragma synchronous = off", "begin")
        for name in (*(table.name for table in tables), MARKER):
            _create(connection, name, dict.fromkeys(data[name].column_names, "text"), data[name])
        _execute(connection, "commit")
    partial.replace(path)


def _write_postgresql(url: str, tables: Sequence[Table], data: Mapping[str, pa.Table]) -> None:
    with _connect(url) as connection:
        _execute(connection, "begin")
        for table in tables:
            rows = _native(table, data[table.name])
            known = {column.name: column.kind for column in table.columns}
            types = {name: known.get(name, "text") for name in rows.column_names}
            _create(connection, table.name, types, rows)
        _create(connection, MARKER, dict.fromkeys(data[MARKER].column_names, "text"), data[MARKER])
        _execute(connection, "commit")


def _native(table: Table, rows: pa.Table) -> pa.Table:
    """The rows with dates and timestamps as such; text that is none becomes null."""
    for column in table.columns:
        if column.kind != "text" and column.name in rows.column_names:
            rows = rows.set_column(
                rows.column_names.index(column.name), column.name, parsed(rows[column.name], column.kind)
            )
    return rows


def parsed(text: pa.Array | pa.ChunkedArray, kind: str) -> pa.Array | pa.ChunkedArray:
    """Texts as dates or timestamps, null for what is none."""
    moment = pc.strptime(text, FORMATS[kind], unit="s", error_is_null=True)
    # The parser rolls 30 February over into March: what does not read back the same is no date.
    same = pc.equal(pc.strftime(moment, FORMATS[kind]), text)
    return pc.if_else(same, moment, pa.scalar(None, moment.type)).cast(NATIVE[kind])


def _connect(url: str) -> Connection:
    connect = (
        adbc_driver_sqlite.dbapi.connect if url.startswith(SQLITE) else adbc_driver_postgresql.dbapi.connect
    )
    connection: Connection = connect(url.removeprefix(SQLITE), autocommit=True)
    return connection


def _public_name(url: str) -> str:
    """The URL without user and password."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"


def _rows(connection: Connection, query: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def _execute(connection: Connection, *statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _create(connection: Connection, name: str, types: Mapping[str, str], rows: pa.Table) -> None:
    columns = ", ".join(f"{column} {kind}" for column, kind in types.items())
    _execute(connection, f"drop table if exists {name}", f"create table {name} ({columns})")
    with connection.cursor() as cursor:
        cursor.adbc_ingest(name, rows, mode="append")
