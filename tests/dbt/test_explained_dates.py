"""The day on which time alone takes a person off the list is the one on which the models take them off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from factory import World as Sources
from harness import Project, Warehouse
from reference import Seeds, World, read_seeds, with_policy
from worlds import random_world

from vha.explain import projection
from vha.explain.explanation import records_of, rules_of
from vha.explain.facts import Contribution, Parameter
from vha.explain.projection import Record

AS_OF = date(2024, 2, 29)
DAYS_AROUND = 3

VARIANTS: dict[str, dict[str, object]] = {
    "as published": {"score_threshold": 800},
    "linear": {"score_threshold": 500, "decay_method": "linear"},
    "other windows and cap": {
        "score_threshold": "438.4505",
        "crime_lookback_years": 3,
        "intelligence_window_years": 4,
        "intelligence_cap_ratio": "0.3333",
        "minimum_crime_reports": 2,
    },
}


def quiet_world(seed: int, people: int) -> World:
    """Sources in which nothing will ever happen but that records grow older."""
    random = Random(f"quiet {seed}")
    sources = Sources()
    sources.tables["nominal"] = []
    for n in range(people):
        person = f"SYN-{n}"
        sources.nominal(person)
        for i in range(random.randrange(2, 7)):
            day = _some_day(random)
            ref, offence = f"C{n}-{i}", random.choice(("1", "5D", "8N", "10D", "10A", "34B", "36"))
            sources.report(ref, committed_from=str(day), recorded_at=f"{day} 10:00:00", offence_code=offence)
            sources.flag(ref)
            sources.link(ref, person, linked_at=f"{day} 11:00:00")
        for i in range(random.randrange(3)):
            category = random.choice(("knife_carrying", "firearm_supply", "firearm_possession"))
            submitted = f"{_some_day(random, years=3)} 08:00:00"
            sources.intelligence(f"I{n}-{i}", submitted_at=submitted, event_on=None, category=category)
            sources.subject(f"I{n}-{i}", person)
    return sources.tables


def _some_day(random: Random, years: int = 6) -> date:
    leap_days = [date(2020, 2, 29), AS_OF]
    around = AS_OF.replace(day=28, year=AS_OF.year - random.randrange(years))
    return random.choice(
        (
            AS_OF - timedelta(days=random.randrange(365 * years)),
            min(AS_OF, around + timedelta(days=random.randint(-1, 2))),
            random.choice(leap_days if years > 4 else leap_days[1:]),
        )
    )


@pytest.mark.parametrize("name", VARIANTS)
def test_the_day_is_the_models_own_and_the_days_around_it_too(project: Project, name: str) -> None:
    compared, left_out = compare(project, quiet_world(1, 60), with_policy(read_seeds(), **VARIANTS[name]))
    assert compared > 1000
    assert left_out == 0


def test_it_holds_of_whoever_only_grows_older_in_a_world_with_everything(project: Project) -> None:
    seeds = with_policy(read_seeds(), score_threshold=300, minimum_crime_reports=2)
    compared, left_out = compare(project, random_world(1, 200, AS_OF), seeds)
    assert compared > 9 * left_out > 0


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("completed_years", lambda since, as_of: as_of.year - since.year),
        ("completed_years", lambda since, as_of: (as_of - since).days // 365),
        ("completed_on", lambda since, years: since + timedelta(days=365 * years)),
        ("_change", lambda record, rules, day: "loses a third" if record.kind == "intelligence" else None),
    ],
    ids=["years are calendar years", "years have 365 days", "anniversaries drift", "reports never change"],
)
def test_a_broken_projection_is_caught(
    project: Project, monkeypatch: pytest.MonkeyPatch, name: str, broken: Callable[..., Any]
) -> None:
    monkeypatch.setattr(projection, name, broken)
    with pytest.raises((AssertionError, IndexError)):
        compare(project, quiet_world(1, 60), with_policy(read_seeds(), **VARIANTS["as published"]))


def compare(project: Project, world: World, seeds: Seeds) -> tuple[int, int]:
    """Hold the projection of everybody listed against the models, on the days around everybody's last.

    Left out is a person on a day on which more happened to them than that time went by: a record counts that did
    not, or they died or were restricted.

    Returns:
        How often somebody was compared on a day, and how often left out.
    """
    today = project.build(world, AS_OF, seeds=seeds)
    policy = {
        row["parameter"]: Parameter(row["parameter"], row["value"], *[""] * 5) for row in seeds["policy"]
    }
    rules = rules_of(policy)
    projected = {
        person: (records, list(projection.projection(records, rules, AS_OF)))
        for person, records in records_by_person(today)
    }
    days = {f"d{day}": day for _, steps in projected.values() for day in _around(steps[-1].on)}
    later = project.build(world, AS_OF, seeds=seeds, other_dates=days, wanted=("int_assessed_people",))
    counted = counted_records(later)
    assessed = {
        (row["assessment"], row["nominal_id"]): row for row in later.rows("intermediate.int_assessed_people")
    }
    compared = left_out = 0
    for person, (records, steps) in projected.items():
        for name, day in days.items():
            row = assessed.get((name, person), {})
            more = counted.get((name, person), set()) - {record.record_ref for record in records}
            if more or row.get("is_restricted") or row.get("is_deceased"):
                left_out += 1
                continue
            compared += 1
            assert row.get("is_listed", False) == (day < steps[-1].on), (person, day, steps[-1])
            now = projection.standing(records, rules, day)
            assert (now.total_score, now.crime_reports) == (
                row.get("total_score", 0),
                row.get("crime_reports", 0),
            )
    return compared, left_out


def _around(day: date) -> Iterator[date]:
    for offset in range(-DAYS_AROUND, DAYS_AROUND + 1):
        if day + timedelta(days=offset) > AS_OF:
            yield day + timedelta(days=offset)


def records_by_person(built: Warehouse) -> Iterator[tuple[str, list[Record]]]:
    contributions: dict[str, list[Contribution]] = {}
    for row in built.rows("assessment.score_contributions"):
        fields = {name: row[name] for name in Contribution.__dataclass_fields__}
        contributions.setdefault(row["nominal_id"], []).append(Contribution(**fields))
    for person, rows in contributions.items():
        yield person, records_of(rows)


def counted_records(built: Warehouse) -> dict[tuple[str, str], set[str]]:
    counted: dict[tuple[str, str], set[str]] = {}
    for table, ref in (("int_crime_points", "crime_ref"), ("int_intelligence_points", "intel_ref")):
        for row in built.rows(f"intermediate.{table}"):
            counted.setdefault((row["assessment"], row["nominal_id"]), set()).add(row[ref])
    return counted
