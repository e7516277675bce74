"""What a reader can work out about each withheld number from everything that was ever published, by linear programming.

The reader knows every table of every quarter, the rounding rule, who came and went in each quarter, and assumes that
nobody's characteristics were recorded anew (where the figures allow for that). See
docs/decisions/disclosure-control.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np

from vha.disclosure import completeness
from vha.disclosure.cells import Cell
from vha.disclosure.corrections import corrected_releases, with_corrected
from vha.disclosure.model import Model
from vha.disclosure.published import Published, read
from vha.disclosure.stages import UNTOLD

_TOLERANCE = 1e-6

# A solution for many cells at once takes as long as those for so many one by one.
_WORTH_A_ROUND = 20


@dataclass(frozen=True)
class Finding:
    """What can be worked out about a withheld number, or one of few people that is shown all the same.

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


def attack(
    connection: duckdb.DuckDBPyConnection,
    *,
    everything: bool = False,
    history: duckdb.DuckDBPyConnection | None = None,
    corrected_now: date | None = None,
) -> list[Finding]:
    """Attack an oversight database, the candidate's or a released one.

    Args:
        connection: open on the database.
        everything: also cells of quarters that were closed earlier, of which the last does not change what is shown.
        history, corrected_now: where releases that were corrected since are read, see
            :func:`~vha.disclosure.corrections.with_corrected`.
    """
    published = read(connection)
    published = with_corrected(published, history, corrected_now) if history else published
    threshold = published.rounding.threshold
    corrected = corrected_releases(history, corrected_now) if history else []
    recorded = completeness.bounds(connection, everything=everything, history=history, corrected=corrected)
    return findings(published, everything=everything) + [
        _finding(period, name, "secondary_suppressed", low, high, threshold)
        for period, name, low, high in recorded
    ]


def findings(published: Published, *, everything: bool = False) -> list[Finding]:
    """See :func:`attack`."""
    threshold = published.rounding.threshold
    told = [
        _finding(*_named(cell, published), cell.status, cell.low, cell.high, threshold)
        for cell in _cells(published)
        if cell.status == "published" and cell.low >= 1 and cell.high < threshold
    ]
    targets = _targets(published, everything=everything)
    # Nobody has to work out what is shown.
    if told or not targets:
        return told
    model = Model(published)
    model.drop_what_cannot_be()
    bounds = _Bounds(model, targets, threshold)
    bounds.find()
    found = [
        (cell, low, _finding(*_named(cell, published), cell.status, low, high, threshold))
        for cell, low, high in zip(targets, bounds.lowest, bounds.highest, strict=True)
    ]
    return [
        finding
        for cell, low, finding in found
        if finding.safe or low > 1 + _TOLERANCE or not _is_left_over(model, cell, finding.upper)
    ]


def _is_left_over(model: Model, cell: Cell, upper: int) -> bool:
    """Whether so few people could come onto the list at all, as its populations tell, and a what-if tells no more."""
    room = model.rooms.get((cell.period, cell.table, cell.group))
    values = model.program.greatest(room) if room and cell.status != "suppressed" else None
    if room is None or values is None:
        return False
    left = float(sum(weight * values[column] for column, weight in room.items()))
    return math.floor(left + _TOLERANCE) <= upper


def _cells(published: Published) -> list[Cell]:
    return [*published.cells, *published.removals, *published.parts, *published.larger]


def _targets(published: Published, *, everything: bool) -> list[Cell]:
    """Withheld cells of the last quarter; and of the quarter before it, of tables that withhold other cells now."""
    withheld = [cell for cell in _cells(published) if cell.status not in ("published", UNTOLD)]
    if everything or not published.cells:
        return withheld
    patterns: dict[str, dict[str, dict[str, str]]] = {}
    for cell in published.cells:
        if cell.period in published.corrected:
            continue
        patterns.setdefault(cell.table, {}).setdefault(cell.period, {})[cell.group] = cell.status
    last = max(flow.period for flow in published.flows if flow.period not in published.corrected)
    attacked = set()
    for table, quarters in patterns.items():
        before = max((period for period in quarters if period < last), default=None)
        if before is not None and quarters[before] != quarters.get(last):
            attacked.add((table, before))
    return [
        cell
        for cell in withheld
        if published.corrected.get(cell.period, cell.period) == last or (cell.table, cell.period) in attacked
    ]


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
        left, settled = self._left(), _WORTH_A_ROUND
        while left and settled >= _WORTH_A_ROUND:
            weights = np.where(self._too_low(), chance.random(len(self._columns)), 0.0)
            weights -= np.where(self._too_high() & (chance.random(len(self._columns)) < 0.5), 1.5, 0.0)
            self._look(weights)
            before, left = left, self._left()
            settled = before - left
        for missing, weight in ((self._too_low, 1.0), (self._too_high, -1.0)):
            for index in np.flatnonzero(missing()):
                if missing()[index]:
                    self._look(np.where(np.arange(len(self._columns)) == index, weight, 0.0))

    def _left(self) -> int:
        """How many bounds are not known yet."""
        return int(self._too_low().sum() + self._too_high().sum())

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


def _named(cell: Cell, published: Published) -> tuple[str, str]:
    """The quarter of a cell and its name, which says so if its figures were published anew since."""
    quarter = published.corrected.get(cell.period, cell.period)
    return quarter, f"{cell.table}/{cell.group}{cell.period.removeprefix(quarter)}"


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
