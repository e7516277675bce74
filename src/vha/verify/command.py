"""``vha verify``: each difference in one line, and what could not be compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from vha.settings import Settings
from vha.verify.findings import Difference, Finding, Note
from vha.verify.inputs import check_code, check_landing, check_policy
from vha.verify.outputs import check_databases, check_files, check_manifest
from vha.verify.past import PastIsGone, check_history, known_releases, make_history
from vha.verify.rebuild import check_seeds, check_tables
from vha.verify.subject import Subject, find, read


def verify_command(settings: Settings, run_id: str | None = None) -> int:
    """Verify a release and tell the terminal what was found.

    Args:
        run_id: the release's run; the current release without one.

    Returns:
        The exit code: 0 if everything that is kept is equal, otherwise 1.

    Raises:
        ConfigurationError: there is no such release, or no run can go by the seeds of this checkout.
    """
    path = find(settings, run_id)
    print(f"Verifying release {path.name}.", flush=True)
    differences = 0
    for finding in verify(settings, path):
        print(finding, flush=True)
        differences += isinstance(finding, Difference)
    if differences:
        print(f"{differences} {'difference' if differences == 1 else 'differences'}.")
        return 1
    print("All that could be compared is equal.")
    return 0


def verify(settings: Settings, path: Path) -> Iterator[Finding]:
    """Everything that is found about the release in a folder, in the order in which it is looked at.

    Work files, releases and the history are only read; what is recomputed is in a folder of its own below
    ``VHA_HOME``, for this account alone, that is removed again.
    """
    subject = read(path)
    if isinstance(subject, Difference):
        yield subject
        return
    yield from check_files(subject)
    yield from check_databases(settings, subject)
    yield from check_manifest(settings, subject)
    landing = list(check_landing(settings, subject))
    yield from landing
    yield from check_policy(subject)
    yield from check_code(subject)
    with TemporaryDirectory(prefix=".verify-", dir=settings.home) as scratch:
        yield from _recomputed(settings, subject, Path(scratch), can_build=not landing)


def _recomputed(settings: Settings, subject: Subject, scratch: Path, *, can_build: bool) -> Iterator[Finding]:
    known, own = scratch / "known", scratch / "own"
    try:
        make_history(settings, known_releases(settings, subject), known)
        make_history(settings, [subject.release], own)
    except PastIsGone as reason:
        yield reason.finding
        can_build = False
    else:
        yield from check_history(settings, known)
        yield from check_history(settings, own)
    if can_build:
        yield from check_tables(settings, subject, scratch, known)
    else:
        yield Note(
            "The tables are not recomputed, because not all that they were made from is kept unchanged."
        )
        yield from check_seeds(settings, subject, scratch)
