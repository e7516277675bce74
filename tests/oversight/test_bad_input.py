"""Whatever the sources hold, each figure is right or says that it is none.

From delivered rows through every model to the marts, and the attack on them; the site's own tests draw such figures.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
from harness import Project, Warehouse
from published import RUN, write
from published import SHAPES as SHAPES_OF_A_RELEASE
from reference import World, read_seeds, with_policy
from worlds import random_world

from vha.disclosure.attack import attack
from vha.report import site
from vha.settings import Settings

AS_OF = date(2026, 9, 30)
PERIOD = "2026-Q3"
VARIANTS = [row["variant"] for row in read_seeds()["policy_variants"]]
SEEDS = with_policy(read_seeds(), score_threshold="60", minimum_crime_reports=1)
"""By this policy most people of a random world are on the list."""
ETHNICITIES = ("self_defined_ethnicity", "officer_observed_ethnicity")
OTHERS = {"religion": "christian", "disability": "N", "sexual_orientation": "heterosexual"}
ONE_GROUP: dict[str, str | None] = {"sex": "M", "self_defined_ethnicity": "W1", "officer_observed_ethnicity": "IC1",
                                    "date_of_birth": "1999-05-05", **OTHERS}  # fmt: skip


def of_people(**values: str | None) -> World:
    """A random world in which everybody has these characteristics."""
    world = random_world(4, 300, AS_OF)
    for nominal in world["nominal"]:
        nominal |= values
    return world


def without_women() -> World:
    world = random_world(4, 300, AS_OF)
    for nominal in world["nominal"]:
        nominal["sex"] = "M" if nominal["sex"] == "F" else nominal["sex"]
    return world


SHAPES: dict[str, Callable[[], World]] = {
    "no earlier release and a single quarter": of_people,
    "an empty group": without_women,
    "everybody in one group": lambda: of_people(**ONE_GROUP),
    "all ethnicity missing": lambda: of_people(**dict.fromkeys(ETHNICITIES)),
    "a list of nine people": of_people,
    "nothing delivered": dict,
}


@pytest.fixture(scope="module")
def built(project: Project) -> Callable[[str], Warehouse]:
    """The marts over a shape of the sources."""

    @cache
    def build(name: str) -> Warehouse:
        world = SHAPES[name]()
        if name == "a list of nine people":
            whole = project.build(world, AS_OF, seeds=SEEDS, wanted=("assessment_list",))
            world["restriction"] += [
                {
                    "restriction_id": f"R{row['nominal_id']}",
                    "nominal_id": row["nominal_id"],
                    "reason": "legal_hold",
                    "starts_on": "2026-01-01",
                    "updated_at": "2026-01-01 00:00:00",
                }
                for row in whole.rows('select nominal_id from assessment.assessment_list where "rank" > 9')
            ]
        return project.build(
            world,
            AS_OF,
            seeds=SEEDS,
            variants=VARIANTS,
            wanted=("assessment", "oversight"),
            threads=1,
        )

    return build


def rows_of(built: Warehouse, table: str, where: str = "true") -> list[dict[str, Any]]:
    return built.rows(f"select * from oversight.{table} where {where}")


QUARTERLY = ("special_category_breakdown", "special_category_cross", "special_category_completeness",
             "special_category_completeness_by_group", "ethnicity_agreement", "disproportionality", "what_if",
             "feedback", "list_trend")  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_every_figure_is_a_number_that_is_not_of_few_people_or_says_why_it_is_none(
    built: Callable[[str], Warehouse], name: str
) -> None:
    for table in QUARTERLY:
        rows = rows_of(built(name), table)
        assert rows or table == "special_category_completeness_by_group", table
        for row in rows:
            assert row["period"] == PERIOD
            numbers = [value for value in row.values() if isinstance(value, float)]
            assert all(map(math.isfinite, numbers)), row
            counts = [row.get(column) for column in ("people", "recorded", "not_stated", "missing")]
            assert all(people is None or people == 0 or people >= 10 for people in counts), row
            if table == "disproportionality":
                assert (row["rate_ratio"] is None) == (row["status"] != "published"), row
            elif "people" in row:
                assert (row["people"] is None) == (row["status"] != "published"), row


@pytest.mark.parametrize("name", SHAPES)
def test_the_attack_finds_nobody_in_it(built: Callable[[str], Warehouse], name: str) -> None:
    connection = built(name)._connection
    connection.execute("use oversight")
    try:
        assert [finding for finding in attack(connection) if not finding.safe] == []
    finally:
        connection.execute("use main")


def test_of_a_single_quarter_nobody_came_or_went(built: Callable[[str], Warehouse]) -> None:
    told = rows_of(built("no earlier release and a single quarter"), "list_trend", "measure <> 'listed'")
    assert {(row["people"], row["status"]) for row in told} == {(None, "secondary_suppressed")}
    removed = "stage = 'removed'"
    ratios = rows_of(built("no earlier release and a single quarter"), "disproportionality", removed)
    assert {row["status"] for row in ratios} <= {"insufficient_data", "not_comparable"}


def test_an_empty_group_is_nobody_and_has_no_ratio(built: Callable[[str], Warehouse]) -> None:
    [women] = rows_of(
        built("an empty group"), "special_category_breakdown", "characteristic = 'sex' and group_code = 'F'"
    )
    assert women["people"] in (0, None)
    ratios = rows_of(built("an empty group"), "disproportionality", "group_code = 'F'")
    assert {row["status"] for row in ratios} == {"insufficient_data", "not_comparable"}


def test_a_group_that_everybody_is_in_is_the_whole_list(built: Callable[[str], Warehouse]) -> None:
    everybody = rows_of(built("everybody in one group"), "special_category_breakdown", "people > 0")
    [size] = rows_of(built("everybody in one group"), "list_trend", "measure = 'listed'")
    assert {(row["characteristic"], row["group_code"]) for row in everybody} >= {
        ("sex", "M"),
        ("self_defined_ethnicity_5", "White"),
        ("self_defined_ethnicity_18", "W1"),
        ("age_band", "25-34"),
    }
    assert {(row["people"], row["percentage"]) for row in everybody} == {(size["people"], 100)}
    ratios = rows_of(built("everybody in one group"), "disproportionality")
    assert "published" not in {row["status"] for row in ratios}


def test_where_no_ethnicity_is_recorded_it_is_missing_and_nobody_is_compared(
    built: Callable[[str], Warehouse],
) -> None:
    ethnicities = (
        "characteristic in ('self_defined_ethnicity_5', 'officer_observed_ethnicity') and people > 0"
    )
    groups = rows_of(built("all ethnicity missing"), "special_category_breakdown", ethnicities)
    assert {(row["group_code"], row["percentage"]) for row in groups} == {("missing", 100)}
    complete = rows_of(
        built("all ethnicity missing"),
        "special_category_completeness",
        "population_kind = 'listed' and characteristic = 'self_defined_ethnicity'",
    )
    assert [(row["recorded"], row["percentage_recorded"]) for row in complete] == [(0, 0)]
    ratios = rows_of(
        built("all ethnicity missing"), "disproportionality", "characteristic like '%ethnicity%'"
    )
    assert "published" not in {row["status"] for row in ratios}


def test_of_nine_people_nothing_is_told_but_that_they_are_few(built: Callable[[str], Warehouse]) -> None:
    assert len(built("a list of nine people").rows("assessment.assessment_list")) == 9
    [size] = rows_of(built("a list of nine people"), "list_trend", "measure = 'listed'")
    assert (size["people"], size["status"]) == (None, "suppressed")
    groups = rows_of(built("a list of nine people"), "special_category_breakdown")
    assert {(row["people"], row["percentage"], row["status"]) for row in groups} == {
        (None, None, "secondary_suppressed")
    }
    at_stage = rows_of(built("a list of nine people"), "disproportionality", "stage = 'listed'")
    assert {row["people"] for row in at_stage} == {None}


@pytest.mark.slow
def test_the_pages_are_drawn_of_sources_that_hold_nothing(
    built: Callable[[str], Warehouse], tmp_path: Path
) -> None:
    database = write(tmp_path / "oversight.duckdb", SHAPES_OF_A_RELEASE["no_earlier_release"])
    with duckdb.connect(str(database)) as oversight:
        for table in (*QUARTERLY, "disproportionality_flags"):
            figures = (
                built("nothing delivered")._connection.execute(f"from oversight.{table}").to_arrow_table()
            )
            oversight.execute(f"delete from {table}")
            oversight.register("figures", figures)
            oversight.execute(f"insert into {table} by name from figures")
    settings = Settings.from_environment({"VHA_HOME": str(tmp_path / "home"), "VHA_MEMORY_LIMIT": "512MB"})
    site.write(settings, RUN, database, tmp_path / "site")
    pages = [page.read_text() for page in (tmp_path / "site").rglob("*.html")]
    assert len(pages) > 10
    assert not [
        page for page in pages if ">nan<" in page.lower() or ">inf<" in page.lower() or ">None<" in page
    ]
