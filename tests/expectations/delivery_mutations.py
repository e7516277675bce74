"""Mutations of what was delivered as a whole: mixes, days, texts and surges; see ``mutations.py``."""

from __future__ import annotations

from mutations import Mutation, halves

_SYSTEMS = {
    "crime": ("crime_report", "crime_flag", "crime_person"),
    "intelligence": ("intelligence_report", "intelligence_subject"),
    "person": ("nominal", "restriction"),
    "partnership": ("safeguarding",),
}
_TABLES = {table: f"{system}.{table}" for system, tables in _SYSTEMS.items() for table in tables}

_COLUMNS = {
    "crime_report": "offence_code record_status outcome_code location_kind migrated_from_ref incident_ref "
    "committed_age recorded_age source_system borough committed_to recording_delay recorded_hour updated_order",
    "crime_flag": "flag origin",
    "crime_person": "role link_status linked_age linked_hour",
    "crime_links": "linking_delay",
    "intelligence_report": "category grading record_status linked_crime_ref submitted_age handling_code "
    "reporting_delay submitted_hour",
    "intelligence_subject": "involvement",
    "nominal": "birth_year self_defined_ethnicity officer_observed_ethnicity deceased_on merged_into birth_day sex "
    "ethnicity_agreement religion disability sexual_orientation",
    "restriction": "reason record_ref lasting",
    "safeguarding": "kind closed_on opened_age",
}


def _mix(table: str, column: str, rows: str, code: str = "rare", also_set: str = "") -> Mutation:
    source_table = _TABLES.get(table, "crime.crime_person")
    sql = (
        f"update intermediate.int_profile_changes set row_count = {rows}{also_set} "
        f"where source_table = '{source_table}' and column_name = '{column}' and value_code = '{code}'"
    )
    return Mutation(f"landing_mix.{table}_{column}", sql)


# A rare code vanishes; and, of one column, each way in which a mix may change.
MIXES = [
    *halves(
        [_mix(table, column, rows="0") for table, columns in _COLUMNS.items() for column in columns.split()]
    ),
    _mix("nominal", "sex", rows="60"),
    _mix("nominal", "sex", rows="740", code="common"),
    _mix("nominal", "sex", rows="30", also_set=", expected_rows = 0"),
    Mutation(
        "landing_mix.nominal_sex",
        "insert into intermediate.int_profile_changes "
        "select 'person.nominal', 'sex', 'code ' || i, 15 - i % 2 * 10, 1000, 10, 10, 1 from range(20) as codes(i)",
    ),
]


def _short(table: str, check: str, sql: str) -> Mutation:
    return Mutation(f"landing_days.{check}", f"{sql} and source_table = '{_TABLES[table]}'")


_DAY = "value_code = '2026-09-28'"
DAYS = [
    _short(
        "crime_report",
        "crime_reports_of_every_day_are_there",
        f"delete from assessment.table_profiles where {_DAY}",
    ),
    _short(
        "crime_person",
        "crime_links_of_every_day_are_there",
        f"update assessment.table_profiles set row_count = 15 where {_DAY}",
    ),
    # Not unlikely by itself, but the release before had the day.
    _short(
        "intelligence_report",
        "intelligence_reports_of_every_day_are_there",
        "update assessment.table_profiles set row_count = case when value_code = '2026-09-28' then 0 else 7 end "
        "where column_name = 'submitted_day'",
    ),
]

TEXTS = [
    Mutation(
        f"landing_text.{table}_{check}",
        f"update intermediate.int_text_forms set {column} = {column} + 1 where source_table = '{source_table}'",
    )
    for table, source_table in _TABLES.items()
    for check, column in (
        ("has_no_outer_spaces", "padded_rows"),
        ("codes_are_in_their_own_case", "other_case_rows"),
    )
]

BOROUGHS = [
    Mutation(
        f"landing_boroughs.{column}_ethnicity_is_recorded_everywhere",
        f"update intermediate.int_recent_links set has_{column}_ethnicity = false where borough = 'Lambeth'",
    )
    for column in ("self_defined", "officer_observed")
]

SURGES = [
    Mutation(
        f"quarantine_surges.{system}_rows",
        "insert into assessment.quarantine "
        f"select '{system}.{tables[0]}', i, 'bad_date', 'row_out', 'run' from range(30) as rows(i)",
    )
    for system, tables in _SYSTEMS.items()
] + [
    Mutation(
        "quarantine_surges.characteristics",
        "insert into assessment.quarantine "
        "select 'person.nominal', i, 'invalid_characteristic', 'value_missing', 'run' from range(30) as rows(i)",
    )
]

PROFILES = [
    Mutation(
        "table_profiles.no_code_is_counted_twice",
        "insert into assessment.table_profiles select * from assessment.table_profiles where column_name = 'flag'",
    ),
    Mutation(
        "table_profiles.every_table_is_there",
        "delete from assessment.table_profiles where source_table = 'crime.crime_flag'",
    ),
    Mutation(
        "table_profiles.every_row_is_counted",
        "update assessment.table_profiles set row_count = row_count - 1 where column_name = 'role'",
    ),
    Mutation(
        "table_profiles.no_text_of_a_record_is_a_code",
        "insert into assessment.table_profiles values ('crime.crime_flag', 'flag', 'seen in the high street', 1)",
    ),
]

BY_GROUP = [
    Mutation(
        f"completeness_by_group.{characteristic}_by_{by}",
        "update intermediate.int_completeness_by_group set recorded = 300 "
        f"where characteristic = '{characteristic}' and by_group = '{group}'",
    )
    for characteristic in (
        *("sex", "self_defined_ethnicity", "officer_observed_ethnicity", "religion", "disability"),
        *("sexual_orientation", "date_of_birth"),
    )
    for by, group, of in (
        ("sex", "F", "sex"),
        ("age_band", "10-17", "date_of_birth"),
        ("self_defined_ethnicity", "Mixed", "self_defined_ethnicity"),
        ("officer_observed_ethnicity", "Black", "officer_observed_ethnicity"),
    )
    if characteristic != of
]

FALLS = [
    Mutation(
        f"listed_people.{characteristic}_did_not_fall",
        "update history.special_category_completeness set percentage_recorded = 100, status = 'published'; "
        "update intermediate.int_completeness set people = 1000, recorded = 940 "
        f"where population_kind = 'suspects' and characteristic = '{characteristic}'",
    )
    for characteristic in (
        *("sex", "self_defined_ethnicity", "officer_observed_ethnicity", "religion", "disability"),
        *("sexual_orientation", "date_of_birth"),
    )
]

DELIVERY = [
    *(*MIXES, *DAYS, *halves(TEXTS), *BOROUGHS, *SURGES, *PROFILES),
    *(*halves(BY_GROUP), *halves(FALLS)),
]
