"""Small worlds in which every rule of the method decides something, and what has to come of them.

What has to come is what tests/reference says, and for oversight what is plain from the world.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from typing import Any

import reference
import traps
from harness import Mutations, Project, Release, Warehouse, history_of
from reference import Assessment, Seeds, World, read_seeds, with_policy
from reference.movements import Movement
from test_reference import assert_equal, assert_first_seen, assert_same, rows_of, with_odd_weights
from worlds import evolved, random_world

LINEAR = {
    "decay_method": "linear",
    "harm_weight_scheme": "ons_css",
    "scale_anchor_offence": "34A",
    "score_threshold": 300,
}


@dataclass(frozen=True)
class Scene:
    """A warehouse, and what it has to hold.

    Attributes:
        check: fails by AssertionError.
    """

    name: str
    warehouse: Warehouse
    check: Callable[[Warehouse], None]

    def catches(self, mutate: Mutations) -> bool:
        """Whether something is not what it has to be while models are broken."""
        with self.warehouse.mutated(mutate):
            try:
                self.check(self.warehouse)
            except AssertionError:
                return True
        return False


def scenes_of_the_list(project: Project) -> list[Scene]:
    """Most of what is broken shows in the first, so that the others come after."""
    return [
        _edges(project),
        _crowd(project, "blend", date(2024, 8, 29), date(2025, 2, 28), {"score_threshold": 300}),
        _crowd(project, "linear", date(2023, 3, 1), date(2024, 2, 29), LINEAR, policy_version="changed"),
        _crowd(project, "cchi", date(2025, 6, 30), date(2026, 1, 1), {"harm_weight_scheme": "cchi"}),
    ]


def scene_of_oversight(project: Project) -> Scene:
    """Numbers of people on both sides of what is withheld, at the end of a quarter."""
    built = project.build(
        traps.world_of_suspects(), date(2026, 12, 31), seeds=traps.seeds(), wanted=("oversight",), threads=1
    )
    columns = (
        "population_kind",
        "characteristic",
        "recorded",
        "not_stated",
        "missing",
        "percentage_recorded",
    )
    expected = [line.split() for line in traps.COMPLETENESS.strip().splitlines()]

    def check(built: Warehouse) -> None:
        rows = built.rows("oversight.special_category_completeness")
        shown = [["-" if row[c] is None else str(row[c]) for c in (*columns, "status")] for row in rows]
        assert shown == expected

    return Scene("oversight", built, check)


def _crowd(
    project: Project, name: str, before: date, now: date, policy: dict[str, Any], policy_version: str = "same"
) -> Scene:
    """Random people some time after an earlier release."""
    seeds = with_policy(with_odd_weights(read_seeds()), **{"minimum_crime_reports": 1, **policy})
    world = random_world(6, 300, before)
    earlier = project.build(world, before, seeds=seeds, run_id="first", threads=1)
    return _scene(
        project,
        name,
        evolved(world, 5, now),
        now,
        seeds,
        [Release("first", before, f"{before} 00:00:00", "same", earlier)],
        reference.assess(world, seeds, before),
        policy_version=policy_version,
    )


def _edges(project: Project) -> Scene:
    """Each of the traps, and earlier releases of which one alone is the previous."""
    seeds = traps.seeds()
    previous = traps.world_before(is_older=False)
    worlds = {
        "first": (traps.world_before(is_older=True), traps.PREVIOUS, "2026-12-01"),
        "corrected": (previous, traps.PREVIOUS, "2026-12-02"),
        "older": (traps.world_before(is_older=True), traps.OLDER, "2026-12-03"),
        "same date": (traps.world_before(is_older=True), traps.TODAY, "2027-02-28"),
    }
    releases = [
        Release(
            run_id,
            as_of,
            f"{published_on} 00:00:00",
            "same",
            project.build(world, as_of, seeds=seeds, run_id=run_id, threads=1),
        )
        for run_id, (world, as_of, published_on) in worlds.items()
    ]
    compared_with = reference.assess(previous, seeds, traps.PREVIOUS)
    return _scene(project, "edges", traps.world_now(), traps.TODAY, seeds, releases, compared_with, circles=1)


def _scene(
    project: Project,
    name: str,
    world: World,
    as_of: date,
    seeds: Seeds,
    releases: Sequence[Release],
    compared_with: Assessment,
    *,
    policy_version: str = "same",
    circles: int | None = None,
) -> Scene:
    """A scene of the list.

    Args:
        compared_with: the release against which movements are told.
        circles: how many circles of merges raise an alarm, where that is known.
    """
    listed = {row.nominal_id: row for row in compared_with.listed}
    spells = {person: row.first_listed_on for person, row in listed.items()}
    expected = reference.assess(world, seeds, as_of, spells)
    previous = reference.Release("same", listed, compared_with.contributions)
    moved = reference.movements(expected, policy_version, previous)
    bad_rows = {reason: rows for reason, rows in expected.records.fail_closed_rows().items() if rows}

    def check(built: Warehouse) -> None:
        assert_equal(built, expected)
        assert_same("movements", rows_of(built, "list_movements", Movement), map(astuple, moved))
        assert_first_seen(built, list(releases))
        alarms = {row["reason"]: row["row_count"] for row in built.rows("intermediate.int_fail_closed_rows")}
        assert circles in (None, alarms.get("merge_cycle"))
        assert {reason: rows for reason, rows in alarms.items() if reason != "merge_cycle"} == bad_rows

    built = project.build(
        world,
        as_of,
        seeds=seeds,
        history=history_of(releases),
        policy_version=policy_version,
        wanted=("assessment", "int_fail_closed_rows"),
        threads=1,
    )
    return Scene(name, built, check)
