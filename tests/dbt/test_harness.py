"""The harness runs the models as dbt itself does."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from harness import Project
from worlds import World, random_world

from vha.extract.contract import TABLES
from vha.policy.variants import variant_names
from vha.run import Run, RunPaths
from vha.settings import Settings
from vha.warehouse.build import build
from vha.warehouse.connect import connect
from vha.warehouse.seeds import SEEDS, policy_version


@pytest.mark.slow
def test_the_harness_builds_what_dbt_builds(project: Project, tmp_path: Path) -> None:
    settings = Settings.from_environment({"VHA_HOME": str(tmp_path)})
    run = Run("harness", date(2026, 9, 29), True, "test")
    world = random_world(1, 2000, run.as_of)
    _land(RunPaths(settings, run.run_id).landing, world)
    build(settings, run)

    built = project.build(
        world,
        run.as_of,
        run_id=run.run_id,
        policy_version=policy_version(),
        wanted=("assessment", "oversight"),
        variants=variant_names(SEEDS),
    )
    with connect(settings, RunPaths(settings, run.run_id).warehouse, read_only=True) as connection:
        for model in project.models.values():
            if model.schema in ("assessment", "oversight"):
                table = f"{model.schema}.{model.name}"
                expected = connection.sql(f"from {table}")
                assert [tuple(row.values()) for row in built.rows(table)] == expected.fetchall(), table


def _land(folder: Path, world: World) -> None:
    for table in TABLES:
        rows = world[table.name]
        columns = {c.name: pa.array([row.get(c.name) for row in rows], pa.string()) for c in table.columns}
        numbered = pa.table({"landing_row": pa.array(range(1, len(rows) + 1), pa.int64()), **columns})
        file = folder / f"{table.path}.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(numbered, file)
