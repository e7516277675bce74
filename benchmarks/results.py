"""``RESULTS.md``: what was measured, and nothing else."""

from __future__ import annotations

import json
import math
import os
import platform
import re
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.extraction import Read
from benchmarks.landings import Landing
from benchmarks.measure import Cost
from benchmarks.whole_run import WholeRun

VERSIONS = (
    "duckdb", "dbt-core", "dbt-duckdb", "apache-airflow", "great-expectations", "pyarrow", "polars", "pandas",
    "pyspark",
)  # fmt: skip
WITHOUT_LIMIT = ("polars", "pandas")
RATIOS = (
    ("the list and the quarantine, to the same by hand", "models.list_alone", "handwritten", "1.5, dbt's start apart"),
    ("the whole build, to the list and the quarantine by hand", "models", "handwritten", ""),
    ("20 quarters in one build, to one date", "models.past_quarters", "models.one_past_date", 4),
    ("the build with its what-if variants, to the same without", "models", "models.without_variants", 3),
    ("the build with its audit, to the same without", "models.audited", "models", 2),
    ("the build with its data tests, to the same without", "models.tested", "models", ""),
)  # fmt: skip
"""What is compared within the project: words, the one, the other, and what the ratio may be at most."""


@dataclass(frozen=True)
class Measured:
    """What one competitor cost at one size and memory limit, once for each time it ran.

    Attributes:
        list_hash: of the list that came out; None for what makes no list.
        failed: how it ended if not with a list.
        loading: seconds of CPU for bringing the landing into a server, which count in the costs.
    """

    size: str
    competitor: str
    memory: str
    costs: Sequence[Cost]
    list_hash: str | None = None
    failed: str | None = None
    loading: float = 0.0

    def median(self, attribute: str) -> float:
        return float(statistics.median(getattr(cost, attribute) for cost in self.costs))


@dataclass
class Results:
    """All that is known so far; ``landings`` by size."""

    landings: dict[str, Landing]
    measured: list[Measured] = field(default_factory=list)
    extraction: Sequence[Read] = ()
    whole_run: WholeRun | None = None

    def add(self, one: Measured) -> None:
        """Put a measurement in the place of an earlier one of the same, or at the end."""
        same = [(m.size, m.competitor, m.memory) for m in self.measured]
        if (key := (one.size, one.competitor, one.memory)) in same:
            self.measured[same.index(key)] = one
        else:
            self.measured.append(one)

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)))

    @classmethod
    def load(cls, path: Path) -> Results:
        """What :meth:`save` wrote."""
        said = json.loads(path.read_text())
        measured = [Measured(**{**m, "costs": [Cost(**c) for c in m["costs"]]}) for m in said["measured"]]
        reads = [Read(**{**read, "cost": Cost(**read["cost"])}) for read in said["extraction"]]
        run = said["whole_run"]
        landings = {
            size: Landing(**{**one, "made": one["made"] and Cost(**one["made"])})
            for size, one in said["landings"].items()
        }
        return cls(landings, measured, reads, run and WholeRun(**{**run, "total": Cost(**run["total"])}))


def machine() -> str:
    """One sentence about where this was measured."""
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{os.cpu_count()} cores ({cpu[1] if cpu else platform.machine()}), {memory:.0f} GB, "
        f"{platform.system()} {platform.release()}; load averages when this was written: {load}."
    )


def exponent(smaller: float, larger: float, rows_smaller: int, rows_larger: int) -> float:
    """By which power of the rows the cost grows."""
    return math.log(larger / smaller) / math.log(rows_larger / rows_smaller)


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [" | ".join(header), " | ".join("---" for _ in header)]
    lines += [" | ".join(map(str, row)) for row in rows]
    return "\n".join(f"| {line} |" for line in lines)


def write(path: Path, found: Results) -> None:
    """Write the page."""
    parts = [
        "# Results of the benchmark\n\nMade by `make bench`; [what is compared](README.md). "
        "CPU seconds (user and system, of all processes) and their ratios are the figures: elapsed time depends on "
        "what else a machine does. Each figure is the median of n measurements.",
        f"## Machine\n\n{machine()}\n\nPython {platform.python_version()}, {', '.join(_versions())}.",
        _landings(found.landings),
        *(
            _section(size, of_it)
            for size in found.landings
            if (of_it := [m for m in found.measured if m.size == size])
        ),
        *_ratios(found.measured),
        *_growth({size: one.rows for size, one in found.landings.items()}, found.measured),
        *_extraction(found.extraction),
        *_whole_run(found.whole_run),
    ]
    path.write_text("\n\n".join(parts) + "\n")


def _versions() -> Iterator[str]:
    for name in VERSIONS:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            yield f"{name} not installed"


def _landings(landings: Mapping[str, Landing]) -> str:
    rows = [
        (
            size, f"{one.rows:,}", f"{one.size / 1e6:,.0f}", f"{one.size / one.rows:.1f}",
            *((f"{one.made.cpu:.0f}", f"{one.made.wall:.0f}") if one.made else ("", "")),
        )
        for size, one in landings.items()
    ]  # fmt: skip
    header = ["size", "delivered rows", "MB of Parquet", "bytes a row", "made in CPU s", "elapsed s"]
    return f"## Landings\n\n{table(header, rows)}"


def _section(size: str, measured: Sequence[Measured]) -> str:
    by_hand = next((m for m in measured if m.competitor == "handwritten" and not m.failed), None)
    rows: list[Sequence[object]] = []
    for one in measured:
        limit = "none" if one.competitor in WITHOUT_LIMIT else one.memory
        if one.failed:
            rows.append((one.competitor, limit, len(one.costs), one.failed, "", "", "", "", ""))
            continue
        ratio = f"{(one.median('cpu') - one.loading) / by_hand.median('cpu'):.2f}" if by_hand else ""
        rows.append(
            (
                one.competitor, limit, len(one.costs), f"{one.median('cpu'):.1f}",
                f"{one.loading:.1f}" if one.loading else "", f"{one.median('wall'):.1f}",
                f"{one.median('peak_mb'):,.0f}", ratio, (one.list_hash or "")[:12],
            )
        )  # fmt: skip
    header = [
        "competitor", "memory limit", "n", "CPU s", "of it loading", "elapsed s", "peak MB",
        "CPU without loading, script = 1", "list hash",
    ]  # fmt: skip
    return f"## {size}\n\n{table(header, rows)}"


def _ratios(measured: Sequence[Measured]) -> Iterator[str]:
    cpu: dict[tuple[str, str], float] = {}
    for one in measured:
        if not one.failed:
            cpu.setdefault((one.competitor, one.size), one.median("cpu"))
    rows = [
        (words, size, f"{cpu[left, size] / cpu[right, size]:.2f}", most)
        for words, left, right, most in RATIOS
        for size in dict.fromkeys(one.size for one in measured)
        if (left, size) in cpu and (right, size) in cpu
    ]
    if rows:
        yield "## What the build costs beside itself and the script\n\n" + table(
            ["CPU of", "size", "ratio", "at most"], rows
        )


def _growth(rows: Mapping[str, int], measured: Sequence[Measured]) -> Iterator[str]:
    found = {(m.competitor, m.memory, m.size): m.median("cpu") for m in measured if not m.failed}
    lines = [
        (competitor, memory, f"{smaller} to {larger}", f"{power:.2f}")
        for smaller, larger in zip(list(rows), list(rows)[1:], strict=False)
        for competitor, memory, size in found
        if size == smaller and (competitor, memory, larger) in found
        for power in [
            exponent(
                found[competitor, memory, smaller], found[competitor, memory, larger], rows[smaller], rows[larger]
            )
        ]
    ]  # fmt: skip
    if lines:
        yield "## Growth\n\nBy which power of the rows CPU seconds grow; 1 is linear.\n\n" + table(
            ["competitor", "memory limit", "between", "exponent"], lines
        )


def _extraction(reads: Sequence[Read]) -> Iterator[str]:
    lines = []
    for source in dict.fromkeys(read.source for read in reads):
        of_it = [read for read in reads if read.source == source]
        seconds = statistics.median(read.seconds for read in of_it)
        server = "" if of_it[0].server is None else f"{statistics.median(r.server or 0 for r in of_it):.1f}"
        peak = statistics.median(read.cost.peak_mb for read in of_it)
        rows = of_it[0].rows
        lines.append(
            (
                source,
                len(of_it),
                f"{rows:,}",
                f"{seconds:.1f}",
                f"{rows / seconds:,.0f}",
                server,
                f"{peak:,.0f}",
            )
        )
    if lines:
        yield (
            "## Extraction\n\nFrom a source to Parquet in the landing; the client's CPU without the start of "
            "Python.\n\n"
            + table(
                ["source", "n", "rows", "CPU s", "rows/s of one core", "server's CPU s", "peak MB"], lines
            )
        )


def _whole_run(run: WholeRun | None) -> Iterator[str]:
    if run is None:
        return
    work = sum(seconds for name, seconds in run.stages.items() if not name.startswith("("))
    lines = [
        *((name, f"{seconds:.1f}") for name, seconds in run.stages.items()),
        ("Airflow, and all else that is not one of these", f"{run.total.cpu - work:.1f}"),
        ("**the whole `vha run`, warm**", f"**{run.total.cpu:.1f}**"),
        *((f"(importing `{name}` once)", f"{seconds:.1f}") for name, seconds in run.imports.items()),
    ]
    yield (
        f"## A whole run\n\n`vha run` over synthetic sources of scale {run.scale}: {run.total.cpu:.0f} s of CPU, "
        f"{run.total.wall:.0f} s elapsed, {run.total.peak_mb:,.0f} MB at most. The bodies of its tasks were measured "
        "one after the other without Airflow. What stands in brackets is contained in other lines.\n\n"
        + table(["part", "CPU s"], lines)
    )
