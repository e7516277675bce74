"""The releases on disk, and which of them is current."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from vha.settings import Settings


@dataclass(frozen=True, order=True)
class Release:
    """One published release. The greatest is the current one: by as-of date, then by time of publishing.

    Attributes:
        as_of: the as-of date of its list.
        published_at: UTC, ISO 8601 to the microsecond.
        run_id: the run that made it.
        path: its folder.
    """

    as_of: date
    published_at: str
    run_id: str
    path: Path = field(compare=False)


def read_release(path: Path) -> Release:
    """A release as its manifest describes it."""
    manifest = json.loads((path / "manifest.json").read_text())
    return Release(date.fromisoformat(manifest["as_of"]), manifest["published_at"], manifest["run_id"], path)


def is_synthetic(release: Release) -> bool:
    """Whether nobody in the release exists."""
    manifest = json.loads((release.path / "manifest.json").read_text())
    return bool(manifest["kind_of_data"] == "synthetic")


def all_releases(settings: Settings) -> list[Release]:
    """Every release, in order; unfinished ones have a name that begins with a dot and are none."""
    manifests = (settings.home / "releases").glob("[!.]*/manifest.json")
    return sorted(read_release(manifest.parent) for manifest in manifests if not manifest.parent.is_symlink())


def published_for(settings: Settings, as_of: date) -> list[Release]:
    """The releases for one as-of date, the newest last."""
    return [release for release in all_releases(settings) if release.as_of == as_of]


def current_release(settings: Settings) -> Release | None:
    """What ``releases/current`` points to; None before the first release."""
    current = settings.home / "releases" / "current"
    return read_release(current.resolve()) if current.exists() else None


def make_current(settings: Settings, release: Release) -> None:
    """Point ``releases/current`` to a release in one atomic rename, unless a greater one is current."""
    current = current_release(settings)
    if current is not None and release <= current:
        return
    unfinished = settings.home / "releases" / ".current.partial"
    unfinished.unlink(missing_ok=True)
    unfinished.symlink_to(release.run_id)
    unfinished.replace(settings.home / "releases" / "current")
