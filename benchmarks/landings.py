"""The landings that everything is measured on: ``python -m benchmarks.landings SIZE FOLDER`` makes one."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.measure import Cost, measure
from vha.extract.contract import TABLES
from vha.settings import Settings
from vha.synthetic.england import COPIES, REGION, create_landing

SIZES = {"tiny": ("tiny", 2), "london": ("london", 1), "x10": ("london", 10), "england": (REGION, COPIES)}
"""The world that is repeated, and how often; from small to large."""


@dataclass(frozen=True)
class Landing:
    """One size: its delivered rows, the bytes of its Parquet, and what making it cost, once that was measured."""

    rows: int
    size: int
    made: Cost | None = None


def landed(folder: Path, size: str, env: Mapping[str, str], known: Landing | None) -> Landing:
    """The landing of a size, made unless it is there.

    Args:
        known: what an earlier measurement said of it.

    Raises:
        RuntimeError: it could not be made; the message is what was printed.
    """
    made = known.made if known else None
    if not folder.exists():
        partial = folder.with_name(f".{folder.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        log = partial.with_suffix(".log")
        command = [sys.executable, "-m", "benchmarks.landings", size, str(partial)]
        made, status = measure(command, env, log, 3600)
        print(f"{size} made: {made.cpu:.1f} s of CPU, {made.peak_mb:.0f} MB, status {status}", flush=True)
        if status:
            raise RuntimeError(f"The landing of {size} could not be made: {log.read_text()[-3000:]}")
        log.unlink()
        partial.rename(folder)
    files = [folder / f"{table.path}.parquet" for table in TABLES]
    rows = sum(pq.read_metadata(file).num_rows for file in files)
    return Landing(rows, sum(file.stat().st_size for file in files), made)


if __name__ == "__main__":
    create_landing(Settings.from_environment(), Path(sys.argv[2]), 1, *SIZES[sys.argv[1]])
