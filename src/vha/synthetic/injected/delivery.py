"""Faults of the form of a delivery, most of which are refused before anything is built."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from vha.synthetic.injected.edits import changed, whole
from vha.synthetic.injected.fault import LAND, WHOLE, Delivery, Fault, Inject, days


def _padded(table: str) -> Inject:
    def inject(delivery: Delivery) -> str:
        rows = delivery.tables[table]
        width = int(delivery.magnitude)
        for number, column in enumerate(rows.column_names):
            padded = pc.utf8_rpad(whole(rows[column]), width, " ")
            rows = rows.set_column(number, column, padded)
        delivery.tables[table] = rows
        return f"every value of {table} is filled up to {width} characters with spaces"

    return inject


def _column_added(delivery: Delivery) -> str:
    rows = delivery.tables["nominal"]
    delivery.tables["nominal"] = rows.append_column("postcode", pa.array(["invented"] * rows.num_rows))
    return "nominal has a column postcode, which nobody asked for"


def _column_missing(delivery: Delivery) -> str:
    delivery.tables["nominal"] = delivery.tables["nominal"].drop_columns("sexual_orientation")
    return "nominal lacks the column sexual_orientation"


def _emptied(delivery: Delivery) -> str:
    delivery.tables["nominal"] = delivery.tables["nominal"].slice(0, 0)
    return "nominal has no rows"


FAULTS = (
    Fault(
        name="trailing_spaces",
        touches="crime_report",
        story="The export comes in columns of a fixed width.",
        harm="Nobody's score changes as long as every step trims; the first that does not knows no code any more.",
        severity="warning",
        caught_by="landing_text.crime_report_has_no_outer_spaces",
        magnitude=days(32, 64, "characters wide"),
        inject=_padded("crime_report"),
    ),
    Fault(
        name="column_added",
        touches="nominal",
        story="Somebody adds a column to the source, and the export takes all there are.",
        harm="Data about people travels that nobody has asked for or protected.",
        severity="critical",
        caught_by=LAND,
        magnitude=WHOLE,
        inject=_column_added,
    ),
    Fault(
        name="column_missing",
        touches="nominal",
        story="A column is dropped from the source because nobody seemed to use it.",
        harm="One characteristic disappears from every figure.",
        severity="critical",
        caught_by=LAND,
        magnitude=WHOLE,
        inject=_column_missing,
    ),
    Fault(
        name="table_emptied",
        touches="nominal",
        story="The delivery falls into the minutes in which the source is emptied and filled again.",
        harm="Nobody is known, so nobody is listed, and everybody who was is told to be removed.",
        severity="critical",
        caught_by=LAND,
        magnitude=WHOLE,
        inject=_emptied,
    ),
    Fault(
        name="dates_with_a_time",
        touches="nominal.date_of_birth",
        story="The column becomes a timestamp in the source.",
        harm="No date of birth can be read, so nobody can be listed.",
        severity="critical",
        caught_by=LAND,
        magnitude=WHOLE,
        inject=changed(
            "nominal",
            "date_of_birth",
            lambda born: pc.binary_join_element_wise(born, "00:00:00", " "),
        ),
    ),
)
