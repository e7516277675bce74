"""Extraction takes no more memory for ten Londons than for one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from factory import World, alter_source

LONDON_REPORTS = 1_200_000

# The peak is read from /proc: getrusage would count the memory of the test process that starts this one.
PROGRAM = """
import re, sys
from pathlib import Path
from factory import settings_of
from vha.extract import extract_system
from vha.settings import SYSTEMS

urls = {system: f"sqlite:///{sys.argv[1]}/{system}.db" for system in SYSTEMS}
rows = extract_system(settings_of(Path(sys.argv[1]), urls), "r1", "crime")["rows"]
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]
print(rows, int(peak) // 1024)
"""


def peak_megabytes(folder: Path, reports: int) -> int:
    """Extract a crime system of so many reports in a new process; return the peak of its resident memory."""
    url = World.small().write_sqlite(folder)["crime"]
    alter_source(
        url,
        "pragma synchronous = off",
        "pragma journal_mode = off",
        "insert into crime_report with recursive numbers(n) as "
        f"(select 1 union all select n + 1 from numbers where n < {reports}) "
        "select 'CRIS-' || n, 'CRIS', '2026-01-02 10:00:00', '2026-01-01', null, (n % 40) || 'D', 'live', "
        "n % 22, 'public', 'Camden', 'INC-' || n / 2, null, '2026-02-01 10:00:00' from numbers",
    )
    output = subprocess.check_output(
        [sys.executable, "-c", PROGRAM, folder], cwd=Path(__file__).parents[1], text=True
    )
    shutil.rmtree(folder)  # pytest would keep these gigabytes for several runs
    rows, megabytes = map(int, output.split())
    assert rows == reports + 12
    return megabytes


@pytest.mark.slow
def test_memory_stays_the_same_for_ten_times_london(tmp_path: Path) -> None:
    london = peak_megabytes(tmp_path / "london", LONDON_REPORTS)
    ten_londons = peak_megabytes(tmp_path / "ten", 10 * LONDON_REPORTS)
    assert ten_londons - london < 50, (london, ten_londons)
