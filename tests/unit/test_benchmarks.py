"""The benchmark at its smallest: the script by hand and the models come to one list, and results are kept."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from vha.settings import PROJECT_ROOT


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
