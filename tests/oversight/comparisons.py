"""Disproportionality by the project's own SQL over numbers of people given as they are, many quarters in one build."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import duckdb
import pyarrow as pa
from harness import Mutations, Project

from vha.publish.history_tables import HISTORY

Count = tuple[str, str, str, str, int | None]
"""Period, population, characteristic, group, people."""

PROTECTION = (
    "int_list_flows",
    "int_countable_cells",
    "int_protected_groups",
    "int_protected_subgroups",
    "int_protected_counts",
)
COMPARISON = (
    "int_disproportionality_residents",
    "int_disproportionality_earlier_list",
    "int_disproportionality_populations",
    "int_disproportionality_counts",
    "int_disproportionality_pairs",
    "int_disproportionality_ratios",
    "disproportionality",
    "disproportionality_flags",
)
_SHOWN = re.compile(r"cast\(round\((.+), \d\) as decimal\(18, \d\)\) as")


class Comparisons:
    """The tables of disproportionality.

    Args:
        mutate: deliberately broken models, to show that a test catches them.
        seeds: statements that change the seeds first.
    """

    def __init__(
        self, project: Project, *, mutate: Mutations | None = None, seeds: Iterable[str] = ()
    ) -> None:
        self._models, self._mutate = project.models, mutate or {}
        self._connection = duckdb.connect(":memory:", config={"threads": 1})
        for schema in ("run", "history", "intermediate", "assessment", "oversight"):
            self._connection.execute(f"create schema {schema}")
        self._connection.execute("set search_path = 'oversight,intermediate'")
        project._load_seeds(self._connection, project._seeds)
        for statement in seeds:
            self._connection.execute(statement)
        for name in ("int_policy", "int_simple_groups", "int_groups"):
            self._connection.execute(f"create table intermediate.{name} as {self._models[name].sql}")
        for table, columns in HISTORY.items():
            typed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            self._connection.execute(f"create table history.{table} ({typed})")
        self._connection.execute(
            """
            create table run.assessment (assessment varchar, as_of_date date, closes_period varchar, variant varchar);
            create table intermediate.int_previous_release (run_id varchar);
            create table intermediate.int_protected_removals
                (period varchar, characteristic varchar, group_code varchar, people bigint, status varchar);
            create table intermediate.int_quarter_movements
                (period varchar, movement varchar, reason varchar, driver varchar);
            """
        )
        self.cells = [
            cell
            for cell in self.query("select characteristic, group_code from int_groups")
            if "|" not in cell[1]
        ]

    def of_exact(self, counts: Iterable[Count]) -> None:
        """Compute everything from exact numbers, which are protected first."""
        self._insert("int_group_counts", counts)
        self._build(*PROTECTION, *COMPARISON)

    def of_protected(self, counts: Iterable[Count]) -> None:
        """Compute everything from numbers as they are published, None being withheld."""
        self._insert("int_protected_counts", counts)
        self._build(*COMPARISON)

    def published_before(self, period: str, people: Mapping[tuple[str, str], int], population: int) -> None:
        """An earlier quarter's list by characteristic and group, as the last release has it."""
        self._connection.execute("insert into intermediate.int_previous_release values ('last')")
        for (characteristic, group), number in people.items():
            self._connection.execute(
                "insert into history.special_category_breakdown values ('last', ?, ?, ?, ?, ?, null, 'published')",
                [period, characteristic, group, number, population],
            )

    def unrounded(self) -> list[dict[str, Any]]:
        """The pairs with their figures in double precision, before they are rounded to be shown."""
        sql, rounded = _SHOWN.subn(r"\1 as", self._sql("int_disproportionality_ratios"))
        assert rounded == 10
        return self.rows(
            f"select * from ({sql}) inner join int_disproportionality_pairs "
            "using (period, characteristic, group_code, stage, benchmark)"
        )

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Rows of a query over the models, which are found by their names."""
        result = self._connection.execute(query)
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def query(self, query: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(query).fetchall()

    def _insert(self, table: str, counts: Iterable[Count]) -> None:
        names = ("period", "population_kind", "characteristic", "group_code", "people")
        given = pa.table(dict(zip(names, map(list, zip(*counts, strict=True)), strict=True)))
        self._connection.register("given", given)
        self._connection.execute(
            f"create or replace table intermediate.{table} as "
            "select * replace (cast(people as bigint) as people), "
            "case when people is null then 'suppressed' else 'published' end as status from given"
        )
        self._connection.execute("delete from run.assessment")
        self._connection.execute(
            "insert into run.assessment select distinct 'release', date '2026-09-30', period, null from given"
        )

    def _build(self, *names: str) -> None:
        for name in names:
            schema = self._models[name].schema
            self._connection.execute(f"create or replace table {schema}.{name} as {self._sql(name)}")

    def _sql(self, name: str) -> str:
        sql = self._models[name].sql
        mutated = self._mutate.get(name, str)(sql)
        assert mutated != sql or name not in self._mutate
        return mutated
