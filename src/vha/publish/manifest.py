"""What a release says about itself: where it came from, what is in it, and the hashes to check both by."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from vha.publish import list_hash
from vha.publish.candidate import Seal
from vha.publish.sign_off import SignOff
from vha.run import Run, RunPaths
from vha.settings import Settings
from vha.warehouse.connect import connect

ASSESSMENT = "restricted/assessment.duckdb"
OVERSIGHT = "public/oversight.duckdb"


def describe(settings: Settings, run: Run, release: Path, seal: Seal, sign_off: SignOff) -> dict[str, Any]:
    """The manifest of a release, a JSON object.

    Args:
        release: the folder that holds the signed-off files.
        seal: theirs.
        sign_off: the record under which the release is published.
    """
    paths = RunPaths(settings, run.run_id)
    landing = json.loads((paths.landing / "landing.json").read_text())
    with connect(settings, paths.warehouse, read_only=True) as work:
        [(policy_version,)] = work.execute("select policy_version from run.context").fetchall()
        seeds = seed_hashes(work)
    return {
        "run_id": run.run_id,
        "as_of": run.as_of.isoformat(),
        "kind_of_data": "synthetic" if run.synthetic else "real",
        "published_at": datetime.now(UTC).isoformat(timespec="microseconds"),
        "started_by": run.started_by.partition(":")[0],
        "correction": run.correct,
        "previous_release": previous_release(settings, release, run),
        "sign_off": {
            "kind": sign_off.kind,
            "decided_at": sign_off.decided_at,
            "account": sign_off.account,
            "candidate_sha256": seal.candidate_sha256,
        },
        "accepted_failures": accepted_failures(settings, release),
        "policy_version": policy_version,
        "git_commit": seal.git_commit,
        "versions": dict(seal.versions),
        "inputs": landing["tables"],
        "seeds": seeds,
        **measure(settings, release),
        "files": dict(seal.files),
    }


def measure(settings: Settings, release: Path) -> dict[str, Any]:
    """What the databases of a release hold: the list's hash, counts of people, and each table's content."""
    with connect(settings, release / OVERSIGHT, read_only=True) as oversight:
        oversight_tables = contents(oversight, "main")
    with connect(settings, release / ASSESSMENT, read_only=True) as assessment:
        assessment_tables = contents(assessment, "main")
        hash_of_list = hash_of_the_list(assessment, "main")
        movements = dict(
            assessment.execute("select movement, count(*) from list_movements group by movement").fetchall()
        )
    return {
        "list_hash": hash_of_list,
        "counts": {
            "listed": assessment_tables["assessment_list"]["rows"],
            **{movement: movements.get(movement, 0) for movement in ("added", "removed", "kept")},
        },
        "tables": {ASSESSMENT: assessment_tables, OVERSIGHT: oversight_tables},
    }


def accepted_failures(settings: Settings, release: Path) -> list[dict[str, str]]:
    """The critical failures that somebody answers for, each with who, why and when."""
    with connect(settings, release / OVERSIGHT, read_only=True) as oversight:
        rows = oversight.execute("select * exclude (run_id) from accepted_failures order by all").fetchall()
        names = [name for name, *_ in oversight.description or ()]
    return [dict(zip(names, row, strict=True)) for row in rows]


def seed_hashes(work: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The content hash of each seed in a work file."""
    return {table: of_table["sha256"] for table, of_table in contents(work, "seeds").items()}


def hash_of_the_list(connection: duckdb.DuckDBPyConnection, schema: str) -> str:
    """The list hash of the table ``assessment_list`` in a schema."""
    columns = ", ".join(list_hash.COLUMNS)
    rows = connection.execute(f"select {columns} from {schema}.assessment_list order by rank")
    return list_hash.list_hash(rows.fetchall())


def previous_release(settings: Settings, release: Path, run: Run) -> str | None:
    """The run that the candidate's movements are measured from: the latest earlier one that it knows of."""
    with connect(settings, release / OVERSIGHT, read_only=True) as oversight:
        row = oversight.execute(
            "select run_id from release_register where as_of_date < ? "
            "order by as_of_date desc, published_at desc limit 1",
            [run.as_of],
        ).fetchone()
    return None if row is None else row[0]


def contents(connection: duckdb.DuckDBPyConnection, schema: str) -> dict[str, dict[str, Any]]:
    """:func:`content` of every table of a schema, by name."""
    tables = connection.execute(
        "select table_name from duckdb_tables() "
        "where schema_name = ? and database_name = current_database() order by table_name",
        [schema],
    ).fetchall()
    return {table: content(connection, f'"{schema}"."{table}"') for (table,) in tables}


def content(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, Any]:
    """Row count and content hash: SHA-256 of JSON lines, first the columns, then the sorted rows as text."""
    columns = [[name, kind] for name, kind, *_ in connection.execute(f"describe {table}").fetchall()]
    digest = hashlib.sha256((json.dumps(columns) + "\n").encode())
    connection.execute(f"select cast(columns(*) as varchar) from {table} order by all")
    rows = 0
    while batch := connection.fetchmany(10_000):
        rows += len(batch)
        digest.update("".join(json.dumps(row) + "\n" for row in batch).encode())
    return {"rows": rows, "sha256": digest.hexdigest()}
