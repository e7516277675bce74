"""The release itself: its files, its databases, and what its manifest says of how it came about."""

from __future__ import annotations

import json
from collections.abc import Iterator

import duckdb

from vha.errors import ConfigurationError, SignOffMissing, SignOffRefused
from vha.files import sha256_of
from vha.publish import sign_off
from vha.publish.candidate import sealed_text
from vha.publish.manifest import OVERSIGHT, accepted_failures, measure, previous_release
from vha.run import Run, RunPaths
from vha.settings import Settings
from vha.verify.findings import Difference, Finding, Note, compared, each_compared, file_differences
from vha.verify.subject import MANIFEST, Subject
from vha.warehouse.connect import connect


def check_files(subject: Subject) -> Iterator[Difference]:
    """Every file of the release against its hash in the manifest."""
    return file_differences("", subject.path, subject.manifest["files"], besides={MANIFEST})


def check_databases(settings: Settings, subject: Subject) -> Iterator[Difference]:
    """Every table of both databases, the list and its counts against the manifest."""
    manifest = subject.manifest
    try:
        measured = measure(settings, subject.path)
        previous = previous_release(settings, subject.path, subject.run)
        accepted = accepted_failures(settings, subject.path)
        with connect(settings, subject.path / OVERSIGHT, read_only=True) as oversight:
            policies = oversight.execute("select distinct policy_version from policy_register").fetchall()
    except duckdb.Error as error:
        yield Difference("the databases", "tables that can be read", type(error).__name__)
        return
    yield from compared("list hash", manifest["list_hash"], measured["list_hash"])
    yield from each_compared(f"{MANIFEST} counts ", manifest["counts"], measured["counts"])
    for database, tables in measured["tables"].items():
        yield from each_compared(f"{database} table ", manifest["tables"].get(database, {}), tables)
    yield from compared(f"{MANIFEST} previous_release", manifest.get("previous_release"), previous)
    yield from compared(f"{MANIFEST} accepted_failures", manifest.get("accepted_failures", []), accepted)
    yield from compared("policy_register policy_version", [(manifest["policy_version"],)], policies)


def check_manifest(settings: Settings, subject: Subject) -> Iterator[Finding]:
    """What the manifest says of itself, against its seal, the record of the sign-off and the run."""
    manifest = subject.manifest
    if json.dumps(manifest, indent=2) + "\n" != subject.text:
        yield Difference(MANIFEST, "the form in which it is written", "the same content in another form")
    yield from compared(f"{MANIFEST} run_id", subject.run_id, manifest["run_id"])
    candidate = sha256_of(sealed_text(manifest))
    yield from compared(
        f"{MANIFEST} sign_off.candidate_sha256", manifest["sign_off"].get("candidate_sha256"), candidate
    )
    run_file = RunPaths(settings, subject.run_id).run_file
    name = run_file.relative_to(settings.home).as_posix()
    if not run_file.exists():
        yield Note(f"{name} is no longer kept: who started the run, and the sign-off, cannot be compared.")
        return
    try:
        run = Run.load(settings, subject.run_id)
        found = {
            "as_of": run.as_of.isoformat(),
            "kind_of_data": "synthetic" if run.synthetic else "real",
            "started_by": run.started_by.partition(":")[0],
            "correction": run.correct,
        }
    except (ConfigurationError, ValueError, TypeError, AttributeError, KeyError):
        yield Difference(name, "a run", "a text that cannot be read as one")
    else:
        yield from compared(f"{name} run_id", subject.run_id, run.run_id)
        yield from each_compared(f"{name} ", {key: manifest.get(key, "nothing") for key in found}, found)
        yield from _check_sign_off(settings, subject, run, candidate)


def _check_sign_off(settings: Settings, subject: Subject, run: Run, candidate: str) -> Iterator[Difference]:
    name = f"sign_off/{subject.run_id}.json"
    try:
        record = sign_off.check(settings, run, candidate)
    except (SignOffMissing, SignOffRefused, ConfigurationError) as error:
        yield Difference(name, "an approval of this candidate", f"none that holds. {error}")
        return
    expected = {
        "kind": record.kind,
        "decided_at": record.decided_at,
        "account": record.account,
        "candidate_sha256": record.candidate_sha256,
    }
    yield from each_compared(f"{MANIFEST} sign_off.", expected, subject.manifest["sign_off"])
