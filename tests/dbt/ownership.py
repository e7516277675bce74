"""Whose a record is: what may be taken away or changed without it being anything to a group of people."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from reference.records import Row, text
from worlds import World


def others_changed(world: World, random: Random) -> tuple[World, set[str]]:
    """Delete or change records of about half of the people, and of them alone.

    Returns:
        The changed world, and everybody whose own records it leaves as they were. People who are merged with
        each other, in any version of an entry, are on the same side; so are all versions of a restriction.
    """
    groups = _connected((row["nominal_id"], row["merged_into"]) for row in world["nominal"])
    keepers = {group for group in sorted(set(groups.values())) if random.random() < 0.5}
    own = {person for person, group in groups.items() if group in keepers}
    restrictions = {
        text(row["restriction_id"]) for row in world["restriction"] if text(row["nominal_id"]) in own
    }
    reports = _reports_about(own, world)

    def is_kept(name: str, row: Row) -> bool:
        if name == "restriction":
            return text(row["nominal_id"]) in own or text(row["restriction_id"]) in restrictions - {None}
        if name in ("crime_report", "crime_flag"):
            return text(row["crime_ref"]) in reports
        return name == "intelligence_report" or text(row["nominal_id"]) in own

    changed: World = {}
    for name, rows in world.items():
        changed[name] = []
        for row in rows:
            if is_kept(name, row):
                changed[name].append(row)
            elif name not in ("crime_report", "crime_flag") and random.random() < 0.5:
                changed[name].append(_altered(name, row))
    return changed, own


def _reports_about(people: set[str], world: World) -> set[str]:
    """The crime reports that have to do with some people, by links, by intelligence or as the same crime."""
    about: set[str | None] = {
        text(row["crime_ref"]) for row in world["crime_person"] if text(row["nominal_id"]) in people
    }
    about |= {text(row["linked_crime_ref"]) for row in world["intelligence_report"]}
    same = _connected((row["crime_ref"], row["migrated_from_ref"]) for row in world["crime_report"])
    crimes = {same[ref] for ref in about if ref in same}
    return {ref for ref, crime in same.items() if crime in crimes}


def _altered(name: str, row: Row) -> Row:
    changes: dict[str, Row] = {
        "crime_person": {"role": "suspect", "link_status": "live"},
        "intelligence_subject": {"involvement": "subject"},
        "restriction": {"record_ref": None, "ends_on": None},
        "nominal": {"date_of_birth": "1980-05-05", "deceased_on": None, "sex": "X"},
        "safeguarding": {"closed_on": None},
    }
    return {**row, **changes[name]}


def _connected(pairs: Iterable[tuple[str | None, str | None]]) -> dict[str, str]:
    """Each name with one that stands for all that are connected with it."""
    standing_for: dict[str, str] = {}

    def find(name: str) -> str:
        while standing_for.setdefault(name, name) != name:
            name = standing_for[name]
        return name

    for first, second in ((text(a), text(b)) for a, b in pairs):
        if first and second:
            standing_for[find(first)] = find(second)
        for name in filter(None, (first, second)):
            find(name)
    return {name: find(name) for name in standing_for}
