"""Disproportionality against a second implementation, written from docs/disproportionality.md, on random numbers."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping
from typing import Any

import duckdb
import pytest
from comparisons import Comparisons, Count
from harness import Mutations, Project, replacing
from reference import read_seeds

SEEDS = read_seeds()
GROUPS = {
    "self_defined_ethnicity_5": ["White", "Mixed", "Asian", "Black", "Other"],
    "officer_observed_ethnicity": ["IC1", "IC2", "IC3", "IC4", "IC5", "IC6"],
    "sex": ["F", "M", "X"],
}
ORDER = ("suspects", "enough_reports", "above_threshold", "listed", "removed", "victims")
EARLIER = "2026-Q2"
Cells = Mapping[tuple[str, str, str], int | None]
"""People by population, characteristic and group."""


def random_counts(chance: random.Random) -> dict[tuple[str, str, str], int | None]:
    """Counts as they are published, some of them withheld; some stages hold nearly everybody."""
    cells: dict[tuple[str, str, str], int | None] = {}
    for population in ORDER:
        cells[population, "all", "all"] = chance.choice((None, 1000, 5000))
        for characteristic, groups in GROUPS.items():
            for group in (*groups, "not_stated", "missing"):
                larger = cells.get((ORDER[ORDER.index(population) - 1], characteristic, group))
                most = chance.choice((20, 2000)) if larger is None or population == "victims" else larger
                people = 5 * chance.randint(0, most // 5) if chance.random() < 0.6 else most - most % 5
                cells[population, characteristic, group] = chance.choice((*[people] * 9, None))
    return cells


def unknown_of(cells: Cells, population: str, characteristic: str) -> int | None:
    if population == "residents":
        return 0
    unknown = [cells[population, characteristic, group] for group in ("not_stated", "missing")]
    if None not in unknown:
        return sum(filter(None, unknown))
    total = cells[population, "all", "all"]
    known = sum(cells[population, characteristic, group] or 0 for group in GROUPS[characteristic])
    return None if total is None else max(total - known, 0)


def expected(cells: Cells) -> Iterator[tuple[Any, ...]]:
    """Key, status and figures of every row."""
    residents = {
        row["group_code"]: int(row["population"])
        for row in SEEDS["benchmark_population"]
        if row["characteristic"] == "ethnicity_5"
    }

    def count(population: str, characteristic: str, group: str) -> int | None:
        if population == "residents":
            return residents.get(group) if characteristic == "self_defined_ethnicity_5" else None
        return cells[population, characteristic, group]

    references = {row["characteristic"]: row["reference_group_code"] for row in SEEDS["reference_groups"]}
    for characteristic, groups in GROUPS.items():
        reference = references[characteristic]
        for comparison in SEEDS["comparisons"]:
            stage, against = comparison["stage"], comparison["benchmark_population"]
            b, d = (count(population, characteristic, reference) for population in (stage, against))
            is_share = against != "victims"
            for group in set(groups) - {reference}:
                a, c = (count(population, characteristic, group) for population in (stage, against))
                key = (characteristic, group, stage, comparison["benchmark"])
                counts_of_others = against == "residents" and c is None
                crossed = is_share and any(
                    None not in pair and pair[0] > pair[1] for pair in ((a, c), (b, d))
                )
                if counts_of_others or crossed:
                    yield (*key, "not_comparable", *[None] * 7)
                elif None in (a, b, c, d) or min(a, b, c, d) < 10:
                    yield (*key, "insufficient_data", *[None] * 7)
                else:
                    unknown = (
                        unknown_of(cells, stage, characteristic),
                        unknown_of(cells, against, characteristic),
                    )
                    yield (*key, "published", *figures(a, c, b, d, *unknown, is_share))


def figures(
    a: int, c: int, b: int, d: int, unknown: int | None, unknown_there: int | None, is_share: bool
) -> tuple[float | None, ...]:
    """Ratio, its interval and bounds, and the limits of the difference, which statsmodels confirms elsewhere."""
    p, q, z, sign = a / c, b / d, 1.959963984540054, -1 if is_share else 1
    low = high = bound_low = bound_high = None
    if not is_share or min(c - a, d - b) >= 10:
        width = z * math.sqrt(1 / a + 1 / b + sign * (1 / c + 1 / d))
        low, high = p / q * math.exp(-width), p / q * math.exp(width)
    if unknown is not None and unknown_there is not None:
        both = min(unknown, unknown_there) if is_share else 0
        rest = unknown_there - both
        bound_low = a / (c + rest) / ((b + unknown) / (d + both))
        bound_high = (a + unknown) / (c + both) / (b / (d + rest))
    return p, q, p / q, low, high, bound_low, bound_high


def same(found: float | None, wanted: float | None, places: int) -> bool:
    if found is None or wanted is None:
        return found is wanted
    return abs(float(found) - wanted) <= 0.5001 * 10**-places


def breaches(project: Project, mutate: Mutations | None = None) -> int:
    """How many rows of the mart are not what they have to be, over random quarters."""
    chance = random.Random(5)
    worlds = {f"2026-Q3 {n}": random_counts(chance) for n in range(12)}
    comparisons = Comparisons(project, mutate=mutate)
    before = {
        (name, group): 500 for name, groups in GROUPS.items() for group in (*groups, "not_stated", "missing")
    }
    comparisons.published_before(EARLIER, before, 4000)
    comparisons.of_protected(_rows(worlds))
    wanted = {
        (period, *row[:4]): row[4:]
        for period, cells in worlds.items()
        for row in expected({**cells, **{("listed_before", *key): people for key, people in before.items()}})
    }
    columns = "rate, reference_rate, rate_ratio, ci_low, ci_high, bound_low, bound_high"
    found = {
        tuple(row[:5]): row[5:]
        for row in comparisons.query(
            "select period, characteristic, group_code, stage, benchmark, status, "
            f"{columns} from disproportionality"
        )
    }
    wrong = len(found.keys() ^ wanted.keys())
    for key in found.keys() & wanted.keys():
        (status, *shown), (wanted_status, *numbers) = found[key], wanted[key]
        places = (9, 9, 3, 3, 3, 3, 3)
        wrong += status != wanted_status or not all(map(same, shown, numbers, places))
    return wrong


def _rows(worlds: Mapping[str, Cells]) -> Iterator[Count]:
    for period, cells in worlds.items():
        yield from ((period, *key, people) for key, people in cells.items())


def test_the_models_agree_with_the_second_implementation(project: Project) -> None:
    assert breaches(project) == 0


BROKEN = {
    "int_disproportionality_residents": [("max(period)", "'2012'")],
    "int_disproportionality_populations": [
        ("group_code not in ('not_stated', 'missing') then people", "true then 0"),
        ("('not_stated', 'missing')", "('not_stated')"),
        ("when has_withheld_unknown = 0", "when true"),
        ("greatest(population - coalesce(known, 0), 0)", "population"),
    ],
    "int_disproportionality_counts": [
        ("at_stage.people >= policy.suppression_threshold and", ""),
        ("and held_against.people >= policy.suppression_threshold", ""),
        ("at_stage.people <= held_against.people", "true"),
        ("held_against.group_code is not null", "true"),
        ("held_against.people - at_stage.people >=", "held_against.people >="),
    ],
    "int_disproportionality_pairs": [
        ("not compared.has_enough_people or", ""),
        ("or not reference.has_enough_people", ""),
        ("compared.has_enough_others and", ""),
        ("or not reference.is_comparable", ""),
    ],
    "int_disproportionality_ratios": [
        ("least(unknown_people, unknown_benchmark_people)", "0"),
        ("(reference_people + unknown_people)", "reference_people"),
        ("(people + unknown_people)", "people"),
        ("case when has_interval", "case when true"),
    ],
    "disproportionality": [
        ("pairs.benchmark = ratios.benchmark", "true"),
        ("pairs.stage = ratios.stage", "true"),
    ],
}


@pytest.mark.parametrize(
    ("model", "old", "new"), [(model, *change) for model, changes in BROKEN.items() for change in changes]
)
def test_a_broken_model_is_noticed(project: Project, model: str, old: str, new: str) -> None:
    try:
        wrong = breaches(project, {model: replacing(old, new)})
    except duckdb.Error:
        # Numbers that cannot be compared have no figures at all.
        return
    assert wrong > 0
