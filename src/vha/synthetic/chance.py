"""Random draws and coded columns: numpy in, Arrow out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import ArrayLike, NDArray

Rng = np.random.Generator
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Dates = NDArray[np.datetime64]

DAY = np.timedelta64(1, "D")


def streams(seed: int, *names: str) -> dict[str, Rng]:
    """One independent generator for each part of the world: changing one part leaves the others alone."""
    return {name: np.random.default_rng([seed, *name.encode()]) for name in names}


def draw(rng: Rng, weights: ArrayLike, n: int) -> Ints:
    """``n`` positions drawn with replacement, each in proportion to its weight."""
    cumulative = np.cumsum(np.asarray(weights, dtype=np.float64))
    positions: Ints = np.searchsorted(cumulative, rng.random(n) * cumulative[-1], side="right")
    return positions


def chance(rng: Rng, probability: ArrayLike, n: int) -> Bools:
    """``n`` independent yes-or-no draws; ``probability`` is one number or one per draw."""
    return rng.random(n) < np.asarray(probability)


def some(rng: Rng, where: Bools, n: int) -> Ints:
    """At most ``n`` different positions of those where the condition holds, in ascending order."""
    candidates = np.flatnonzero(where)
    return np.sort(rng.choice(candidates, min(n, candidates.size), replace=False))


def heavy_tail(rng: Rng, n: int, alpha: float, largest: float) -> Floats:
    """Pareto weights of at least 1 with tail exponent ``alpha``, cut at ``largest``."""
    return np.minimum(np.power(1.0 - rng.random(n), -1.0 / alpha), largest)


def moments(rng: Rng, days: Dates) -> Dates:
    """A random second of each day."""
    moment: Dates = days.astype("datetime64[s]") + rng.integers(0, 86_400, days.size).astype("timedelta64[s]")
    return moment


def later(rng: Rng, times: Dates, mean_days: float, end: np.datetime64) -> Dates:
    """A moment after each of ``times``, on average ``mean_days`` later, and never after ``end``."""
    wait = rng.exponential(mean_days * 86_400, times.size).astype(np.int64).astype("timedelta64[s]")
    moment: Dates = np.maximum(times, np.minimum(times + wait, end))
    return moment


def years_after(dates: Dates, years: float) -> Dates:
    """Each date and so many years of 365.25 days."""
    return dates + np.timedelta64(int(years * 365.25), "D")


@dataclass(frozen=True)
class Coded:
    """A column of codes: positions in ``labels``, -1 for null."""

    positions: Ints
    labels: tuple[str, ...]

    @classmethod
    def drawn(cls, rng: Rng, shares: Mapping[str, float], n: int, missing: float = 0.0) -> Coded:
        """``n`` codes drawn by their relative shares, each null with the probability ``missing``."""
        positions = draw(rng, list(shares.values()), n)
        return cls(np.where(chance(rng, missing, n), -1, positions), tuple(shares))

    def take(self, rows: Ints | Bools) -> Coded:
        return Coded(self.positions[rows], self.labels)

    def joined(self, other: Coded) -> Coded:
        assert self.labels == other.labels
        return Coded(np.concatenate([self.positions, other.positions]), self.labels)

    def replaced(self, where: Bools, code: str | None) -> Coded:
        position = -1 if code is None else self.labels.index(code)
        return Coded(np.where(where, position, self.positions), self.labels)

    def relabelled(self, labels: tuple[str, ...]) -> Coded:
        """The same codes as positions in other labels that hold all of these."""
        return Coded(np.array([*map(labels.index, self.labels), -1])[self.positions], labels)

    def is_in(self, *codes: str) -> Bools:
        return np.isin(self.positions, [self.labels.index(code) for code in codes])

    def arrow(self) -> pa.Array:
        positions = pa.array(self.positions.astype(np.int32), mask=self.positions < 0)
        return pa.DictionaryArray.from_arrays(positions, pa.array(self.labels)).cast(pa.string())


def references(prefix: str, n: int, rng: Rng) -> pa.Array:
    """``n`` different references of eight digits; their order says nothing about what they name."""
    # A multiplier without the factors 2 and 5 makes a permutation of the numbers below 10^8.
    multiplier, offset = 10 * rng.integers(1_000_000, 9_000_000) + 3, rng.integers(10**8)
    numbers = (np.arange(n, dtype=np.int64) * multiplier + offset) % 10**8
    digits = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), 8, "0")
    return pc.binary_join_element_wise(pa.scalar(prefix), digits, "")


def looked_up(values: pa.Array, positions: Ints) -> pa.Array:
    """The values at the positions; null where the position is negative."""
    return values.take(pa.array(positions, mask=positions < 0))


def text_table(columns: Mapping[str, Any]) -> pa.Table:
    """A table of text: dates and timestamps in the contract's form, ``Coded`` columns as their codes."""
    arrays = {
        name: column.arrow() if isinstance(column, Coded) else _array(column)
        for name, column in columns.items()
    }
    return pa.table({name: array.cast(pa.string()) for name, array in arrays.items()})


def _array(column: Any) -> pa.Array:
    return pa.array(column) if isinstance(column, np.ndarray) else column


def repeated(counts: Ints) -> tuple[Ints, Ints]:
    """For each of ``counts[i]`` repeats of ``i``: the position ``i``, and the number of the repeat from 0."""
    which = np.repeat(np.arange(counts.size), counts)
    first = np.cumsum(counts) - counts
    return which, np.arange(which.size) - first[which]
