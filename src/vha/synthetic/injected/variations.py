"""Ten faults whose table, column and size are left to chance: no check was written against any of them."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from vha.synthetic.chance import DAY, chance
from vha.synthetic.injected.earlier import as_it_was
from vha.synthetic.injected.edits import Change, blank, cut, put, shifted, whole
from vha.synthetic.injected.fault import ANY_CHECK, Delivery, Fault, Inject, Magnitude, days, share

CODED = (
    ("crime_report", "source_system"),
    ("crime_report", "record_status"),
    ("crime_report", "location_kind"),
    ("crime_report", "borough"),
    ("crime_flag", "flag"),
    ("crime_flag", "origin"),
    ("crime_person", "role"),
    ("crime_person", "link_status"),
    ("intelligence_report", "category"),
    ("intelligence_report", "source_grade"),
    ("intelligence_report", "record_status"),
    ("intelligence_subject", "involvement"),
    ("nominal", "sex"),
    ("nominal", "self_defined_ethnicity"),
    ("nominal", "officer_observed_ethnicity"),
    ("nominal", "religion"),
    ("restriction", "reason"),
    ("safeguarding", "kind"),
)
OPTIONAL = (
    ("crime_report", "committed_to"),
    ("crime_report", "outcome_code"),
    ("crime_report", "borough"),
    ("crime_report", "incident_ref"),
    ("intelligence_report", "event_on"),
    ("intelligence_report", "linked_crime_ref"),
    ("nominal", "officer_observed_ethnicity"),
    ("nominal", "religion"),
    ("nominal", "disability"),
    ("nominal", "sexual_orientation"),
    ("restriction", "record_ref"),
    ("restriction", "ends_on"),
    ("safeguarding", "closed_on"),
)
DATED = (
    ("crime_report", "committed_from"),
    ("crime_report", "committed_to"),
    ("intelligence_report", "event_on"),
    ("nominal", "date_of_birth"),
    ("restriction", "starts_on"),
    ("safeguarding", "opened_on"),
)
KEYS = (
    ("crime_flag", "crime_ref"),
    ("crime_person", "crime_ref"),
    ("crime_person", "nominal_id"),
    ("intelligence_report", "intel_ref"),
    ("intelligence_subject", "nominal_id"),
    ("nominal", "nominal_id"),
    ("safeguarding", "nominal_id"),
)
BIG = ("crime_report", "crime_flag", "crime_person", "intelligence_report", "intelligence_subject", "nominal")
GROWING = ("crime_report", "crime_flag", "crime_person", "intelligence_report", "intelligence_subject")


def _any_column(columns: tuple[tuple[str, str], ...], change: Callable[[Delivery], Change]) -> Inject:
    def inject(delivery: Delivery) -> str:
        table, column = columns[int(delivery.rng.integers(len(columns)))]
        rows = delivery.tables[table]
        size = delivery.magnitude if delivery.magnitude <= 1 else 1.0
        chosen = chance(delivery.rng, size, rows.num_rows)
        delivery.tables[table] = put(rows, column, chosen, change(delivery)(whole(rows[column])))
        return f"{table}.{column} is wrong in {chosen.sum():,} of {rows.num_rows:,} rows"

    return inject


def _commonest(values: pa.Array) -> pa.Array:
    counts = pc.value_counts(values.drop_null()).to_pylist()
    code = max(counts, key=lambda entry: (entry["counts"], entry["values"]))["values"]
    return pa.array([code] * len(values))


def _rows_lost(delivery: Delivery) -> str:
    table = BIG[int(delivery.rng.integers(len(BIG)))]
    rows = delivery.tables[table]
    lost = chance(delivery.rng, delivery.magnitude, rows.num_rows)
    delivery.tables[table] = rows.filter(pa.array(~lost))
    return f"{table} lacks {lost.sum():,} of {rows.num_rows:,} rows"


def _rows_again(delivery: Delivery) -> str:
    table = BIG[int(delivery.rng.integers(len(BIG)))]
    rows = delivery.tables[table]
    again = rows.filter(pa.array(chance(delivery.rng, delivery.magnitude, rows.num_rows)))
    delivery.tables[table] = pa.concat_tables([rows, again])
    return f"{again.num_rows:,} of {rows.num_rows:,} rows of {table} come twice"


def _stale(delivery: Delivery) -> str:
    table = GROWING[int(delivery.rng.integers(len(GROWING)))]
    day = delivery.today - int(delivery.magnitude) * DAY
    delivery.tables[table] = as_it_was(delivery.tables, table, day)
    return f"{table} is that of {delivery.magnitude:.0f} days ago"


def _first_of_january(delivery: Delivery) -> str:
    rows = delivery.tables["nominal"]
    chosen = chance(delivery.rng, delivery.magnitude, rows.num_rows)
    years = pc.utf8_slice_codeunits(whole(rows["date_of_birth"]), 0, 4)
    values = pc.binary_join_element_wise(years, "-01-01", "")
    delivery.tables["nominal"] = put(rows, "date_of_birth", chosen, values)
    return f"{chosen.sum():,} people are born on the first of January of their year"


def _variation(name: str, story: str, magnitude: Magnitude, inject: Inject) -> Fault:
    harm = "It depends on what is hit; whatever it is, nobody looked for it."
    return Fault(name, "anything", story, harm, "warning", ANY_CHECK, magnitude, inject)


VARIATIONS = (
    _variation(
        "some_column_blanked",
        "Any column that may be empty is, for some of the rows.",
        share(0.4, 1.0, "of the rows"),
        _any_column(OPTIONAL, lambda _: blank),
    ),
    _variation(
        "some_column_defaulted",
        "Any column of codes has its commonest code, for some of the rows.",
        share(0.5, 1.0, "of the rows"),
        _any_column(CODED, lambda _: _commonest),
    ),
    _variation(
        "some_codes_recased",
        "Any column of codes changes between capitals and small letters.",
        share(0.3, 1.0, "of the rows"),
        _any_column(CODED, lambda _: pc.utf8_swapcase),
    ),
    _variation(
        "some_dates_shifted",
        "Any column of dates is years too early.",
        days(400, 1500),
        _any_column(DATED, lambda delivery: lambda v: shifted(v, -int(delivery.magnitude))),
    ),
    _variation(
        "some_key_cut",
        "Any column of references loses its last characters.",
        days(2, 5, "characters lost"),
        _any_column(KEYS, lambda delivery: cut(int(delivery.magnitude))),
    ),
    _variation(
        "some_key_of_another_system",
        "Any column of references holds another system's numbers, in some of the rows.",
        share(0.1, 0.9, "of the rows"),
        _any_column(KEYS, lambda _: lambda v: pc.replace_substring_regex(v, "^[A-Z]+-", "ZZ-")),
    ),
    _variation(
        "some_rows_lost",
        "Any of the large tables lacks rows here and there.",
        share(0.15, 0.6, "of the rows"),
        _rows_lost,
    ),
    _variation(
        "some_rows_twice",
        "Any of the large tables has rows twice here and there.",
        share(0.1, 0.9, "of the rows"),
        _rows_again,
    ),
    _variation(
        "some_table_stale",
        "Any of the tables that grow daily is an old one.",
        days(10, 60, "days old"),
        _stale,
    ),
    _variation(
        "birthdays_rounded",
        "Dates of birth come as years, and the export fills in the first of January.",
        share(0.3, 1.0, "of the people"),
        _first_of_january,
    ),
)
