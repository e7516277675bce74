"""The benchmark at its smallest: what it measures with, one list by script and by models, and results that are kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.measure import Cost, measure
from vha.settings import PROJECT_ROOT

MB = 2**20


def cost_of(program: str, log: Path, timeout: float = 60) -> tuple[Cost, int]:
    return measure([sys.executable, "-c", program], os.environ, log, timeout)


def test_the_memory_of_what_measures_is_not_measured(tmp_path: Path) -> None:
    held = b"." * (300 * MB)
    cost, status = cost_of("import time; time.sleep(0.5)", tmp_path / "log")
    assert (len(held), status) == (300 * MB, 0)
    assert 2 < cost.peak_mb < 100


def test_a_peak_between_two_looks_is_not_missed(tmp_path: Path) -> None:
    cost, _ = cost_of("import time; b'.' * (300 * 2**20); time.sleep(0.5)", tmp_path / "log")
    assert 300 < cost.peak_mb < 400


def test_what_a_process_started_counts_with_it(tmp_path: Path) -> None:
    busy = "import time; held = b'.' * (100 * 2**20)\nwhile time.process_time() < 1: pass"
    both = f"import subprocess, sys; held = b'.' * (100 * 2**20); subprocess.run([sys.executable, '-c', {busy!r}])"
    cost, _ = cost_of(both, tmp_path / "log")
    assert 200 < cost.peak_mb < 300
    assert 1 <= cost.cpu < 3


def test_what_takes_too_long_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    waiting = "import subprocess; subprocess.run(['sleep', '60'])"
    cost, status = cost_of(waiting, tmp_path / "log", timeout=0.5)
    assert status < 0
    assert cost.wall < 30


@pytest.mark.slow
def test_the_models_make_the_list_that_the_script_makes(tmp_path: Path) -> None:
    kept, page = tmp_path / "bench" / "results.json", tmp_path / "RESULTS.md"

    def measure(*competitors: str) -> int:
        command = [
            sys.executable, "-m", "benchmarks", "--sizes", "tiny", "--parts", "lists", "--repeat", "1", "--memory",
            "1GB", "--add", "--folder", str(kept.parent), "--out", str(page), "--competitors", *competitors,
        ]  # fmt: skip
        return subprocess.run(command, cwd=PROJECT_ROOT, check=False, capture_output=True).returncode

    assert measure("handwritten") == 0
    assert measure("models.list_alone") == 0
    found = json.loads(kept.read_text())
    assert [one["competitor"] for one in found["measured"]] == ["handwritten", "models.list_alone"]
    assert len({one["list_hash"] for one in found["measured"]}) == 1
    assert all(f"| {one['competitor']} | 1GB | 1 |" in page.read_text() for one in found["measured"])

    # An engine that makes another list is told by its hash.
    found["measured"][0]["list_hash"] = "0" * 64
    kept.write_text(json.dumps(found))
    assert measure() == 1
