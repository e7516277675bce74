"""Worlds of people on their way onto the list, in which a disparity enters at one stage, or at none.

What becomes of a person follows from chance, and at the stage of the disparity from the group that they are of,
whether it is recorded or not. A world is drawn person by person; only its numbers go on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from comparisons import Count
from numpy.typing import NDArray
from reference import read_seeds

GROUP = "Black"
"""The group of five whose people may fare differently."""

SEEDS = read_seeds()

Shares = Mapping[str, float]

_FIVES: Shares = {"White": 0.42, "Mixed": 0.08, "Asian": 0.15, "Black": 0.3, "Other": 0.05}
_OBSERVED_AS = {"White": "IC1", "Mixed": "IC3", "Asian": "IC4", "Black": "IC3", "Other": "IC6"}
_SELF = "self_defined"
_OTHERS: Mapping[str, Shares] = {
    "age_band": {"0-9": 0.001, "10-14": 0.05, "15-17": 0.12, "18-24": 0.26, "25-34": 0.27, "35-49": 0.2,
                 "50-64": 0.089, "65+": 0.005, "missing": 0.005},
    "sex": {"F": 0.149, "M": 0.84, "X": 0.001, "missing": 0.01},
    "religion": {"none": 0.15, "buddhist": 0.005, "christian": 0.19, "hindu": 0.02, "jewish": 0.005, "muslim": 0.1,
                 "sikh": 0.01, "other": 0.02, "not_stated": 0.2, "missing": 0.3},
    "disability": {"Y": 0.05, "N": 0.45, "not_stated": 0.2, "missing": 0.3},
    "sexual_orientation": {"heterosexual": 0.37, "gay_lesbian": 0.015, "bisexual": 0.01, "other": 0.005,
                           "not_stated": 0.3, "missing": 0.3},
}  # fmt: skip
_UNRECORDED: Shares = {"not_stated": 0.1, "missing": 0.08}

Mask = NDArray[np.bool_]
Texts = NDArray[np.str_]


@dataclass(frozen=True)
class Fate:
    """How people fare on the way.

    Attributes:
        enough_reports: share of the suspects of whom there are as many reports as the list asks for.
        weight: how much their reports weigh, 1 being so much that half of these reach the threshold.
        kept_off: share of those above the threshold whom somebody takes off the list by hand.
    """

    enough_reports: float = 0.2
    weight: float = 1.0
    kept_off: float = 0.05


def world(
    period: str, cells: Sequence[tuple[str, str]], *, seed: int, suspects: int, usual: Fate, theirs: Fate
) -> Iterator[Count]:
    """The exact numbers of one world, by population, characteristic and group.

    Args:
        cells: every characteristic and group that is counted.
        theirs: how the people of one group fare, while all others fare as usual.
    """
    chance = np.random.default_rng([seed, suspects])
    of_suspects, is_affected = _people(chance, suspects, cells)
    of_victims, _ = _people(chance, suspects, cells)
    everybody = np.ones(suspects, dtype=bool)
    stages = {"suspects": everybody, **_stages(chance, usual, theirs, is_affected), "victims": everybody}
    for population, there in stages.items():
        yield period, population, "all", "all", int(there.sum())
        people = of_victims if population == "victims" else of_suspects
        for characteristic, values in people.items():
            groups = [group for name, group in cells if name == characteristic]
            numbers = np.bincount(values[there], minlength=len(groups))
            yield from (
                (period, population, characteristic, *pair)
                for pair in zip(groups, numbers.tolist(), strict=True)
            )


def _people(
    chance: np.random.Generator, number: int, cells: Sequence[tuple[str, str]]
) -> tuple[dict[str, NDArray[np.int64]], Mask]:
    """Each person's place among the groups of each characteristic, and whether they are of the affected group."""

    def draw(shares: Shares, size: int = number) -> Texts:
        return chance.choice(list(shares), size, p=np.fromiter(shares.values(), float) / sum(shares.values()))

    five = draw(_FIVES)
    unrecorded = draw({**_UNRECORDED, "recorded": 1 - sum(_UNRECORDED.values())})
    eighteen = five.astype("U16")
    for name in _FIVES:
        codes = [
            row["code"]
            for row in SEEDS["ethnicity_codes"]
            if (row["group_5"], row["scheme"]) == (name, _SELF)
        ]
        # The first group of each five has most people.
        shares = {code: 0.4**place for place, code in enumerate(codes)}
        eighteen[five == name] = draw(shares, int((five == name).sum()))
    observed = np.array([_OBSERVED_AS[name] for name in five], "U16")
    otherwise = chance.random(number) < 0.1
    observed[otherwise] = draw(
        {"IC1": 4, "IC2": 1, "IC3": 3, "IC4": 2, "IC6": 1, "missing": 1}, int(otherwise.sum())
    )
    values = {
        "self_defined_ethnicity_18": np.where(unrecorded == "recorded", eighteen, unrecorded),
        "self_defined_ethnicity_5": np.where(unrecorded == "recorded", five, unrecorded),
        "officer_observed_ethnicity": observed,
        **{characteristic: draw(shares) for characteristic, shares in _OTHERS.items()},
    }
    places = {}
    for characteristic, drawn in values.items():
        groups = np.array([group for name, group in cells if name == characteristic])
        order = np.argsort(groups)
        places[characteristic] = order[np.searchsorted(groups, drawn, sorter=order)]
    return places, five == GROUP


def _stages(chance: np.random.Generator, usual: Fate, theirs: Fate, is_affected: Mask) -> dict[str, Mask]:
    """Who of the suspects is at each later stage; weights are judged by a threshold that is the same for everybody."""

    def fate(name: str) -> NDArray[np.float64]:
        return np.where(is_affected, getattr(theirs, name), getattr(usual, name))

    number = len(is_affected)
    enough = chance.random(number) < fate("enough_reports")
    reports = 2 + chance.geometric(0.5, number)
    harm = reports * chance.lognormal(0, 0.8, number)
    above = enough & (harm * fate("weight") >= np.median(harm))
    listed = above & (chance.random(number) >= fate("kept_off"))
    return {"enough_reports": enough, "scored": enough, "above_threshold": above, "listed": listed}
