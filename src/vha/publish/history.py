"""The published history: what later runs compare themselves with, a Parquet file per table and release.

A release counts only once it is in ``release_register``, on which every reader joins and which is written
last: a history that was interrupted half-way is invisible, and writing it again replaces the same files.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from vha.files import canonical_json, sha256_of
from vha.publish.history_tables import DATABASE_TABLES, HISTORY, LATER
from vha.publish.releases import Release, all_releases
from vha.settings import Settings
from vha.warehouse.connect import connect


def ensure_history(settings: Settings) -> None:
    """Bring the history up to the releases: the empty anchors, and what a release still lacks.

    The anchor ``history/<table>/0.parquet`` gives each table its columns before there is a release.

    Raises:
        duckdb.Error: a published table lacks a column of the history.
    """
    history = settings.home / "history"
    settings.home.mkdir(parents=True, exist_ok=True)
    history.mkdir(mode=0o700, exist_ok=True)
    add_anchors(settings, history)
    for release in all_releases(settings):
        # Every file: without one table of an earlier release the audit would have less to compare with, unnoticed.
        if not all(_file(history, table, release.run_id).exists() for table in HISTORY):
            add_release(settings, release, history)


def add_anchors(settings: Settings, history: Path) -> None:
    """Give each table of a history its columns, where it has none yet."""
    with connect(settings, Path(":memory:")) as connection:
        for table in HISTORY:
            anchor = _file(history, table, "0")
            if not anchor.exists():
                _write(connection, _no_rows(table), anchor)


def add_release(settings: Settings, release: Release, history: Path) -> None:
    """Add to a history all that it holds of one release, from the release's own databases and manifest.

    Raises:
        duckdb.Error: a published table lacks a column of the history.
    """
    for database, tables in DATABASE_TABLES.items():
        with connect(settings, release.path / database, read_only=True) as connection:
            present = {
                name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()
            }
            for table in tables:
                if table in LATER - present:
                    _write(connection, _no_rows(table), _file(history, table, release.run_id))
                    continue
                typed = [f"cast({name} as {kind}) as {name}" for name, kind in HISTORY[table].items()]
                run_id = f"{_literal(release.run_id)} as run_id"
                query = f"select {', '.join([run_id, *typed[1:]])} from {table} order by all"
                _write(connection, query, _file(history, table, release.run_id))
    manifest = json.loads((release.path / "manifest.json").read_text())
    volumes = [
        {"source_table": table.replace("/", "."), "row_count": landed["rows"]}
        for table, landed in sorted(manifest["inputs"].items())
    ]
    register = {
        "as_of_date": manifest["as_of"],
        "published_at": manifest["published_at"].removesuffix("+00:00"),
        "git_commit": manifest["git_commit"],
        "inputs_hash": inputs_hash(manifest["inputs"]),
        "list_hash": manifest["list_hash"],
        "sign_off_kind": manifest["sign_off"]["kind"],
        "policy_version": manifest["policy_version"],
    }
    with connect(settings, Path(":memory:")) as connection:
        for table, rows in {"table_volumes": volumes, "release_register": [register]}.items():
            selects = [_select({"run_id": release.run_id, **row}, HISTORY[table]) for row in rows]
            _write(connection, " union all ".join(selects), _file(history, table, release.run_id))


def _no_rows(table: str) -> str:
    nothing = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in HISTORY[table].items())
    return f"select {nothing} where false"


def _select(row: Mapping[str, object], columns: Mapping[str, str]) -> str:
    return "select " + ", ".join(
        f"cast({_literal(row[name])} as {kind}) as {name}" for name, kind in columns.items()
    )


def inputs_hash(inputs: Mapping[str, Mapping[str, Any]]) -> str:
    """One hash for all landed tables together: of their names and SHA-256, in canonical JSON."""
    return sha256_of(canonical_json({table: landed["sha256"] for table, landed in inputs.items()}))


def _file(history: Path, table: str, name: str) -> Path:
    return history / table / f"{name}.parquet"


def _write(connection: duckdb.DuckDBPyConnection, query: str, target: Path) -> None:
    target.parent.mkdir(mode=0o700, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        connection.execute(f"copy ({query}) to {_literal(unfinished)} (format parquet)")
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)  # it is there still if the disk is full


def _literal(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"
