"""What must hold of the seeds besides what every run checks, as rules that name each fault they find."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

Row = dict[str, str]
Seeds = dict[str, list[Row]]
Faults = Iterator[str]

COLUMNS = {
    "offences": "offence_code title offence_group scope crime_area counts_in_private_domestic "
    "police_generated basis source",
    "harm_weights": "offence_code scheme weight edition basis source derivation",
    "offence_subcodes": "subcode offence_code",
    "intelligence_categories": "category title in_scope crime_area base_points basis source",
    "intelligence_reliability": "grading_scheme source_grade assessment_grade reliability basis source",
    "policy": "parameter value unit minimum maximum overridable basis source rationale effective_from",
    "policy_variants": "variant label is_what_if is_feedback parameter change value rationale",
    "ethnicity_codes": "code label group_18 group_5 scheme",
    "age_bands": "band lower_age upper_age",
    "broad_groups": "characteristic group_code broad_group basis rationale",
    "organisation": "field value note",
    "code_lists": "domain code label not_stated",
    "removal_reasons": "reason description precedence",
    "outcome_codes": "outcome_code label outcome_group suspect_identified scores",
    "benchmark_population": "area period characteristic group_code population source",
    "reference_groups": "characteristic reference_group_code census_characteristic rationale",
    "stages": "stage position enters_in title description",
    "benchmarks": "benchmark title is_share limitation when_missing",
    "comparisons": "stage benchmark benchmark_population",
    "withheld_tables": "period characteristic reason decided_by",
}
# Filled only once a statistician has decided something.
MAY_BE_EMPTY = {"withheld_tables"}
KEYS = {
    "offence_subcodes": "subcode",
    "policy_variants": "variant",
    "ethnicity_codes": "code",
    "age_bands": "band",
    "broad_groups": "characteristic group_code",
    "organisation": "field",
    "removal_reasons": "reason",
    "benchmark_population": "area period characteristic group_code",
    "stages": "stage",
}
# The least that each list must have: the codes of the sources' contract.
CONTRACT_CODES = {
    "source_system": "CRIS CONNECT",
    "crime_record_status": "live cancelled transferred",
    "intelligence_record_status": "live retracted",
    "location_kind": "public private_domestic private_other custody online",
    "flag": "knife firearm corrosive domestic",
    "flag_origin": "manual derived",
    "role": "suspect accused victim witness other",
    "link_status": "live withdrawn",
    "involvement": "subject associate victim witness mentioned",
    "grading_scheme": "3x5x2 5x5x5",
    "handling_code": "P C",
    "restriction_reason": "accuracy_contested objection_upheld legal_hold",
    "sex": "M F X",
    "disability": "Y N",
    "religion": "",
    "sexual_orientation": "",
    "safeguarding_kind": "",
    "borough": "",
}
SELF_DEFINED = "W1 W2 W3 W9 M1 M2 M3 M9 A1 A2 A3 A9 B1 B2 B9 O1 O2 O9 NS"
QUARANTINE_REASONS = (
    "missing_key bad_date unknown_offence unknown_nominal unknown_record merge_cycle "
    "committed_after_recorded invalid_role invalid_grading invalid_code suspect_contradicts_outcome "
    "invalid_characteristic superseded"
)
CHARACTERISTICS = (
    "sex date_of_birth self_defined_ethnicity officer_observed_ethnicity religion disability "
    "sexual_orientation borough"
)
PUBLISHED_CHARACTERISTICS = (
    "self_defined_ethnicity_18 self_defined_ethnicity_5 officer_observed_ethnicity age_band sex religion "
    "disability sexual_orientation"
)
# Grades of a scheme from most to least reliable: an untested source stands above one known to be unreliable.
GRADES = {"3x5x2": ("123", "ABCDE"), "5x5x5": ("ABCED", "12345")}
REMOVAL_ORDER = (
    "merged deceased restricted quarantined no_longer_in_source date_of_birth_missing below_minimum_age "
    "too_few_reports score_below_threshold"
)


def columns_are_those_of_the_contract(seeds: Seeds) -> Faults:
    for name, columns in COLUMNS.items():
        if any(list(row) != columns.split() for row in seeds[name]) or not (
            seeds[name] or name in MAY_BE_EMPTY
        ):
            yield name


def keys_are_whole_and_unique(seeds: Seeds) -> Faults:
    for name, columns in KEYS.items():
        keys = [tuple(row[column] for column in columns.split()) for row in seeds[name]]
        yield from (f"{name} {key}" for key in keys if keys.count(key) > 1 or "" in key)


def residents_are_counted_by_a_source(seeds: Seeds) -> Faults:
    yield from (f"{row}" for row in seeds["benchmark_population"] if not row["source"])


def sources_are_public(seeds: Seeds) -> Faults:
    for name, rows in seeds.items():
        yield from (
            f"{name} {row}" for row in rows for text in row.values() if "../" in text or "/work" in text
        )


def homicide_is_split_into_its_offences(seeds: Seeds) -> Faults:
    codes = {row["offence_code"] for row in seeds["offences"]}
    yield from {"1", "4.1", "4.2", "4.10"} - codes
    yield from (code for code in codes if "-" in code)


def an_offence_has_an_area_exactly_if_it_always_counts(seeds: Seeds) -> Faults:
    for row in seeds["offences"]:
        if row["scope"] not in ("always", "knife", "firearm", "knife_or_firearm", "never"):
            yield row["offence_code"]
        if bool(row["crime_area"]) != (row["scope"] == "always"):
            yield row["offence_code"]


def only_homicide_and_aggravated_burglary_count_in_a_home(seeds: Seeds) -> Faults:
    for row in seeds["offences"]:
        counts = row["counts_in_private_domestic"] == "true"
        if counts != (row["crime_area"] in ("homicide", "aggravated burglary")):
            yield row["offence_code"]


def an_assumed_weight_is_derived(seeds: Seeds) -> Faults:
    for row in seeds["harm_weights"]:
        if row["basis"] == "assumption" and not row["derivation"]:
            yield f"{row}"


def subcodes_are_padded_and_lead_to_known_offences(seeds: Seeds) -> Faults:
    known = {row["offence_code"] for row in seeds["offences"]}
    for row in seeds["offence_subcodes"]:
        whole, part = row["subcode"].split("/")
        if (len(whole), len(part)) != (3, 2) or row["offence_code"] not in known:
            yield f"{row}"


def a_category_has_an_area_exactly_in_scope(seeds: Seeds) -> Faults:
    for row in seeds["intelligence_categories"]:
        if (row["in_scope"] == "true") != bool(row["crime_area"]):
            yield row["category"]


def every_pair_of_grades_has_a_reliability(seeds: Seeds) -> Faults:
    given = {
        (row["grading_scheme"], row["source_grade"], row["assessment_grade"])
        for row in seeds["intelligence_reliability"]
    }
    valid = {
        (scheme, source, assessment)
        for scheme, (sources, assessments) in GRADES.items()
        for source in sources
        for assessment in assessments
    }
    yield from (f"{pair}" for pair in given ^ valid)


def reliability_falls_with_either_grade(seeds: Seeds) -> Faults:
    share = {
        (row["grading_scheme"], row["source_grade"], row["assessment_grade"]): Decimal(row["reliability"])
        for row in seeds["intelligence_reliability"]
    }
    for scheme, (sources, assessments) in GRADES.items():
        for source in sources:
            if share.get((scheme, source, assessments[-1])):
                yield f"{scheme} {source}: what is suspected to be false counts"
            for better, worse in pairwise(assessments):
                if share.get((scheme, source, better), 0) <= share.get((scheme, source, worse), 0):
                    yield f"{scheme} {source}: {better}, {worse}"
        for assessment in assessments[:-1]:
            for better, worse in pairwise(sources):
                if share.get((scheme, better, assessment), 0) <= share.get((scheme, worse, assessment), 0):
                    yield f"{scheme} {better}, {worse}: {assessment}"


def the_policy_has_the_limits_of_the_audit(seeds: Seeds) -> Faults:
    needed = {f"quarantine_limit_{reason}" for reason in QUARANTINE_REASONS.split()}
    needed |= {f"completeness_minimum_{name}" for name in CHARACTERISTICS.split()}
    yield from needed - {row["parameter"] for row in seeds["policy"]}


def ethnicity_codes_are_the_18_and_1_and_the_officers(seeds: Seeds) -> Faults:
    codes = {row["code"]: row for row in seeds["ethnicity_codes"]}
    yield from set(SELF_DEFINED.split()) ^ {c for c, row in codes.items() if row["scheme"] == "self_defined"}
    groups = {"White", "Mixed", "Asian", "Black", "Other", "Not stated"}
    for code, row in codes.items():
        officer = row["scheme"] == "officer_observed"
        if (
            officer != code.startswith("IC")
            or officer == bool(row["group_18"])
            or row["group_5"] not in groups
        ):
            yield code
        if officer and row["group_5"] == "Mixed":
            yield code
    yield from (code for code in ("O1", "IC5") if codes[code]["group_5"] != "Asian")
    yield from (code for code in ("NS", "IC9") if codes[code]["group_5"] != "Not stated")


def age_bands_cover_every_age_once(seeds: Seeds) -> Faults:
    ages = [
        age for row in seeds["age_bands"] for age in range(int(row["lower_age"]), int(row["upper_age"]) + 1)
    ]
    yield from (str(age) for age in set(range(151)) ^ set(ages))
    yield from (str(age) for age in ages if ages.count(age) > 1)


def broad_groups_hold_every_group_of_age_and_sex_once(seeds: Seeds) -> Faults:
    groups = {("age_band", row["band"]) for row in seeds["age_bands"]}
    groups |= {("sex", row["code"]) for row in seeds["code_lists"] if row["domain"] == "sex"}
    groups |= {(name, unknown) for name in ("age_band", "sex") for unknown in ("not_stated", "missing")}
    given = {
        (row["characteristic"], row["group_code"]) for row in seeds["broad_groups"] if row["broad_group"]
    }
    yield from (f"{pair}" for pair in groups ^ given)


def the_record_of_transparency_names_who_answers_for_the_tool(seeds: Seeds) -> Faults:
    given = {row["field"] for row in seeds["organisation"] if row["value"] and row["note"]}
    wanted = "organisation team senior_responsible_owner contact_email required_training"
    assessments = {"data_protection_impact_assessment", "equality_impact_assessment"}
    yield from given ^ {*wanted.split(), *assessments}


def age_bands_part_at_the_policys_ages(seeds: Seeds) -> Faults:
    policy = {row["parameter"]: row["value"] for row in seeds["policy"]}
    yield from {policy["minimum_age"], policy["adult_age"]} - {row["lower_age"] for row in seeds["age_bands"]}


def code_lists_have_the_contracts_codes(seeds: Seeds) -> Faults:
    for domain, codes in CONTRACT_CODES.items():
        listed = {row["code"] for row in seeds["code_lists"] if row["domain"] == domain}
        yield from (f"{domain} {code}" for code in set(codes.split()) - listed)
        if not listed:
            yield domain
    yield from {row["domain"] for row in seeds["code_lists"]} - set(CONTRACT_CODES)


def london_has_33_boroughs(seeds: Seeds) -> Faults:
    boroughs = [row["code"] for row in seeds["code_lists"] if row["domain"] == "borough"]
    if len(boroughs) != 33:
        yield f"{len(boroughs)}"


def removal_reasons_are_tried_in_the_methods_order(seeds: Seeds) -> Faults:
    given = {(row["precedence"], row["reason"]) for row in seeds["removal_reasons"]}
    wanted = {(str(precedence), reason) for precedence, reason in enumerate(REMOVAL_ORDER.split(), 1)}
    yield from (f"{pair}" for pair in given ^ wanted)


def outcomes_say_who_is_a_suspect_and_what_scores(seeds: Seeds) -> Faults:
    outcomes = {row["outcome_code"]: row for row in seeds["outcome_codes"]}
    yield from {str(number) for number in range(1, 23)} ^ set(outcomes)
    for code, row in outcomes.items():
        if (row["suspect_identified"] == "false") != (code in ("14", "18")):
            yield code
        if (row["scores"] == "false") != (code in ("11", "14", "18")):
            yield code


def residents_are_counted_in_known_groups_that_add_up(seeds: Seeds) -> Faults:
    group_5_of = {row["group_18"]: row["group_5"] for row in seeds["ethnicity_codes"]}
    sums: dict[str, int] = {}
    for row in seeds["benchmark_population"]:
        if row["characteristic"] == "ethnicity_18":
            group = group_5_of.get(row["group_code"], row["group_code"])
            sums[group] = sums.get(group, 0) + int(row["population"])
    totals = {
        row["group_code"]: int(row["population"])
        for row in seeds["benchmark_population"]
        if row["characteristic"] == "ethnicity_5"
    }
    yield from (f"{pair}" for pair in sums.items() ^ totals.items())


def every_characteristic_has_a_reference_group_of_its_own(seeds: Seeds) -> Faults:
    groups = {
        (f"{row['scheme']}_ethnicity{suffix}", row[column])
        for row in seeds["ethnicity_codes"]
        for suffix, column in (("_18", "code"), ("_5", "group_5"), ("", "code"))
        if row["group_5"] != "Not stated"
    }
    groups |= {("age_band", row["band"]) for row in seeds["age_bands"]}
    groups |= {(row["domain"], row["code"]) for row in seeds["code_lists"] if row["not_stated"] == "false"}
    given = {row["characteristic"]: row["reference_group_code"] for row in seeds["reference_groups"]}
    yield from set(given) ^ set(PUBLISHED_CHARACTERISTICS.split())
    yield from (f"{pair}" for pair in given.items() - groups)


def officers_codes_are_never_held_against_the_census(seeds: Seeds) -> Faults:
    census = {"", *(row["characteristic"] for row in seeds["benchmark_population"])}
    for row in seeds["reference_groups"]:
        given = row["census_characteristic"]
        if given not in census or (given and "officer" in row["characteristic"]):
            yield row["characteristic"]


def each_stage_is_held_against_the_one_before(seeds: Seeds) -> Faults:
    stages = sorted((int(row["position"]), row["stage"]) for row in seeds["stages"])
    before = {(later[1], earlier[1]) for earlier, later in pairwise(stages)}
    given = {
        (row["stage"], row["benchmark_population"].removesuffix("_before"))
        for row in seeds["comparisons"]
        if row["benchmark"] == "stage_before"
    }
    yield from (f"{pair}" for pair in before ^ given)


def comparisons_are_of_known_stages_and_benchmarks(seeds: Seeds) -> Faults:
    for column in ("stage", "benchmark"):
        known = {row[column] for row in seeds[f"{column}s"]}
        yield from known ^ {row[column] for row in seeds["comparisons"]}


def every_benchmark_says_its_weakness(seeds: Seeds) -> Faults:
    for row in seeds["benchmarks"]:
        if not row["limitation"].endswith(".") or not row["when_missing"].endswith("."):
            yield row["benchmark"]


def disparities_enter_in_the_records_the_rule_or_by_hand(seeds: Seeds) -> Faults:
    yield from {row["enters_in"] for row in seeds["stages"]} ^ {"records", "rule", "hand"}
