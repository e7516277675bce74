"""What the audit costs beside the build that it judges: ``python -m benchmarks.audit LANDING WORK [--memory 2GB]``.

The build is that of the competitor ``models``; each of the two runs in a process of its own. With ``--suites`` the CPU
seconds of each suite by itself are told too, for whoever wants to make one cheaper.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks import policy
from benchmarks.competitors import models
from benchmarks.measure import measure
from vha.run import Run
from vha.settings import PROJECT_ROOT, Settings
from vha.synthetic.world import REFERENCE_DATE
from vha.warehouse.connect import connect

_RUN = Run("benchmark", REFERENCE_DATE, synthetic=True, started_by="os:benchmark")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.audit", description=__doc__)
    parser.add_argument("landing", type=Path, help="folder of landed Parquet files, such as the benchmark's")
    parser.add_argument("work", type=Path, help="for the work file, which is built unless it is there")
    parser.add_argument("--memory", default="2GB")
    parser.add_argument("--suites", action="store_true")
    parser.add_argument("--step", choices=("build", "audit"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    landing, work = options.landing.resolve(), options.work.resolve()
    if options.step == "build":
        models.assess(landing, work / "policy", REFERENCE_DATE, work, options.memory)
        _add_what_the_attack_leaves(work, options.memory)
    elif options.step == "audit":
        _audit(work, options.memory, by_suite=options.suites)
    else:
        return _both(landing, work, options)
    return 0


def _both(landing: Path, work: Path, options: argparse.Namespace) -> int:
    work.mkdir(parents=True, exist_ok=True)
    policy.write(work / "policy")
    steps = ("audit",) if (work / "work" / "benchmark.duckdb").exists() else ("build", "audit")
    for step in steps:
        command = [
            sys.executable, "-m", "benchmarks.audit", str(landing), str(work), "--memory", options.memory,
            "--step", step, *(["--suites"] if options.suites else []),
        ]  # fmt: skip
        path = f"{PROJECT_ROOT}{os.pathsep}{PROJECT_ROOT / 'src'}"
        cost, status = measure(command, {**os.environ, "PYTHONPATH": path}, work / f"{step}.log", 7200)
        print(f"{step}: {cost.cpu:.1f} s of CPU, {cost.peak_mb:.0f} MB, status {status}", flush=True)
        if status:
            return status
    print((work / "audit.log").read_text(), end="")
    return 0


def _settings(work: Path, memory: str) -> Settings:
    return Settings.from_environment({**os.environ, "VHA_HOME": str(work), "VHA_MEMORY_LIMIT": memory})


def _add_what_the_attack_leaves(work: Path, memory: str) -> None:
    from vha.disclosure.gate import write_audit

    with connect(_settings(work, memory), work / "work" / "benchmark.duckdb") as connection:
        write_audit(connection)


def _audit(work: Path, memory: str, *, by_suite: bool) -> None:
    import vha.audit
    from vha.audit import declarations, gate, validation
    from vha.warehouse.connect import options

    settings, warehouse = _settings(work, memory), work / "work" / "benchmark.duckdb"
    suites = vha.audit.limited(settings, warehouse, _RUN, declarations.load(vha.audit.EXPECTATIONS))
    findings = {}
    for part in [[suite] for suite in suites] if by_suite else [suites]:
        started = time.process_time()
        findings.update(validation.validate(warehouse, options(settings), part))
        if by_suite:
            print(f"{time.process_time() - started:8.1f} s  {part[0].name}")
    print(dict(Counter(result.status for result in gate.settle(suites, findings))))


if __name__ == "__main__":
    sys.exit(main())
