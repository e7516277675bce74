"""What is withheld of larger populations, and of the list within them, cannot be worked out from one another."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from harness import Mutations, Project, replacing
from protection import Publisher, Town, counts_of

from vha.disclosure.attack import attack
from vha.disclosure.cells import Cell
from vha.disclosure.published import read
from vha.disclosure.stages import stage_table

Sexes = Mapping[str, int]

BROKEN: Mapping[str, Mutations] = {
    "no population is compared": {
        model: replacing("or told_by_smaller_population.period is not null", "")
        for model in ("int_protected_groups", "int_protected_subgroups")
    },
    "only what makes up is compared": {
        model: replacing(
            "having bool_or(larger.status <> smaller.status)",
            "having bool_or(larger.is_absorbing <> smaller.is_absorbing)",
        )
        for model in ("int_protected_groups", "int_protected_subgroups")
    },
}
SCENES: Mapping[str, tuple[Sexes, Sexes, set[str]]] = {
    # The sizes leave 4 people at most between the two, and nobody of X was listed.
    "few are withheld in the larger alone": (
        {"F": 30, "M": 80},
        {"F": 30, "M": 80, "X": 2},
        {"sex of suspects/X"},
    ),
    # Ten or more suspects, of whom so few can be missing from the list that at least six are on it.
    "few are withheld in the smaller alone": (
        {"F": 30, "M": 80, "X": 9, "missing": 5},
        {"F": 30, "M": 81, "X": 10, "missing": 5},
        {"sex/X"},
    ),
}


def sexes(project: Project, people: Sexes) -> dict[tuple[str, str], int]:
    """People of whom nothing but the sex is recorded."""
    somebody = dict.fromkeys(Town(project, 1).person(), "missing")
    return counts_of([{**somebody, "sex": sex} for sex, number in people.items() for _ in range(number)])


def revealed(project: Project, listed: Sexes, suspects: Sexes, mutate: Mutations | None = None) -> set[str]:
    publisher = Publisher(project, mutate=mutate)
    for model, change in (mutate or {}).items():
        assert change(project.models[model].sql) != project.models[model].sql
    publisher.close("2021-Q1", {"listed": sexes(project, listed), "suspects": sexes(project, suspects)})
    with publisher.released() as reader:
        return {finding.cell for finding in attack(reader) if not finding.safe}


@pytest.mark.parametrize("name", SCENES)
def test_populations_that_are_nearly_the_same_people_tell_nothing_of_each_other(
    project: Project, name: str
) -> None:
    listed, suspects, of_few = SCENES[name]
    assert revealed(project, listed, suspects) == set()
    assert revealed(project, listed, suspects, BROKEN["no population is compared"]) >= of_few


def test_that_the_same_group_makes_up_in_both_is_not_enough(project: Project) -> None:
    listed, suspects, of_few = SCENES["few are withheld in the smaller alone"]
    assert revealed(project, listed, suspects, BROKEN["only what makes up is compared"]) >= of_few


ENTRANTS: Mapping[str, tuple[Mapping[str, Sexes], Sexes, Mutations, set[str]]] = {
    # Twelve of X have reports enough and ten of them would come, so that two at most are on the list.
    "who would come leaves few": (
        {
            "listed": {"F": 30, "M": 80, "X": 2},
            "above_threshold": {"F": 40, "M": 100, "X": 2},
            "enough_reports": {"F": 60, "M": 160, "X": 12},
        },
        {"F": 15, "M": 40, "X": 10},
        {"int_variant_protected": replacing("else numbers.hides_any", "else false")},
        {"sex/X", "sex of above_threshold/X"},
    ),
    # All men who could come would, so that at least four of X do.
    "who makes up has no room": (
        {
            "listed": {"F": 13, "M": 18, "X": 13},
            "above_threshold": {"F": 13, "M": 18, "X": 13},
            "enough_reports": {"F": 27, "M": 42, "X": 47},
        },
        {"M": 24, "X": 4},
        {"int_variant_protected": replacing("least(people, pool - people)", "people")},
        {"sex in threshold_minus_20_percent entries/X"},
    ),
    # Of two who could come, one would.
    "hardly anybody could come": (
        {
            "listed": {"F": 30, "M": 80, "X": 10},
            "above_threshold": {"F": 30, "M": 80, "X": 10},
            "enough_reports": {"F": 90, "M": 160, "X": 12},
        },
        {"F": 20, "M": 40, "X": 1},
        {"int_variant_protected": replacing(" or pool < least_shown - 1", "")},
        {"sex in threshold_minus_20_percent entries/X"},
    ),
}


@pytest.mark.parametrize("name", ENTRANTS)
def test_who_would_come_onto_the_list_tells_nothing_of_the_populations_that_they_are_of(
    project: Project, name: str
) -> None:
    populations, coming, mutate, of_few = ENTRANTS[name]
    for broken in (None, mutate):
        publisher = Publisher(project, mutate=broken)
        stages = {kind: sexes(project, people) for kind, people in populations.items()}
        stages |= dict.fromkeys(("scored", "suspects"), sexes(project, {"F": 200, "M": 500, "X": 90}))
        movers = {("threshold_minus_20_percent", "entries"): sexes(project, coming)}
        publisher.close("2021-Q1", stages, movers=movers)
        with publisher.released() as reader:
            unsafe = {finding.cell for finding in attack(reader) if not finding.safe}
        assert unsafe >= of_few if broken else unsafe == set()


@pytest.mark.parametrize(("near", "far"), [(20, 200), (12, 2), (4, 4), (1, 3)])
def test_however_close_the_populations_are_nobody_is_given_away(
    project: Project, near: int, far: int
) -> None:
    attacked = 0
    for seed, size in ((1, 60), (2, 120), (3, 400)):
        town, publisher = Town(project, seed), Publisher(project)
        town.move(size, 0)
        publisher.close("2021-Q1", town.populations(near=near, far=far))
        with publisher.released() as reader:
            found = attack(reader)
        assert [finding for finding in found if not finding.safe] == []
        attacked += sum(" of suspects/" in finding.cell for finding in found)
    assert attacked > 20


def test_victims_of_a_group_are_attacked_within_their_group_of_five(project: Project) -> None:
    """Victims are no part of the list, but eighteen groups of them add up to five."""
    fives, eighteen = "self_defined_ethnicity_5", "self_defined_ethnicity_18"
    victims = {("all", "all"): 112, (fives, "White"): 100, (fives, "Mixed"): 12}
    parts = {"W1": 60, "W2": 40, "M1": 10, "M2": 2}
    victims |= {(eighteen, code): people for code, people in parts.items()}
    broken = {
        "int_protected_subgroups": lambda sql: replacing(
            "when few_cells > 0 and cell_order = absorbing_cell then 'secondary_suppressed'", ""
        )(sql).replace("or (few_cells > 0 and absorbing_cell is null)", "")
    }
    for mutate in (None, broken):
        publisher = Publisher(project, mutate=mutate)
        nobody = {("all", "all"): 0}
        publisher.close("2021-Q1", {"listed": nobody, "suspects": nobody, "victims": victims})
        with publisher.released() as reader:
            unsafe = {finding.cell for finding in attack(reader) if not finding.safe}
        assert unsafe == ({"self_defined_ethnicity_18 of victims/M2"} if mutate else set())


def test_sizes_are_read_as_exactly_as_they_are_told(project: Project) -> None:
    publisher, town = Publisher(project), Town(project, 3)
    town.move(400, 0)
    publisher.close("2021-Q1", populations := town.populations())
    with publisher.released() as reader:
        cells = read(reader).larger
    sizes = {cell.table: cell for cell in cells if cell.group == "all"}
    for population in ("above_threshold", "enough_reports", "scored", "suspects"):
        size: Cell = sizes[stage_table("all", population)]
        assert size.low <= populations[population]["all", "all"] <= size.high
    suspects = sizes[stage_table("all", "suspects")]
    assert suspects.high - suspects.low <= 4
