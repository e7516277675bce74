"""The quarter's pack: the public files of the release that closed it, in one archive for an oversight body to keep.

Nothing in it is new: each file is the one that was audited and signed off, and is compared with its hash in the
release's manifest before it goes in.
"""

from __future__ import annotations

import json
import zipfile
from datetime import date
from pathlib import Path

from vha.errors import PublishError, QualityBlocked
from vha.files import sha256_of_file
from vha.publish.candidate import refuse_changes
from vha.publish.manifest import OVERSIGHT
from vha.publish.releases import Release, current_release, is_synthetic
from vha.settings import Settings
from vha.warehouse.connect import connect
from vha.warehouse.prepare import last_closed_quarter, period_of, read_history

_SUMS = "SHA256SUMS"


def packs(settings: Settings) -> Path:
    """Folder of what is handed over."""
    return settings.home / "oversight_packs"


def pack_file(settings: Settings, period: str) -> Path:
    return packs(settings) / f"violence-harm-assessment-{period}.zip"


def quarter_to_hand_over(settings: Settings, deadline: date | None) -> str | None:
    """The latest quarter that the current release has figures of, if there is no pack of it yet.

    Args:
        deadline: the day by which the quarter before it has to be closed; None where a release is the occasion.

    Raises:
        PublishError: there is no release; or, over real data, the quarter before the deadline is not closed.
    """
    release = _current(settings)
    with connect(settings, release.path / OVERSIGHT, read_only=True) as oversight:
        [(period,)] = oversight.execute("select max(period) from special_category_breakdown").fetchall()
    if deadline is not None and not is_synthetic(release):
        due = period_of(last_closed_quarter(deadline))
        if period is None or period < due:
            raise PublishError(
                f"No release has closed {due} by {deadline}: see why the runs since the quarter's end were not "
                "published, and release its last day with `vha run --as-of DATE`."
            )
    return period if period is not None and not pack_file(settings, period).exists() else None


def attack_again(settings: Settings) -> int:
    """Attack the figures of the current release as anybody could who has read every release, corrected ones too.

    A run attacks what its quarter changes; here every number that any quarter withholds is looked at again.

    Returns:
        The number of suppressed cells that were attacked.

    Raises:
        PublishError: there is no release.
        QualityBlocked: a suppressed cell can be inferred, or the figures contradict each other: what is published
            already must be withdrawn.
    """
    from vha.disclosure.attack import attack

    release = _current(settings)
    with (
        connect(settings, release.path / OVERSIGHT, read_only=True) as oversight,
        connect(settings, Path(":memory:")) as history,
    ):
        read_history(history, settings.home / "history")
        try:
            findings = attack(oversight, everything=True, history=history)
        except ArithmeticError as contradiction:
            raise QualityBlocked(
                f"The published figures of release {release.run_id} contradict each other, so that nobody can say what "
                "they give away: take its public pages off line, tell the data-protection officer, and release again."
            ) from contradiction
    revealed = sorted({finding.period for finding in findings if not finding.safe})
    if revealed:
        raise QualityBlocked(
            f"Release {release.run_id} reveals suppressed numbers of {', '.join(revealed)}: take its public pages "
            "off line, tell the data-protection officer, and release again with the tables withheld."
        )
    return len(findings)


def hand_over(settings: Settings, period: str) -> Path:
    """Write the pack of a quarter from the current release.

    Returns:
        The archive. The same release gives the same bytes.

    Raises:
        PublishError: there is no release, or one of its files is not the one that was signed off.
    """
    release = _current(settings)
    sealed = json.loads((release.path / "manifest.json").read_text())["files"]
    refuse_changes(release.path, sealed, besides=frozenset({"manifest.json"}))
    files = sorted(name for name in sealed if name.startswith("public/"))
    target = pack_file(settings, period)
    target.parent.mkdir(exist_ok=True)
    unfinished = target.with_suffix(".partial")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in files:
            _add(archive, release, name, (release.path / name).read_bytes())
        sums = "".join(f"{sealed[name]}  {name}\n" for name in files)
        _add(archive, release, _SUMS, sums.encode())
    unfinished.replace(target)
    target.with_suffix(".zip.sha256").write_text(f"{sha256_of_file(target)}  {target.name}\n")
    return target


def _add(archive: zipfile.ZipFile, release: Release, name: str, content: bytes) -> None:
    """Add a file under the release's date, so that the same release always gives the same archive."""
    day = release.as_of
    entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content)


def _current(settings: Settings) -> Release:
    release = current_release(settings)
    if release is None:
        raise PublishError("There is no release to make a pack of: publish one first with `vha run`.")
    return release
