"""The benchmark: ``python -m benchmarks --sizes london x10 england``; see README.md."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import extraction, policy, results, whole_run
from benchmarks.landings import SIZES, landed
from benchmarks.measure import Cost, measure
from benchmarks.results import Measured, Results
from vha.settings import PROJECT_ROOT

LARGEST = {
    "scan": "england", "handwritten": "england", "models.list_alone": "england", "models": "england",
    "models.tested": "england", "models.audited": "england", "models.without_variants": "x10",
    "models.one_past_date": "x10", "models.past_quarters": "x10", "models.on_spark": "x10",
    "polars": "england", "pandas": "x10", "postgresql": "x10", "spark": "x10",
}  # fmt: skip
"""The competitors in turn, and the largest size that each is tried at."""

PARTS = ("lists", "extraction", "run")


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    folder: Path = options.folder.resolve()
    policy.write(folder / "policy")
    kept = folder / "results.json"
    found = Results.load(kept) if options.add and kept.exists() else Results({})
    for size in options.sizes:
        known = found.landings.get(size)
        found.landings[size] = landed(folder / "landing" / size, size, environment(), known)
    order = list(SIZES)
    found.landings = {size: found.landings[size] for size in order if size in found.landings}

    def write() -> None:
        """Hours of measuring are not lost with the last one."""
        found.measured.sort(key=lambda one: list(LARGEST).index(one.competitor))
        found.save(kept)
        results.write(options.out, found)

    for size in options.sizes if "lists" in options.parts else ():
        for name in options.competitors:
            if order.index(size) > order.index(LARGEST[name]):
                continue
            for memory in options.memory if name == "models" else options.memory[:1]:
                found.add(_measured(folder, size, name, memory, options.repeat, options.timeout))
                write()
    if "extraction" in options.parts:
        found.extraction = extraction.measured(folder, environment(), options.sizes, options.repeat)
        write()
    if "run" in options.parts:
        scale = "tiny" if options.sizes == ["tiny"] else "london"
        found.whole_run = whole_run.measured(folder, environment(), scale)
        write()
    return _judged(found)


def _judged(found: Results) -> int:
    """1 if the competitors do not agree on a list, or one of them ended without one."""
    status = 0
    for size in found.landings:
        hashes = {m.list_hash for m in found.measured if m.size == size and m.list_hash}
        if len(hashes) > 1:
            print(f"The competitors do not agree on the list of {size}: see the hashes.", file=sys.stderr)
            status = 1
    for one in found.measured:
        if one.failed:
            print(f"{one.competitor} at {one.size} {one.failed}.", file=sys.stderr)
            status = 1
    return status


def _measured(folder: Path, size: str, name: str, memory: str, repeat: int, timeout: float) -> Measured:
    costs: list[Cost] = []
    found, loading = None, 0.0
    for _ in range(repeat):
        work = folder / "work"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        output = folder / f"{size}.{name}.{memory}.log"
        command = [
            sys.executable, "-m", "benchmarks.competitor", name, str(folder / "landing" / size),
            str(folder / "policy"), str(work), memory,
        ]  # fmt: skip
        cost, status = measure(command, environment(), output, timeout)
        print(
            f"{size} {name} {memory}: {cost.cpu:.1f} s of CPU, {cost.peak_mb:.0f} MB, status {status}",
            flush=True,
        )
        if status:
            how = "ran out of time" if cost.wall > timeout else f"ended with status {status}"
            return Measured(size, name, memory, [cost], failed=f"{how} (its log is {output.name})")
        said = json.loads(output.read_text().splitlines()[-1])
        found, loading = said["list_hash"] if said["listed"] else None, said["loading_cpu"]
        costs.append(cost)
    shutil.rmtree(folder / "work", ignore_errors=True)
    return Measured(size, name, memory, costs, found, loading=loading)


def environment() -> dict[str, str]:
    """What every measured process gets."""
    return {**os.environ, "PYTHONPATH": f"{PROJECT_ROOT}{os.pathsep}{PROJECT_ROOT / 'src'}"}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=["london", "x10", "england"])
    parser.add_argument("--competitors", nargs="*", choices=LARGEST, default=list(LARGEST))
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument(
        "--memory", nargs="+", default=["2GB", "1GB"], help="limits for the models; others get the first"
    )
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--timeout", type=float, default=3600, help="seconds for one competitor at one size")
    parser.add_argument(
        "--folder", type=Path, default=Path("data/benchmark"), help="for landings and work files"
    )
    parser.add_argument(
        "--add", action="store_true", help="to what was measured before, in place of what is measured again"
    )
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("RESULTS.md"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
