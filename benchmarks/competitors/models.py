"""The project's own build, as a run does it: seeds and models, in one start of dbt, without data tests.

The other functions are what else a build may do, each a measurement of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from vha.publish.history import ensure_history
from vha.publish.list_hash import COLUMNS, Value
from vha.run import Run
from vha.settings import Settings
from vha.warehouse.connect import connect
from vha.warehouse.dbt import environment, run_dbt
from vha.warehouse.prepare import last_closed_quarter, lay_out
from vha.warehouse.spark import build_on_spark

QUARTERS = 20


def assess(landing: Path, policy: Path, as_of: date, work: Path, memory: str) -> Sequence[Sequence[Value]]:
    """The assessment list, in rank order."""
    settings, warehouse = _laid_out(landing, as_of, work, memory)
    run_dbt(settings, "replay", warehouse, work / "dbt")
    return _list(settings, warehouse)


def list_alone(
    landing: Path, policy: Path, as_of: date, work: Path, memory: str
) -> Sequence[Sequence[Value]]:
    """Only what the script by hand makes as well: the list and the quarantine, without the what-ifs."""
    settings, warehouse = _laid_out(landing, as_of, work, memory)
    _forget_variants(settings, warehouse)
    _build(
        settings,
        warehouse,
        work,
        "--exclude-resource-type",
        "test",
        "--select",
        "+assessment_list",
        "+quarantine",
    )
    return _list(settings, warehouse)


def tested(landing: Path, policy: Path, as_of: date, work: Path, memory: str) -> Sequence[Sequence[Value]]:
    """The same with its data tests, also in one start of dbt."""
    settings, warehouse = _laid_out(landing, as_of, work, memory)
    _build(settings, warehouse, work, "--exclude", "marts.retrospect")
    return _list(settings, warehouse)


def audited(landing: Path, policy: Path, as_of: date, work: Path, memory: str) -> Sequence[Sequence[Value]]:
    """The build and then the audit that judges it, of every table."""
    from vha.audit import evaluate
    from vha.disclosure.gate import write_audit

    settings, warehouse = _laid_out(landing, as_of, work, memory)
    run_dbt(settings, "replay", warehouse, work / "dbt")
    with connect(settings, warehouse) as connection:
        write_audit(connection)
    evaluate(settings, warehouse, _run(as_of))
    return _list(settings, warehouse)


def on_spark(landing: Path, policy: Path, as_of: date, work: Path, memory: str) -> Sequence[Sequence[Value]]:
    """What leads to the list, its contributions and the quarantine, on Spark on two local cores."""
    settings = _settings(work, memory)
    ensure_history(settings)
    folder = work / "spark"
    without_tests = ("--exclude-resource-type", "test")
    build_on_spark(settings, _run(as_of), landing, work / "history", folder, *without_tests)
    return _list(settings, Path(":memory:"), f"'{folder}/assessment_list/*.parquet'")


def without_variants(
    landing: Path, policy: Path, as_of: date, work: Path, memory: str
) -> Sequence[Sequence[Value]]:
    """The same, as of the same dates, without the what-ifs."""
    settings, warehouse = _laid_out(landing, as_of, work, memory)
    _forget_variants(settings, warehouse)
    run_dbt(settings, "replay", warehouse, work / "dbt")
    return _list(settings, warehouse)


def one_past_date(
    landing: Path, policy: Path, as_of: date, work: Path, memory: str
) -> Sequence[Sequence[Value]]:
    """What ``vha backfill`` computes for one date; no list."""
    return _past_lists(landing, as_of, work, memory, 1)


def past_quarters(
    landing: Path, policy: Path, as_of: date, work: Path, memory: str
) -> Sequence[Sequence[Value]]:
    """What ``vha backfill`` computes for the ends of twenty quarters, in one build; no list."""
    return _past_lists(landing, as_of, work, memory, QUARTERS)


def _past_lists(
    landing: Path, as_of: date, work: Path, memory: str, quarters: int
) -> Sequence[Sequence[Value]]:
    dates = [last_closed_quarter(as_of)]
    while len(dates) < quarters:
        dates.append(last_closed_quarter(dates[-1] - timedelta(days=1)))
    settings, warehouse = _laid_out(landing, dates[0], work, memory, dates[::-1])
    run_dbt(settings, "past_lists", warehouse, work / "dbt")
    with connect(settings, warehouse, read_only=True) as connection:
        ((found,),) = connection.execute("select count(*) from retrospect.past_counts").fetchall()
    assert found == quarters
    return []


def _laid_out(
    landing: Path, as_of: date, work: Path, memory: str, past_dates: Sequence[date] = ()
) -> tuple[Settings, Path]:
    settings = _settings(work, memory)
    (work / "work").mkdir(parents=True, exist_ok=True)
    ensure_history(settings)
    warehouse = work / "work" / "benchmark.duckdb"
    lay_out(settings, _run(as_of), warehouse, landing, work / "history", past_dates)
    return settings, warehouse


def _settings(work: Path, memory: str) -> Settings:
    limits = {"VHA_MEMORY_LIMIT": memory, "VHA_SPARK_MEMORY": memory.lower().removesuffix("b")}
    return Settings.from_environment({**os.environ, "VHA_HOME": str(work), **limits})


def _run(as_of: date) -> Run:
    return Run("benchmark", as_of, synthetic=True, started_by="os:benchmark")


def _forget_variants(settings: Settings, warehouse: Path) -> None:
    with connect(settings, warehouse) as connection:
        connection.execute("delete from run.assessment where variant is not null")


def _build(settings: Settings, warehouse: Path, work: Path, *words: str) -> None:
    program = "from dbt.cli.main import cli; cli()"
    folders = ("--target-path", str(work / "dbt"), "--log-path", str(work / "dbt"))
    subprocess.run(
        [sys.executable, "-c", program, "build", "--exclude-resource-type", "unit_test", *words, *folders],
        env=environment(settings, warehouse),
        check=True,
    )


def _list(
    settings: Settings, warehouse: Path, table: str = "assessment.assessment_list"
) -> Sequence[Sequence[Value]]:
    with connect(settings, warehouse) as connection:
        columns = ", ".join(f'"{column}"' for column in COLUMNS)
        return connection.execute(f'select {columns} from {table} order by "rank"').fetchall()
