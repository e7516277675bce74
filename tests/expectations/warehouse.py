"""A work file, made without dbt, in which every check passes; as large as wanted, to time the audit."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from vha.publish.history_tables import HISTORY
from vha.settings import PROJECT_ROOT

AS_OF = date(2026, 9, 30)
RUN_ID = "run-of-the-test"

SCHEMAS = ("landing", "history", "run", "seeds", "staging", "intermediate", "assessment", "oversight")

# Of people, of people on the list. Reports are four times as many as people.
PEOPLE, LISTED = 300, 60


def build(path: Path, people: int = PEOPLE, listed: int = LISTED) -> None:
    """Write the file, with landing tables, seeds, history and the models that checks read."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"set variable as_of = date '{AS_OF}'; set variable run_id = '{RUN_ID}'")
        connection.execute(f"set variable people = {people}; set variable listed = {listed}")
        for schema in SCHEMAS:
            connection.execute(f"create schema {schema}")
        for seed in sorted((PROJECT_ROOT / "seeds").glob("*.csv")):
            rows = f"select * from read_csv('{seed}', all_varchar = true, header = true)"
            connection.execute(f"create table seeds.{seed.stem} as {rows}")
        for table, columns in HISTORY.items():
            typed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            connection.execute(f"create table history.{table} ({typed})")
        connection.execute(Path(__file__).with_suffix(".sql").read_text())
