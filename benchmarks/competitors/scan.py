"""What reading cannot go below: every column that the list needs is read once, and links grouped by person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb

from vha.extract.contract import TABLES
from vha.publish.list_hash import Value

COLUMNS = {
    "crime/crime_report": "crime_ref recorded_at committed_from committed_to offence_code record_status outcome_code "
    "location_kind source_system migrated_from_ref updated_at",
    "crime/crime_flag": "crime_ref flag origin updated_at",
    "crime/crime_person": "crime_ref role link_status linked_at updated_at",
    "intelligence/intelligence_report": "intel_ref submitted_at event_on category grading_scheme source_grade "
    "assessment_grade handling_code record_status linked_crime_ref updated_at",
    "intelligence/intelligence_subject": "intel_ref involvement updated_at",
    "person/nominal": "date_of_birth deceased_on merged_into updated_at",
    "person/restriction": "record_ref starts_on ends_on updated_at",
    "partnership/safeguarding": "kind opened_on closed_on updated_at",
}


def assess(landing: Path, policy: Path, as_of: date, work: Path, memory: str) -> Sequence[Sequence[Value]]:
    """No list: nothing is judged, joined or scored."""
    connection = duckdb.connect(config={"threads": 2, "memory_limit": memory, "temp_directory": str(work)})
    for table, columns in COLUMNS.items():
        # Of each text its length alone: DuckDB would keep every person's least text outside of its memory limit.
        longest = ", ".join(f"max(strlen({column})) as {column}" for column in columns.split())
        by = "group by nominal_id" if "nominal_id" in _columns_of(table) else ""
        # The outer select asks for everything, or the optimiser would read nothing.
        connection.execute(
            f"select max(columns(*)) from (select {longest} from '{landing / table}.parquet' {by})"
        )
    return []


def _columns_of(path: str) -> list[str]:
    return next([column.name for column in table.columns] for table in TABLES if table.path == path)
