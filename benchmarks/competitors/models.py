"""The project's own build, as a run does it: seeds and models, in one start of dbt, without data tests."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from vha.publish.history import ensure_history
from vha.publish.list_hash import COLUMNS, Value
from vha.run import Run
from vha.settings import Settings
from vha.warehouse.connect import connect
from vha.warehouse.dbt import run_dbt
from vha.warehouse.prepare import lay_out


def assess(landing: Path, policy: Path, as_of: date, work: Path, memory: str) -> Sequence[Sequence[Value]]:
    """The assessment list, in rank order; the work file stays, for the data tests."""
    settings = Settings.from_environment({**os.environ, "VHA_HOME": str(work), "VHA_MEMORY_LIMIT": memory})
    (work / "work").mkdir(parents=True, exist_ok=True)
    ensure_history(settings)
    warehouse = work / "work" / "benchmark.duckdb"
    run = Run("benchmark", as_of, synthetic=True, started_by="os:benchmark")
    lay_out(settings, run, warehouse, landing, work / "history")
    run_dbt(settings, "replay", warehouse, work / "dbt")
    with connect(settings, warehouse, read_only=True) as connection:
        columns = ", ".join(f'"{column}"' for column in COLUMNS)
        return connection.execute(
            f'select {columns} from assessment.assessment_list order by "rank"'
        ).fetchall()
