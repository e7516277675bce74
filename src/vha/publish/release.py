"""Publishing: a candidate that was audited and signed off becomes a release, in one step for its readers.

Nothing here trusts the order of the tasks before it: files, check results and sign-off are examined again.
After a crash at any point, publishing once more completes what was begun.
"""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vha.audit import EXPECTATIONS, declarations
from vha.audit.acceptance import refuse_unacceptable
from vha.audit.binding import refuse_others
from vha.audit.gate import CheckResult, decide
from vha.errors import ConfigurationError, PublishError
from vha.files import force_to_disk, write_whole
from vha.publish import sign_off
from vha.publish.candidate import read_seal, refuse_changes
from vha.publish.history import ensure_history
from vha.publish.manifest import OVERSIGHT, describe, previous_release
from vha.publish.releases import all_releases, make_current, published_for, read_release
from vha.publish.retention import remove_old_inputs
from vha.run import Run, RunPaths
from vha.settings import Settings
from vha.warehouse.connect import connect

_WRITTEN_HERE = frozenset({"manifest.json", ".manifest.json.partial"})


def publish(settings: Settings, run: Run) -> Path:
    """Make the run's candidate a release, and the current one unless its as-of date is earlier.

    Returns:
        The folder of the release.

    Raises:
        PublishError: the candidate is missing, differs from its seal, or may not become a release; or what it was
            made from is not what was audited.
        ConfigurationError: it accepts a failure that nobody can accept.
        QualityBlocked: a critical check failed or could not be evaluated.
        SignOffMissing, SignOffRefused: see :func:`vha.publish.sign_off.check`.
    """
    paths = RunPaths(settings, run.run_id)
    unfinished = paths.release.with_name(f".{run.run_id}.partial")
    with _alone(settings):
        seal = read_seal(settings, run)
        place = next((path for path in (paths.release, paths.candidate, unfinished) if path.exists()), None)
        if place is None:
            raise PublishError(f"The candidate {paths.candidate} is gone: start a new run.")
        refuse_changes(place, seal.files, besides=_WRITTEN_HERE)
        _refuse_bad_quality(settings, run, place)
        record = sign_off.check(settings, run, seal.candidate_sha256)
        keep_landings = int(_policy(settings, place, "keep_landings"))
        if place != paths.release:
            # The manifest still takes the seeds from the work file.
            refuse_others(paths)
            _refuse_wrong_order(settings, run, place)
            if place != unfinished:
                shutil.rmtree(unfinished, ignore_errors=True)
                place.rename(unfinished)
            manifest = describe(settings, run, unfinished, seal, record)
            write_whole(unfinished / "manifest.json", json.dumps(manifest, indent=2) + "\n")
            force_to_disk(unfinished)
            unfinished.rename(paths.release)
        ensure_history(settings)
        make_current(settings, read_release(paths.release))
        remove_old_inputs(settings, keep_landings)
    return paths.release


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """One publishing at a time: a sign-off on the command line may meet the scheduler's next run."""
    releases = settings.home / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    with (releases / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _refuse_bad_quality(settings: Settings, run: Run, place: Path) -> None:
    """Both the audit as it stands and the results that were signed off must be there and let the run pass."""
    paths = RunPaths(settings, run.run_id)
    if not paths.audit_results.exists():
        raise PublishError(
            f"The audit of run {run.run_id} left no results ({paths.audit_results}), "
            "so it cannot be released: run its task `audit` first."
        )
    standing = [CheckResult(**check) for check in json.loads(paths.audit_results.read_text())]
    with connect(settings, place / OVERSIGHT, read_only=True) as oversight:
        rows = oversight.execute("select * exclude (run_id) from quality_checks").fetchall()
        stamped = oversight.execute(
            "select suite || '.' || check_name, accepted_by, reason from accepted_failures"
        ).fetchall()
    answered = run.acceptance
    expected = {(check, answered.by, answered.reason) for check in answered.checks} if answered else set()
    if set(stamped) != expected:
        raise PublishError(
            f"The candidate of run {run.run_id} accepts other failures than the run does: start a new run."
        )
    if answered:
        refuse_unacceptable(answered, declarations.load(EXPECTATIONS))
    accepted = {check for check, *_ in stamped}
    for results in (standing, [CheckResult(*row) for row in rows]):
        decide(results, docs=f"{paths.data_docs}/index.html", accepted=accepted)


def _refuse_wrong_order(settings: Settings, run: Run, place: Path) -> None:
    same_date = published_for(settings, run.as_of)
    if same_date and run.correct is None:
        raise PublishError(
            f"{run.as_of} has a release already ({same_date[-1].run_id}): "
            "start a run with `--correct REASON` if it has to be replaced."
        )
    earlier = [release.run_id for release in all_releases(settings) if release.as_of < run.as_of]
    if earlier and earlier[-1] != previous_release(settings, place, run):
        raise PublishError(
            f"{earlier[-1]} was released after run {run.run_id} compared itself with the release before it: "
            "start a new run."
        )


def _policy(settings: Settings, place: Path, parameter: str) -> str:
    with connect(settings, place / OVERSIGHT, read_only=True) as oversight:
        row = oversight.execute(
            "select value from policy_register where parameter = ?", [parameter]
        ).fetchone()
    if row is None:
        raise ConfigurationError(f"The policy has no parameter {parameter}: add it to seeds/policy.csv.")
    return str(row[0])
