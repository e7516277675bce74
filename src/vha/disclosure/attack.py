"""What a reader can work out about each withheld number from everything that was ever published, by linear programming.

The reader knows every table of every quarter, the rounding rule, who came and went in each quarter, and assumes that
nobody's characteristics were recorded anew (where the figures allow for that). See
docs/decisions/disclosure-control.md.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import duckdb
import numpy as np

from vha.disclosure import completeness
from vha.disclosure.model import Model
from vha.disclosure.published import CROSS_TABLES, Cell, Published, read

_TOLERANCE = 1e-6

# Solutions for many cells at once, before those that are left are looked at one by one.
_ROUNDS = 40


@dataclass(frozen=True)
class Finding:
    """What can be worked out about a withheld number.

    Attributes:
        cell: ``characteristic/group``.
        lower, upper: the least and the greatest number possible; the suppression threshold stands for itself and all
            above.
        safe: whether each number from 1 to below the threshold is possible; or, of a number that is not said to be
            small, at least that it may be large.
    """

    period: str
    cell: str
    lower: int
    upper: int
    safe: bool


def attack(connection: duckdb.DuckDBPyConnection, *, everything: bool = False) -> list[Finding]:
    """Attack an oversight database, the candidate's or a released one.

    Args:
        connection: open on the database.
        everything: also cells of quarters that were closed earlier, of which the last does not change what is shown.
    """
    published = read(connection)
    threshold = published.rounding.threshold
    return findings(published, everything=everything) + [
        _finding(period, name, "secondary_suppressed", low, high, threshold)
        for period, name, low, high in completeness.bounds(connection, everything=everything)
    ]


def findings(published: Published, *, everything: bool = False) -> list[Finding]:
    """See :func:`attack`."""
    simple = [cell for cell in published.cells if cell.table not in CROSS_TABLES]
    found = _attacked(published, simple, _targets(simple, everything=everything))
    for table in CROSS_TABLES:
        cells = [cell for cell in published.cells if cell.table == table]
        shown = sorted({cell.period for cell in cells})
        # What a cross table tells of its cells' past does not reach far: two of its quarters at a time.
        for periods in pairwise(shown) if everything else [shown[-2:]]:
            known = [cell for cell in [*simple, *cells] if cell.period in periods]
            targets = _targets([cell for cell in cells if cell.period in periods], everything=everything)
            found += _attacked(published, known, targets)
    return list(dict.fromkeys(found))


def _attacked(published: Published, known: Sequence[Cell], targets: Sequence[Cell]) -> list[Finding]:
    if not targets:
        return []
    model = Model(dataclasses.replace(published, cells=known))
    model.drop_what_cannot_be()
    bounds = _Bounds(model, targets, published.rounding.threshold)
    bounds.find()
    return [
        _finding(
            cell.period, f"{cell.table}/{cell.group}", cell.status, low, high, published.rounding.threshold
        )
        for cell, low, high in zip(targets, bounds.lowest, bounds.highest, strict=True)
    ]


def _targets(cells: Sequence[Cell], *, everything: bool) -> list[Cell]:
    """Withheld cells of the last quarter; and of the quarter before it, of tables that withhold other cells now."""
    withheld = [cell for cell in cells if cell.status != "published"]
    if everything or not cells:
        return withheld
    patterns: dict[str, dict[str, dict[str, str]]] = {}
    for cell in cells:
        patterns.setdefault(cell.table, {}).setdefault(cell.period, {})[cell.group] = cell.status
    last = max(cell.period for cell in cells)
    attacked = {(table, last) for table in patterns}
    for table, quarters in patterns.items():
        before = max((period for period in quarters if period < last), default=None)
        if before is not None and quarters[before] != quarters.get(last):
            attacked.add((table, before))
    return [cell for cell in withheld if (cell.table, cell.period) in attacked]


class _Bounds:
    """The least and greatest value of each cell, as far as it matters: a solution is a witness for all cells."""

    def __init__(self, model: Model, targets: Sequence[Cell], threshold: int) -> None:
        self._program = model.program
        self._columns = np.array([model.variables[cell.period, cell.table, cell.group] for cell in targets])
        self.lowest = np.full(len(targets), np.inf)
        self.highest = np.full(len(targets), -np.inf)
        is_small = np.array([cell.status == "suppressed" for cell in targets])
        self._enough = np.where(is_small, threshold - 1, threshold) - _TOLERANCE
        # Of a number that may be large it does not matter how small it may be.
        self._is_small = is_small

    def find(self) -> None:
        chance = np.random.default_rng(0)
        for _ in range(_ROUNDS):
            weights = np.where(self._too_low(), chance.random(len(self._columns)), 0.0)
            weights -= np.where(self._too_high() & (chance.random(len(self._columns)) < 0.5), 1.5, 0.0)
            if not (self._too_low() | self._too_high()).any():
                return
            self._look(weights)
        for missing, weight in ((self._too_low, 1.0), (self._too_high, -1.0)):
            for index in np.flatnonzero(missing()):
                if missing()[index]:
                    self._look(np.where(np.arange(len(self._columns)) == index, weight, 0.0))

    def _too_low(self) -> np.ndarray:
        too_low: np.ndarray = self.highest < self._enough
        return too_low

    def _too_high(self) -> np.ndarray:
        too_high: np.ndarray = (self.lowest > 1 + _TOLERANCE) & (self._is_small | self._too_low())
        return too_high

    def _look(self, weights: np.ndarray) -> None:
        values = self._program.greatest(dict(zip(self._columns.tolist(), weights.tolist(), strict=True)))
        if values is None:
            raise ArithmeticError("The published tables contradict each other.")
        np.minimum(self.lowest, values[self._columns], out=self.lowest)
        np.maximum(self.highest, values[self._columns], out=self.highest)


def _finding(period: str, cell: str, status: str, low: float, high: float, threshold: int) -> Finding:
    lower, upper = math.ceil(low - _TOLERANCE), math.floor(min(high, threshold) + _TOLERANCE)
    every_small_number = lower <= 1 and upper >= threshold - 1
    # A number that is not said to be small may be large, or is nothing, which may be shown.
    not_small = status == "secondary_suppressed" and upper in (0, threshold)
    return Finding(
        period,
        cell,
        min(lower, threshold),
        upper,
        every_small_number or not_small,
    )
