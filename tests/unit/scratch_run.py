"""A run as its earlier steps leave it, without running them: landing, work file, audit results and pages."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

from vha.audit.binding import bind, work_file_hash
from vha.publish import sign_off
from vha.publish.candidate import read_seal
from vha.publish.history import ensure_history
from vha.publish.history_tables import HISTORY, QUARTERLY
from vha.publish.release import publish
from vha.report import assemble
from vha.run import Run, RunPaths
from vha.settings import Settings
from vha.warehouse.connect import connect

MARKED_PERSON = "SYN-MARKED-4711"
MARKED_RECORD = "CR-MARKED-0815"

POLICY = {"keep_landings": "7", "suppression_threshold": "10", "rounding_base": "5"}

# Rank, person, and the rest of COLUMNS of the list hash.
LISTED: list[tuple[Any, ...]] = [
    (1, MARKED_PERSON, "5430.1200", "5000.1200", "430.0000", 4, date(2026, 8, 1), 17, True, False),
    (2, "SYN-0000002", "900.0001", "900.0001", "0.0000", 3, date(2026, 7, 31), 44, False, True),
]

CHECKS = [
    {
        "suite": "assessment_list",
        "check_name": "ranks_are_unique",
        "severity": "critical",
        "status": "passed",
        "evaluated": 100,
        "unexpected": 0,
        "percentage": 0.0,
        "meaning": "Two people would share a place.",
        "owner": "analytics",
    },
    {
        "suite": "nominal",
        "check_name": "ethnicity_is_recorded",
        "severity": "warning",
        "status": "failed",
        "evaluated": 2000,
        "unexpected": 1234,
        "percentage": 61.7,
        "meaning": "Figures by ethnicity <rest> on fewer people than they should.",
        "owner": "data quality",
    },
]

STATIC_DOCS = (
    '<!doctype html><html><head><title>dbt Docs</title><link rel="shortcut icon" href="${x}"/></head>'
    '<body><script>var n={manifest: {"metadata": {"dbt_version": "1"}, "nodes": {}},'
    'catalog:{"metadata": {"dbt_version": "1"}, "nodes": {}}};</script></body></html>'
)


def settings_at(home: Path) -> Settings:
    return Settings.from_environment({"VHA_HOME": str(home), "VHA_THREADS": "1", "VHA_MEMORY_LIMIT": "512MB"})


def make_run(
    settings: Settings,
    run_id: str,
    as_of: date,
    *,
    correct: str | None = None,
    checks: list[dict[str, Any]] = CHECKS,
    synthetic: bool = True,
) -> Run:
    """Everything up to the audit; the release register is what the history holds at this moment."""
    run = Run(run_id, as_of, synthetic=synthetic, started_by="os:starter", correct=correct)
    run.save(settings)
    paths = RunPaths(settings, run_id)
    _land(paths, run)
    ensure_history(settings)
    _build(settings, paths, run)
    paths.audit_results.write_text(json.dumps(checks))
    (paths.data_docs / "suites").mkdir(parents=True)
    (paths.data_docs / "index.html").write_text("<p>Checks</p>")
    (paths.data_docs / "suites" / "nominal.html").write_text("<p>Nominal</p>")
    bind(paths, work_file_hash(paths))
    paths.dbt_target.mkdir()
    (paths.dbt_target / "static_index.html").write_text(STATIC_DOCS)
    return run


def approve(settings: Settings, run: Run, decision: sign_off.Decision = "approved") -> None:
    candidate = read_seal(settings, run).candidate_sha256
    kind: sign_off.Kind = "automatic_synthetic" if run.synthetic else "approval"
    sign_off.record(settings, run, candidate, decision, kind, "os:approver", "A test.")


def make_candidate(settings: Settings, run_id: str, as_of: date, **options: Any) -> Run:
    """A run that is assembled and approved, ready to be published."""
    run = make_run(settings, run_id, as_of, **options)
    assemble(settings, run)
    approve(settings, run)
    return run


def make_release(settings: Settings, run_id: str, as_of: date, **options: Any) -> Run:
    run = make_candidate(settings, run_id, as_of, **options)
    publish(settings, run)
    return run


def tree_of(folder: Path) -> dict[str, str]:
    """Every file and link below a folder with its content, to compare before and after."""
    return {
        path.relative_to(folder).as_posix(): (
            f"-> {path.readlink()}" if path.is_symlink() else hashlib.sha256(path.read_bytes()).hexdigest()
        )
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def _land(paths: RunPaths, run: Run) -> None:
    tables = {}
    for table, content, rows in (("crime/crime_report", b"reports", 3), ("person/nominal", b"nominals", 2)):
        delivered = paths.landing / f"{table}.parquet"
        delivered.parent.mkdir(parents=True)
        delivered.write_bytes(content)
        (delivered.parent / "marker.json").write_text("null\n")
        sha256 = hashlib.sha256(content).hexdigest()
        tables[table] = {"rows": rows, "sha256": sha256, "bytes": len(content)}
    record = {"run_id": run.run_id, "synthetic": run.synthetic, "marker": None, "tables": tables}
    (paths.landing / "landing.json").write_text(json.dumps(record, indent=2) + "\n")


def _build(settings: Settings, paths: RunPaths, run: Run) -> None:
    with connect(settings, paths.warehouse) as work:
        for schema in ("history", "run", "seeds", "assessment", "oversight"):
            work.execute(f"create schema {schema}")
        work.execute("set variable run_id = $1", [run.run_id])
        work.execute("set variable as_of = $1", [run.as_of])
        for table in HISTORY:
            files = settings.home / "history" / table / "*.parquet"
            work.execute(f"create view history.{table} as select * from read_parquet('{files}')")
        work.execute(SEEDS)
        for table in (
            "assessment_list",
            "score_contributions",
            "quarantine",
            "group_counts",
            "table_profiles",
        ):
            work.execute(f"create table assessment.{table} ({_columns(table)})")
        work.execute("alter table assessment.assessment_list add column run_id varchar")
        # Delivered in the wrong order: the report has to put it right.
        work.executemany(
            f"insert into assessment.assessment_list values (getvariable('as_of'), {', '.join('?' * 10)}, "
            "getvariable('as_of'), getvariable('as_of'), 'abc123abc123', getvariable('run_id'))",
            LISTED[::-1],
        )
        for table in QUARTERLY:
            work.execute(f"create table oversight.{table} ({_columns(table)})")
        work.execute(MARTS)


def _columns(table: str) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in HISTORY[table].items() if name != "run_id")


COMPLETENESS = "special_category_completeness"

SEEDS = f"""
create table run.context as
select getvariable('run_id') as run_id, 'abc123abc123' as policy_version, getvariable('as_of') as as_of_date;

create table run.assessment as
select 'release' as assessment, getvariable('as_of') as as_of_date, cast(null as varchar) as closes_period;

create table seeds.policy (parameter varchar, value varchar);
insert into seeds.policy values {", ".join(str(item) for item in POLICY.items())};
create view seeds.code_lists as select 'sex' as domain, 'F' as code, 'Female' as label;
create view seeds.ethnicity_codes as select 'W1' as code, 'White - British' as label, 'self_defined' as scheme;
create view seeds.removal_reasons as select 'deceased' as reason, 'The person has died.' as description;
create view seeds.policy_variants as select 'charged_only' as variant, 'Charged only' as label, 'Why' as rationale;
create view seeds.stages as select 'listed' as stage, 'Listed' as title, 'On the list.' as description;
create view seeds.organisation as select 'team' as field, 'A team' as value, 'Who runs the tool.' as note;
create view seeds.benchmarks as select 'residents' as benchmark, 'Residents' as title, 'Weak' as limitation;

create table run.disclosure_audit (period varchar, cell varchar, lower bigint, upper bigint, safe boolean);

create table run.policy_content as
select 'policy' as seed, parameter as row_key, 'value' as column_name, value from seeds.policy;
"""

MARTS = f"""
comment on table assessment.assessment_list is 'A row is a person''s place';
comment on column assessment.assessment_list.nominal_id is 'The person';

insert into assessment.score_contributions
select
    as_of_date, nominal_id, 'crime', '{MARKED_RECORD}', latest_offence_on, '1', null, 'homicide', 1, false,
    0, 1, null, total_score
from assessment.assessment_list;

insert into assessment.quarantine
values ('crime.crime_report', '{MARKED_RECORD}', 'bad_date', 'row_out', getvariable('run_id'));

create table assessment.list_movements as
select
    as_of_date, nominal_id, case when rank = 1 then 'added' else 'kept' end as movement,
    cast(null as varchar) as reason, cast(null as varchar) as driver
from assessment.assessment_list;

create table assessment.review_queue as
select as_of_date, nominal_id, 'suspect_and_victim' as reason
from assessment.assessment_list
where is_child;

create table oversight.policy_register as
select
    *, 'number' as unit, 'assumption' as basis, 'A source' as source, 'A reason' as rationale,
    date '2026-01-01' as effective_from, 'abc123abc123' as policy_version
from seeds.policy;

create table oversight.disproportionality_flags (
    period varchar, characteristic varchar, group_code varchar, stage varchar, comparisons bigint, is_flagged boolean
);

create table oversight.quarantine_counts as
select getvariable('run_id') as run_id, source_table, reason, count(*) as row_count
from assessment.quarantine
group by all;

create table oversight.release_register as
select * exclude (policy_version) from history.release_register;

insert into oversight.{COMPLETENESS} values
('2026-Q2', 'listed', 'religion', 500, 40, 765, 38.3, 'published'),
('2026-Q2', 'listed', 'sex', 1300, null, null, null, 'secondary_suppressed'),
('2026-Q1', 'listed', 'sex', 7777, 0, 0, 100, 'published');
"""
