"""The bodies of a run's tasks one after the other, without Airflow: what each took of CPU, to ``stages.json``.

``python -m benchmarks.stages MODULE`` only imports a module. It is a file, not ``python -c``: there PySpark, where it
is installed and Great Expectations imports it, takes itself for a doctest and ends the process.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
from collections.abc import Callable
from typing import Any

from vha import pipeline
from vha.run import RunPaths
from vha.settings import SYSTEMS, Settings
from vha.warehouse.dbt import run_dbt


def main() -> None:
    found: dict[str, float] = {}

    def stage(name: str, function: Callable[..., Any], *arguments: Any) -> Any:
        before = _used()
        result = function(*arguments)
        found[name] = _used() - before
        return result

    settings = Settings.from_environment()
    run = stage("open the run", pipeline.open_run, "stages", None, "os:benchmark", "the stages are measured")
    for system in SYSTEMS:
        stage(f"extract {system}", pipeline.extract, run, system)
    stage("land: check and seal", pipeline.land, run)
    stage("build: dbt's models, data tests and documentation", pipeline.build, run)
    stage("audit: Great Expectations", pipeline.audit, run)
    stage("report: databases, pages, disclosure control", pipeline.report, run)
    alone = RunPaths(settings, run).work / "alone"
    warehouse = alone.with_suffix(".duckdb")
    stage("(a start of dbt with the seeds alone)", run_dbt, settings, "seeds", warehouse, alone)
    (settings.home / "stages.json").write_text(json.dumps(found))


def _used() -> float:
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


if __name__ == "__main__":
    if sys.argv[1:]:
        importlib.import_module(sys.argv[1])
    else:
        main()
