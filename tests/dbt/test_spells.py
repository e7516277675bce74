"""Spells on the list and the reviews due in them, from release to release through the published history."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from factory import World
from harness import Project, Release, Warehouse, history_of

MARCH, JUNE, SEPTEMBER, DECEMBER = (
    date(2026, month, day) for month, day in ((3, 31), (6, 30), (9, 30), (12, 31))
)


@pytest.fixture(scope="module")
def world() -> World:
    """Two people with the same three murders; one of them is restricted from April to June, and comes back."""
    world = World()
    world.nominal("stays")
    world.nominal("returns", date_of_birth="2012-01-31")
    for number in (1, 2, 3):
        world.report(f"C{number}", offence_code="1")
        world.link(f"C{number}", "stays")
        world.link(f"C{number}", "returns")
    world.restriction("R1", "returns", starts_on="2026-04-01", ends_on="2026-07-01")
    return world


def released(project: Project, world: World, as_of: date, earlier: list[Release], number: int = 1) -> Release:
    run_id = f"{as_of}-{number}"
    built = project.build(world.tables, as_of, history=history_of(earlier), run_id=run_id)
    published_at = as_of + timedelta(days=number)
    return Release(run_id, as_of, f"{published_at} 05:00:00", "policy", built)


def spells(built: Warehouse) -> dict[str, tuple[date, date]]:
    rows = built.rows("select nominal_id, first_listed_on, review_due_on from assessment.assessment_list")
    return {row["nominal_id"]: (row["first_listed_on"], row["review_due_on"]) for row in rows}


def movements(built: Warehouse) -> dict[str, tuple[str, str | None, str | None]]:
    rows = built.rows("select nominal_id, movement, reason, driver from assessment.list_movements")
    return {row["nominal_id"]: (row["movement"], row["reason"], row["driver"]) for row in rows}


def test_a_return_starts_a_new_spell_with_a_review_of_its_own(project: Project, world: World) -> None:
    march = released(project, world, MARCH, [])
    june = released(project, world, JUNE, [march])
    september = released(project, world, SEPTEMBER, [march, june])
    december = released(project, world, DECEMBER, [march, june, september])
    first = (MARCH, MARCH + timedelta(days=90))
    back = (SEPTEMBER, SEPTEMBER + timedelta(days=30))
    assert spells(march.warehouse) == {"stays": first, "returns": (MARCH, MARCH + timedelta(days=30))}
    assert spells(june.warehouse) == {"stays": first}
    assert spells(september.warehouse) == {"stays": first, "returns": back}
    assert spells(december.warehouse) == {"stays": first, "returns": back}
    assert movements(june.warehouse)["returns"] == ("removed", "restricted", "source_change")
    assert movements(september.warehouse)["returns"] == ("added", None, None)
    assert movements(december.warehouse)["returns"] == ("kept", None, None)


def test_a_run_for_an_earlier_date_goes_on_from_the_release_before_that_date(
    project: Project, world: World
) -> None:
    march = released(project, world, MARCH, [])
    september = released(project, world, SEPTEMBER, [march])
    assert movements(september.warehouse)["returns"] == ("kept", None, None)
    june = released(project, world, JUNE, [march, september], number=200)
    assert movements(june.warehouse)["returns"] == ("removed", "restricted", "source_change")
    assert movements(june.warehouse)["stays"] == ("kept", None, None)
    december = released(project, world, DECEMBER, [march, september, june])
    assert movements(december.warehouse)["returns"] == ("kept", None, None)


def test_a_correction_goes_on_from_the_release_before_the_corrected_and_is_gone_on_from(
    project: Project, world: World
) -> None:
    march = released(project, world, MARCH, [])
    wrong = World()
    wrong.tables = {**world.tables, "restriction": []}
    june = released(project, wrong, JUNE, [march])
    assert movements(june.warehouse)["returns"] == ("kept", None, None)
    corrected = released(project, world, JUNE, [march, june], number=2)
    assert movements(corrected.warehouse)["returns"] == ("removed", "restricted", "source_change")
    september = released(project, world, SEPTEMBER, [march, june, corrected])
    assert movements(september.warehouse)["returns"] == ("added", None, None)
    assert spells(september.warehouse)["returns"][0] == SEPTEMBER
