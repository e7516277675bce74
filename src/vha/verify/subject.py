"""The release that is verified, as its manifest describes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from vha.errors import ConfigurationError
from vha.publish.releases import Release
from vha.run import Run
from vha.settings import Settings
from vha.verify.findings import Difference

MANIFEST = "manifest.json"

_KINDS = {
    **dict.fromkeys(("run_id", "as_of", "kind_of_data", "published_at", "started_by", "policy_version"), str),
    **dict.fromkeys(("git_commit", "list_hash"), str),
    **dict.fromkeys(("sign_off", "versions", "inputs", "seeds", "counts", "tables", "files"), dict),
}


@dataclass(frozen=True)
class Subject:
    """A release and what its manifest says.

    Attributes:
        path: the release's folder, whose name is the run's.
        manifest: the content of ``manifest.json``.
        text: the same as it is written.
        as_of: the as-of date.
    """

    path: Path
    manifest: Mapping[str, Any]
    text: str
    as_of: date

    @property
    def run_id(self) -> str:
        return self.path.name

    @property
    def run(self) -> Run:
        """The run, as far as the manifest knows it."""
        is_synthetic = self.manifest["kind_of_data"] == "synthetic"
        return Run(self.run_id, self.as_of, is_synthetic, self.manifest["started_by"])

    @property
    def release(self) -> Release:
        return Release(self.as_of, self.manifest["published_at"], self.run_id, self.path)


def find(settings: Settings, run_id: str | None) -> Path:
    """The folder of a release; without a run the current one's.

    Raises:
        ConfigurationError: there is no such release.
    """
    releases = settings.home / "releases"
    if run_id is None:
        if not (releases / "current").exists():
            raise ConfigurationError(
                f"There is no current release under {settings.home}: make one with `vha run`, or name a run."
            )
        return (releases / "current").resolve()
    folders = {path.name: path for path in releases.glob("[!.]*") if path.is_dir() and not path.is_symlink()}
    if run_id not in folders:
        raise ConfigurationError(
            f"There is no release {run_id!r} under {releases}: `ls {releases}` lists them."
        )
    return folders[run_id]


def read(path: Path) -> Subject | Difference:
    """The release in a folder; a difference if its manifest cannot be understood."""
    try:
        text = (path / MANIFEST).read_text()
        manifest = json.loads(text)
        for key, kind in _KINDS.items():
            if not isinstance(manifest[key], kind):
                return Difference(f"{MANIFEST} {key}", f"a {kind.__name__}", "another kind of value")
        return Subject(path, manifest, text, date.fromisoformat(manifest["as_of"]))
    except FileNotFoundError:
        found = "no such file"
    except KeyError as error:
        found = f"none with the key {error.args[0]}"
    except (ValueError, TypeError):
        found = "a text that cannot be read as one"
    return Difference(MANIFEST, "a release's manifest", found)
