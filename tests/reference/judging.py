"""Bad rows: every delivered row is judged, whatever the as-of date."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cached_property

from reference.policy import Policy
from reference.records import TABLES, Row, World, date_of, latest, read_date, read_timestamp, record_key

REQUIRED_DATES = {
    "crime_report": ("committed_from",),
    "restriction": ("starts_on",),
    "safeguarding": ("opened_on",),
}
OPTIONAL_DATES = {
    "crime_report": ("committed_to",),
    "intelligence_report": ("event_on",),
    "nominal": ("date_of_birth", "deceased_on"),
    "restriction": ("ends_on",),
    "safeguarding": ("closed_on",),
}
REQUIRED_TIMESTAMPS = {
    "crime_report": ("recorded_at",),
    "crime_person": ("linked_at",),
    "intelligence_report": ("submitted_at",),
}
# Column, list of codes, whether it may be null.
CODED = {
    "crime_report": (
        ("source_system", "source_system", False),
        ("record_status", "crime_record_status", False),
        ("location_kind", "location_kind", True),
        ("outcome_code", "outcome_code", True),
    ),
    "crime_flag": (("flag", "flag", False), ("origin", "flag_origin", False)),
    "crime_person": (("link_status", "link_status", False),),
    "intelligence_report": (
        ("category", "category", False),
        ("handling_code", "handling_code", False),
        ("record_status", "intelligence_record_status", False),
    ),
    "restriction": (("reason", "restriction_reason", False),),
    "safeguarding": (("kind", "safeguarding_kind", False),),
}
ROLES = {"crime_person": "role", "intelligence_subject": "involvement"}
CHARACTERISTICS = {
    "crime_report": ("borough",),
    "nominal": (
        "sex",
        "self_defined_ethnicity",
        "officer_observed_ethnicity",
        "religion",
        "disability",
        "sexual_orientation",
    ),
}
# Grades that fit a scheme: of the source, and of the assessment.
GRADES = {"3x5x2": ("123", "ABCDE"), "5x5x5": ("ABCDE", "12345")}


@dataclass(frozen=True)
class Judged:
    row: Row
    reasons: frozenset[str]
    is_sound: bool


Quarantined = tuple[str, str, str, str]
"""Source table, record key, reason, effect."""


class Records:
    """The rows that stand, each with its verdict, and the quarantine."""

    def __init__(self, world: World, policy: Policy) -> None:
        self._policy = policy
        self.quarantine: list[Quarantined] = []
        standing: dict[str, list[Row]] = {}
        for name, table in TABLES.items():
            standing[name], passed_over = latest(table, world.get(name, ()))
            self.quarantine += [
                (table.source, record_key(table, row), "superseded", "row_out") for row in passed_over
            ]
        self._reports = {row["crime_ref"]: row for row in standing["crime_report"] if row["crime_ref"]}
        self._intelligence = {row["intel_ref"] for row in standing["intelligence_report"] if row["intel_ref"]}
        self.merged_into = {
            row["nominal_id"]: row["merged_into"] for row in standing["nominal"] if row["nominal_id"]
        }
        self.of: dict[str, list[Judged]] = {}
        for name, rows in standing.items():
            self.of[name] = [self._judged(name, row) for row in rows]

    def sound(self, name: str) -> list[Row]:
        return [judged.row for judged in self.of[name] if judged.is_sound]

    def bad_restrictions(self) -> list[Row]:
        """Those bad in anything but their person."""
        return [
            judged.row
            for judged in self.of["restriction"]
            if not judged.is_sound and judged.row["nominal_id"] in self.merged_into
        ]

    def bad_domestic_flags(self) -> list[Row]:
        """Those bad in anything but their report."""
        return [
            judged.row
            for judged in self.of["crime_flag"]
            if not judged.is_sound
            and judged.row["flag"] == "domestic"
            and judged.row["crime_ref"] in self._reports
        ]

    def fail_closed_rows(self) -> dict[str, int]:
        """Bad rows that count against listing all the same, by reason."""
        return {
            "bad_restriction": len(self.bad_restrictions()),
            "bad_domestic_flag": len(self.bad_domestic_flags()),
        }

    def _judged(self, name: str, row: Row) -> Judged:
        table = TABLES[name]
        reasons = frozenset(self._reasons(name, row))
        effects = {reason: _effect(name, reason) for reason in reasons}
        self.quarantine += [
            (table.source, record_key(table, row), reason, effect) for reason, effect in effects.items()
        ]
        return Judged(row, reasons, "row_out" not in effects.values())

    def _reasons(self, name: str, row: Row) -> Iterator[str]:
        policy, codes = self._policy, self._policy.codes
        # A key column that is null breaks no other rule.
        keyless = {column for column in TABLES[name].key if row[column] is None}
        if keyless or (name == "restriction" and row["nominal_id"] is None):
            yield "missing_key"
        if any(_is_bad_date(name, row, column) for column in row if column not in keyless):
            yield "bad_date"
        if any(
            row[column] not in codes[domain] and not (may_be_null and row[column] is None)
            for column, domain, may_be_null in CODED.get(name, ())
            if column not in keyless
        ):
            yield "invalid_code"
        if any(
            row[column] is not None and row[column] not in codes[column]
            for column in CHARACTERISTICS.get(name, ())
        ):
            yield "invalid_characteristic"
        if name in ROLES and row[ROLES[name]] is not None and row[ROLES[name]] not in codes[ROLES[name]]:
            yield "invalid_role"
        if self._names_unknown_nominal(name, row):
            yield "unknown_nominal"
        if self._names_unknown_record(name, row):
            yield "unknown_record"
        if name == "nominal" and self._is_in_circle(row["nominal_id"]):
            yield "merge_cycle"
        if name == "crime_report":
            if row["offence_code"] not in policy.offences:
                yield "unknown_offence"
            committed, recorded = read_date(row["committed_from"]), date_of(row["recorded_at"])
            if committed and recorded and committed > recorded:
                yield "committed_after_recorded"
        if name == "intelligence_report" and not _is_graded(row):
            yield "invalid_grading"
        if name == "crime_person" and self._contradicts_outcome(row):
            yield "suspect_contradicts_outcome"

    def _names_unknown_nominal(self, name: str, row: Row) -> bool:
        if name in ("crime_person", "intelligence_subject", "restriction"):
            named = row["nominal_id"]
        elif name == "nominal":
            named = row["merged_into"]
        else:
            return False
        return named is not None and named not in self.merged_into

    def _names_unknown_record(self, name: str, row: Row) -> bool:
        known: Container[str]
        match name:
            case "crime_person" | "crime_flag":
                named, known = row["crime_ref"], self._reports
            case "intelligence_subject":
                named, known = row["intel_ref"], self._intelligence
            case "intelligence_report":
                named, known = row["linked_crime_ref"], self._reports
            case "crime_report":
                named, known = row["migrated_from_ref"], self._reports
            case _:
                return False
        return named is not None and named not in known

    def _is_in_circle(self, nominal_id: str | None) -> bool:
        seen: set[str] = set()
        at = self.merged_into.get(nominal_id)
        while at is not None and at not in seen:
            if at == nominal_id:
                return True
            seen.add(at)
            at = self.merged_into.get(at)
        return False

    def _contradicts_outcome(self, row: Row) -> bool:
        if row["link_status"] != "live" or row["role"] not in ("suspect", "accused"):
            return False
        return row["crime_ref"] in self._without_suspect

    @cached_property
    def _without_suspect(self) -> set[str | None]:
        """What a bad report says of its outcome is not believed."""
        outcomes = self._policy.outcomes
        without = {code for code, outcome in outcomes.items() if outcome["suspect_identified"] == "false"}
        return {row["crime_ref"] for row in self.sound("crime_report") if row["outcome_code"] in without}


def _effect(name: str, reason: str) -> str:
    value_only = reason == "invalid_characteristic" or (name == "crime_report" and reason == "unknown_record")
    return "value_missing" if value_only else "row_out"


def _is_bad_date(name: str, row: Row, column: str) -> bool:
    value = row[column]
    if column in OPTIONAL_DATES.get(name, ()):
        return value is not None and read_date(value) is None
    if column in REQUIRED_DATES.get(name, ()):
        return read_date(value) is None
    return column in (*REQUIRED_TIMESTAMPS.get(name, ()), "updated_at") and read_timestamp(value) is None


def _is_graded(row: Row) -> bool:
    source, assessment = GRADES.get(row["grading_scheme"] or "", ("", ""))
    return (row["source_grade"] or "-") in tuple(source) and (row["assessment_grade"] or "-") in tuple(
        assessment
    )
