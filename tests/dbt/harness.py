"""Runs the project's own models on small worlds without a start of dbt for each.

dbt compiles the project once per state of its files; :meth:`Project.build` then executes that SQL,
unmodified, in the order of dbt's graph, in a DuckDB in memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import date, datetime
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from compiled import Model, compiled_manifest, model_of
from reference import Seeds, World, read_seeds

from vha.extract.contract import TABLES
from vha.publish.history_tables import HISTORY
from vha.warehouse.prepare import Assessment, last_closed_quarter, period_of, variants_of

Rows = Sequence[Mapping[str, Any]]
Mutations = Mapping[str, Callable[[str], str]]
"""How to break a model's SQL, by its name."""

_PUBLISHED = ("assessment_list", "score_contributions", "quarantine")
_TABLE = re.compile(r"\b\w+\.\w+\b")


class Warehouse:
    """What a build left behind."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, models: Sequence[Model]) -> None:
        self._connection = connection
        self._models = {f"{model.schema}.{model.name}": model for model in models}
        self._outdated: dict[str, str] = {}

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Rows of a table, given as ``schema.name``, or of any query that names its tables so."""
        self._bring_up_to_date(self._models.keys() & {*_TABLE.findall(query)})
        found = self._connection.execute(f"from {query}" if " " not in query else query)
        assert found.description is not None
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    @contextmanager
    def mutated(self, mutate: Mutations) -> Iterator[None]:
        """Break some models for a while: they, and all that read them, are built anew and then taken back.

        Each is built when somebody asks for rows that come of it: who looks at much and is content to find one thing
        wrong never needs the rest.
        """
        models = list(self._models.values())
        _refuse_unknown(mutate.keys(), models)
        for model in models:
            if model.name in mutate or model.needs & self._outdated.keys():
                self._outdated[model.name] = _mutated_sql(model, mutate)
        self._connection.execute("begin")
        try:
            yield
        finally:
            self._outdated.clear()
            self._connection.execute("rollback")

    def _bring_up_to_date(self, tables: Set[str]) -> None:
        """Build what is outdated of some tables and of what they need."""
        if not self._outdated:
            return
        needed: list[Model] = []
        names = {self._models[table].name for table in tables}
        for model in reversed(self._models.values()):
            if model.name in names:
                names |= model.needs
                needed.append(model)
        for model in reversed(needed):
            if model.name in self._outdated:
                _create(self._connection, model, self._outdated.pop(model.name))


@dataclass(frozen=True)
class Release:
    """A build that was published."""

    run_id: str
    as_of: date
    published_at: str
    policy_version: str
    warehouse: Warehouse


def history_of(releases: Sequence[Release]) -> dict[str, list[dict[str, Any]]]:
    """What the published history holds after these releases."""
    history: dict[str, list[dict[str, Any]]] = {name: [] for name in _PUBLISHED}
    history["release_register"] = []
    for release in releases:
        history["release_register"].append(
            {
                "run_id": release.run_id,
                "as_of_date": release.as_of,
                "published_at": datetime.fromisoformat(release.published_at),
                "policy_version": release.policy_version,
            }
        )
        for name in _PUBLISHED:
            rows = release.warehouse.rows(f"assessment.{name}")
            history[name] += [{**row, "run_id": release.run_id} for row in rows]
    return history


class Project:
    """The compiled project."""

    def __init__(self, manifest: Mapping[str, Any]) -> None:
        self.models: dict[str, Model] = {}
        self.seed_types: dict[str, dict[str, str]] = {}
        for node in manifest["nodes"].values():
            if node["resource_type"] == "seed":
                self.seed_types[node["name"]] = node["config"]["column_types"]
            elif node["resource_type"] == "model":
                self.models[node["name"]] = model_of(node)
        self._seeds = read_seeds()

    def build(
        self,
        world: World,
        as_of: date,
        *,
        wanted: Sequence[str] = ("assessment",),
        other_dates: Mapping[str, date] | None = None,
        past_dates: Sequence[date] = (),
        variants: Sequence[str] = (),
        seeds: Seeds | None = None,
        history: Mapping[str, Rows] | None = None,
        run_id: str = "run",
        policy_version: str = "policy",
        threads: int = 2,
        mutate: Mutations | None = None,
    ) -> Warehouse:
        """Build some models, and all they need, over delivered rows.

        Args:
            wanted: schemas and models.
            other_dates: assessments besides ``release`` and ``quarter_end``, by name.
            past_dates: dates to assess instead of those two, as a backfill does.
            variants: what-ifs to assess besides, by name.
            seeds: all seeds, where they differ from the project's own.
            history: rows of the published history by table.
            mutate: deliberately broken models, to show that a test catches them.
        """
        mutations = mutate or {}
        connection = duckdb.connect(":memory:", config={"threads": threads})
        _prepare(connection, world, history or {})
        connection.execute(
            "create table run.context as select ? as run_id, ? as policy_version, cast(? as date) as as_of_date",
            [run_id, policy_version, as_of],
        )
        _add_assessments(connection, as_of, other_dates or {}, past_dates, variants)
        models = self._run(connection, wanted, seeds or self._seeds, mutations)
        return Warehouse(connection, models)

    def build_in(
        self, connection: duckdb.DuckDBPyConnection, wanted: Sequence[str], mutate: Mutations | None = None
    ) -> None:
        """Build in a work file as ``vha.warehouse.prepare.lay_out`` leaves it, over landed and published files.

        Marts that are not wanted are there without rows.
        """
        built = {model.name for model in self._run(connection, wanted, self._seeds, mutate or {})}
        for model in self.models.values():
            if model.columns and model.name not in built:
                _create_empty(connection, model)

    def _run(
        self,
        connection: duckdb.DuckDBPyConnection,
        wanted: Sequence[str],
        seeds: Seeds,
        mutations: Mutations,
    ) -> list[Model]:
        self._load_seeds(connection, seeds)
        for schema in {model.schema for model in self.models.values()}:
            connection.execute(f"create schema {schema}")
        models = list(self._needed(wanted))
        _refuse_unknown(mutations.keys(), models)
        for model in models:
            _create(connection, model, _mutated_sql(model, mutations))
        return models

    def _needed(self, wanted: Sequence[str]) -> Iterator[Model]:
        names = [model.name for model in self.models.values() if {model.schema, model.name} & {*wanted}]
        graph: dict[str, frozenset[str]] = {}
        while names:
            name = names.pop()
            if name not in graph:
                graph[name] = self.models[name].needs
                names += graph[name]
        return (self.models[name] for name in TopologicalSorter(graph).static_order())

    def _load_seeds(self, connection: duckdb.DuckDBPyConnection, seeds: Seeds) -> None:
        connection.execute("create schema seeds")
        for name, types in self.seed_types.items():
            columns = ", ".join(f'"{column}" {kind}' for column, kind in types.items())
            connection.execute(f"create table seeds.{name} ({columns})")
            rows = [{column: value or None for column, value in row.items()} for row in seeds[name]]
            _insert(connection, f"seeds.{name}", list(types), rows)


def compile_project(cache: Path) -> Project:
    """Compile the project, once for each state of its files, however many test processes ask for it."""
    return Project(compiled_manifest(cache))


def replacing(old: str, new: str) -> Callable[[str], str]:
    """A mutation that puts one text for another."""
    return lambda sql: sql.replace(old, new)


def _refuse_unknown(names: Set[str], models: Sequence[Model]) -> None:
    if unknown := names - {model.name for model in models}:
        raise ValueError(f"no such models: {unknown}")


def _mutated_sql(model: Model, mutate: Mutations) -> str:
    if model.name not in mutate:
        return model.sql
    sql = mutate[model.name](model.sql)
    if sql == model.sql:
        raise ValueError(f"the mutation leaves {model.name} as it is")
    return sql


def _create(connection: duckdb.DuckDBPyConnection, model: Model, sql: str) -> None:
    name = f"{model.schema}.{model.name}"
    if model.columns:
        names = ", ".join(f'"{column}"' for column, _ in model.columns)
        _create_empty(connection, model)
        connection.execute(f"insert into {name} ({names}) select {names} from ({sql})")
    else:
        connection.execute(f"create or replace {model.materialized} {name} as {sql}")


def _create_empty(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    typed = ", ".join(f'"{column}" {kind}' for column, kind in model.columns)
    connection.execute(f"create or replace table {model.schema}.{model.name} ({typed})")


def _prepare(connection: duckdb.DuckDBPyConnection, world: World, history: Mapping[str, Rows]) -> None:
    """As ``vha.warehouse.prepare`` makes it, with tables for its views of Parquet files."""
    connection.execute("create schema landing; create schema history; create schema run")
    for table in TABLES:
        names = [column.name for column in table.columns]
        typed = ", ".join(f"{name} varchar" for name in names)
        connection.execute(f"create table landing.{table.name} (landing_row bigint, {typed})")
        rows = [{**row, "landing_row": n} for n, row in enumerate(world.get(table.name, ()), start=1)]
        _insert(connection, f"landing.{table.name}", ["landing_row", *names], rows)
    for name, columns in HISTORY.items():
        typed = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        connection.execute(f"create table history.{name} ({typed})")
        _insert(connection, f"history.{name}", list(columns), history.get(name, ()))


def _add_assessments(
    connection: duckdb.DuckDBPyConnection,
    as_of: date,
    other_dates: Mapping[str, date],
    past_dates: Sequence[date],
    variants: Sequence[str],
) -> None:
    connection.execute(
        "create table run.assessment "
        "(assessment varchar, as_of_date date, closes_period varchar, variant varchar, varies varchar)"
    )
    closed = last_closed_quarter(as_of)
    period = period_of(closed)
    planned = [Assessment("release", as_of, period if closed == as_of else None)]
    if closed != as_of:
        planned.append(Assessment("quarter_end", closed, period))
    if past_dates:
        planned = [Assessment(day.isoformat(), day) for day in past_dates]
    planned += [Assessment(name, day) for name, day in other_dates.items()]
    planned += list(variants_of(planned, variants))
    connection.executemany("insert into run.assessment values (?, ?, ?, ?, ?)", map(astuple, planned))


def _insert(connection: duckdb.DuckDBPyConnection, table: str, names: Sequence[str], rows: Rows) -> None:
    if rows:
        delivered = pa.table({name: [row.get(name) for row in rows] for name in names})
        quoted = ", ".join(f'"{name}"' for name in names)
        connection.register("delivered", delivered)
        connection.execute(f"insert into {table} ({quoted}) select {quoted} from delivered")
