"""Sends nights through all suites and the gate, and keeps what became of them for ``docs/faults.md``.

.venv/bin/python tests/gate_trials.py clean                      twenty tiny worlds without a fault
.venv/bin/python tests/gate_trials.py clean --scale london       one London without a fault
.venv/bin/python tests/gate_trials.py faults --scale london      it with one fault after another

Each world has a release of each of the five nights before, built in full by the project's own models. ``--seeds`` and
``--faults`` do a part of it and keep nothing; ``--home`` keeps a world's history for the next time.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

sys.path.append(str(Path(__file__).parent / "expectations"))

import fault_table
from nights import NIGHTS, Night, Project, build, compile_project, judge, land, release

from vha.audit import EXPECTATIONS, declarations, gate
from vha.audit.gate import CheckResult
from vha.errors import QualityBlocked
from vha.extract.contract import TABLES
from vha.publish.history import add_anchors
from vha.settings import PROJECT_ROOT
from vha.synthetic import generate
from vha.synthetic.injected import FAULTS, Fault, inject
from vha.synthetic.world import REFERENCE_DATE

SEEDS = range(20)
WORLD = 7
DRIFT = (
    "links_halved",
    "ethnicity_blank_in_a_borough",
    "officer_codes_in_self_defined",
    "mixed_group_vanishes",
    "grades_under_wrong_scheme",
    "offence_codes_changed",
    "offences_remapped",
    "day_dropped",
    "feed_doubled",
    "month_lost",
    "domestic_flags_lost",
    "restrictions_empty",
)
"""Faults of volume and of drift; any other can be asked for by its name."""
COMPARING = ("landing_boroughs", "landing_days", "landing_mix", "landing_volumes", "quarantine_surges")
"""The suites that hold a delivery against earlier ones, or against itself over time."""

Row = Mapping[str, object]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("trial", choices=("clean", "faults"))
    parser.add_argument("--scale", choices=("tiny", "london"), default="tiny")
    parser.add_argument("--seeds", type=int, nargs="+", help="worlds, by their seed")
    parser.add_argument("--faults", nargs="+", choices=sorted(FAULTS), metavar="FAULT")
    parser.add_argument("--home", type=Path, help="where a world's history is kept, or is found")
    options = parser.parse_args(arguments)
    home = options.home or Path(tempfile.mkdtemp(prefix="gate-trials-"))
    compiled = PROJECT_ROOT / ".pytest_cache" / "d" / "dbt"
    compiled.mkdir(parents=True, exist_ok=True)
    try:
        project = compile_project(compiled)
        if options.trial == "clean":
            rows = [
                row
                for seed in options.seeds or (SEEDS if options.scale == "tiny" else [WORLD])
                for row in clean(project, options.scale, seed, home / f"{options.scale}-{seed}")
            ]
        else:
            chosen = [FAULTS[name] for name in options.faults or DRIFT]
            rows = list(faults(project, options.scale, WORLD, chosen, home / f"{options.scale}-{WORLD}"))
    finally:
        if not options.home:
            shutil.rmtree(home)
    if not (options.seeds or options.faults):
        fault_table.keep(options.trial, options.scale, rows)
    return 0


def clean(project: Project, scale: str, seed: int, home: Path) -> Iterator[Row]:
    """The last night of a clean world, held against every suite."""
    began = time.process_time()
    world = generate(scale, seed)
    history = releases(project, world, home)
    night = Night.at(home, REFERENCE_DATE)
    land(night, world)
    build(night, project, history)
    results = judge(night)
    yield _told(
        {
            "seed": seed,
            "checks": len(results),
            "passed": sum(result.status == "passed" for result in results),
            "raised": " ".join(_raised(results)),
            "gate": _gate(results),
            "cpu_seconds": round(time.process_time() - began),
        }
    )


def faults(project: Project, scale: str, seed: int, chosen: Sequence[Fault], home: Path) -> Iterator[Row]:
    """One world with one fault after another, held against the suites that compare."""
    world = generate(scale, seed)
    history = releases(project, world, home)
    clean_night = Night.at(home, REFERENCE_DATE)
    land(clean_night, world)
    for fault in chosen:
        began = time.process_time()
        spoilt, said = inject(fault.name, world, sum(fault.name.encode()), np.datetime64(REFERENCE_DATE))
        night = Night.at(home / "fault", REFERENCE_DATE)
        _land_changes(night, clean_night, world, spoilt)
        named = fault.caught_by.partition(".")[0]
        suites = [s for s in declarations.load(EXPECTATIONS) if s.name in {*COMPARING, named}]
        build(night, project, history, suites)
        results = judge(night, suites)
        raised = _raised(results)
        [result] = [r for r in results if f"{r.suite}.{r.check_name}" == fault.caught_by]
        yield _told(
            {
                "fault": fault.name,
                "said": said.partition(": ")[2],
                "check": fault.caught_by,
                "severity": result.severity,
                "status": result.status,
                "as_it_must": (result.severity, result.status) == (fault.severity, "failed"),
                "others": len(set(raised) - {fault.caught_by}),
                "gate": _gate(results),
                "cpu_seconds": round(time.process_time() - began),
            }
        )
        shutil.rmtree(home / "fault")


def releases(project: Project, world: Mapping[str, pa.Table], home: Path) -> Path:
    """The history of the five nights before, made unless it is there."""
    history = home / "history"
    history.mkdir(parents=True, exist_ok=True)
    for as_of in NIGHTS:
        night = Night.at(home, as_of)
        add_anchors(night.settings, history)
        if not night.paths.release.exists():
            release(night, project, world, history)
            night.paths.warehouse.unlink()
            print(f"released {as_of}", file=sys.stderr, flush=True)
    return history


def _land_changes(
    night: Night, clean_night: Night, world: Mapping[str, pa.Table], spoilt: Mapping[str, pa.Table]
) -> None:
    """Land a spoilt world; the tables that nobody touched are those of the clean night."""
    shutil.copytree(clean_night.paths.landing, night.paths.landing, copy_function=os.link)
    for table in TABLES:
        if spoilt[table.name] is not world[table.name]:
            (night.paths.landing / f"{table.path}.parquet").unlink()
            land(night, spoilt, [table])


def _raised(results: Sequence[CheckResult]) -> list[str]:
    return [f"{r.suite}.{r.check_name}" for r in results if r.status != "passed"]


def _gate(results: Sequence[CheckResult]) -> str:
    try:
        gate.decide(results, docs="index.html")
    except QualityBlocked:
        return "blocked"
    return "released"


def _told(row: Row) -> Row:
    csv.writer(sys.stdout).writerow(row.values())
    sys.stdout.flush()
    return row


if __name__ == "__main__":
    sys.exit(main())
