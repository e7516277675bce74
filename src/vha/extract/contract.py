"""The contract of the source systems: which tables and columns each delivers, as data.

Nothing that is not named here is ever extracted; names, addresses and free text are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "date", "timestamp"]


@dataclass(frozen=True)
class Column:
    """One column; dates are ``YYYY-MM-DD``, timestamps ``YYYY-MM-DD HH:MM:SS`` of Europe/London wall time."""

    name: str
    kind: Kind
    nullable: bool


@dataclass(frozen=True)
class Table:
    """One table of one source system.

    Attributes:
        columns: in the order of the landing file.
        primary_key: the columns that are expected to name a row; no source is relied on to enforce it.
        may_be_empty: whether a delivery of no rows is believed.
    """

    system: str
    name: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    may_be_empty: bool = False

    @property
    def path(self) -> str:
        """``system/name``: the table's name in landing paths and in messages."""
        return f"{self.system}/{self.name}"

    def names_of(self, *kinds: Kind) -> list[str]:
        """The names of the columns of these kinds, in the contract's order."""
        return [column.name for column in self.columns if column.kind in kinds]


def _table(system: str, name: str, columns: str, key: str, *, may_be_empty: bool = False) -> Table:
    """Read the notation below: ``name``, ``name:kind``, a final ``?`` where a value may be null."""
    parsed = []
    for word in f"{columns} updated_at:timestamp".split():
        column, _, kind = word.removesuffix("?").partition(":")
        assert kind in ("", "date", "timestamp"), word
        parsed.append(Column(column, kind or "text", word.endswith("?")))  # type: ignore[arg-type]
    return Table(system, name, tuple(parsed), tuple(key.split()), may_be_empty)


TABLES = (
    _table(
        "crime",
        "crime_report",
        "crime_ref source_system recorded_at:timestamp committed_from:date committed_to:date? offence_code "
        "record_status outcome_code? location_kind? borough? incident_ref? migrated_from_ref?",
        key="crime_ref",
    ),
    _table("crime", "crime_flag", "crime_ref flag origin", key="crime_ref flag origin"),
    _table(
        "crime",
        "crime_person",
        "crime_ref nominal_id role link_status linked_at:timestamp",
        key="crime_ref nominal_id role",
    ),
    _table(
        "intelligence",
        "intelligence_report",
        "intel_ref submitted_at:timestamp event_on:date? category grading_scheme source_grade "
        "assessment_grade handling_code record_status linked_crime_ref?",
        key="intel_ref",
    ),
    _table(
        "intelligence",
        "intelligence_subject",
        "intel_ref nominal_id involvement",
        key="intel_ref nominal_id involvement",
    ),
    _table(
        "person",
        "nominal",
        "nominal_id date_of_birth:date? sex? self_defined_ethnicity? officer_observed_ethnicity? religion? "
        "disability? sexual_orientation? deceased_on:date? merged_into?",
        key="nominal_id",
    ),
    _table(
        "person",
        "restriction",
        "restriction_id nominal_id record_ref? reason starts_on:date ends_on:date?",
        key="restriction_id",
        may_be_empty=True,
    ),
    _table(
        "partnership",
        "safeguarding",
        "nominal_id kind opened_on:date closed_on:date?",
        key="nominal_id kind opened_on",
        may_be_empty=True,
    ),
)


def tables_of(system: str) -> tuple[Table, ...]:
    """The tables that one system delivers."""
    return tuple(table for table in TABLES if table.system == system)
