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

from vha.publish.candidate import canonical_json, sha256_of
from vha.publish.manifest import ASSESSMENT, OVERSIGHT
from vha.publish.releases import Release, all_releases
from vha.settings import Settings
from vha.warehouse.connect import connect

QUARTERLY = (
    "special_category_breakdown",
    "special_category_cross",
    "special_category_completeness",
    "ethnicity_agreement",
    "disproportionality",
    "list_trend",
    "what_if",
    "feedback",
)
"""The published tables that change only when a quarter closes."""

_DATABASE_TABLES = {
    ASSESSMENT: (
        *("assessment_list", "score_contributions", "quarantine", "list_movements"),
        *("group_counts", "table_profiles"),
    ),
    OVERSIGHT: ("quality_checks", *QUARTERLY, "disclosure_audit"),
}

# Releases of before these tables existed have none of them, and are whole all the same.
_LATER = {
    "table_profiles",
    "list_movements",
    "group_counts",
    "disclosure_audit",
    *(table for table in QUARTERLY if table != "special_category_completeness"),
}

_VARIANT_FIGURES = {
    "run_id": "varchar",
    "period": "varchar",
    "variant": "varchar",
    "measure": "varchar",
    "characteristic": "varchar",
    "group_code": "varchar",
    "value": "decimal(18, 4)",
    "status": "varchar",
}

# Every table begins with run_id, whether or not the published table has that column.
HISTORY: Mapping[str, Mapping[str, str]] = {
    "assessment_list": {
        "run_id": "varchar",
        "as_of_date": "date",
        "rank": "bigint",
        "nominal_id": "varchar",
        "total_score": "decimal(18, 4)",
        "crime_score": "decimal(18, 4)",
        "intelligence_score": "decimal(18, 4)",
        "crime_reports": "bigint",
        "latest_offence_on": "date",
        "age": "integer",
        "is_child": "boolean",
        "has_safeguarding_referral": "boolean",
        "first_listed_on": "date",
        "review_due_on": "date",
        "policy_version": "varchar",
    },
    "score_contributions": {
        "run_id": "varchar",
        "as_of_date": "date",
        "nominal_id": "varchar",
        "kind": "varchar",
        "record_ref": "varchar",
        "event_on": "date",
        "offence_code": "varchar",
        "category": "varchar",
        "crime_area": "varchar",
        "weight": "decimal(18, 4)",
        "weight_is_imputed": "boolean",
        "completed_years": "integer",
        "decay_factor": "decimal(18, 6)",
        "reliability": "decimal(18, 4)",
        "points": "decimal(18, 4)",
    },
    "quarantine": {
        "run_id": "varchar",
        "source_table": "varchar",
        "record_key": "varchar",
        "reason": "varchar",
        "effect": "varchar",
        "first_seen_run": "varchar",
    },
    "quality_checks": {
        "run_id": "varchar",
        "suite": "varchar",
        "check_name": "varchar",
        "severity": "varchar",
        "status": "varchar",
        "evaluated": "bigint",
        "unexpected": "bigint",
        "percentage": "decimal(18, 4)",
        "meaning": "varchar",
        "owner": "varchar",
    },
    "special_category_completeness": {
        "run_id": "varchar",
        "period": "varchar",
        "population_kind": "varchar",
        "characteristic": "varchar",
        "recorded": "bigint",
        "not_stated": "bigint",
        "missing": "bigint",
        "percentage_recorded": "decimal(18, 4)",
        "status": "varchar",
    },
    "special_category_breakdown": {
        "run_id": "varchar",
        "period": "varchar",
        "characteristic": "varchar",
        "group_code": "varchar",
        "people": "bigint",
        "population": "bigint",
        "percentage": "decimal(18, 4)",
        "status": "varchar",
    },
    "special_category_cross": {
        "run_id": "varchar",
        "period": "varchar",
        "ethnicity_5": "varchar",
        "age_band": "varchar",
        "sex": "varchar",
        "people": "bigint",
        "status": "varchar",
    },
    "ethnicity_agreement": {
        "run_id": "varchar",
        "period": "varchar",
        "self_defined_5": "varchar",
        "officer_observed_5": "varchar",
        "people": "bigint",
        "status": "varchar",
    },
    "disproportionality": {
        "run_id": "varchar",
        "period": "varchar",
        "characteristic": "varchar",
        "group_code": "varchar",
        "reference_group_code": "varchar",
        "stage": "varchar",
        "benchmark": "varchar",
        "people": "bigint",
        "reference_people": "bigint",
        "benchmark_people": "bigint",
        "reference_benchmark_people": "bigint",
        "rate": "decimal(18, 9)",
        "reference_rate": "decimal(18, 9)",
        "rate_ratio": "decimal(18, 3)",
        "ci_low": "decimal(18, 3)",
        "ci_high": "decimal(18, 3)",
        "bound_low": "decimal(18, 3)",
        "bound_high": "decimal(18, 3)",
        "rate_difference": "decimal(18, 9)",
        "difference_low": "decimal(18, 9)",
        "difference_high": "decimal(18, 9)",
        "status": "varchar",
        "limitation": "varchar",
    },
    "list_trend": {
        "run_id": "varchar",
        "period": "varchar",
        "as_of_date": "date",
        "measure": "varchar",
        "reason": "varchar",
        "driver": "varchar",
        "people": "bigint",
        "status": "varchar",
    },
    "what_if": _VARIANT_FIGURES,
    "feedback": _VARIANT_FIGURES,
    "list_movements": {
        "run_id": "varchar",
        "as_of_date": "date",
        "nominal_id": "varchar",
        "movement": "varchar",
        "reason": "varchar",
        "driver": "varchar",
    },
    "group_counts": {
        "run_id": "varchar",
        "period": "varchar",
        "population_kind": "varchar",
        "characteristic": "varchar",
        "group_code": "varchar",
        "people": "bigint",
        "status": "varchar",
    },
    "disclosure_audit": {
        "run_id": "varchar",
        "period": "varchar",
        "cell": "varchar",
        "lower": "bigint",
        "upper": "bigint",
        "safe": "boolean",
    },
    "table_profiles": {
        "run_id": "varchar",
        "source_table": "varchar",
        "column_name": "varchar",
        "value_code": "varchar",
        "row_count": "bigint",
    },
    "table_volumes": {
        "run_id": "varchar",
        "source_table": "varchar",
        "row_count": "bigint",
    },
    "release_register": {
        "run_id": "varchar",
        "as_of_date": "date",
        "published_at": "timestamp",
        "git_commit": "varchar",
        "inputs_hash": "varchar",
        "list_hash": "varchar",
        "sign_off_kind": "varchar",
        "policy_version": "varchar",
    },
}


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
        if not _file(history, "release_register", release.run_id).exists():
            add_release(settings, release, history)


def add_anchors(settings: Settings, history: Path) -> None:
    """Give each table of a history its columns, where it has none yet."""
    with connect(settings, Path(":memory:")) as connection:
        for table, columns in HISTORY.items():
            anchor = _file(history, table, "0")
            if not anchor.exists():
                nothing = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in columns.items())
                _write(connection, f"select {nothing} where false", anchor)


def add_release(settings: Settings, release: Release, history: Path) -> None:
    """Add to a history all that it holds of one release, from the release's own databases and manifest.

    Raises:
        duckdb.Error: a published table lacks a column of the history.
    """
    for database, tables in _DATABASE_TABLES.items():
        with connect(settings, release.path / database, read_only=True) as connection:
            present = {
                name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()
            }
            for table in tables:
                if table in _LATER - present:
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
    connection.execute(f"copy ({query}) to {_literal(unfinished)} (format parquet)")
    unfinished.replace(target)


def _literal(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"
