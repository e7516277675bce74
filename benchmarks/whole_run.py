"""Where the CPU of a whole ``vha run`` goes."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Cost, measure

VHA = (str(Path(sys.executable).with_name("vha")),)

STAGES = (sys.executable, "-m", "benchmarks.stages")


@dataclass(frozen=True)
class WholeRun:
    """CPU of the command as a whole, of its stages without Airflow, and of importing what it is made with."""

    scale: str
    total: Cost
    stages: Mapping[str, float]
    imports: Mapping[str, float]


def measured(folder: Path, env: Mapping[str, str], scale: str) -> WholeRun:
    """Make sources of a scale and run twice, the second time measured: the first fills dbt's and Airflow's caches."""
    home = folder / "whole_run" / scale
    env = {name: value for name, value in env.items() if not name.startswith("VHA_")} | {
        "VHA_HOME": str(home)
    }
    home.mkdir(parents=True, exist_ok=True)
    if not (home / "sources").exists():
        _cost(home, env, *VHA, "sources", "create", "--scale", scale)
    _cost(home, env, *VHA, "run", "--correct", "the benchmark warms up")
    total = _cost(home, env, *VHA, "run", "--correct", "the benchmark measures")
    _cost(home, env, *STAGES)
    stages = json.loads((home / "stages.json").read_text())
    imports = {
        name: _cost(home, env, *STAGES, name).cpu
        for name in ("airflow.sdk", "dbt.cli.main", "great_expectations")
    }
    return WholeRun(scale, total, stages, imports)


def _cost(home: Path, env: Mapping[str, str], *command: str) -> Cost:
    cost, status = measure(command, env, home / "log", 3600)
    print(f"{' '.join(command[1:4])[:60]!r}: {cost.cpu:.1f} s of CPU, {cost.peak_mb:.0f} MB", flush=True)
    if status:
        raise RuntimeError(
            f"{' '.join(command)} ended with status {status}: {(home / 'log').read_text()[-3000:]}"
        )
    return cost
