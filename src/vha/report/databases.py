"""The candidate's two databases: people in one, figures that identify nobody in the other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import duckdb

from vha.publish.manifest import ASSESSMENT, OVERSIGHT
from vha.run import Run, RunPaths
from vha.settings import Settings
from vha.warehouse.connect import connect

_TREND_RUNS = 20

REPORT_TABLES = {
    "policy_content": (
        "A row is a value of a seed that scoring reads, so that the policies of two releases can be compared",
        {
            "seed": ("varchar", "The seed"),
            "row_key": ("varchar", "What names the row within it, its parts joined by |"),
            "column_name": ("varchar", "The column"),
            "value": ("varchar", "The value as text; null where the seed has none"),
        },
    ),
    "quality_checks": (
        "A row is one check of this release's audit",
        {
            "run_id": ("varchar", "The run that was audited"),
            "suite": ("varchar", "The table that was checked"),
            "check_name": ("varchar", "The check's name within its suite"),
            "severity": ("varchar", "critical: a failure stops the release; warning: it is shown"),
            "status": (
                "varchar",
                "passed, failed, or errored (could not be evaluated, which counts as failed)",
            ),
            "evaluated": ("bigint", "Rows that the rule was held against"),
            "unexpected": ("bigint", "Rows that break the rule"),
            "percentage": ("decimal(18, 4)", "Unexpected rows as a percentage of those evaluated"),
            "meaning": ("varchar", "What a failure means for people on the list"),
            "owner": ("varchar", "Who mends it"),
        },
    ),
    "quality_trend": (
        f"A row is one check of this release or of one of the {_TREND_RUNS} as-of dates released before it",
        {
            "as_of_date": ("date", "The as-of date of the release"),
            "suite": ("varchar", "The table that was checked"),
            "check_name": ("varchar", "The check's name within its suite"),
            "status": ("varchar", "passed, failed, or errored (could not be evaluated)"),
            "percentage": ("decimal(18, 4)", "Unexpected rows as a percentage of those evaluated"),
        },
    ),
}


def write_databases(settings: Settings, run: Run) -> None:
    """Write both databases of a candidate that has neither yet.

    Tables are copied from the work file's schemas ``assessment`` and ``oversight``, with their comments, and
    their rows in order.
    """
    paths = RunPaths(settings, run.run_id)
    people, figures = paths.candidate / ASSESSMENT, paths.candidate / OVERSIGHT
    people.parent.mkdir(parents=True)
    people.parent.chmod(0o700)
    figures.parent.mkdir()
    with connect(settings, paths.warehouse, read_only=True) as work:
        with connect(settings, people) as assessment:
            copy_schema(work, assessment, "assessment")
        people.chmod(0o600)
        with connect(settings, figures) as oversight:
            copy_schema(work, oversight, "oversight")
            for table, (comment, columns) in REPORT_TABLES.items():
                _create(oversight, table, comment, columns)
            _insert(oversight, "policy_content", work.sql("select * from run.policy_content order by all"))
            _write_quality(work, oversight, run, paths.audit_results)


def copy_schema(source: duckdb.DuckDBPyConnection, target: duckdb.DuckDBPyConnection, schema: str) -> None:
    """Copy a schema's tables into a database that has none of them yet: comments too, and rows in order."""
    tables = source.execute(
        "select table_name, comment from duckdb_tables() where schema_name = ? order by table_name", [schema]
    ).fetchall()
    for table, comment in tables:
        columns = source.execute(
            "select column_name, data_type, comment from duckdb_columns() "
            "where schema_name = ? and table_name = ? order by column_index",
            [schema, table],
        ).fetchall()
        _create(target, table, comment, {name: (kind, text) for name, kind, text in columns})
        _insert(target, table, source.sql(f'select * from "{schema}"."{table}" order by all'))


def _write_quality(
    work: duckdb.DuckDBPyConnection, oversight: duckdb.DuckDBPyConnection, run: Run, audit_results: Path
) -> None:
    names = list(REPORT_TABLES["quality_checks"][1])
    checks = [{**check, "run_id": run.run_id} for check in json.loads(audit_results.read_text())]
    oversight.executemany(
        f"insert into quality_checks values ({', '.join('?' * len(names))})",
        [[check[name] for name in names] for check in checks],
    )
    # A correction takes the place of the release that it corrects.
    _insert(
        oversight,
        "quality_trend",
        work.sql(
            f"""
            with corrected as (
                select run_id, as_of_date
                from history.release_register
                where as_of_date < $as_of
                qualify row_number() over (partition by as_of_date order by published_at desc) = 1
                order by as_of_date desc
                limit {_TREND_RUNS}
            )
            select as_of_date, suite, check_name, status, percentage
            from corrected
            inner join history.quality_checks using (run_id)
            order by all
            """,
            params={"as_of": run.as_of},
        ),
    )
    oversight.execute(
        "insert into quality_trend "
        "select cast(? as date), suite, check_name, status, percentage from quality_checks order by all",
        [run.as_of],
    )


def _create(
    target: duckdb.DuckDBPyConnection,
    table: str,
    comment: str | None,
    columns: Mapping[str, tuple[str, str | None]],
) -> None:
    declared = ", ".join(f'"{name}" {kind}' for name, (kind, _) in columns.items())
    target.execute(f'create table "{table}" ({declared})')
    if comment:
        target.execute(f'comment on table "{table}" is {_literal(comment)}')
    for name, (_, text) in columns.items():
        if text:
            target.execute(f'comment on column "{table}"."{name}" is {_literal(text)}')


def _insert(target: duckdb.DuckDBPyConnection, table: str, rows: duckdb.DuckDBPyRelation) -> None:
    target.register("rows", rows.to_arrow_reader())
    target.execute(f'insert into "{table}" select * from rows')
    target.unregister("rows")


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
