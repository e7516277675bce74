"""Runs the project's own models on small worlds without a start of dbt for each.

dbt compiles the project once per state of its files; :meth:`Project.build` then executes that SQL,
unmodified, in the order of dbt's graph, in a DuckDB in memory.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from reference import Seeds, World, read_seeds

from vha.extract.contract import TABLES
from vha.publish.history import HISTORY
from vha.settings import PROJECT_ROOT
from vha.warehouse.prepare import last_closed_quarter, period_of

Rows = Sequence[Mapping[str, Any]]
Mutations = Mapping[str, Callable[[str], str]]
"""How to break a model's SQL, by its name."""

_PUBLISHED = ("assessment_list", "score_contributions", "quarantine")


@dataclass(frozen=True)
class Model:
    """A model as dbt compiled it.

    Attributes:
        columns: name and type of each column where a contract is enforced, otherwise nothing.
        needs: names of the models that it reads.
    """

    schema: str
    name: str
    materialized: str
    columns: tuple[tuple[str, str], ...]
    needs: frozenset[str]
    sql: str


class Warehouse:
    """What a build left behind."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, models: Sequence[Model]) -> None:
        self._connection = connection
        self._models = models

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Rows of a table, given as ``schema.name``, or of any query."""
        found = self._connection.execute(f"from {query}" if " " not in query else query)
        assert found.description is not None
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    @contextmanager
    def mutated(self, mutate: Mutations) -> Iterator[None]:
        """Break some models for a while: they, and all that read them, are built anew and then taken back."""
        changed = set(mutate)
        _refuse_unknown(changed, self._models)
        self._connection.execute("begin")
        try:
            for model in self._models:
                if model.name in changed or model.needs & changed:
                    changed.add(model.name)
                    _create(self._connection, model, _mutated_sql(model, mutate))
            yield
        finally:
            self._connection.execute("rollback")


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
                self.models[node["name"]] = _model(node)
        self._seeds = read_seeds()

    def build(
        self,
        world: World,
        as_of: date,
        *,
        wanted: Sequence[str] = ("assessment",),
        other_dates: Mapping[str, date] | None = None,
        past_dates: Sequence[date] = (),
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
        _add_assessments(connection, as_of, other_dates or {}, past_dates)
        self._load_seeds(connection, seeds or self._seeds)
        for schema in {model.schema for model in self.models.values()}:
            connection.execute(f"create schema {schema}")
        models = list(self._needed(wanted))
        _refuse_unknown(mutations.keys(), models)
        for model in models:
            _create(connection, model, _mutated_sql(model, mutations))
        return Warehouse(connection, models)

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
    state = _state_of_the_project()
    with (cache / "compiled_state").open("a+") as compiled:
        fcntl.flock(compiled, fcntl.LOCK_EX)
        compiled.seek(0)
        if compiled.read() != state:
            compiled.truncate(0)
            _compile(cache)
            compiled.write(state)
        return Project(json.loads((cache / "manifest.json").read_text()))


def replacing(old: str, new: str) -> Callable[[str], str]:
    """A mutation that puts one text for another."""
    return lambda sql: sql.replace(old, new)


def _state_of_the_project() -> str:
    files = [PROJECT_ROOT / "dbt_project.yml", *(PROJECT_ROOT / "seeds").glob("*.yml")]
    files += [file for file in (PROJECT_ROOT / "dbt_project").rglob("*") if file.suffix in (".sql", ".yml")]
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(str(file.relative_to(PROJECT_ROOT)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _compile(folder: Path) -> None:
    dbt = str(Path(sys.executable).with_name("dbt"))
    places = ["--project-dir", str(PROJECT_ROOT), "--target-path", str(folder), "--log-path", str(folder)]
    result = subprocess.run(
        [dbt, "--quiet", "compile", "--select", "resource_type:model", *places],
        env={
            **os.environ,
            "DBT_PROFILES_DIR": str(PROJECT_ROOT / "dbt_project"),
            "VHA_WAREHOUSE": ":memory:",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def _model(node: Mapping[str, Any]) -> Model:
    enforced = node["config"]["contract"]["enforced"]
    return Model(
        schema=node["schema"],
        name=node["name"],
        materialized=node["config"]["materialized"],
        columns=tuple((c["name"], c["data_type"]) for c in node["columns"].values()) if enforced else (),
        needs=frozenset(
            need.rsplit(".", 1)[1] for need in node["depends_on"]["nodes"] if need.startswith("model.")
        ),
        sql=node["compiled_code"],
    )


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
        typed = ", ".join(f'"{column}" {kind}' for column, kind in model.columns)
        names = ", ".join(f'"{column}"' for column, _ in model.columns)
        connection.execute(f"create or replace table {name} ({typed})")
        connection.execute(f"insert into {name} ({names}) select {names} from ({sql})")
    else:
        connection.execute(f"create or replace {model.materialized} {name} as {sql}")


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
) -> None:
    connection.execute(
        "create table run.assessment (assessment varchar, as_of_date date, closes_period varchar)"
    )
    closed = last_closed_quarter(as_of)
    period = period_of(closed)
    dates = [("release", as_of, period if closed == as_of else None)]
    if closed != as_of:
        dates.append(("quarter_end", closed, period))
    if past_dates:
        dates = [(day.isoformat(), day, None) for day in past_dates]
    dates += [(name, day, None) for name, day in other_dates.items()]
    connection.executemany("insert into run.assessment values (?, ?, ?)", dates)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, names: Sequence[str], rows: Rows) -> None:
    if rows:
        delivered = pa.table({name: [row.get(name) for row in rows] for name in names})
        quoted = ", ".join(f'"{name}"' for name in names)
        connection.register("delivered", delivered)
        connection.execute(f"insert into {table} ({quoted}) select {quoted} from delivered")
