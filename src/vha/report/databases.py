"""The candidate's two databases: people in one, figures that identify nobody in the other."""

from __future__ import annotations

import json
from collections.abc import Mapping

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
    "code_labels": (
        "A row is what a code of the other tables stands for",
        {
            "domain": ("varchar", "The characteristic or list that the code belongs to"),
            "code": ("varchar", "The code"),
            "label": ("varchar", "What it stands for"),
            "description": ("varchar", "More about it, where there is more to say"),
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
    "accepted_failures": (
        "A row is a critical check that failed and that somebody answers for, so that it stopped nothing",
        {
            "run_id": ("varchar", "The run that was audited"),
            "suite": ("varchar", "The table that was checked"),
            "check_name": ("varchar", "The check's name within its suite"),
            "accepted_by": ("varchar", "Who answers for it"),
            "reason": ("varchar", "Why"),
            "accepted_at": ("varchar", "When, in UTC"),
        },
    ),
    "disclosure_audit": (
        "A row is a withheld number of people and what a reader could work out about it from all that is published",
        {
            "period": ("varchar", "The quarter"),
            "cell": ("varchar", "The table's characteristic, and the group in it"),
            "lower": ("bigint", "The least number possible"),
            "upper": (
                "bigint",
                "The greatest number possible; the suppression threshold stands for all above it",
            ),
            "safe": (
                "boolean",
                "Whether every small number is possible, or the number is not even known to be small",
            ),
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


_CODE_LABELS = """
    select domain, code, label, null as description
    from seeds.code_lists
    where domain in ('sex', 'religion', 'disability', 'sexual_orientation')
    union all
    select 'self_defined_ethnicity_18', code, label, null from seeds.ethnicity_codes where scheme = 'self_defined'
    union all
    select 'officer_observed_ethnicity', code, label, null
    from seeds.ethnicity_codes
    where scheme = 'officer_observed'
    union all
    select 'removal_reason', reason, replace(reason, '_', ' '), description from seeds.removal_reasons
    union all
    select 'variant', variant, label, rationale from seeds.policy_variants
    union all
    select 'stage', stage, title, description from seeds.stages
    union all
    select 'benchmark', benchmark, title, limitation from seeds.benchmarks
    union all
    select 'organisation', field, value, note from seeds.organisation
    order by all
"""


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
                create_table(oversight, table, comment, columns)
            _insert(oversight, "policy_content", work.sql("select * from run.policy_content order by all"))
            _insert(
                oversight, "disclosure_audit", work.sql("select * from run.disclosure_audit order by all")
            )
            _insert(oversight, "code_labels", work.sql(_CODE_LABELS))
            _write_quality(work, oversight, run, paths)


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
        create_table(target, table, comment, {name: (kind, text) for name, kind, text in columns})
        _insert(target, table, source.sql(f'select * from "{schema}"."{table}" order by all'))


def _write_quality(
    work: duckdb.DuckDBPyConnection, oversight: duckdb.DuckDBPyConnection, run: Run, paths: RunPaths
) -> None:
    results = {"quality_checks": paths.audit_results}
    if run.acceptance:
        results["accepted_failures"] = paths.accepted_failures
    for table, file in results.items():
        names = list(REPORT_TABLES[table][1])
        rows = [{**row, "run_id": run.run_id} for row in json.loads(file.read_text())]
        oversight.executemany(
            f"insert into {table} values ({', '.join('?' * len(names))})",
            [[row[name] for name in names] for row in rows],
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


def create_table(
    target: duckdb.DuckDBPyConnection,
    table: str,
    comment: str | None,
    columns: Mapping[str, tuple[str, str | None]],
) -> None:
    """Create a table with what it and its columns mean.

    Args:
        columns: type and meaning by name.
    """
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
