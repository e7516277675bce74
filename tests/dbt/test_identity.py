"""Merges of nominals, on random people: followed through any chain, and undone when the source undoes them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from factory import World as Sources
from harness import Project, Warehouse
from invariants import EVERYBODY
from reference import World
from reference.records import Row, read_timestamp, text
from worlds import random_world

AS_OF = date(2026, 9, 30)
PEOPLE = [f"SYN-{n:02}" for n in range(40)]
SEEDS = pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (2, 3))])
Merges = Mapping[str, str]


def sources(seed: int, merges: Merges) -> World:
    """Adults who are all on the list: each with a crime, with others that several committed, and intelligence."""
    random = Random(f"identity {seed}")
    world = Sources()
    for person in PEOPLE:
        world.nominal(person, merged_into=merges.get(person))
    crimes = [(f"alone/{person}", [person]) for person in PEOPLE]
    crimes += [(f"together/{n}", random.sample(PEOPLE, random.choice((1, 2, 3)))) for n in range(len(PEOPLE))]
    for ref, suspects in crimes:
        world.report(ref, offence_code=random.choice(("1", "5D", "10D", "29")))
        for person in suspects:
            world.link(ref, person, role=random.choice(("suspect", "accused")))
    for n in range(len(PEOPLE) // 2):
        world.intelligence(f"I{n}", category=random.choice(("knife_carrying", "firearm_supply")))
        for person in random.sample(PEOPLE, random.choice((1, 2))):
            world.subject(f"I{n}", person)
    return world.tables


def random_merges(random: Random, people: list[str]) -> dict[str, str]:
    """Merges of about two in three people, in chains and trees of any depth."""
    order = random.sample(people, len(people))
    return {
        person: order[random.randrange(max(0, n - 4), n)]
        for n, person in enumerate(order)
        if n and random.random() < 2 / 3
    }


def end_of(person: str, merges: Merges) -> str:
    while into := merges.get(person):
        person = into
    return person


def records(built: Warehouse) -> dict[str, dict[str, Decimal]]:
    """Points by person and record, the cap apart."""
    found: defaultdict[str, dict[str, Decimal]] = defaultdict(dict)
    for row in built.rows("assessment.score_contributions"):
        if row["kind"] != "intelligence_cap":
            found[row["nominal_id"]][row["record_ref"]] = row["points"]
    return dict(found)


def published(built: Warehouse) -> str:
    """The list and its contributions, as they are written."""
    return "\n".join(
        str(row)
        for name in ("assessment_list", "score_contributions")
        for row in built.rows(f"assessment.{name}")
    )


def out(built: Warehouse, reason: str) -> list[str]:
    """Keys of the nominals that are kept out for a reason."""
    found = {"source_table": "person.nominal", "reason": reason, "effect": "row_out"}
    rows = built.rows("assessment.quarantine")
    return [row["record_key"] for row in rows if found.items() <= row.items()]


def handed_on(apart: dict[str, dict[str, Decimal]], merges: Merges) -> dict[str, dict[str, Decimal]]:
    """Everybody's records, for the end of their chain."""
    found: dict[str, dict[str, Decimal]] = {}
    for person, own in apart.items():
        found.setdefault(end_of(person, merges), {}).update(own)
    return found


@SEEDS
def test_records_count_once_and_for_the_end_of_any_chain(project: Project, seed: int) -> None:
    merges = random_merges(Random(seed), PEOPLE)
    apart, merged = (
        records(project.build(sources(seed, given), AS_OF, seeds=EVERYBODY)) for given in ({}, merges)
    )
    assert apart.keys() == set(PEOPLE)
    assert merged == handed_on(apart, merges)


@SEEDS
def test_a_split_restores_the_earlier_scores_to_the_last_byte(project: Project, seed: int) -> None:
    """Among people with everything that can stand against them, some merged from the beginning."""
    random, world = Random(seed), random_world(seed, 300, AS_OF)
    versions = Counter(text(row["nominal_id"]) for row in world["nominal"])
    single = {
        text(row["nominal_id"]): row
        for row in world["nominal"]
        if versions[text(row["nominal_id"])] == 1
        and not row["merged_into"]
        and read_timestamp(row["updated_at"])
    }
    merges = random_merges(random, sorted(filter(None, single)))
    merging = [
        {**single[p], "merged_into": end, "updated_at": "2027-01-01 00:00:00"} for p, end in merges.items()
    ]
    parting = [{**row, "merged_into": None, "updated_at": "2027-01-02 00:00:00"} for row in merging]
    before, merged, split = (
        project.build({**world, "nominal": random.sample(rows, len(rows))}, AS_OF, seeds=EVERYBODY)
        for rows in (
            world["nominal"],
            [*world["nominal"], *merging],
            [*world["nominal"], *merging, *parting],
        )
    )
    assert published(merged) != published(before)
    assert published(split) == published(before)


@SEEDS
def test_circles_of_any_length_are_quarantined_whole_and_nobody_else_is(project: Project, seed: int) -> None:
    circles = {"SYN-00": "SYN-00"}
    rest = PEOPLE[1:]
    for length in (2, 3, 5):
        members, rest = rest[:length], rest[length:]
        circles |= dict(zip(members, [*members[1:], members[0]], strict=True))
    random = Random(seed)
    leading_in = {person: random.choice([*circles, *rest[:n]]) for n, person in enumerate(rest[:10])}
    apart = records(project.build(sources(seed, {}), AS_OF, seeds=EVERYBODY))
    built = project.build(sources(seed, circles | leading_in), AS_OF, seeds=EVERYBODY)
    assert sorted(out(built, "merge_cycle")) == sorted(circles)
    assert records(built) == {person: apart[person] for person in rest[10:]}


@SEEDS
def test_whoever_is_merged_into_nobody_is_quarantined_and_stands_for_nobody(
    project: Project, seed: int
) -> None:
    merges = random_merges(Random(seed), PEOPLE)
    into_nobody = [person for person in PEOPLE if person not in merges][::2]
    apart = records(project.build(sources(seed, {}), AS_OF, seeds=EVERYBODY))
    built = project.build(
        sources(seed, merges | dict.fromkeys(into_nobody, "SYN-of-nobody")), AS_OF, seeds=EVERYBODY
    )
    assert sorted(out(built, "unknown_nominal")) == sorted(into_nobody)
    expected = handed_on(apart, merges)
    assert records(built) == {person: own for person, own in expected.items() if person not in into_nobody}


@SEEDS
def test_of_several_versions_of_a_merge_the_latest_updated_stands(project: Project, seed: int) -> None:
    random, world = Random(seed), sources(seed, {})
    apart = records(project.build(world, AS_OF, seeds=EVERYBODY))
    versions: list[Row] = []
    latest: dict[str, str] = {}
    for row in world["nominal"]:
        person = row["nominal_id"]
        # Always into somebody with a lesser number, so that no versions make a circle.
        choices = [None, *PEOPLE[: PEOPLE.index(person)]]
        given = [
            {**row, "merged_into": random.choice(choices), "updated_at": f"2026-{month:02}-01 00:00:00"}
            for month in random.sample(range(1, 13), random.randint(1, 4))
        ]
        if into := max(given, key=lambda version: version["updated_at"])["merged_into"]:
            latest[person] = into
        unreadable = {**row, "merged_into": random.choice(choices), "updated_at": "2026-13-01 00:00:00"}
        versions += [*given, unreadable]
    world = {**world, "nominal": random.sample(versions, len(versions))}
    built = project.build(world, AS_OF, seeds=EVERYBODY)
    assert records(built) == handed_on(apart, latest)
    assert len(built.rows("assessment.quarantine")) == len(versions) - len(PEOPLE)
