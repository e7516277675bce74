"""The one place where DuckDB files are opened, so that encryption at rest has one place to come in."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from vha.errors import BuildError
from vha.settings import Settings

QUIET = "set enable_progress_bar = false"
"""What each new connection is told: started as a task, DuckDB takes the log for a terminal and draws in it."""


def connect(settings: Settings, path: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file within the installation's limits of threads and memory.

    Raises:
        BuildError: the file is damaged.
        duckdb.IOException: another process holds it, or there is none to read.
    """
    try:
        connection = duckdb.connect(str(path), read_only=read_only, config=options(settings))
    except duckdb.IOException as error:
        if not re.search("not a valid DuckDB database|Could not read enough bytes", str(error)):
            raise
        raise BuildError(
            f"{path} is cut short or damaged: bring it back from a copy, or start a new run, "
            "and find out what happened to it."
        ) from None
    connection.execute(QUIET)
    return connection


def options(settings: Settings) -> dict[str, str | bool | int | float | list[str]]:
    """DuckDB's settings, for :func:`connect` and for libraries that open the file themselves."""
    return {
        "threads": settings.duckdb_threads,
        "memory_limit": settings.duckdb_memory,
        # Nothing is ever downloaded at run time: an extension that is needed is a locked dependency.
        "autoinstall_known_extensions": False,
    }


def sqlalchemy_url(path: Path) -> str:
    """The address of a DuckDB file for libraries that connect through SQLAlchemy."""
    return f"duckdb:///{path}"
