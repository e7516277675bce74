"""The same models on Spark: the list of a run from its landing, and back as Parquet. How to run it: docs/spark.md."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib.util import find_spec
from pathlib import Path

import duckdb

from vha import limits
from vha.errors import BuildError, ConfigurationError, MachineLimit
from vha.extract import refuse_changed_landing
from vha.extract.contract import TABLES
from vha.files import remove
from vha.publish import list_hash
from vha.publish.history import ensure_history
from vha.publish.history_tables import HISTORY
from vha.run import Run, RunPaths
from vha.settings import Settings
from vha.warehouse.connect import connect
from vha.warehouse.dbt import environment, failure, said
from vha.warehouse.prepare import lay_out
from vha.warehouse.quoted_values import withhold

MADE = ("assessment_list", "score_contributions", "quarantine")
"""The marts that come back, of schema ``assessment``."""

_RUN = ("context", "assessment", "policy_content")


def spark_command(settings: Settings, run_id: str) -> int:
    """Build a run's list on Spark and tell the terminal its hash.

    Returns:
        The exit code: 0, or 1 where the work file of the run's DuckDB build holds another list.

    Raises:
        ConfigurationError: there is no such run or landing, or no Spark to be had.
        SourceError: the landing is not what was landed.
        BuildError: a model could not be built or a data test failed.
    """
    run = Run.load(settings, run_id)
    paths = RunPaths(settings, run_id)
    if not (paths.landing / "landing.json").exists():
        raise ConfigurationError(
            f"The landing of run {run_id!r} is no longer kept: name a run that `ls {paths.landing.parent}` lists."
        )
    refuse_changed_landing(settings, run_id)
    ensure_history(settings)
    folder = paths.work / "spark"
    build_on_spark(settings, run, paths.landing, settings.home / "history", folder)
    found = hash_of_list(settings, folder)
    print(f"{found}  {folder / 'assessment_list'}")
    if not paths.warehouse.exists():
        return 0
    with connect(settings, paths.warehouse, read_only=True) as work:
        expected = hash_of_table(work, "assessment.assessment_list")
    print("DuckDB made the same list." if found == expected else f"DuckDB made another list: {expected}.")
    return 0 if found == expected else 1


def build_on_spark(
    settings: Settings, run: Run, landing: Path, history: Path, folder: Path, *arguments: str
) -> None:
    """Build what leads to the list, with its data tests, and write ``MADE`` as Parquet, a folder each.

    Args:
        landing, history: see :func:`vha.warehouse.prepare.lay_out`; every machine of a cluster has to see them
            under the same path, and ``folder`` too.
        folder: for the tables, and for all that is written on the way; what was in it goes.
        arguments: further ones of ``dbt build``.

    Raises:
        ConfigurationError: Spark is not installed.
        BuildError: a model could not be built or a data test failed; the message names the first.
        MachineLimit: the disk is full, or there is too little memory.
    """
    _refuse_without_spark(settings)
    remove(folder)
    folder.mkdir(parents=True)
    places = _inputs(settings, run, landing, history, folder / "inputs")
    made = {"assessment": {name: str(folder / name) for name in MADE}}
    steps = [
        ["run-operation", "view_files", "--args", json.dumps({"views": places})],
        [
            "build",
            "--exclude-resource-type",
            "unit_test",
            "--select",
            *(f"+{name}" for name in MADE),
            *arguments,
        ],
        ["run-operation", "write_files", "--args", json.dumps({"tables": made})],
    ]
    target = folder / "dbt"
    target.mkdir()
    log = target / "console.log"
    with log.open("w") as console:
        status = subprocess.run(
            [sys.executable, "-m", "vha.warehouse.spark", json.dumps(steps), str(target)],
            env=environment(settings, folder / "unused") | {"VHA_SPARK_MEMORY": settings.spark_memory},
            cwd=folder,
            stdout=console,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    if status != 0:
        limit = limit_met(settings, said(target))
        withhold(target)
        if limit:
            raise limit
        raise BuildError(f"The build on Spark stopped: {failure(target)}; dbt's log is {log}.")


def limit_met(settings: Settings, message: str) -> MachineLimit | None:
    """As :func:`vha.limits.limit_met`; Java's memory has a setting of its own."""
    if re.search("OutOfMemoryError|increase heap size", message):
        return MachineLimit(
            f"The work does not fit into the {settings.spark_memory} of memory that Spark's Java may take: "
            "set VHA_SPARK_MEMORY to more."
        )
    return limits.limit_met(settings, message)


def hash_of_list(settings: Settings, folder: Path) -> str:
    """The list hash of what :func:`build_on_spark` wrote."""
    with connect(settings, Path(":memory:")) as connection:
        return hash_of_table(connection, f"read_parquet('{folder}/assessment_list/*.parquet')")


def hash_of_table(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """The list hash of a table, or of what stands for one in a query."""
    columns = ", ".join(list_hash.COLUMNS)
    return list_hash.list_hash(connection.execute(f"select {columns} from {table} order by rank").fetchall())


def _inputs(
    settings: Settings, run: Run, landing: Path, history: Path, folder: Path
) -> dict[str, dict[str, str]]:
    """Where the Parquet of each source table is, by schema; what a run is about is laid out as for DuckDB."""
    work = folder / "inputs.duckdb"
    lay_out(settings, run, work, landing, history)
    with connect(settings, work, read_only=True) as connection:
        for name in _RUN:
            connection.execute(f"copy run.{name} to '{folder / name}.parquet'")
    remove(work)
    return {
        "landing": {table.name: f"{landing / table.path}.parquet" for table in TABLES},
        "history": {name: str(history / name) for name in HISTORY},
        "run": {name: f"{folder / name}.parquet" for name in _RUN},
    }


def _refuse_without_spark(settings: Settings) -> None:
    if find_spec("dbt.adapters.spark") is None:
        raise ConfigurationError("Spark's adapter of dbt is not installed: run `make spark`.")
    if settings.spark_is_here and not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise ConfigurationError(
            "Spark needs Java: install it, 17 or newer, or name a cluster (docs/spark.md)."
        )


@contextmanager
def _session(settings: Settings, folder: Path) -> Iterator[None]:
    """The session that dbt-spark then finds: on this machine alone, and with all its files in one place."""
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    configuration: dict[str, bool | float | int | str | None] = {
        "spark.driver.memory": settings.spark_memory,
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": False,
        "spark.ui.showConsoleProgress": False,
        "spark.local.dir": str(folder / "spill"),
        "spark.sql.warehouse.dir": str(folder / "tables"),
        "spark.sql.shuffle.partitions": 4 * settings.threads,
    }
    session = (
        SparkSession.builder.master(f"local[{settings.threads}]").config(map=configuration).getOrCreate()
    )
    gateway = SparkContext._gateway
    assert gateway is not None
    java = gateway.proc
    try:
        yield
    finally:
        session.stop()
        # Java ends with its input, and only then has it taken away what it wrote for itself.
        java.stdin.close()
        java.wait()


def _main(steps: str, target: str) -> int:
    from dbt.cli.main import dbtRunner

    options = ("--target", "spark", "--target-path", target, "--log-path", target)
    settings = Settings.from_environment()
    with _session(settings, Path(target)) if settings.spark_is_here else nullcontext():
        return 0 if all(dbtRunner().invoke([*step, *options]).success for step in json.loads(steps)) else 1


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
