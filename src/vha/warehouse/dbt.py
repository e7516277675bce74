"""dbt in a process of its own: it leaves global state behind, and its memory is given back when it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Literal

from vha.errors import BuildError
from vha.files import remove
from vha.limits import limit_met
from vha.run import RunPaths
from vha.settings import PROJECT_ROOT, Settings
from vha.warehouse.quoted_values import withhold

# Unit tests belong to the test suite: they say nothing about a run's data.
_BUILD = ("build", "--exclude-resource-type", "unit_test")
_PURPOSES = {
    "release": (
        (*_BUILD, "--exclude", "marts.retrospect"),
        ("docs", "generate", "--static", "--no-compile"),
    ),
    "past_lists": ((*_BUILD, "--select", "+marts.retrospect"),),
    "replay": ((*_BUILD, "test", "--exclude", "marts.retrospect"),),
    "seeds": (("seed",),),
}
Purpose = Literal["release", "past_lists", "replay", "seeds"]


def build_and_document(settings: Settings, run_id: str) -> None:
    """Seeds, models and data tests, then the documentation, over the run's work file, in one start of dbt.

    Raises:
        BuildError: a model could not be built or a data test failed; the message names the first.
    """
    paths = RunPaths(settings, run_id)
    run_dbt(settings, "release", paths.warehouse, paths.dbt_target)


def run_dbt(settings: Settings, purpose: Purpose, warehouse: Path, target: Path) -> None:
    """Start dbt once over a work file.

    Args:
        purpose: what is to be built: all that a release needs, with its tests and documentation; the lists of
            past dates, with the tests of what they need; the tables of a release alone; or the seeds alone.
        target: folder of dbt's artefacts and logs.

    Raises:
        BuildError: something could not be built or a data test failed; the message names the first.
        MachineLimit: the disk is full, or there is too little memory.
    """
    target.mkdir(parents=True, exist_ok=True)
    log = target / "console.log"
    with log.open("w") as console:
        status = subprocess.run(
            [sys.executable, "-m", "vha.warehouse.dbt", purpose, str(target)],
            env=environment(settings, warehouse),
            stdout=console,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    # DuckDB takes it away itself, unless its process was ended.
    remove(warehouse.with_name(f"{warehouse.name}.tmp"))
    if status != 0:
        limit = limit_met(settings, said(target))
        withhold(target)
        if limit:
            # Half a work file is of no use to anybody, and may be what the disk is full of.
            remove(warehouse)
            remove(warehouse.with_name(f"{warehouse.name}.wal"))
            raise limit
        raise BuildError(f"The warehouse build stopped: {failure(target)}; dbt's log is {log}.")


def environment(settings: Settings, warehouse: Path) -> dict[str, str]:
    """The environment in which dbt finds the profile, the work file and its limits."""
    return {
        **os.environ,
        "DBT_PROFILES_DIR": str(PROJECT_ROOT / "dbt_project"),
        "DBT_PROJECT_DIR": str(PROJECT_ROOT),
        "VHA_WAREHOUSE": str(warehouse),
        "VHA_THREADS": str(settings.threads),
        "VHA_DUCKDB_THREADS": str(settings.duckdb_threads),
        "VHA_DUCKDB_MEMORY": settings.duckdb_memory,
    }


def said(target: Path) -> str:
    """All that dbt said, to look in for what it may not be quoted for."""
    files = (target / "run_results.json", target / "console.log")
    return "\n".join(file.read_text(errors="replace") for file in files if file.exists())


def failure(target: Path) -> str:
    """Which node failed; never dbt's own message, which may quote a value of a record."""
    try:
        results = json.loads((target / "run_results.json").read_text())["results"]
    except (OSError, ValueError):
        return "dbt ended before it built anything"
    failed = [result for result in results if result["status"] in ("error", "fail")]
    if not failed:
        return "dbt ended early"
    node = failed[0]["unique_id"].split(".")
    kind = "data test" if node[0] == "test" else node[0]
    more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
    return f"{kind} {node[2]} {'failed' if failed[0]['status'] == 'fail' else 'could not be built'}{more}"


def _main(purpose: str, target: str) -> int:
    from dbt.cli.main import dbtRunner

    for command in _PURPOSES[purpose]:
        if not dbtRunner().invoke([*command, "--target-path", target, "--log-path", target]).success:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
