"""With what a candidate was made: the code's commit and the versions of what computes."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess

from vha.settings import PROJECT_ROOT

_PACKAGES = ("duckdb", "dbt-core", "dbt-duckdb", "great-expectations", "apache-airflow")


def git_commit() -> str:
    """The checkout's commit, with ``-dirty`` if the files differ from it; ``unknown`` without git."""
    commit, changes = _git("rev-parse", "HEAD"), _git("status", "--porcelain")
    if commit is None or changes is None:
        return "unknown"
    return f"{commit}-dirty" if changes else commit


def versions() -> dict[str, str]:
    """The versions of Python and of the packages that computed, checked and orchestrated."""
    packages = {package: importlib.metadata.version(package) for package in _PACKAGES}
    return {"python": platform.python_version(), **packages}


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=PROJECT_ROOT,
            # An installation inside somebody else's checkout has no commit of its own.
            env={**os.environ, "GIT_CEILING_DIRECTORIES": str(PROJECT_ROOT.parent)},
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
