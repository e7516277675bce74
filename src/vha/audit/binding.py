"""What an audit was of: results hold for the very bytes that were judged, and for no other work file."""

from __future__ import annotations

import json

from vha.errors import PublishError
from vha.publish.candidate import sha256_of_file
from vha.run import RunPaths


def work_file_hash(paths: RunPaths) -> str:
    """SHA-256 of the work file, which only reading does not change."""
    return sha256_of_file(paths.warehouse)


def bind(paths: RunPaths, work_file: str) -> None:
    """Write down which work file the results are of, and which results these are.

    Args:
        work_file: its hash from before it was judged.
    """
    bound = {"work_file": work_file, "results": sha256_of_file(paths.audit_results)}
    paths.audited.write_text(json.dumps(bound, indent=2) + "\n")


def refuse_others(paths: RunPaths) -> None:
    """Whether the results are those of the work file as it stands.

    Raises:
        PublishError: the work file or the results are others than the audit left.
    """
    try:
        bound = json.loads(paths.audited.read_text())
    except (FileNotFoundError, ValueError):
        bound = {}
    found = {"work_file": work_file_hash(paths), "results": sha256_of_file(paths.audit_results)}
    if bound != found:
        raise PublishError(
            f"The work file of run {paths.run_id} or its audit's results ({paths.audit_results}) were changed after "
            "the audit, so that nobody has judged what would be published: start a new run."
        )
