"""A cell of a published table with the numbers that it may stand for, and the policy that says which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Row = tuple[Any, ...]
Rows = Callable[..., list[Row]]
"""Rows of a published table: its name, the columns, and a condition."""

Interval = tuple[float, float]
ANYTHING = (0.0, 1e7)
"""What a number may be of which nothing is said: nobody, up to more than any list holds."""


@dataclass(frozen=True)
class Rounding:
    """The policy of protection, which is public."""

    threshold: int
    base: int

    def interval(self, people: int) -> Interval:
        """The numbers that a published one may stand for: none of few people, unless it can be no other."""
        if people == 0:
            return 0, 0
        low, high = people - self.base // 2, people + (self.base - 1) // 2
        return max(low, self.threshold if high >= self.threshold else 1), high


@dataclass(frozen=True)
class Cell:
    """A cell of a published table.

    Attributes:
        period: the quarter; where that was published anew, of the figures before that the quarter and the run.
        table: the characteristic, or the name of a cross table; of a what-if also its name and what is counted; of a
            larger population also which.
        low, high: least and greatest number that it may stand for by itself.
    """

    period: str
    table: str
    group: str
    status: str
    low: float
    high: float


def interval_of(rounding: Rounding, people: int | None, status: str) -> Interval:
    """The numbers that a cell of this status may stand for."""
    if status == "published" and people is not None:
        return rounding.interval(int(people))
    return (1, rounding.threshold - 1) if status == "suppressed" else ANYTHING
