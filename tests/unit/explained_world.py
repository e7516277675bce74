"""Released worlds in which one person is on the list, one in the sources only, and others beside them in every record.

The databases are made directly, from numbers computed by hand; nothing is built by dbt.
"""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from factory import World
from scratch_run import approve, make_run

from vha.audit.binding import bind, work_file_hash
from vha.extract.contract import TABLES
from vha.publish.release import publish
from vha.report import assemble
from vha.run import Run, RunPaths
from vha.settings import Settings
from vha.warehouse.connect import connect
from vha.warehouse.seeds import SEEDS, policy_content

AS_OF = date(2026, 9, 30)
LISTED, MERGED_IN = "SYN-11111111", "SYN-11111112"
KNOWN = "SYN-22222222"
"""In the sources and on no list."""
OTHERS = ("SYN-91919191", "SYN-92929292", "SYN-93939393", "SYN-94949494")
"""In the same reports; nothing about LISTED may name them."""
UNKNOWN = "SYN-00000000"

# Weights: 5D 1095 (imputed), 34B 438.4505. What is left: 1, then 4/9 of it, then 2/3.
CONTRIBUTIONS: list[tuple[Any, ...]] = [
    ("crime", "CR-1", "2026-02-01", "5D", None, "serious violence", 1095, True, 0, 1, None, 1095),
    ("crime", "CR-2", "2024-02-29", "5D", None, "serious violence", 1095, True, 2, "0.444444", None, "486.6667"),
    ("crime", "CR-3", "2025-09-30", "34B", None, "knife crime", "438.4505", False, 1, "0.666667", None, "292.3003"),
    ("intelligence", "IR-1", "2026-07-27", None, "knife_carrying", "knife crime", 273.75, False, 0, 1, 0.3, 82.125),
    ("intelligence", "IR-2", "2026-04-28", None, "firearm_supply", "gun crime", 1460, False, 0, 1, 1, 1460),
    ("intelligence_cap", "cap", None, None, None, None, None, None, None, None, None, "-605.1415"),
]  # fmt: skip
LISTING = (
    1,
    LISTED,
    "2810.9505",
    "1873.967",
    "936.9835",
    3,
    "2026-02-01",
    17,
    True,
    True,
    "2026-03-31",
    "2026-10-30",
)


def make_explained(
    settings: Settings, run_id: str = "run-1", as_of: date = AS_OF, *, listed: bool = True, **options: Any
) -> Run:
    """A release, from the fixture's landing and marts through the real report and publishing."""
    run = make_run(settings, run_id, as_of, **options)
    paths = RunPaths(settings, run_id)
    _land(paths, sources())
    _build(settings, paths, run, listed=listed)
    bind(paths, work_file_hash(paths))
    assemble(settings, run)
    approve(settings, run)
    publish(settings, run)
    return run


def sources() -> World:
    """What was delivered: every record of LISTED has others in it."""
    world = World()
    for person in (LISTED, KNOWN, *OTHERS):
        world.nominal(person)
    world.nominal(MERGED_IN, merged_into=LISTED)
    world.nominal(LISTED, merged_into=OTHERS[3], updated_at="2025-01-01 00:00:00")  # superseded, and wrong
    for ref in ("CR-1", "CR-2", "CR-3", "CR-4", "CR-5"):
        world.report(ref)
        world.flag(ref)
        for other, role in zip(OTHERS, ("suspect", "victim", "witness", "accused"), strict=True):
            world.link(ref, other, role=role)
    world.link("CR-1", f" {LISTED}\t")
    world.link("CR-2", MERGED_IN)
    world.link("CR-3", LISTED)
    world.link("CR-4", LISTED, role="victim")
    world.link("CR-5", KNOWN, role="witness")
    for ref in ("IR-1", "IR-2"):
        world.intelligence(ref)
        world.subject(ref, LISTED)
        for other in OTHERS:
            world.subject(ref, other, involvement="associate")
    world.restriction("R-1", LISTED, record_ref="CR-9")
    world.restriction("R-2", OTHERS[0], record_ref="CR-1")
    world.referral(LISTED)
    world.referral(OTHERS[1])
    return world


def _land(paths: RunPaths, world: World) -> None:
    for table in TABLES:
        rows = world.tables[table.name]
        columns: dict[str, Any] = {"landing_row": pa.array(range(1, len(rows) + 1), pa.int64())}
        for column in table.columns:
            columns[column.name] = pa.array([row.get(column.name) for row in rows], pa.string())
        file = paths.landing / f"{table.path}.parquet"
        file.parent.mkdir(exist_ok=True)
        pq.write_table(pa.table(columns), file)


def _build(settings: Settings, paths: RunPaths, run: Run, *, listed: bool) -> None:
    """Other marts in the place of the scratch run's."""
    other = OTHERS[2]
    with connect(settings, paths.warehouse) as work:
        for table in (
            "assessment_list",
            "score_contributions",
            "quarantine",
            "list_movements",
            "review_queue",
        ):
            work.execute(f"delete from assessment.{table}")
        for person in (LISTED, other) if listed else (other,):
            place = (1 if person == LISTED else 2, person, *LISTING[2:])
            policy = ("abc123abc123", run.run_id)
            _insert(work, "assessment.assessment_list", [(run.as_of, *place, *policy)])
            _insert(
                work, "assessment.score_contributions", [(run.as_of, person, *row) for row in CONTRIBUTIONS]
            )
            _insert(work, "assessment.list_movements", [(run.as_of, person, "added", None, None)])
            _insert(work, "assessment.review_queue", [(run.as_of, person, "suspect_and_victim")])
        if not listed:
            _insert(work, "assessment.list_movements", [(run.as_of, LISTED, "removed", None, None)])
        _insert(
            work,
            "assessment.quarantine",
            [
                ("crime.crime_person", f"CR-8|{LISTED}|suspect", "unknown_record", "row_out", run.run_id),
                ("crime.crime_person", f"CR-1|{other}|suspect", "invalid_code", "row_out", run.run_id),
                ("crime.crime_report", "CR-4", "bad_date", "row_out", run.run_id),
                ("crime.crime_report", "CR-5", "bad_date", "row_out", run.run_id),
            ],
        )
        work.execute("delete from run.policy_content")
        _insert(work, "run.policy_content", list(policy_content()))
        work.execute(
            "create or replace table oversight.policy_register (parameter varchar, value varchar, unit varchar, "
            "basis varchar, source varchar, rationale varchar, effective_from date, policy_version varchar)"
        )
        with (SEEDS / "policy.csv").open(newline="") as lines:
            names = ("parameter", "value", "unit", "basis", "source", "rationale", "effective_from")
            register = [(*(row[name] for name in names), "abc123abc123") for row in csv.DictReader(lines)]
        _insert(work, "oversight.policy_register", register)
        work.execute("create schema intermediate")
        work.execute("create table intermediate.int_survivors (nominal_id varchar, survivor_id varchar)")
        survivors = [(person, person) for person in (LISTED, KNOWN, *OTHERS)]
        _insert(work, "intermediate.int_survivors", [*survivors, (MERGED_IN, LISTED)])
        work.execute(
            "create table intermediate.int_intelligence_reports_judged "
            "(intel_ref varchar, grading_scheme varchar, source_grade varchar, assessment_grade varchar)"
        )
        grades = [("IR-1", "3x5x2", "2", "B"), ("IR-2", "5x5x5", "A", "1")]
        _insert(work, "intermediate.int_intelligence_reports_judged", grades)


def _insert(work: Any, table: str, rows: list[tuple[Any, ...]]) -> None:
    work.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)


def uses(settings: Settings) -> list[dict[str, Any]]:
    """The access log, line by line."""
    file = settings.home / "access_log" / "access.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def every_byte(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
