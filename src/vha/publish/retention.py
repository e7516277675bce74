"""How long the extracted records are kept: no longer than a release can be asked about or recomputed."""

from __future__ import annotations

import shutil
from pathlib import Path

from vha.publish.releases import all_releases
from vha.run import RunPaths
from vha.settings import Settings


def remove_old_inputs(settings: Settings, keep: int) -> None:
    """Remove the landings and warehouse files that nothing needs any more.

    Kept are the latest ``keep`` runs, the last release of every calendar quarter, and runs whose candidate is
    sealed but not released: they may be awaiting sign-off. Landings that were never finished go once they are older
    than all that is kept.
    """
    for interrupted in settings.home.glob("landing/.*.removed"):
        shutil.rmtree(interrupted)
    landings = sorted(
        (settings.home / "landing").glob("[!.]*/landing.json"), key=lambda file: file.stat().st_mtime_ns
    )
    runs = [file.parent.name for file in landings]
    releases = all_releases(settings)
    released = {release.run_id for release in releases}
    # Releases are in order of their as-of dates, so that the last of each quarter stands.
    quarter_ends = {(r.as_of.year, (r.as_of.month - 1) // 3): r.run_id for r in releases}
    for run_id in set(runs[:-keep]) - set(quarter_ends.values()):
        paths = RunPaths(settings, run_id)
        if run_id in released or not paths.candidate_file.exists():
            paths.warehouse.unlink(missing_ok=True)
            shutil.rmtree(paths.dbt_target, ignore_errors=True)
            _remove(paths.landing)
    oldest_kept = landings[-keep:][0].stat().st_mtime_ns if landings else 0
    for unfinished in settings.home.glob("landing/.*.partial"):
        if unfinished.stat().st_mtime_ns < oldest_kept:
            shutil.rmtree(unfinished)


def _remove(folder: Path) -> None:
    """Remove a folder in one step as others see it: half a landing must never look like a whole one."""
    removed = folder.with_name(f".{folder.name}.removed")
    folder.rename(removed)
    shutil.rmtree(removed)
