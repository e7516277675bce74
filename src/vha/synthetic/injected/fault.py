"""What a fault is: one thing that goes wrong between a source system and its delivery."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa

from vha.synthetic.chance import Rng

LAND, ANY_CHECK = "land", "any check"


@dataclass(frozen=True)
class Delivery:
    """What is about to be delivered, for a fault to spoil in place.

    Attributes:
        tables: table name to its rows, all columns text.
        rng: where all chance comes from.
        magnitude: how bad it is, in the fault's own unit.
        today: the last day of the records.
    """

    tables: dict[str, pa.Table]
    rng: Rng
    magnitude: float
    today: np.datetime64


Inject = Callable[[Delivery], str]
"""Spoils a delivery and says what it did, in words that name no person and no record."""


@dataclass(frozen=True)
class Magnitude:
    """How bad a fault may be: a number from ``low`` to ``high`` of ``unit``."""

    low: float
    high: float
    unit: str
    whole: bool = False

    def drawn(self, rng: Rng) -> float:
        if self.whole:
            return float(rng.integers(int(self.low), int(self.high) + 1))
        return round(float(rng.uniform(self.low, self.high)), 3)

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high and (not self.whole or value == int(value))

    def __str__(self) -> str:
        size = f"{self.low:g}" if self.low == self.high else f"{self.low:g} to {self.high:g}"
        return f"{size} {self.unit}"


WHOLE = Magnitude(1, 1, "whole table", whole=True)
"""Of a fault that is there or not."""


def days(low: int, high: int, unit: str = "days") -> Magnitude:
    return Magnitude(low, high, unit, whole=True)


def share(low: float, high: float, unit: str = "of the rows concerned") -> Magnitude:
    return Magnitude(low, high, unit)


@dataclass(frozen=True)
class Fault:
    """One kind of fault.

    Attributes:
        touches: all that changes: ``table.column``, ``table`` for whole rows, ``system`` for all its tables, or
            ``anything`` where chance decides.
        story: what happens in the real world, in one sentence.
        harm: what it would do to people on the list, in one sentence.
        severity: how the gate must take it.
        caught_by: the check that must catch it, ``suite.check``; ``land`` where the delivery is refused before
            there is anything to check; ``any check`` where none was written against it.
    """

    name: str
    touches: str
    story: str
    harm: str
    severity: Literal["critical", "warning"]
    caught_by: str
    magnitude: Magnitude
    inject: Inject
