"""The build: from a run's landing to its marts."""

from __future__ import annotations

from vha.disclosure.gate import write_audit
from vha.run import Run, RunPaths
from vha.settings import Settings
from vha.warehouse.connect import connect
from vha.warehouse.dbt import build_and_document
from vha.warehouse.prepare import prepare


def build(settings: Settings, run: Run) -> dict[str, int]:
    """Build everything from the run's landing, its seeds and the published history, and attack the figures.

    Returns:
        ``{"rows": contributions to the scores of the people listed}``.

    Raises:
        ConfigurationError: a seed that scoring reads cannot be gone by.
        BuildError: a model could not be built or a data test failed.
    """
    prepare(settings, run)
    build_and_document(settings, run.run_id)
    with connect(settings, RunPaths(settings, run.run_id).warehouse) as connection:
        write_audit(connection)
        row = connection.execute("select count(*) from assessment.score_contributions").fetchone()
    assert row is not None
    return {"rows": row[0]}
