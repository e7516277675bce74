"""What-ifs: each is the list by a policy that differs in one thing, and none of them touches the list itself."""

from __future__ import annotations

from typing import Any

import pytest
from harness import Project, Warehouse
from reference import read_seeds
from variant_scene import AS_OF, POLICIES, WANTED, check_lists, listed, varied
from worlds import random_world

MARTS = ("assessment_list", "score_contributions", "list_movements", "review_queue", "quarantine")


@pytest.fixture(scope="module")
def built(project: Project) -> Warehouse:
    return varied(project, "compounding blend")


@pytest.mark.parametrize("policy", POLICIES)
def test_every_variant_equals_the_reference(project: Project, built: Warehouse, policy: str) -> None:
    check_lists(built if policy == "compounding blend" else varied(project, policy), policy)


def test_every_variant_of_the_seed_is_a_policy_of_its_own_by_one_of_the_two() -> None:
    names = {row["variant"] for row in read_seeds()["policy_variants"]}
    assert names == {name for policy in POLICIES for name in POLICIES[policy].differing}


def test_the_list_is_the_same_with_and_without_what_ifs(project: Project, built: Warehouse) -> None:
    plain = varied(project, "compounding blend", variants=())
    for mart in MARTS:
        assert built.rows(f"assessment.{mart}") == plain.rows(f"assessment.{mart}"), mart
    for table in ("int_crime_points", "int_intelligence_points", "int_person_scores", "int_assessed_people"):
        query = f"select * from intermediate.{table} where assessment = 'release' order by all"
        assert built.rows(query) == plain.rows(query), table
    assert {row["variant"] for row in plain.rows("oversight.what_if")} == {"as_published"}


def test_a_run_that_closes_no_quarter_computes_no_what_if(project: Project) -> None:
    dates: dict[str, Any] = {"past_dates": [AS_OF], "wanted": ("int_assessed_people",)}
    past = varied(project, "compounding blend", **dates)
    assert past.rows("select distinct assessment from intermediate.int_assessed_people") == [
        {"assessment": str(AS_OF)}
    ]


@pytest.mark.parametrize(
    ("variant", "never"),
    [
        ("threshold_minus_20_percent", "exits"),
        ("lookback_plus_1_year", "exits"),
        ("reports_minus_1", "exits"),
        ("threshold_plus_20_percent", "entries"),
        ("lookback_minus_1_year", "entries"),
        ("reports_plus_1", "entries"),
        ("linear_decay", "entries"),
        ("without_intelligence", "entries"),
        ("charged_only", "entries"),
        ("manual_flags_only", "entries"),
        ("incidents_not_reports", "entries"),
        ("without_private_home_exception", "entries"),
        ("without_unknown_locations", "entries"),
        ("without_police_generated_offences", "entries"),
    ],
)
def test_a_milder_rule_takes_nobody_off_and_a_stricter_one_puts_nobody_on(
    built: Warehouse, variant: str, never: str
) -> None:
    now, then = ({row[0] for row in listed(built, name)} for name in ("release", f"variant/{variant}"))
    entries, exits = then - now, now - then
    assert {"entries": entries, "exits": exits}[never] == set()
    assert entries | exits, "it changes nothing, and shows nothing"


def test_a_variant_reads_the_same_on_any_number_of_threads(project: Project, built: Warehouse) -> None:
    threaded = varied(project, "compounding blend", threads=1)
    for mart in ("what_if", "feedback"):
        assert threaded.rows(f"oversight.{mart}") == built.rows(f"oversight.{mart}")


def test_nobody_scores_in_a_variant_who_has_no_record_of_their_own(project: Project) -> None:
    world = random_world(4, 400, AS_OF)
    for link in world["crime_person"]:
        link["role"] = "witness"
    built = varied(project, "compounding blend", world=world, wanted=WANTED)
    scores = built.rows("select distinct assessment, crime_score from intermediate.int_person_scores")
    assert {row["crime_score"] for row in scores} == {0}
