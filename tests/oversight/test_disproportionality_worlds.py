"""A disparity is shown at the stage where it enters and at no other, and where there is none there is no flag.

Each world is a quarter with a page of its own, from exact numbers through disclosure control to the flags.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from comparisons import Comparisons
from harness import Mutations, Project, replacing
from simulation import GROUP, Fate, world

SEEDS = 100
USUAL = Fate()
ENTERING = {
    "enough_reports": replace(USUAL, enough_reports=0.27),
    "above_threshold": replace(USUAL, weight=1.5),
    "listed": replace(USUAL, kept_off=0.3),
}
"""How the affected group fares: in the records more reports, in the rule heavier weights, by hand more taken off."""

LONDON, TOWN, NEARLY_ALL_PASS = (12_000, USUAL), (2_000, USUAL), (12_000, Fate(0.5, 1.0, 0.01))


def flags_of(
    project: Project,
    size: int,
    usual: Fate,
    theirs: Fate,
    *,
    mutate: Mutations | None = None,
    seeds: Sequence[str] = (),
    number: int = SEEDS,
) -> list[set[tuple[str, str, str]]]:
    """What is flagged in each world: stage, characteristic and group."""
    comparisons = Comparisons(project, mutate=mutate, seeds=seeds)
    comparisons.of_exact(
        count
        for seed in range(number)
        for count in world(
            f"{seed:03}", comparisons.cells, seed=seed, suspects=size, usual=usual, theirs=theirs
        )
    )
    found: dict[str, set[tuple[str, str, str]]] = {f"{seed:03}": set() for seed in range(number)}
    for period, *flagged in comparisons.query(
        "select period, stage, characteristic, group_code from disproportionality_flags where is_flagged"
    ):
        found[period].add(tuple(flagged))
    return list(found.values())


def shown_at(stage: str, worlds: Sequence[set[tuple[str, str, str]]]) -> float:
    """The share of worlds that show the group at this stage, and no group at any other."""
    flagged = (stage, "self_defined_ethnicity_5", GROUP)
    return sum(flagged in world and {place for place, *_ in world} == {stage} for world in worlds) / len(
        worlds
    )


@pytest.mark.slow
@pytest.mark.parametrize("stage", ENTERING)
def test_a_disparity_is_shown_at_its_stage_and_at_no_other(project: Project, stage: str) -> None:
    assert shown_at(stage, flags_of(project, *LONDON, ENTERING[stage])) >= 0.95


@pytest.mark.slow
@pytest.mark.parametrize(("size", "usual"), [LONDON, TOWN, NEARLY_ALL_PASS])
def test_without_a_disparity_there_is_hardly_ever_a_flag(project: Project, size: int, usual: Fate) -> None:
    assert sum(map(bool, flags_of(project, size, usual, usual))) <= 0.05 * SEEDS


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new"),
    [
        # Rounded counts taken as exact, and as many looks as one likes.
        ("policy.rounding_base // 2", "0"),
        ("count(*) over (partition by shown.period)", "1"),
    ],
)
def test_a_rule_that_flags_too_easily_is_noticed(project: Project, old: str, new: str) -> None:
    worlds = flags_of(project, *TOWN, USUAL, mutate={"disproportionality_flags": replacing(old, new)})
    assert sum(map(bool, worlds)) > 0.05 * SEEDS


@pytest.mark.slow
def test_a_disparity_that_is_carried_to_later_stages_is_noticed(project: Project) -> None:
    held_against_all = (
        "update seeds.comparisons set benchmark_population = 'suspects' where benchmark = 'stage_before'"
    )
    worlds = flags_of(project, *LONDON, ENTERING["enough_reports"], seeds=[held_against_all], number=20)
    assert shown_at("enough_reports", worlds) < 0.95
