"""What the site is made from: the tables of ``oversight.duckdb``, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import duckdb

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    name: str
    kind: str
    description: str


@dataclass(frozen=True)
class Table:
    """A published table; ``description`` says what a row is."""

    name: str
    description: str
    columns: Sequence[Column]

    @property
    def is_quarterly(self) -> bool:
        """Whether its rows go by the quarter."""
        return any(column.name == "period" for column in self.columns)


class Published:
    """The published tables, read only.

    Args:
        database: the candidate's ``oversight.duckdb``, open.
    """

    def __init__(self, database: duckdb.DuckDBPyConnection) -> None:
        self.database = database

    def rows(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        """The rows that a query gives, by column name; ``$name`` in it stands for a parameter."""
        result = self.database.execute(query, parameters) if parameters else self.database.execute(query)
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def row(self, query: str, **parameters: Any) -> dict[str, Any]:
        """The one row that a query gives."""
        [row] = self.rows(query, **parameters)
        return row

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """Every table, by name."""
        columns: dict[str, list[Column]] = {}
        for name, column, kind, comment in self.database.execute(
            "select table_name, column_name, data_type, comment from duckdb_columns() "
            "where not internal order by table_name, column_index"
        ).fetchall():
            columns.setdefault(name, []).append(Column(column, kind, comment or ""))
        said = dict(
            self.database.execute(
                "select table_name, comment from duckdb_tables() where not internal"
            ).fetchall()
        )
        return {name: Table(name, said[name] or "", tuple(of)) for name, of in columns.items()}

    @cached_property
    def periods(self) -> Sequence[str]:
        """The quarters of which there are figures, the latest first."""
        found: set[str] = set()
        for table in self.tables.values():
            if table.is_quarterly:
                found |= {row["period"] for row in self.rows(f"select distinct period from {table.name}")}
        return sorted(found, reverse=True)

    @cached_property
    def policy(self) -> Mapping[str, Row]:
        """The rows of ``policy_register`` by parameter."""
        register = self.rows("select * from policy_register order by parameter")
        return {row["parameter"]: row for row in register}
