"""The report step: everything a release will hold, put together and sealed before anybody signs it off."""

from __future__ import annotations

import shutil

import duckdb

from vha.audit.binding import refuse_others
from vha.errors import PublishError
from vha.publish.candidate import seal
from vha.report import dbt_docs, site
from vha.report.databases import write_databases
from vha.report.traces import machine_paths, refuse_machine_paths
from vha.run import Run, RunPaths
from vha.settings import Settings


def assemble(settings: Settings, run: Run) -> dict[str, str]:
    """Build the run's candidate from scratch and seal it.

    Returns:
        ``candidate``: the candidate's hash, the SHA-256 of its ``candidate.json``.

    Raises:
        PublishError: an earlier step left out what the report is made from, a page would show a path of this
            machine, the work file is another than was audited, or the run is released already.
    """
    paths = RunPaths(settings, run.run_id)
    static_docs = paths.dbt_target / "static_index.html"
    for needed, task in (
        (paths.warehouse, "build"),
        (static_docs, "build"),
        (paths.audit_results, "audit"),
        (paths.data_docs, "audit"),
    ):
        if not needed.exists():
            raise PublishError(f"The report of run {run.run_id} needs {needed}: run the task `{task}` first.")
    refuse_others(paths)
    if paths.release.exists():
        raise PublishError(
            f"Run {run.run_id} is released already, and a release never changes: start a new run."
        )

    paths.candidate_file.unlink(missing_ok=True)
    shutil.rmtree(paths.candidate, ignore_errors=True)
    try:
        _write(settings, run)
        refuse_machine_paths(settings, paths.candidate / "public")
        return {"candidate": seal(settings, run)}
    except (OSError, duckdb.Error):
        shutil.rmtree(paths.candidate, ignore_errors=True)  # half of one may be what the disk is full of
        raise


def _write(settings: Settings, run: Run) -> None:
    paths = RunPaths(settings, run.run_id)
    public = paths.candidate / "public"
    write_databases(settings, run)
    shutil.copytree(paths.data_docs, public / "data_docs")
    (public / "dbt_docs").mkdir()
    page = dbt_docs.scrub((paths.dbt_target / "static_index.html").read_text(), machine_paths(settings))
    (public / "dbt_docs" / "index.html").write_text(page)
    site.write(settings, run, public / "oversight.duckdb", public / "site")
