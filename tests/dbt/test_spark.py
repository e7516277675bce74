"""Spark makes the same tables as DuckDB, from the same landing and by the same models."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
import trap_sources
import traps
from harness import Mutations, Project, replacing
from worlds import random_world

from vha.errors import ConfigurationError
from vha.extract.contract import TABLES
from vha.extract.landing import write_parquet
from vha.publish.history import ensure_history
from vha.run import Run
from vha.settings import Settings
from vha.synthetic.world import generate
from vha.warehouse import spark
from vha.warehouse.prepare import lay_out

RUN = Run("spark", trap_sources.TODAY, synthetic=True, started_by="os:test")

# Each as an engine would have it that divides, tells the time or follows merges in a way of its own.
BROKEN: dict[str, Mutations] = {
    "a ratio is rounded twice": {"int_crime_points": replacing(" // ", " / ")},
    "every wall time is an hour later": {
        "int_crime_report_scope": replacing("reports.recorded_at", "reports.recorded_at + interval 1 hour")
    },
    "a chain of merges is one step long": {"int_survivors": replacing("steps on ", "steps on false and ")},
}


class Landed:
    """A landing of the tiny world and of rows at the edges of the method's rules, and Spark's tables over it."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings.from_environment({"VHA_HOME": str(home), "VHA_SPARK_MEMORY": "1g"})
        ensure_history(self.settings)
        self.landing = home / "landing"
        self.spark = home / "spark"
        tiny = generate("tiny", 1)
        edges = (traps.world_now(), random_world(3, 200, RUN.as_of))
        for table in TABLES:
            path = self.landing / f"{table.path}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            rows = [row for world in edges for row in world[table.name]]
            names = [column.name for column in table.columns]
            others = pa.table(
                {name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}
            )
            write_parquet(
                pa.concat_tables([tiny[table.name].select(names), others]).to_batches(), table, path
            )

    def tables(self) -> dict[str, Path]:
        """Where the files of each of Spark's tables are, by schema and name."""
        folders = (self.spark / "dbt" / "tables").glob("*/*")
        return {f"{folder.parent.name.removesuffix('.db')}.{folder.name}": folder for folder in folders}

    def different(self, connection: duckdb.DuckDBPyConnection) -> list[str]:
        """Spark's tables that hold other rows than DuckDB's."""
        different = []
        for table, folder in self.tables().items():
            names = ", ".join(row[0] for row in connection.execute(f"describe {table}").fetchall())
            ours, theirs = f"select {names} from {table}", f"select {names} from '{folder}/*.parquet'"
            query = f"({ours} except all {theirs}) union all ({theirs} except all {ours}) limit 1"
            different += [table for _ in connection.execute(query).fetchall()]
        return different

    @contextmanager
    def duckdb(
        self, project: Project, mutate: Mutations | None = None
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """DuckDB's tables."""
        work = self.settings.home / "work.duckdb"
        lay_out(self.settings, RUN, work, self.landing, self.settings.home / "history")
        with duckdb.connect(str(work)) as connection:
            project.build_in(connection, spark.MADE, mutate)
            yield connection


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Landed:
    landed = Landed(tmp_path_factory.mktemp("spark"))
    with pytest.MonkeyPatch.context() as patch:
        # What is compiled for a long life is never used in this short one.
        patch.setenv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        spark.build_on_spark(
            landed.settings,
            RUN,
            landed.landing,
            landed.settings.home / "history",
            landed.spark,
            "--exclude-resource-type",
            "test",
        )
    return landed


@pytest.mark.spark
def test_spark_makes_the_same_list(landed: Landed, project: Project) -> None:
    with landed.duckdb(project) as connection:
        people = connection.execute("select count(*) from assessment.assessment_list").fetchall()
        expected = spark.hash_of_table(connection, "assessment.assessment_list")
    assert people > [(50,)]
    assert spark.hash_of_list(landed.settings, landed.spark) == expected


@pytest.mark.spark
def test_spark_makes_the_same_tables_on_the_way_there(landed: Landed, project: Project) -> None:
    assert len(landed.tables()) > 20
    with landed.duckdb(project) as connection:
        assert landed.different(connection) == []


@pytest.mark.spark
@pytest.mark.parametrize("broken", BROKEN)
def test_another_arithmetic_would_show(landed: Landed, project: Project, broken: str) -> None:
    with landed.duckdb(project, BROKEN[broken]) as connection:
        assert landed.different(connection)


def test_without_its_adapter_spark_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark, "find_spec", lambda name: None)
    settings = Settings.from_environment({"VHA_HOME": str(tmp_path)})
    with pytest.raises(ConfigurationError, match="make spark"):
        spark.build_on_spark(settings, RUN, tmp_path, tmp_path, tmp_path / "spark")
