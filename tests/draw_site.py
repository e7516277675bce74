"""Draws the site of the current release anew, to see what a change of its pages looks like and what it costs.

time .venv/bin/python tests/draw_site.py NEW_FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from vha.publish.manifest import OVERSIGHT
from vha.publish.releases import current_release, is_synthetic
from vha.report import site
from vha.run import Run
from vha.settings import Settings


def main(folder: Path) -> None:
    """Write the site into a new folder."""
    settings = Settings.from_environment()
    release = current_release(settings)
    if release is None:
        raise SystemExit("There is no release to draw the site of: make one with `make run`.")
    run = Run(release.run_id, release.as_of, is_synthetic(release), started_by="")
    site.write(settings, run, release.path / OVERSIGHT, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
