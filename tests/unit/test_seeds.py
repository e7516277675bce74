"""The seeds keep every rule, and every rule finds the fault in a deliberately broken copy of them."""

from __future__ import annotations

import copy
import csv
from collections.abc import Callable

import pytest
import seed_rules
import yaml
from seed_rules import Faults, Seeds

from vha.settings import PROJECT_ROOT

SEEDS = PROJECT_ROOT / "seeds"


def the_first(seed: str, column: str, value: str, **where: str) -> Callable[[Seeds], None]:
    """A fault: another value in the first row of a seed that is like ``where``."""

    def put(seeds: Seeds) -> None:
        next(row for row in seeds[seed] if where.items() <= row.items())[column] = value

    return put


def without(seed: str, **where: str) -> Callable[[Seeds], None]:
    """A fault: the rows like ``where`` are gone."""

    def remove(seeds: Seeds) -> None:
        seeds[seed] = [row for row in seeds[seed] if not where.items() <= row.items()]

    return remove


def twice(seed: str) -> Callable[[Seeds], None]:
    """A fault: a seed's first row stands twice."""

    def repeat(seeds: Seeds) -> None:
        seeds[seed].append(seeds[seed][0])

    return repeat


# Each rule with faults that it must find.
RULES: dict[Callable[[Seeds], Faults], list[Callable[[Seeds], None]]] = {
    seed_rules.columns_are_those_of_the_contract: [the_first("policy", "note", "x"), without("age_bands")],
    seed_rules.keys_are_whole_and_unique: [twice(name) for name in seed_rules.KEYS]
    + [the_first("removal_reasons", "reason", "")],
    seed_rules.residents_are_counted_by_a_source: [the_first("benchmark_population", "source", "")],
    seed_rules.sources_are_public: [the_first("offences", "source", "../a/file.csv")],
    seed_rules.homicide_is_split_into_its_offences: [
        without("offences", offence_code="4.10"),
        the_first("offences", "offence_code", "1-4.1-4.10-4.2"),
    ],
    seed_rules.an_offence_has_an_area_exactly_if_it_always_counts: [
        the_first("offences", "crime_area", "", scope="always"),
        the_first("offences", "crime_area", "knife crime", scope="knife_or_firearm"),
        the_first("offences", "scope", "sometimes"),
    ],
    seed_rules.only_homicide_and_aggravated_burglary_count_in_a_home: [
        the_first("offences", "counts_in_private_domestic", "true", offence_code="5D")
    ],
    seed_rules.an_assumed_weight_is_derived: [
        the_first("harm_weights", "derivation", "", basis="assumption")
    ],
    seed_rules.subcodes_are_padded_and_lead_to_known_offences: [
        the_first("offence_subcodes", "subcode", "1/1"),
        the_first("offence_subcodes", "offence_code", "5Z"),
    ],
    seed_rules.a_category_has_an_area_exactly_in_scope: [
        the_first("intelligence_categories", "crime_area", "", in_scope="true"),
        the_first("intelligence_categories", "crime_area", "knife crime", in_scope="false"),
    ],
    seed_rules.every_pair_of_grades_has_a_reliability: [
        without("intelligence_reliability", grading_scheme="5x5x5", source_grade="E", assessment_grade="5"),
        the_first("intelligence_reliability", "source_grade", "A", grading_scheme="3x5x2"),
    ],
    seed_rules.reliability_falls_with_either_grade: [
        the_first("intelligence_reliability", "reliability", "0.1000", assessment_grade="E"),
        the_first(
            "intelligence_reliability", "reliability", "0.9000", source_grade="2", assessment_grade="B"
        ),
        the_first(
            "intelligence_reliability", "reliability", "0.2000", source_grade="E", assessment_grade="1"
        ),
    ],
    seed_rules.the_policy_has_the_limits_of_the_audit: [
        without("policy", parameter="quarantine_limit_superseded"),
        without("policy", parameter="completeness_minimum_sex"),
    ],
    seed_rules.ethnicity_codes_are_the_18_and_1_and_the_officers: [
        without("ethnicity_codes", code="O2"),
        the_first("ethnicity_codes", "group_5", "Other", code="O1"),
        the_first("ethnicity_codes", "group_5", "Mixed", code="IC6"),
        the_first("ethnicity_codes", "group_18", "Chinese", code="IC5"),
    ],
    seed_rules.age_bands_cover_every_age_once: [
        the_first("age_bands", "upper_age", "8"),
        the_first("age_bands", "upper_age", "10"),
        the_first("age_bands", "upper_age", "120", band="65+"),
    ],
    seed_rules.age_bands_part_at_the_policys_ages: [the_first("age_bands", "lower_age", "17", band="18-24")],
    seed_rules.code_lists_have_the_contracts_codes: [
        without("code_lists", domain="role", code="accused"),
        without("code_lists", domain="safeguarding_kind"),
        the_first("code_lists", "domain", "weather"),
    ],
    seed_rules.london_has_33_boroughs: [without("code_lists", domain="borough", code="Barnet")],
    seed_rules.removal_reasons_are_tried_in_the_methods_order: [
        the_first("removal_reasons", "precedence", "2")
    ],
    seed_rules.outcomes_say_who_is_a_suspect_and_what_scores: [
        the_first("outcome_codes", "scores", "true", outcome_code="11"),
        the_first("outcome_codes", "suspect_identified", "false", outcome_code="15"),
        without("outcome_codes", outcome_code="22"),
    ],
    seed_rules.residents_are_counted_in_known_groups_that_add_up: [
        the_first("benchmark_population", "population", "1"),
        the_first("benchmark_population", "group_code", "W1"),
    ],
    seed_rules.every_characteristic_has_a_reference_group_of_its_own: [
        without("reference_groups", characteristic="sex"),
        the_first("reference_groups", "reference_group_code", "not_stated", characteristic="disability"),
        the_first(
            "reference_groups", "reference_group_code", "Mixed", characteristic="officer_observed_ethnicity"
        ),
    ],
    seed_rules.officers_codes_are_never_held_against_the_census: [
        the_first(
            "reference_groups",
            "census_characteristic",
            "ethnicity_5",
            characteristic="officer_observed_ethnicity",
        ),
        the_first("reference_groups", "census_characteristic", "ethnicity_19"),
    ],
    seed_rules.each_stage_is_held_against_the_one_before: [
        without("comparisons", stage="listed", benchmark="stage_before"),
        the_first("stages", "position", "9", stage="suspects"),
    ],
    seed_rules.comparisons_are_of_known_stages_and_benchmarks: [
        the_first("comparisons", "benchmark", "neighbours"),
        without("benchmarks", benchmark="victims"),
    ],
    seed_rules.every_benchmark_says_its_weakness: [the_first("benchmarks", "limitation", "")],
    seed_rules.disparities_enter_in_the_records_the_rule_or_by_hand: [
        the_first("stages", "enters_in", "luck", stage="above_threshold")
    ],
}
FAULTS = [
    pytest.param(rule, fault, id=f"{rule.__name__}-{number}")
    for rule, faults in RULES.items()
    for number, fault in enumerate(faults, 1)
]


@pytest.fixture(scope="module")
def seeds() -> Seeds:
    tables: Seeds = {}
    for path in SEEDS.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as lines:
            tables[path.stem] = list(csv.DictReader(lines))
    return tables


def test_the_seeds_are_those_of_the_contract(seeds: Seeds) -> None:
    assert set(seeds) == set(seed_rules.COLUMNS)


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.__name__) for rule in RULES])
def test_the_seeds_keep_the_rule(rule: Callable[[Seeds], Faults], seeds: Seeds) -> None:
    assert list(rule(seeds)) == []


@pytest.mark.parametrize(("rule", "fault"), FAULTS)
def test_the_rule_finds_the_fault(
    rule: Callable[[Seeds], Faults], fault: Callable[[Seeds], None], seeds: Seeds
) -> None:
    broken = copy.deepcopy(seeds)
    fault(broken)
    assert list(rule(broken))


def test_every_seed_and_column_is_described_and_typed() -> None:
    documented = yaml.safe_load((SEEDS / "_seeds.yml").read_text(encoding="utf-8"))["seeds"]
    assert [seed["name"] for seed in documented] == list(seed_rules.COLUMNS)
    for seed in documented:
        columns = seed_rules.COLUMNS[seed["name"]].split()
        assert seed["description"]
        assert list(seed["config"]["column_types"]) == columns
        assert [column["name"] for column in seed["columns"] if column["description"]] == columns
