"""The means of planting bad rows in exact numbers: a few rows at a time, as dictionaries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vha.extract.contract import Table
from vha.synthetic.chance import Bools, Ints, Rng, some

MERGE_CYCLE, SUPERSEDED = "merge_cycle", "superseded"

Row = dict[str, str | None]
Change = Callable[[Row, int], Mapping[str, str | None]]


def to(**values: str | None) -> Change:
    """The change to these values."""
    return lambda _row, _number: values


def older(row: Row, number: int) -> Row:
    """The change to an earlier ``updated_at``."""
    earlier = np.datetime64(str(row["updated_at"])) - np.timedelta64(1 + number, "D")
    return {"updated_at": str(earlier).replace("T", " ")}


class Bed:
    """One table in which bad rows are planted; no row is used twice, so that every count is exact.

    Attributes:
        planted: rows by reason.
        padded: values with spaces around them.
    """

    def __init__(self, rng: Rng, table: Table, rows: pa.Table, repeats: int) -> None:
        self.planted: Counter[str] = Counter()
        self.padded = 0
        self._rng, self._table, self._rows, self._repeats = rng, table, rows, repeats
        self._free = np.ones(rows.num_rows, dtype=bool)
        self._changed: dict[int, Row] = {}
        self._added: list[Row] = []

    def where(self, **values: str | None) -> Bools:
        """Which rows have exactly these values."""
        found = np.ones(self._rows.num_rows, dtype=bool)
        for column, value in values.items():
            same = self._rows[column].is_null() if value is None else pc.equal(self._rows[column], value)
            found &= same.fill_null(False).to_numpy()
        return found

    def spare(self, rows: Bools) -> None:
        """Leave these rows as they are from now on."""
        self._free &= ~rows

    def change(self, reason: str, *changes: Change, where: Bools | None = None) -> Ints:
        """Spoil rows where they stand, each by one of the changes in turn; returns their positions."""
        positions = self._pick(self._repeats * max(3, len(changes)), where)
        for number, position in enumerate(positions):
            row = self._row(position)
            self._changed[int(position)] = {**row, **changes[number % len(changes)](row, number)}
        self.planted[reason] += positions.size
        return positions

    def add(self, reason: str, *changes: Change, where: Bools | None = None) -> None:
        """Add spoilt copies of good rows, which stay good."""
        for number, position in enumerate(self._pick(self._repeats * max(3, len(changes)), where)):
            row = self._row(position)
            self._added.append({**row, **changes[number % len(changes)](row, number)})
            self.planted[reason] += 1

    def overtake(self, reason: str, change: Change) -> None:
        """Spoil rows, and add what they were as older versions, which must not come back in their stead."""
        for number, position in enumerate(self.change(reason, change)):
            row = self._row(position)
            self._added.append({**row, **older(row, number)})
            self.planted[SUPERSEDED] += 1

    def cycle(self, key: str, column: str, where: Bools) -> None:
        """Make rows name each other in circles of one, two and three."""
        for length in (1, 2, 3):
            circles = self._pick(3 * self._repeats * length, where).reshape(-1, length)
            for circle in circles:
                rows = [self._row(position) for position in circle]
                for position, row, following in zip(circle, rows, [*rows[1:], rows[0]], strict=True):
                    self._changed[int(position)] = {**row, column: following[key]}
            self.planted[MERGE_CYCLE] += circles.size

    def pad(self, column: str, where: Bools) -> None:
        """Put spaces around values, which are as good as without them."""
        for position in self._pick(3 * self._repeats, where):
            row = self._row(position)
            self._changed[int(position)] = {**row, column: f" {row[column]}\t"}
            self.padded += 1

    def result(self) -> pa.Table:
        """The table with its bad rows: the changed ones in place, the added ones strewn in."""
        n = self._rows.num_rows
        extra = pa.Table.from_pylist([*self._changed.values(), *self._added], schema=self._rows.schema)
        source = np.arange(n)
        source[list(self._changed)] = n + np.arange(len(self._changed))
        added = np.arange(n + len(self._changed), n + extra.num_rows)
        order = np.insert(source, np.sort(self._rng.integers(0, n + 1, added.size)), added)
        return pa.concat_tables([self._rows, extra]).take(pa.array(order))

    def _pick(self, count: int, where: Bools | None) -> Ints:
        candidates = self._free if where is None else self._free & where
        positions = some(self._rng, candidates, count)
        assert positions.size == count, f"{self._table.name} is too small to plant {count} bad rows"
        self._rng.shuffle(positions)
        self._free[positions] = False
        return positions

    def _row(self, position: int) -> Row:
        row: Row = self._rows.slice(position, 1).to_pylist()[0]
        return row
