"""Small worlds in which every rule of the method decides something, and what has to come of them.

What has to come is what tests/reference says, and for oversight what is plain from the world.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import reference
import trap_sources
import traps
from harness import Mutations, Project, Release, Warehouse, history_of
from reference import Assessment, Seeds, World, read_seeds, with_policy
from reference.movements import Movement
from test_reference import assert_equal, assert_first_seen, assert_same, rows_of, values_of, with_odd_weights
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
        _suspects(), date(2026, 12, 31), seeds=trap_sources.seeds(), wanted=("oversight",), threads=1
    )
    columns = (
        "population_kind",
        "characteristic",
        "recorded",
        "not_stated",
        "missing",
        "percentage_recorded",
    )

    def check(built: Warehouse) -> None:
        rows = built.rows("oversight.special_category_completeness")
        assert _shown(rows, (*columns, "status")) == _lines(_COMPLETENESS)
        rows = built.rows("select * from oversight.special_category_breakdown order by all")
        groups = _shown(rows, ("characteristic", "group_code", "people", "percentage", "status"))
        assert [group for group in groups if group[2] != "0"] == _lines(_BREAKDOWN)

    return Scene("oversight", built, check)


def _shown(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> list[list[str]]:
    return [["-" if row[column] is None else str(row[column]) for column in columns] for row in rows]


def _lines(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()]


def _suspects() -> World:
    """Characteristics of 34 people who are listed, 13 more who score, and 12 more who are suspects alone."""
    world = trap_sources.Traps()
    for n in range(59):
        crimes = {"offence_code": "1"} if n < 34 else {"offence_code": "3A"}
        world.person(
            f"suspect/{n}",
            crimes=crimes if n < 47 else {"committed_from": "2015-01-01"},
            religion=("christian", "not_stated", None, "christian", "not_stated", "jedi")[n % 6],
            disability="Y" if n < 3 else "N" if n < 18 else None,
            sexual_orientation="not_stated" if n < 7 or 34 <= n < 47 else None if n < 10 else "heterosexual",
            self_defined_ethnicity="NS" if n < 5 else "W1" if n < 34 else None,
            officer_observed_ethnicity="IC1" if n < 10 else None,
        )
    return world.tables


_COMPLETENESS = """
listed   date_of_birth              35  0  0 100.0000 published
listed   disability                  -  -  -        - suppressed
listed   officer_observed_ethnicity 10  0 25  28.6000 published
listed   religion                   10 10 10  28.6000 published
listed   self_defined_ethnicity      -  -  0        - suppressed
listed   sex                        35  0  0 100.0000 published
listed   sexual_orientation          -  -  -        - suppressed
scored   date_of_birth              45  0  0 100.0000 published
scored   disability                  -  0  -        - suppressed
scored   officer_observed_ethnicity 10  0 35  22.2000 published
scored   religion                   15 15 15  33.3000 published
scored   self_defined_ethnicity      -  - 15        - suppressed
scored   sex                        45  0  0 100.0000 published
scored   sexual_orientation          -  -  -        - suppressed
suspects date_of_birth              60  0  0 100.0000 published
suspects disability                  -  0  -        - suppressed
suspects officer_observed_ethnicity 10  0 50  16.7000 published
suspects religion                   20 20 20  33.3000 published
suspects self_defined_ethnicity      -  - 25        - suppressed
suspects sex                        60  0  0 100.0000 published
suspects sexual_orientation          - 20  -        - suppressed
"""
"""How completely their characteristics are recorded, as it may be published: recorded, not stated, missing, the
share recorded, and whether anything is withheld."""

_BREAKDOWN = """
age_band                   25-34        35 100.0000 published
disability                 N             -        - secondary_suppressed
disability                 Y             -        - secondary_suppressed
disability                 missing       -        - secondary_suppressed
disability                 not_stated    -        - secondary_suppressed
officer_observed_ethnicity IC1          10  28.6000 published
officer_observed_ethnicity missing      25  71.4000 published
religion                   christian    10  28.6000 published
religion                   missing      10  28.6000 published
religion                   not_stated   10  28.6000 published
self_defined_ethnicity_18  W1            -        - secondary_suppressed
self_defined_ethnicity_18  W2            -        - secondary_suppressed
self_defined_ethnicity_18  W3            -        - secondary_suppressed
self_defined_ethnicity_18  W9            -        - secondary_suppressed
self_defined_ethnicity_18  not_stated    -        - suppressed
self_defined_ethnicity_5   White         -        - secondary_suppressed
self_defined_ethnicity_5   not_stated    -        - suppressed
sex                        M            35 100.0000 published
sexual_orientation         heterosexual  -        - secondary_suppressed
sexual_orientation         missing       -        - suppressed
sexual_orientation         not_stated    -        - suppressed
"""
"""The listed of them by group, as it may be published, apart from groups of nobody."""


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
    seeds = trap_sources.seeds()
    previous = traps.world_before(is_older=False)
    worlds = {
        "first": (traps.world_before(is_older=True), trap_sources.PREVIOUS, "2026-12-01"),
        "corrected": (previous, trap_sources.PREVIOUS, "2026-12-02"),
        "older": (traps.world_before(is_older=True), trap_sources.OLDER, "2026-12-03"),
        "same date": (traps.world_before(is_older=True), trap_sources.TODAY, "2027-02-28"),
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
    compared_with = reference.assess(previous, seeds, trap_sources.PREVIOUS)
    return _scene(
        project, "edges", traps.world_now(), trap_sources.TODAY, seeds, releases, compared_with, circles=1
    )


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
        assert_same("movements", rows_of(built, "list_movements", Movement), map(values_of, moved))
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
