"""What a delivery must be like as a whole; single bad rows are for staging and the quarantine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from vha.errors import SourceError
from vha.extract.contract import Table, tables_of
from vha.extract.engines import open_source
from vha.extract.marker import Marker, common_marker, marker_of
from vha.extract.source import Source, query_name, text_schema, variable_of
from vha.settings import SYSTEMS, Settings
from vha.warehouse.connect import connect

SAMPLE = 10_000
"""How many rows of each table :func:`check_sources` reads."""


@dataclass(frozen=True)
class Finding:
    """What the check of one table, or of the synthetic markers, found.

    Attributes:
        subject: the table as ``system/table``, or ``synthetic marker``.
        problem: the sentence about it; None if all is well.
    """

    subject: str
    problem: str | None

    def __str__(self) -> str:
        return f"{self.subject:<36} {self.problem or 'OK'}"


def check_sources(settings: Settings) -> list[Finding]:
    """Check every system and table against the contract, and the dates of its first rows; nothing is kept.

    A system that cannot be opened has that one finding, under the system's name.
    """
    findings: list[Finding] = []
    markers: dict[str, Marker | None] = {}
    with connect(settings, Path(":memory:")) as connection:
        for system in SYSTEMS:
            try:
                with open_source(settings, system) as source:
                    for table in tables_of(system):
                        findings.append(Finding(table.path, _problem(connection, source, table)))
                    markers[system] = marker_of(source)
            except SourceError as error:
                findings.append(Finding(system, str(error)))
    if len(markers) == len(SYSTEMS):
        try:
            common_marker(markers)
            findings.append(Finding("synthetic marker", None))
        except SourceError as error:
            findings.append(Finding("synthetic marker", str(error)))
    return findings


def unreadable_columns(connection: duckdb.DuckDBPyConnection, table: Table, relation: str) -> list[str]:
    """The date and timestamp columns of a landed `relation` that hold texts, none of them in the format.

    Single bad values are for the quarantine; a column of nothing else is the wrong column.
    """
    blanks = "' ' || chr(9) || chr(10) || chr(13)"
    formats = {
        "date": "cast(try_cast({} as date) as varchar)",
        "timestamp": "strftime(try_cast({} as timestamp), '%Y-%m-%d %H:%M:%S')",
    }
    unreadable = []
    for column in table.columns:
        if column.kind == "text":
            continue
        value = f"trim({column.name}, {blanks})"
        given = f"select 1 from {relation} where {value} <> ''"
        readable = f"{given} and {formats[column.kind].format(value)} = {value}"
        ((is_given, is_readable),) = connection.execute(
            f"select exists ({given}), exists ({readable})"
        ).fetchall()
        if is_given and not is_readable:
            unreadable.append(column.name)
    return unreadable


def check_delivery(table: Table, rows: int, unreadable: list[str]) -> None:
    """Refuse what cannot be a delivery of the table, whatever its single rows are like.

    Raises:
        SourceError: it is empty and may not be, or no value of a date column can be read.
    """
    remedy = f"correct the {table.system} system's table ({variable_of(table.system)}) or {query_name(table)}"
    if not rows and not table.may_be_empty:
        raise SourceError(f"{table.path} is empty, which it may not be: {remedy}.")
    if unreadable:
        raise SourceError(
            f"{table.path} has no value in column {', '.join(unreadable)} that is a date (YYYY-MM-DD) or "
            f"timestamp (YYYY-MM-DD HH:MM:SS) as the contract says: {remedy}."
        )


def _problem(connection: duckdb.DuckDBPyConnection, source: Source, table: Table) -> str | None:
    try:
        source.check(table)
        sample = pa.Table.from_batches(source.read(table, limit=SAMPLE), text_schema(table))
        connection.register("sample", sample)
        check_delivery(table, sample.num_rows, unreadable_columns(connection, table, "sample"))
    except SourceError as error:
        return str(error)
    return None
