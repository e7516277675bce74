"""The few ways in which whole columns and tables are spoilt: Arrow in, Arrow out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vha.synthetic.chance import DAY, Bools, Dates, Ints, chance
from vha.synthetic.injected.fault import Delivery, Inject
from vha.synthetic.store import parsed

Change = Callable[[pa.Array], pa.Array | None]
"""From all values of a column to what they become; None for null."""

Where = Callable[[pa.Table], Bools]


def changed(table: str, column: str, change: Change, where: Where | None = None) -> Inject:
    """A fault that changes a column's values in the share of rows that is its magnitude."""

    def inject(delivery: Delivery) -> str:
        rows = delivery.tables[table]
        chosen = _has_value(rows, column) & (where(rows) if where else True)
        chosen &= chance(delivery.rng, delivery.magnitude, rows.num_rows)
        spoilt = put(rows, column, chosen, change(whole(rows[column])))
        delivery.tables[table] = spoilt
        return f"{table}.{column} is wrong in {_differing(rows, spoilt, column):,} of {rows.num_rows:,} rows"

    return inject


def kept(table: str, which: Callable[[Delivery], Bools]) -> Inject:
    """A fault that loses rows of a table."""

    def inject(delivery: Delivery) -> str:
        rows = delivery.tables[table]
        staying = which(delivery)
        delivery.tables[table] = rows.filter(pa.array(staying))
        return f"{table} lacks {(~staying).sum():,} of {rows.num_rows:,} rows"

    return inject


def put(rows: pa.Table, column: str, chosen: Bools, values: pa.Array | None) -> pa.Table:
    """The table with other values of a column in the chosen rows."""
    new = pa.nulls(rows.num_rows, pa.string()) if values is None else values
    old = whole(rows[column])
    return rows.set_column(
        rows.column_names.index(column), column, pc.if_else(pa.array(chosen), new, old).cast(pa.string())
    )


def whole(column: pa.ChunkedArray) -> pa.Array:
    """The column in one piece."""
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.nulls(0, column.type)


def blank(_values: pa.Array) -> None:
    """Every value becomes null."""


def always(code: str) -> Change:
    """Every value becomes this one."""
    return lambda values: pa.array([code] * len(values))


def mapped(codes: dict[str, str]) -> Change:
    """Codes become others; what is not named stays."""

    def change(values: pa.Array) -> pa.Array:
        found = pc.index_in(values, value_set=pa.array(codes))
        return pc.if_else(found.is_null(), values, pa.array(codes.values()).take(found))

    return change


def cut(characters: int) -> Change:
    """The last characters are lost."""
    return lambda values: pc.utf8_slice_codeunits(values, 0, -characters)


def shifted(values: pa.Array, days: Ints | int) -> pa.Array:
    """Dates so many days later; what is no date stays."""
    moment = dates(values)
    text = pa.array((moment + days * DAY).astype("datetime64[D]")).cast(pa.string())
    return pc.if_else(pa.array(np.isnat(moment)), values, text)


def dates(values: pa.Array | pa.ChunkedArray) -> Dates:
    """Texts as dates, NaT for what is none."""
    return _numpy(parsed(values, "date")).astype("datetime64[D]")


def moments(values: pa.Array | pa.ChunkedArray) -> Dates:
    """Texts as timestamps to the second, NaT for what is none."""
    return _numpy(parsed(values, "timestamp")).astype("datetime64[s]")


def timestamps(values: Dates) -> pa.Array:
    """Moments as texts in the contract's form, null for NaT."""
    return pc.strftime(pa.array(values.astype("datetime64[s]")), "%Y-%m-%d %H:%M:%S")


def is_in(column: str, *codes: str) -> Where:
    """The rows with one of these codes in a column."""
    return lambda rows: pc.is_in(whole(rows[column]), value_set=pa.array(codes)).to_numpy(
        zero_copy_only=False
    )


def _differing(one: pa.Table, other: pa.Table, column: str) -> int:
    same = pc.equal(one[column], other[column]).fill_null(False)
    neither = pc.and_(pc.is_null(one[column]), pc.is_null(other[column]))
    return int(one.num_rows - (pc.sum(pc.or_(same, neither)).as_py() or 0))


def _has_value(rows: pa.Table, column: str) -> Bools:
    found: Bools = whole(rows[column]).is_valid().to_numpy(zero_copy_only=False)
    return found


def _numpy(values: pa.Array | pa.ChunkedArray) -> Dates:
    found: Dates = values.to_numpy() if isinstance(values, pa.ChunkedArray) else values.to_numpy(False)
    return found
