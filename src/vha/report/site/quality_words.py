"""Plain words for what the checks are of, where rows came from and why some are kept out."""

from __future__ import annotations

from collections.abc import Mapping

STAGES: Mapping[str, str] = {
    "delivered": "As delivered",
    "kept_out": "Kept out",
    "computed": "As computed",
    "published": "As published",
}
"""Where in the pipeline a suite looks, in the order of the pipeline."""

SUITES: Mapping[str, tuple[str, str]] = {
    "landing_crime_report": ("delivered", "Crime reports"),
    "landing_crime_person": ("delivered", "Who is linked to crime reports"),
    "landing_crime_flag": ("delivered", "Flags of crime reports"),
    "landing_intelligence_report": ("delivered", "Intelligence reports"),
    "landing_intelligence_subject": ("delivered", "Whom intelligence names"),
    "landing_nominal": ("delivered", "The person index"),
    "landing_restriction": ("delivered", "Restrictions"),
    "landing_safeguarding": ("delivered", "Safeguarding referrals"),
    "landing_volumes": ("delivered", "How much came, against earlier deliveries"),
    "landing_days": ("delivered", "Whether every day is there"),
    "landing_mix": ("delivered", "Whether the mix of values is as before"),
    "landing_text": ("delivered", "How codes are written"),
    "landing_boroughs": ("delivered", "Whether a borough records less than others"),
    "compared_releases": ("delivered", "Which earlier deliveries this one is compared with"),
    "profile_changes": ("delivered", "Whether every value is compared with earlier ones"),
    "quarantine": ("kept_out", "Rows kept out"),
    "quarantine_counts": ("kept_out", "Counts of rows kept out"),
    "quarantine_shares": ("kept_out", "Share of rows kept out"),
    "quarantine_surges": ("kept_out", "Rows kept out, against earlier releases"),
    "fail_closed_rows": ("kept_out", "Rows that keep others out"),
    "survivors": ("computed", "Whose records are whose"),
    "offence_weights": ("computed", "How much each offence weighs"),
    "crime_links": ("computed", "Who is suspected of what"),
    "suspect_reports": ("computed", "Crime reports that can count"),
    "crime_points": ("computed", "Points for crime reports, on the list or not"),
    "intelligence_points": ("computed", "Points for intelligence, on the list or not"),
    "assessed_people": ("computed", "Who meets the criteria"),
    "score_contributions": ("computed", "What each record adds to a score"),
    "assessment_list": ("computed", "The list"),
    "list_movements": ("computed", "Who came onto the list and who left it"),
    "review_queue": ("computed", "Listings to be reviewed"),
    "listed_people": ("computed", "Characteristics of the people listed"),
    "completeness_by_group": ("computed", "How much is recorded, by group"),
    "group_counts": ("computed", "Exact counts, which are never published"),
    "table_profiles": ("computed", "What later deliveries are compared with"),
    "special_category_breakdown": ("published", "Who is on the list"),
    "special_category_cross": ("published", "Ethnicity with age and sex"),
    "ethnicity_agreement": ("published", "Self-defined and officer-observed ethnicity"),
    "special_category_completeness": ("published", "How much is recorded"),
    "special_category_completeness_by_group": ("published", "How much is recorded, by group"),
    "disproportionality": ("published", "Rate ratios between groups"),
    "disproportionality_flags": ("published", "Where a difference arises"),
    "what_if": ("published", "What other policies would do"),
    "feedback": ("published", "The list without police activity that feeds it"),
    "list_trend": ("published", "The size of the list over time"),
    "disclosure_audit": ("published", "Whether a withheld number can be found out"),
    "policy_register": ("published", "The policy register"),
    "release_register": ("published", "The register of releases"),
}
"""By suite the stage that it looks at, and what it checks."""

SOURCES: Mapping[str, str] = {
    "crime.crime_report": "Crime reports",
    "crime.crime_person": "Who is linked to crime reports",
    "crime.crime_flag": "Flags of crime reports",
    "intelligence.intelligence_report": "Intelligence reports",
    "intelligence.intelligence_subject": "Whom intelligence names",
    "person.nominal": "The person index",
    "person.restriction": "Restrictions",
    "partnership.safeguarding": "Safeguarding referrals",
}
"""What the tables of the source systems hold."""

REASONS: Mapping[str, str] = {
    "missing_key": "The row cannot be told from another: a part of its number is missing",
    "superseded": "A newer version of the same row was delivered",
    "bad_date": "A date is missing or cannot be a date",
    "committed_after_recorded": "The offence begins after the day on which it was recorded",
    "unknown_offence": "The offence is not on the list of offences",
    "unknown_nominal": "It names a person who was not delivered",
    "unknown_record": "It names a report that was not delivered",
    "invalid_role": "The role in the report is not on its list",
    "invalid_grading": "The two grades are no pair of the grading scheme",
    "invalid_code": "A code is not on its list, or missing where there must be one",
    "invalid_characteristic": "A characteristic is not on its list: the value is taken as missing, the row stays",
    "suspect_contradicts_outcome": "A suspect in a report whose outcome says that none was identified",
    "merge_cycle": "Entries of the person index are merged in a circle",
}
"""Why a row is kept out, or a value of it taken as missing."""
