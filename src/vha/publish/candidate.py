"""The seal of a candidate: ``candidate.json`` holds the SHA-256 of each of its files.

The SHA-256 of ``candidate.json`` is the candidate's own hash, the one that is signed off.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vha.errors import PublishError
from vha.files import canonical_json, sha256_of, sha256_of_file, write_whole
from vha.publish import provenance
from vha.run import Run, RunPaths
from vha.settings import Settings

_SEALED = ("run_id", "as_of", "git_commit", "versions", "files")


@dataclass(frozen=True)
class Seal:
    """What was sealed.

    Attributes:
        candidate_sha256: the candidate's hash.
        files: SHA-256 by relative path.
        git_commit, versions: see :mod:`vha.publish.provenance`, as they were when the candidate was made.
    """

    candidate_sha256: str
    files: Mapping[str, str]
    git_commit: str
    versions: Mapping[str, str]


def seal(settings: Settings, run: Run) -> str:
    """Write ``candidate.json`` for the candidate as it stands; returns the candidate's hash."""
    paths = RunPaths(settings, run.run_id)
    content = {
        "run_id": run.run_id,
        "as_of": run.as_of.isoformat(),
        "git_commit": provenance.git_commit(),
        "versions": provenance.versions(),
        "files": file_hashes(paths.candidate),
    }
    text = sealed_text(content)
    write_whole(paths.candidate_file, text)
    return sha256_of(text)


def sealed_text(content: Mapping[str, Any]) -> str:
    """What is sealed of a candidate, or of the manifest that a release says the same in, as it is hashed."""
    return canonical_json({name: content[name] for name in _SEALED})


def read_seal(settings: Settings, run: Run) -> Seal:
    """The run's seal.

    Raises:
        PublishError: the candidate was never sealed, or the seal is damaged or another run's.
    """
    file = RunPaths(settings, run.run_id).candidate_file
    try:
        text = file.read_text()
    except FileNotFoundError:
        raise PublishError(
            f"Run {run.run_id} has no sealed candidate ({file} is missing): run its task `report` first."
        ) from None
    try:
        content = json.loads(text)
    except ValueError:
        raise PublishError(
            f"{file} is cut short or damaged: run the task `report` of {run.run_id} again."
        ) from None
    if (content["run_id"], content["as_of"]) != (run.run_id, run.as_of.isoformat()):
        raise PublishError(
            f"{file} seals another run's candidate: run the task `report` of {run.run_id} again."
        )
    return Seal(sha256_of(text), content["files"], content["git_commit"], content["versions"])


def refuse_changes(folder: Path, sealed: Mapping[str, str], besides: Set[str] = frozenset()) -> None:
    """Compare a folder with its sealed hashes, file by file, but for the files named ``besides``.

    Raises:
        PublishError: a file is missing, extra or changed; the message names the first.
    """
    found = file_hashes(folder)
    for name in sorted((sealed.keys() | found.keys()) - besides):
        if sealed.get(name) != found.get(name):
            fault = (
                "is missing" if name not in found else "was added" if name not in sealed else "was changed"
            )
            raise PublishError(
                f"{name} {fault} since the candidate in {folder} was sealed, so it cannot be released: "
                "start a new run."
            )


def file_hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file under a folder, by relative path.

    Raises:
        PublishError: something there is neither a folder nor a regular file, such as a symbolic link.
    """
    hashes = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            raise PublishError(
                f"{name} in {folder} is no regular file, so it cannot be released: start a new run."
            )
        if path.is_file():
            hashes[name] = sha256_of_file(path)
    return hashes
