"""What the release was made from: the landing, the policy and the code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from vha.policy.check import check
from vha.publish import provenance
from vha.run import RunPaths
from vha.settings import Settings
from vha.verify.findings import Difference, Finding, Note, compared, each_compared, file_differences
from vha.verify.subject import Subject
from vha.warehouse import seeds


def check_landing(settings: Settings, subject: Subject) -> Iterator[Finding]:
    """Every file of the landing against its hash in the manifest, and what the landing says of itself."""
    folder = RunPaths(settings, subject.run_id).landing
    prefix = f"landing/{subject.run_id}/"
    if not folder.exists():
        yield Note(
            f"{prefix} is no longer kept, as the policy's keep_landings says: what the sources delivered cannot "
            "be compared, and nothing can be recomputed from it."
        )
        return
    inputs = subject.manifest["inputs"]
    systems = {table.partition("/")[0] for table in inputs}
    expected = {f"{table}.parquet": landed.get("sha256") for table, landed in inputs.items()}
    records = {"landing.json", *(f"{system}/marker.json" for system in systems)}
    yield from file_differences(prefix, folder, expected, besides=records)
    missing = [name for name in sorted(records) if not (folder / name).is_file()]
    for name in missing:
        yield Difference(f"{prefix}{name}", "a file", "nothing")
    if not missing:
        texts = {name: (folder / name).read_bytes() for name in sorted(records)}
        yield from _check_records(prefix, texts, subject)


def _check_records(prefix: str, texts: dict[str, bytes], subject: Subject) -> Iterator[Difference]:
    """``landing.json`` against the manifest, and each system's marker against ``landing.json``."""
    try:
        records: dict[str, Any] = {name: json.loads(text) for name, text in texts.items()}
        landing = dict(records.pop("landing.json"))
    except (ValueError, TypeError):
        yield Difference(
            f"{prefix}landing.json and marker.json", "records", "texts that cannot be read as such"
        )
        return
    manifest = subject.manifest
    expected = {
        "run_id": subject.run_id,
        "synthetic": manifest["kind_of_data"] == "synthetic",
        "marker": landing.get("marker"),
        "tables": dict(manifest["inputs"]),
    }
    yield from each_compared(f"{prefix}landing.json ", expected, landing)
    if (json.dumps(landing, indent=2) + "\n").encode() != texts["landing.json"]:
        yield Difference(f"{prefix}landing.json", "the form in which it is written", "another form")
    for name, marker in records.items():
        yield from compared(f"{prefix}{name}", landing.get("marker"), marker)
        if (json.dumps(marker) + "\n").encode() != texts[name]:
            yield Difference(f"{prefix}{name}", "the form in which it is written", "another form")


def check_policy(subject: Subject) -> Iterator[Difference]:
    """The seeds of this checkout, as far as scoring reads them, against the version of the policy.

    Raises:
        ConfigurationError: no run can go by the seeds, so that nothing can be recomputed either.
    """
    check(seeds.SEEDS)
    version = seeds.policy_version(seeds.SEEDS)
    yield from compared("seeds policy_version", subject.manifest["policy_version"], version)


def check_code(subject: Subject) -> Iterator[Note]:
    """Say if this is another code than the one that made the release."""
    made_by, here = subject.manifest["git_commit"], provenance.git_commit()
    if made_by.endswith("-dirty") or made_by == "unknown":
        yield Note(f"The release was made by code that no commit holds ({made_by}), and this is {here}.")
    elif made_by != here:
        yield Note(
            f"The release was made by commit {made_by}, and this is {here}: tables that differ may do so because "
            f"the code changed, so verify it again in a checkout of its own commit."
        )
    versions = provenance.versions()
    for package, version in sorted(subject.manifest["versions"].items()):
        if versions.get(package) != version:
            yield Note(f"The release was made with {package} {version}, and this is {versions.get(package)}.")
