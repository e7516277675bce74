"""Delivered rows: their text, their dates, and the latest of duplicates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

Row = dict[str, Any]
"""Columns as text, or null."""
World = Mapping[str, Sequence[Mapping[str, Any]]]
"""Delivered rows by table; a column that a row lacks is null."""


@dataclass(frozen=True)
class Table:
    source: str
    key: tuple[str, ...]
    columns: tuple[str, ...]


def _table(source: str, columns: str, key: int) -> Table:
    names = tuple(columns.split())
    return Table(source, names[:key], (*names, "updated_at"))


# The key columns come first in each.
TABLES = {
    "crime_report": _table(
        "crime.crime_report",
        "crime_ref source_system recorded_at committed_from committed_to offence_code record_status "
        "outcome_code location_kind borough incident_ref migrated_from_ref",
        key=1,
    ),
    "crime_flag": _table("crime.crime_flag", "crime_ref flag origin", key=3),
    "crime_person": _table("crime.crime_person", "crime_ref nominal_id role link_status linked_at", key=3),
    "intelligence_report": _table(
        "intelligence.intelligence_report",
        "intel_ref submitted_at event_on category grading_scheme source_grade assessment_grade handling_code "
        "record_status linked_crime_ref",
        key=1,
    ),
    "intelligence_subject": _table(
        "intelligence.intelligence_subject", "intel_ref nominal_id involvement", key=3
    ),
    "nominal": _table(
        "person.nominal",
        "nominal_id date_of_birth sex self_defined_ethnicity officer_observed_ethnicity religion disability "
        "sexual_orientation deceased_on merged_into",
        key=1,
    ),
    "restriction": _table(
        "person.restriction", "restriction_id nominal_id record_ref reason starts_on ends_on", key=1
    ),
    "safeguarding": _table("partnership.safeguarding", "nominal_id kind opened_on closed_on", key=3),
}


def text(value: str | None) -> str | None:
    return (value or "").strip(" \t\r\n") or None


def read_date(value: str | None) -> date | None:
    """A calendar date in the contract's format from 1900 to 2100, or nothing."""
    if value is None or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2100 else None


def read_timestamp(value: str | None) -> datetime | None:
    """A timestamp in the contract's format from 1900 to 2100, or nothing."""
    if value is None or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}", value):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if 1900 <= moment.year <= 2100 else None


def date_of(value: str | None) -> date | None:
    """The date of a timestamp."""
    moment = read_timestamp(value)
    return moment and moment.date()


def record_key(table: Table, row: Row) -> str:
    return "|".join(row[column] or "" for column in table.key)


def latest(table: Table, delivered: Sequence[Mapping[str, Any]]) -> tuple[list[Row], list[Row]]:
    """The rows that stand, and the rows passed over."""
    standing: list[Row] = []
    passed_over: list[Row] = []
    versions: dict[tuple[str | None, ...], list[Row]] = {}
    for given in delivered:
        row = {column: text(given.get(column)) for column in table.columns}
        key = tuple(row[column] for column in table.key)
        if None in key:
            standing.append(row)
        else:
            versions.setdefault(key, []).append(row)
    for rows in versions.values():
        newest, *older = sorted(rows, key=lambda row: _age_of_version(table, row), reverse=True)
        standing.append(newest)
        passed_over += older
    return standing, passed_over


def _age_of_version(table: Table, row: Row) -> tuple[tuple[bool, object], ...]:
    updated_at = read_timestamp(row["updated_at"])
    others = [row[column] for column in table.columns if column not in (*table.key, "updated_at")]
    return tuple(
        (value is not None, value or "") for value in (updated_at and updated_at.isoformat(), *others)
    )
