"""Broken variants in which something is not there at all: what holds for every row holds for none."""

from __future__ import annotations

from mutations import Mutation

PRESENCE = [
    Mutation(
        "listed_people.everybody_is_counted_by_every_characteristic",
        "delete from intermediate.int_completeness "
        "where population_kind = 'scored' and characteristic = 'self_defined_ethnicity'; "
        "update intermediate.int_completeness set recorded = null "
        "where population_kind = 'listed' and characteristic = 'officer_observed_ethnicity'",
    ),
    Mutation(
        "special_category_completeness.the_quarter_that_closes_is_there",
        "delete from oversight.special_category_completeness",
    ),
    Mutation(
        "special_category_completeness.period_is_a_closed_quarter",
        "insert into oversight.special_category_completeness "
        "select * replace ('2026-Q4' as period) from oversight.special_category_completeness",
    ),
    Mutation(
        "compared_releases.the_latest_releases_are_compared_with",
        "delete from intermediate.int_compared_releases",
    ),
    Mutation(
        "compared_releases.every_release_has_its_sizes",
        "delete from history.table_volumes where source_table = 'person.nominal'",
    ),
    Mutation("compared_releases.every_release_has_its_mixes", "delete from history.table_profiles"),
    Mutation(
        "profile_changes.every_earlier_code_is_compared", "delete from intermediate.int_profile_changes"
    ),
    Mutation(
        "profile_changes.every_earlier_code_is_compared",
        "delete from intermediate.int_profile_changes where value_code = 'knife'",
    ),
    Mutation(
        "profile_changes.every_delivered_row_is_compared",
        "delete from intermediate.int_profile_changes where value_code = 'rare' and column_name = 'reason'",
    ),
    *(
        Mutation(
            "profile_changes.no_figure_is_missing",
            f"update intermediate.int_profile_changes set {figure} = null where column_name = 'reason'",
        )
        for figure in ("expected_rows", "turned_over_rows", "releases")
    ),
    Mutation("landing_text.every_column_of_codes_was_read", "delete from intermediate.int_text_forms"),
    Mutation(
        "landing_text.every_column_of_codes_was_read",
        "update intermediate.int_text_forms set other_case_rows = null where column_name = 'role'",
    ),
    Mutation("landing_boroughs.recent_links_are_counted", "delete from intermediate.int_recent_links"),
    Mutation(
        "landing_boroughs.recent_links_are_counted",
        "update intermediate.int_recent_links set link_count = null where borough = 'Lambeth'",
    ),
    Mutation("survivors.every_entry_counts_for_somebody", "delete from intermediate.int_survivors"),
    Mutation(
        "survivors.every_entry_counts_for_somebody",
        "update intermediate.int_survivors set survivor_id = null where nominal_id = 'SYN-00000007'",
    ),
    Mutation("offence_weights.every_offence_has_a_weight", "delete from intermediate.int_offence_weights"),
    Mutation(
        "offence_weights.every_offence_has_a_weight",
        "update intermediate.int_offence_weights set weight = null where offence_code = '5D'",
    ),
    Mutation("crime_links.every_link_of_a_suspect_is_there", "delete from intermediate.int_crime_links"),
    Mutation(
        "crime_links.every_link_of_a_suspect_is_there",
        "update intermediate.int_crime_links set linked_on = null where crime_ref = 'CR11'",
    ),
    Mutation(
        "suspect_reports.every_report_against_somebody_is_there",
        "update intermediate.int_suspect_reports set committed_from = null where crime_ref = 'CR11'",
    ),
    Mutation(
        "suspect_reports.every_report_against_somebody_is_there",
        "update intermediate.int_suspect_reports set nominal_id = null where crime_ref = 'CR11'",
    ),
    Mutation(
        "crime_points.every_report_that_stands_counts",
        "delete from intermediate.int_crime_points where crime_ref = 'CR0'",
    ),
    *(
        Mutation(
            "crime_points.every_report_has_a_date_and_points",
            f"update intermediate.int_crime_points set {column} = null where crime_ref = 'CR0'",
        )
        for column in ("committed_from", "points")
    ),
    Mutation(
        "intelligence_points.every_recent_report_counts", "delete from intermediate.int_intelligence_points"
    ),
    *(
        Mutation(
            "intelligence_points.every_report_has_a_date_and_points",
            f"update intermediate.int_intelligence_points set {column} = null where intel_ref = 'IR1'",
        )
        for column in ("submitted_on", "points")
    ),
    Mutation(
        "assessed_people.everybody_with_points_is_judged",
        "delete from intermediate.int_assessed_people where not is_listed",
    ),
    Mutation(
        "assessed_people.every_answer_is_known",
        "update intermediate.int_assessed_people set is_listed = null where not is_listed",
    ),
    Mutation(
        "assessed_people.everybody_who_meets_the_criteria_is_listed",
        "update intermediate.int_assessed_people set is_listed = true where not is_listed",
    ),
    Mutation(
        "score_contributions.every_record_is_dated",
        "update assessment.score_contributions set event_on = null "
        "where nominal_id = 'SYN-00000001' and record_ref in ('CR11', 'IR1')",
    ),
    Mutation("release_register.every_earlier_release_is_there", "delete from oversight.release_register"),
]
