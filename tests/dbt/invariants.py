"""The invariants of ``docs/method.md``, each as a check of the models on a random world.

Each takes the project, the seed of its world and mutations of the models, and fails by AssertionError.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any

from harness import Mutations, Project, Release, Warehouse, history_of
from ownership import others_changed
from reference import read_seeds, with_policy
from reference.records import date_of, text
from worlds import BOROUGHS, CHARACTERISTICS, World, evolved, random_world

AS_OF = date(2026, 9, 30)
PEOPLE = 500
Invariant = Callable[[Project, int, Mutations], None]
MARTS = ("assessment_list", "score_contributions", "list_movements", "review_queue", "quarantine")
# Everybody with a crime report is listed, and so seen.
EVERYBODY = with_policy(read_seeds(), score_threshold="0.0001", minimum_crime_reports=1)


def marts(built: Warehouse) -> dict[str, list[dict[str, Any]]]:
    """All that is published about people, in the order in which it is published."""
    return {name: built.rows(f"assessment.{name}") for name in MARTS}


def places(built: Warehouse, people: set[str] | None = None) -> list[tuple[Any, ...]]:
    """Who is listed with which scores and contributions, ranks apart."""
    rows = [*built.rows("assessment.assessment_list"), *built.rows("assessment.score_contributions")]
    kept = [row for row in rows if people is None or row["nominal_id"] in people]
    return sorted(tuple(str(value) for key, value in row.items() if key != "rank") for row in kept)


def contributions_add_up(project: Project, seed: int, mutate: Mutations) -> None:
    """1: the sum of a person's contributions is the total score, to the last decimal."""
    built = project.build(random_world(seed, PEOPLE, AS_OF), AS_OF, seeds=EVERYBODY, mutate=mutate)
    totals: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in built.rows("assessment.score_contributions"):
        totals[row["nominal_id"]] += row["points"]
    assert totals == {
        row["nominal_id"]: row["total_score"] for row in built.rows("assessment.assessment_list")
    }


def only_own_records_count(project: Project, seed: int, mutate: Mutations) -> None:
    """2: changing or deleting anyone else's records leaves a score the same."""
    world = random_world(seed, PEOPLE, AS_OF)
    changed, own = others_changed(world, Random(seed))
    before, after = (
        places(project.build(delivered, AS_OF, seeds=EVERYBODY, mutate=mutate), own)
        for delivered in (world, changed)
    )
    assert before
    assert before == after


def characteristics_change_nothing(project: Project, seed: int, mutate: Mutations) -> None:
    """3: swapping protected characteristics or boroughs leaves every score and every place the same."""
    world = random_world(seed, PEOPLE, AS_OF)
    before, after = (
        marts(project.build(_recast(world, Random(n)), AS_OF, seeds=EVERYBODY, mutate=mutate)) for n in (1, 2)
    )
    assert before["assessment_list"]
    for name in set(MARTS) - {"quarantine"}:
        assert before[name] == after[name]


def _recast(world: World, random: Random) -> World:
    """Deal characteristics and boroughs anew, the same to all versions of a row, which they must not rank."""
    hands: dict[str | None, dict[str, str | None]] = defaultdict(
        lambda: {name: random.choice(values) for name, values in CHARACTERISTICS.items()}
    )
    boroughs: dict[str | None, str | None] = defaultdict(lambda: random.choice(BOROUGHS))
    return {
        **world,
        "nominal": [{**row, **hands[text(row["nominal_id"])]} for row in world["nominal"]],
        "crime_report": [
            {**row, "borough": boroughs[text(row["crime_ref"])]} for row in world["crime_report"]
        ],
    }


def bystanders_have_no_score(project: Project, seed: int, mutate: Mutations) -> None:
    """4: someone who is only ever a victim, witness or associate has no score."""
    world = random_world(seed, PEOPLE, AS_OF)
    bystanders = {f"P{n}" for n in range(0, PEOPLE, 2)}
    for row in world["nominal"]:
        row["merged_into"] = None
    for table, column, roles in (
        ("crime_person", "role", ("victim", "witness", "other")),
        ("intelligence_subject", "involvement", ("associate", "victim", "witness", "mentioned")),
    ):
        for row in world[table]:
            if text(row["nominal_id"]) in bystanders:
                row[column] = Random(str(row)).choice(roles)
    built = project.build(world, AS_OF, seeds=EVERYBODY, mutate=mutate)
    scored = {row["nominal_id"] for row in built.rows("intermediate.int_person_scores")}
    assert scored
    assert not scored & bystanders


def scores_never_rise_with_time(project: Project, seed: int, mutate: Mutations) -> None:
    """5: with a fixed set of visible, unrestricted records a crime score never rises as D moves on."""
    world = {**random_world(seed, PEOPLE, AS_OF), "restriction": []}
    for table, column in (("crime_report", "recorded_at"), ("crime_person", "linked_at")):
        world[table] = [row for row in world[table] if (date_of(text(row[column])) or AS_OF) <= AS_OF]
    days = (0, 1, 2, 364, 730, 1600)
    built = project.build(
        world,
        AS_OF,
        seeds=EVERYBODY,
        other_dates={f"after {n} days": AS_OF + timedelta(days=n) for n in days},
        mutate=mutate,
    )
    scores = {
        (row["assessment"], row["nominal_id"]): row["crime_score"]
        for row in built.rows("intermediate.int_person_scores")
    }
    assert scores
    for before, after in pairwise(f"after {n} days" for n in days):
        risen = {
            p for (when, p), score in scores.items() if when == after and score > scores.get((before, p), 0)
        }
        assert not risen, f"{len(risen)} scores rise from {before} to {after}"


def the_same_on_any_threads_in_any_order(project: Project, seed: int, mutate: Mutations) -> None:
    """6: the same inputs give the same bytes, on any number of threads and in any order of delivery."""
    world = random_world(seed, PEOPLE, AS_OF)
    shuffled = {name: Random(seed).sample(rows, len(rows)) for name, rows in world.items()}
    expected = marts(project.build(world, AS_OF, seeds=EVERYBODY, threads=1, mutate=mutate))
    for delivered, threads in ((world, 4), (shuffled, 1), (shuffled, 4)):
        built = project.build(delivered, AS_OF, seeds=EVERYBODY, threads=threads, mutate=mutate)
        assert marts(built) == expected


def nobody_below_the_threshold_is_published(project: Project, seed: int, mutate: Mutations) -> None:
    """7: nobody below the threshold is in any published mart, apart from the named exceptions."""
    before = AS_OF - timedelta(days=200)
    seeds = with_policy(read_seeds(), score_threshold=600, minimum_crime_reports=1)
    world = random_world(seed, PEOPLE, before)
    first = project.build(world, before, seeds=seeds, mutate=mutate)
    built = project.build(
        evolved(world, seed, AS_OF),
        AS_OF,
        seeds=seeds,
        history=history_of([Release("first", before, "2026-04-01 00:00:00", "policy", first)]),
        wanted=("assessment", "oversight"),
        mutate=mutate,
    )
    above = {
        row["nominal_id"]
        for row in built.rows("from intermediate.int_person_scores where assessment = 'release'")
        if row["total_score"] >= 600
    }
    published = marts(built)
    listed = {row["nominal_id"] for row in published["assessment_list"]}
    assert listed
    assert listed <= above
    assert {row["nominal_id"] for row in published["score_contributions"]} == listed
    removed = [row["nominal_id"] for row in published["list_movements"] if row["movement"] == "removed"]
    assert len(set(removed)) == len(removed)
    assert {row["nominal_id"] for row in published["list_movements"]} - set(removed) == listed
    earlier = {row["nominal_id"] for row in first.rows("assessment.assessment_list")}
    assert set(removed) == earlier - listed
    for name in ("review_queue", "quarantine"):
        assert not any(isinstance(value, Decimal) for row in published[name] for value in row.values())
    names = {row["nominal_id"] for row in built.rows("landing.nominal")}
    for model in project.models.values():
        if model.schema == "oversight":
            for row in built.rows(f"oversight.{model.name}"):
                assert names.isdisjoint(row.values()), model.name


INVARIANTS = (
    contributions_add_up,
    only_own_records_count,
    characteristics_change_nothing,
    bystanders_have_no_score,
    scores_never_rise_with_time,
    the_same_on_any_threads_in_any_order,
    nobody_below_the_threshold_is_published,
)
