"""What an audit was of: results hold for the very bytes that were judged, and for no other work file."""

from __future__ import annotations

import json

from vha.errors import PublishError
from vha.files import canonical_json, sha256_of, sha256_of_file, write_whole
from vha.publish.candidate import file_hashes
from vha.run import RunPaths


def work_file_hash(paths: RunPaths) -> str:
    """SHA-256 of the work file, which only reading does not change."""
    return sha256_of_file(paths.warehouse)


def bind(paths: RunPaths, work_file: str) -> None:
    """Write down which work file the results and their Data Docs are of, which they are, and what was accepted.

    Args:
        work_file: its hash from before it was judged.
    """
    write_whole(paths.audited, json.dumps(_bound(paths, work_file), indent=2) + "\n")


def refuse_others(paths: RunPaths) -> None:
    """Whether the results are those of the work file as it stands.

    Raises:
        PublishError: the work file, the results, what was accepted or the Data Docs are others than the audit left.
    """
    try:
        bound = json.loads(paths.audited.read_text())
    except (FileNotFoundError, ValueError):
        bound = {}
    if bound != _bound(paths, work_file_hash(paths)):
        raise PublishError(
            f"The work file of run {paths.run_id}, or what its audit left ({paths.audit_results}, "
            f"{paths.accepted_failures.name}, {paths.data_docs.name}/), was "
            "changed after the audit, so that nobody has judged what would be published: start a new run."
        )


def _bound(paths: RunPaths, work_file: str) -> dict[str, str]:
    return {
        "run_id": paths.run_id,
        "work_file": work_file,
        "results": sha256_of_file(paths.audit_results),
        "accepted": sha256_of_file(paths.accepted_failures) if paths.accepted_failures.exists() else "none",
        "data_docs": sha256_of(canonical_json(file_hashes(paths.data_docs))),
    }
