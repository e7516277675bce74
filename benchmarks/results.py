"""``RESULTS.md``: what was measured, and nothing else."""

from __future__ import annotations

import math
import os
import platform
import re
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import Cost

VERSIONS = ("duckdb", "dbt-core", "dbt-duckdb", "pyarrow")


@dataclass(frozen=True)
class Measured:
    """What one competitor cost at one size and memory limit, once for each time it ran.

    Attributes:
        list_hash: of the list that came out; None for what makes no list.
        failed: how it ended if not with a list.
    """

    size: str
    competitor: str
    memory: str
    costs: Sequence[Cost]
    list_hash: str | None = None
    failed: str | None = None

    def median(self, attribute: str) -> float:
        return statistics.median(getattr(cost, attribute) for cost in self.costs)


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


def write(path: Path, rows: Mapping[str, int], measured: Sequence[Measured]) -> None:
    """Write the page.

    Args:
        rows: delivered rows by size.
        measured: every competitor at every size.
    """
    parts = [
        "# Results of the benchmark\n\nMade by `python -m benchmarks`; [what is compared](README.md). "
        "CPU seconds and their ratios are the figures: elapsed time depends on what else a machine does.",
        f"## Machine\n\n{machine()}\n\n{', '.join(_versions())}.",
        "## Rows\n\n"
        + table(["size", "delivered rows"], ((size, f"{count:,}") for size, count in rows.items())),
        *(_section(size, [one for one in measured if one.size == size]) for size in rows),
        *_growth(rows, measured),
    ]
    path.write_text("\n\n".join(parts) + "\n")


def _versions() -> Iterable[str]:
    return (f"{name} {version(name)}" for name in VERSIONS)


def _section(size: str, measured: Sequence[Measured]) -> str:
    by_hand = next((m for m in measured if m.competitor == "handwritten" and not m.failed), None)
    rows = []
    for one in measured:
        if one.failed:
            rows.append((one.competitor, one.memory, len(one.costs), one.failed, "", "", "", ""))
            continue
        ratio = f"{one.median('cpu') / by_hand.median('cpu'):.2f}" if by_hand else ""
        rows.append(
            (
                one.competitor, one.memory, len(one.costs), f"{one.median('cpu'):.1f}", f"{one.median('wall'):.1f}",
                f"{one.median('peak_mb'):,.0f}", ratio, (one.list_hash or "")[:12],
            )
        )  # fmt: skip
    header = [
        "competitor",
        "memory limit",
        "n",
        "CPU s",
        "elapsed s",
        "peak MB",
        "CPU, script = 1",
        "list hash",
    ]
    return f"## {size}\n\n{table(header, rows)}"


def _growth(rows: Mapping[str, int], measured: Sequence[Measured]) -> Iterable[str]:
    found = {(m.competitor, m.memory, m.size): m.median("cpu") for m in measured if not m.failed}
    lines = []
    for smaller, larger in zip(list(rows), list(rows)[1:], strict=False):
        for competitor, memory, size in found:
            if size == smaller and (competitor, memory, larger) in found:
                power = exponent(
                    found[competitor, memory, smaller],
                    found[competitor, memory, larger],
                    rows[smaller],
                    rows[larger],
                )
                lines.append((competitor, memory, f"{smaller} to {larger}", f"{power:.2f}"))
    if lines:
        yield "## Growth\n\nBy which power of the rows CPU seconds grow; 1 is linear.\n\n" + table(
            ["competitor", "memory limit", "between", "exponent"], lines
        )
