"""The tables of a release computed once more, in a place that is removed afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from vha.errors import BuildError
from vha.publish.manifest import ASSESSMENT, OVERSIGHT, content, contents, hash_of_the_list, seed_hashes
from vha.report.databases import REPORT_TABLES
from vha.run import RunPaths
from vha.settings import Settings
from vha.verify.findings import Difference, compared, each_compared
from vha.verify.subject import Subject
from vha.warehouse.connect import connect
from vha.warehouse.dbt import run_dbt
from vha.warehouse.prepare import lay_out

_POLICY_CONTENT = "policy_content"


def check_tables(settings: Settings, subject: Subject, scratch: Path, history: Path) -> Iterator[Difference]:
    """Build the warehouse from the kept landing and a history, and compare seeds, tables and list.

    Args:
        scratch: folder for everything that is written.
        history: the history as the run knew it.
    """
    warehouse = scratch / "warehouse.duckdb"
    lay_out(settings, subject.run, warehouse, RunPaths(settings, subject.run_id).landing, history)
    try:
        run_dbt(settings, "replay", warehouse, scratch / "dbt")
    except BuildError as error:
        yield Difference("recomputed tables", "a build", _without_log(error))
        return
    tables = subject.manifest["tables"]
    with connect(settings, warehouse, read_only=True) as work:
        yield from each_compared("seeds/", subject.manifest["seeds"], seed_hashes(work))
        people, figures = contents(work, "assessment"), contents(work, "oversight")
        figures[_POLICY_CONTENT] = content(work, f"run.{_POLICY_CONTENT}")
        recomputed = hash_of_the_list(work, "assessment")
    yield from compared("recomputed list hash", subject.manifest["list_hash"], recomputed)
    yield from each_compared(f"recomputed {ASSESSMENT} table ", tables.get(ASSESSMENT, {}), people)
    built = {
        name: table
        for name, table in tables.get(OVERSIGHT, {}).items()
        if name in figures or name not in REPORT_TABLES
    }
    yield from each_compared(f"recomputed {OVERSIGHT} table ", built, figures)


def check_seeds(settings: Settings, subject: Subject, scratch: Path) -> Iterator[Difference]:
    """Compare the seeds alone, where there is nothing else to build from."""
    warehouse = scratch / "warehouse.duckdb"
    try:
        run_dbt(settings, "seeds", warehouse, scratch / "dbt")
        with connect(settings, warehouse, read_only=True) as work:
            found = seed_hashes(work)
    except BuildError as error:
        yield Difference("seeds", "seeds that can be loaded", _without_log(error))
    else:
        yield from each_compared("seeds/", subject.manifest["seeds"], found)


def _without_log(error: BuildError) -> str:
    """The error's sentence; the log that it names is removed with the rest."""
    return str(error).partition("; dbt's log")[0]
