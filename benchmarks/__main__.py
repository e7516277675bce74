"""The benchmark: ``python -m benchmarks --sizes london x10 england``; see README.md."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks import policy, results
from benchmarks.measure import Cost, measure
from benchmarks.results import Measured
from vha.extract.contract import TABLES
from vha.settings import PROJECT_ROOT, Settings
from vha.synthetic.england import COPIES, REGION, create_landing

SIZES = {"london": ("london", 1), "x10": ("london", 10), "england": (REGION, COPIES)}
COMPETITORS = ("scan", "handwritten", "models")


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    folder: Path = options.folder.resolve()
    policy.write(folder / "policy")
    sizes = {size: _landing(folder / "landing" / size, size) for size in options.sizes}
    measured = [
        _measured(folder, size, name, memory, options.repeat, options.timeout)
        for size in sizes
        for name in options.competitors
        for memory in (options.memory if name != "scan" else options.memory[:1])
    ]
    hashes = {m.list_hash for size in sizes for m in measured if m.size == size and m.list_hash}
    if len(hashes) > len(sizes):
        print("The competitors do not agree on the list.", file=sys.stderr)
        return 1
    results.write(options.out, sizes, measured)
    return 0


def _landing(folder: Path, size: str) -> int:
    """Make the landing of a size unless it is there; returns its rows."""
    if not folder.exists():
        partial = folder.with_name(f".{folder.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        create_landing(Settings.from_environment(), partial, 1, *SIZES[size])
        partial.rename(folder)
    return sum(pq.read_metadata(folder / f"{table.path}.parquet").num_rows for table in TABLES)


def _measured(folder: Path, size: str, name: str, memory: str, repeat: int, timeout: float) -> Measured:
    costs: list[Cost] = []
    found = None
    for _ in range(repeat):
        work = folder / "work"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        output = folder / f"{size}.{name}.{memory}.log"
        command = [
            sys.executable, "-m", "benchmarks.competitor", name, str(folder / "landing" / size),
            str(folder / "policy"), str(work), memory,
        ]  # fmt: skip
        cost, status = measure(command, _environment(), output, timeout)
        print(
            f"{size} {name} {memory}: {cost.cpu:.1f} s of CPU, {cost.peak_mb:.0f} MB, status {status}",
            flush=True,
        )
        if status:
            return Measured(size, name, memory, [cost], failed=f"ended with status {status}: {output.name}")
        said = json.loads(output.read_text().splitlines()[-1])
        found = said["list_hash"] if said["listed"] else None
        costs.append(cost)
    shutil.rmtree(folder / "work", ignore_errors=True)
    return Measured(size, name, memory, costs, found)


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{PROJECT_ROOT}{os.pathsep}{PROJECT_ROOT / 'src'}"}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=["london", "x10"])
    parser.add_argument("--competitors", nargs="+", choices=COMPETITORS, default=list(COMPETITORS))
    parser.add_argument(
        "--memory", nargs="+", default=["2GB", "1GB"], help="limits for the models and the script"
    )
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--timeout", type=float, default=3600, help="seconds for one competitor at one size")
    parser.add_argument(
        "--folder", type=Path, default=Path("data/benchmark"), help="for landings and work files"
    )
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("RESULTS.md"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
