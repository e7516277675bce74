"""The models equal the independent second implementation of the method, to the last digit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import reference
from factory import World
from harness import Project, Release, Warehouse, history_of
from reference import Assessment, Seeds, read_seeds, with_policy
from reference.arithmetic import completed_years
from reference.assessment import Listed
from reference.movements import Movement
from reference.scoring import Contribution
from worlds import evolved, random_world

from vha.publish.list_hash import COLUMNS, list_hash

# With these, nearly everybody with a crime report is listed, and so compared.
EVERYBODY = {"score_threshold": "0.0001", "minimum_crime_reports": 1}

VARIANTS: dict[str, tuple[str, dict[str, Any]]] = {
    "as published": ("2026-09-30", {"score_threshold": 600}),
    "everybody": ("2025-03-01", EVERYBODY),
    "linear, from 29 February": ("2024-02-29", {**EVERYBODY, "decay_method": "linear"}),
    "Crime Severity Score": ("2025-02-28", {**EVERYBODY, "harm_weight_scheme": "ons_css"}),
    "Cambridge, short memory": (
        "2026-01-01",
        {**EVERYBODY, "harm_weight_scheme": "cchi", "crime_lookback_years": 2, "minimum_age": 17},
    ),
    "other anchor and windows": (
        "2025-12-31",
        {
            **EVERYBODY,
            "scale_anchor_offence": "34B",
            "crime_lookback_years": 10,
            "intelligence_window_years": 2,
            "intelligence_cap_ratio": "0.3333",
            "adult_age": 21,
        },
    ),
}


def assert_same(kind: str, models: Iterable[tuple[Any, ...]], reference: Iterable[tuple[Any, ...]]) -> None:
    """Compare two bags of rows and show the first that only one of them has."""
    ours, theirs = Counter(models), Counter(reference)
    only_ours, only_theirs = [*(ours - theirs)], [*(theirs - ours)]
    assert ours == theirs, f"{kind}: models {only_ours[:3]}, reference {only_theirs[:3]}"


def rows_of(built: Warehouse, table: str, kind: type[Any]) -> list[tuple[Any, ...]]:
    """A mart's rows with the fields of a dataclass of the reference."""
    return [tuple(row[field.name] for field in fields(kind)) for row in built.rows(f"assessment.{table}")]


def values_of(row: Any) -> tuple[Any, ...]:
    """A dataclass's values; ``dataclasses.astuple`` would copy each of them, and take longer than the models."""
    return tuple(vars(row).values())


def assert_equal(built: Warehouse, expected: Assessment) -> None:
    assert_same("list", rows_of(built, "assessment_list", Listed), map(values_of, expected.listed))
    assert_same(
        "contributions",
        rows_of(built, "score_contributions", Contribution),
        map(values_of, expected.contributions),
    )
    queue = built.rows("assessment.review_queue")
    assert_same("review queue", ((row["nominal_id"], row["reason"]) for row in queue), expected.review_queue)
    quarantine = built.rows("assessment.quarantine")
    columns = ("source_table", "record_key", "reason", "effect")
    assert_same("quarantine", (tuple(row[c] for c in columns) for row in quarantine), expected.quarantine)
    ranked = built.rows('select * from assessment.assessment_list order by "rank"')
    assert list_hash([row[c] for c in COLUMNS] for row in ranked) == expected.list_hash()


def with_odd_weights(seeds: Seeds) -> Seeds:
    """Halves in the fifth place, weights that only one scheme gives, exceptions and scopes moved about."""
    weights = [
        row for row in seeds["harm_weights"] if (row["offence_code"], row["scheme"]) != ("34B", "cchi")
    ]
    weights.append({**weights[0], "offence_code": "8N", "scheme": "ons_css", "weight": "333.3333"})
    categories = [
        {**row, "base_points": "0.0008" if row["category"] == "retaliation" else row["base_points"]}
        for row in seeds["intelligence_categories"]
    ]
    offences = [
        {
            **row,
            "counts_in_private_domestic": "true" if row["offence_code"] == "10D" else "false",
            "scope": {"8N": "knife", "34B": "firearm"}.get(row["offence_code"], row["scope"]),
        }
        for row in seeds["offences"]
    ]
    return {**seeds, "harm_weights": weights, "intelligence_categories": categories, "offences": offences}


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_models_equal_the_reference(project: Project, variant: str) -> None:
    day, policy = VARIANTS[variant]
    as_of = date.fromisoformat(day)
    world, seeds = random_world(1, 1200, as_of), with_policy(read_seeds(), **policy)
    assert_equal(project.build(world, as_of, seeds=seeds), reference.assess(world, seeds, as_of))


def test_they_are_equal_with_weights_that_round_halves(project: Project) -> None:
    as_of = date(2026, 9, 30)
    world = random_world(2, 1200, as_of)
    seeds = with_policy(with_odd_weights(read_seeds()), **EVERYBODY)
    assert_equal(project.build(world, as_of, seeds=seeds), reference.assess(world, seeds, as_of))


def test_somebody_exactly_on_the_threshold_is_listed_and_nobody_below_it(project: Project) -> None:
    as_of = date(2026, 9, 30)
    world, seeds = random_world(3, 800, as_of), with_policy(read_seeds(), **EVERYBODY)
    everybody = reference.assess(world, seeds, as_of).listed
    last = everybody[len(everybody) // 2]
    for threshold, is_listed in ((last.total_score, True), (last.total_score + Decimal("0.0001"), False)):
        stricter = with_policy(seeds, score_threshold=threshold)
        built = project.build(world, as_of, seeds=stricter)
        assert_equal(built, reference.assess(world, stricter, as_of))
        listed = {row["nominal_id"] for row in built.rows("assessment.assessment_list")}
        assert (last.nominal_id in listed) == is_listed


def test_movements_equal_the_reference(project: Project) -> None:
    seeds = with_policy(read_seeds(), **(EVERYBODY | {"score_threshold": 300}))
    before, now = date(2026, 3, 10), date(2026, 9, 30)
    world = random_world(6, 1500, before)
    later_world = evolved(world, 5, now)
    earlier = project.build(world, before, seeds=seeds, run_id="corrected")
    assert {row["movement"] for row in earlier.rows("assessment.list_movements")} == {"added"}
    other = project.build(later_world, before, seeds=seeds, run_id="first")
    releases = [
        Release("first", before, "2026-03-11 00:00:00", "same", other),
        # Published later for the same date: it corrects the first, and is the one to compare with.
        Release("corrected", before, "2026-03-12 00:00:00", "same", earlier),
        # Neither is earlier than now, whenever it was published; nor is one of an older date the latest.
        Release("same date", now, "2026-10-01 00:00:00", "same", other),
        Release("older", before - timedelta(days=1), "2026-10-02 00:00:00", "same", other),
    ]
    compared_with = reference.assess(world, seeds, before)
    previous = reference.Release(
        "same", {row.nominal_id: row for row in compared_with.listed}, compared_with.contributions
    )
    spells = {row.nominal_id: row.first_listed_on for row in compared_with.listed}
    expected = reference.assess(later_world, seeds, now, spells)
    for policy_version in ("same", "changed"):
        built = project.build(
            later_world,
            now,
            seeds=seeds,
            history=history_of(releases),
            policy_version=policy_version,
            wanted=("assessment", "int_fail_closed_rows"),
        )
        assert_equal(built, expected)
        moved = reference.movements(expected, policy_version, previous)
        assert_same("movements", rows_of(built, "list_movements", Movement), map(values_of, moved))
        assert {row.reason for row in moved} == {None, *(row["reason"] for row in seeds["removal_reasons"])}
    assert_first_seen(built, releases)
    bad_rows = {
        row["reason"]: row["row_count"]
        for row in built.rows("intermediate.int_fail_closed_rows")
        if row["reason"] != "merge_cycle"
    }
    assert bad_rows == expected.records.fail_closed_rows()


def test_a_record_that_counts_again_by_a_later_date_is_a_source_change(project: Project) -> None:
    """Too rare a case for random worlds: a contribution that had grown too old was re-dated."""
    before, now = date(2025, 6, 1), date(2026, 6, 1)
    seeds = with_policy(read_seeds(), **(EVERYBODY | {"score_threshold": 100, "crime_lookback_years": 1}))
    worlds = [World(), World()]
    for world, committed, offence in zip(worlds, ("2025-01-01", "2026-05-01"), ("1", "105A"), strict=True):
        world.nominal("SYN-1")
        world.report(
            "C1", offence_code=offence, committed_from=committed, recorded_at=f"{committed} 12:00:00"
        )
        world.link("C1", "SYN-1", linked_at="2025-01-03 00:00:00")
        world.flag("C1")
    earlier = project.build(worlds[0].tables, before, seeds=seeds)
    history = history_of([Release("first", before, "2025-06-02 00:00:00", "policy", earlier)])
    built = project.build(worlds[1].tables, now, seeds=seeds, history=history)

    listed = reference.assess(worlds[0].tables, seeds, before)
    previous = reference.Release(
        "policy", {row.nominal_id: row for row in listed.listed}, listed.contributions
    )
    moved = reference.movements(reference.assess(worlds[1].tables, seeds, now), "policy", previous)
    assert [(row.reason, row.driver) for row in moved] == [("score_below_threshold", "source_change")]
    assert_same("movements", rows_of(built, "list_movements", Movement), map(values_of, moved))


def assert_first_seen(built: Warehouse, releases: list[Release]) -> None:
    """Each quarantined row names the run that the earliest published release says, or else this one."""
    first: dict[tuple[str, ...], str] = {}
    columns = ("source_table", "record_key", "reason")
    for release in sorted(releases, key=lambda release: release.published_at):
        for row in release.warehouse.rows("assessment.quarantine"):
            first.setdefault(tuple(row[c] for c in columns), row["first_seen_run"])
    for row in built.rows("assessment.quarantine"):
        assert row["first_seen_run"] == first.get(tuple(row[c] for c in columns), "run"), row


@pytest.mark.parametrize(
    ("since", "as_of", "years"),
    [
        ("2024-02-29", "2025-02-28", 0),
        ("2024-02-29", "2025-03-01", 1),
        ("2025-03-10", "2026-03-09", 0),
        ("2025-03-10", "2026-03-10", 1),
    ],
)
def test_the_reference_counts_completed_years_as_the_method_says(since: str, as_of: str, years: int) -> None:
    assert completed_years(date.fromisoformat(since), date.fromisoformat(as_of)) == years


@pytest.mark.slow
def test_a_hundred_thousand_people_are_assessed_as_the_reference_does(project: Project) -> None:
    as_of = date(2026, 9, 30)
    world, seeds = random_world(6, 100_000, as_of), with_policy(read_seeds(), score_threshold=600)
    assert_equal(project.build(world, as_of, seeds=seeds), reference.assess(world, seeds, as_of))
