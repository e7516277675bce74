"""Sentences of the method that are about several models at once, which no unit test of one model can hold."""

from __future__ import annotations

import re
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from factory import World
from harness import Project, Warehouse
from invariants import EVERYBODY
from reference import with_policy
from worlds import random_world

from vha.warehouse.seeds import SCORING_SEEDS, SEEDS, policy_version

AS_OF = date(2026, 9, 30)


def build(project: Project, world: World, **policy: object) -> Warehouse:
    """Sources in which one crime is enough to be listed."""
    return project.build(world.tables, AS_OF, seeds=with_policy(EVERYBODY, **policy))


def points(built: Warehouse) -> dict[tuple[str, str], Decimal]:
    """Points by person and record."""
    rows = built.rows("assessment.score_contributions")
    return {(row["nominal_id"], row["record_ref"]): row["points"] for row in rows}


def crime(world: World, ref: str, person: str = "SYN-1", role: str = "suspect", **changes: Any) -> None:
    world.report(ref, **{"offence_code": "5D", **changes})
    world.link(ref, person, role=role)


@pytest.fixture
def world() -> World:
    world = World()
    world.nominal("SYN-1")
    return world


def test_when_a_row_was_updated_says_nothing_of_when_it_is_visible(project: Project, world: World) -> None:
    crime(world, "C1")
    world.flag("C1", "firearm")
    world.intelligence("I1")
    world.subject("I1", "SYN-1")
    world.restriction("R1", "SYN-1", record_ref="C2")
    world.referral("SYN-1")
    before = build(project, world)
    for rows in world.tables.values():
        for row in rows:
            row["updated_at"] = "2027-01-01 00:00:00"
    after = build(project, world)
    for mart in ("assessment_list", "score_contributions", "quarantine"):
        assert after.rows(f"assessment.{mart}") == before.rows(f"assessment.{mart}")
    assert points(after).keys() == {("SYN-1", "C1"), ("SYN-1", "I1")}


def test_reports_of_one_incident_count_one_by_one(project: Project, world: World) -> None:
    for ref in ("C1", "C2", "C3"):
        crime(world, ref, incident_ref="one")
    assert len(points(build(project, world, minimum_crime_reports=3))) == 3


def test_a_suspect_scores_like_an_accused(project: Project, world: World) -> None:
    crime(world, "suspected")
    crime(world, "accused", role="accused")
    first, second = points(build(project, world)).values()
    assert first == second > 0


def test_a_suspect_who_is_a_victim_too_scores_and_is_reviewed(project: Project, world: World) -> None:
    crime(world, "C1")
    world.link("C1", "SYN-1", role="victim")
    crime(world, "C2")
    built = build(project, world)
    assert points(built)["SYN-1", "C1"] == points(built)["SYN-1", "C2"]
    assert built.rows("select nominal_id, reason from assessment.review_queue") == [
        {"nominal_id": "SYN-1", "reason": "suspect_and_victim"}
    ]


def test_a_crime_area_never_changes_points(project: Project, world: World) -> None:
    for flag in ("knife", "firearm"):
        crime(world, flag, offence_code="8N")
        world.flag(flag, flag)
    built = build(project, world)
    rows = {row["record_ref"]: row for row in built.rows("assessment.score_contributions")}
    assert {ref: row["crime_area"] for ref, row in rows.items()} == {
        "knife": "knife crime",
        "firearm": "gun crime",
    }
    assert rows["knife"]["points"] == rows["firearm"]["points"]


def test_intelligence_keeps_its_points_all_through_its_window(project: Project, world: World) -> None:
    for n in range(10):
        crime(world, f"C{n}")
    for year in (2026, 2025, 2024):
        world.intelligence(f"I{year}", submitted_at=f"{year}-06-01 08:00:00", event_on=None)
        world.subject(f"I{year}", "SYN-1")
    found = points(build(project, world, intelligence_window_years=3))
    assert {found["SYN-1", f"I{year}"] for year in (2026, 2025, 2024)} == {Decimal("273.7500")}


def test_nobody_scores_by_association(project: Project, world: World) -> None:
    world.nominal("SYN-friend")
    crime(world, "C1")
    world.link("C1", "SYN-friend", role="other")
    world.intelligence("I1", linked_crime_ref="C1")
    for person, involvement in (("SYN-1", "subject"), ("SYN-friend", "associate")):
        world.subject("I1", person, involvement=involvement)
    built = build(project, world)
    assert {person for person, _ in points(built)} == {"SYN-1"}
    assert {row["nominal_id"] for row in built.rows("intermediate.int_person_scores")} == {"SYN-1"}


def test_every_delivered_row_is_judged_whatever_the_date(project: Project) -> None:
    world = random_world(1, 300, AS_OF)
    columns = "source_table, record_key, reason, effect"
    now, long_ago = (
        project.build(world, as_of).rows(f"select {columns} from assessment.quarantine order by all")
        for as_of in (AS_OF, date(2001, 1, 1))
    )
    assert now == long_ago != []


def test_dates_in_the_wrong_order_are_no_reason_for_the_quarantine(project: Project, world: World) -> None:
    crime(world, "C1", committed_to="2026-01-01")
    world.intelligence("I1", event_on="2026-08-01")
    world.subject("I1", "SYN-1")
    world.nominal("dead before birth", deceased_on="1999-01-01")
    world.nominal("not born", date_of_birth="2026-10-01")
    world.restriction("R1", "SYN-1", record_ref="C9", starts_on="2026-02-01", ends_on="2026-01-01")
    world.referral("SYN-1", closed_on="2025-01-01")
    built = build(project, world)
    assert built.rows("assessment.quarantine") == []
    assert points(built).keys() == {("SYN-1", "C1"), ("SYN-1", "I1")}


def test_scoring_reads_no_seed_but_those_that_make_the_policys_version(project: Project) -> None:
    """Besides the codes of ethnicities, by which a value is missing, and what-ifs: nobody gains or loses a place."""
    reads, models = set(), ["int_assessed_people", "int_ranked_lists", "score_contributions", "review_queue"]
    for name in models:
        models += project.models[name].needs - set(models)
        reads |= set(re.findall(r'"seeds"\."(\w+)"', project.models[name].sql))
    assert reads == {*SCORING_SEEDS, "ethnicity_codes", "policy_variants"}


def test_the_policys_version_changes_with_every_value_and_not_with_the_order_of_rows(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SEEDS, tmp_path / "seeds"))
    assert re.fullmatch("[0-9a-f]{12}", policy_version(folder))
    versions = {policy_version(folder)}
    for name in SCORING_SEEDS:
        file = folder / f"{name}.csv"
        header, *rows = file.read_text().splitlines(keepends=True)
        file.write_text("".join([header, *reversed(rows)]))
        assert policy_version(folder) in versions
        *rest, last = rows
        file.write_text("".join([header, *rest, last.replace(",", "!,", 1)]))
        assert policy_version(folder) not in versions
        versions.add(policy_version(folder))
