"""For each check, a way to break the good warehouse that this check, and no other of its suite, sees.

Where one fault is by logic the business of several checks, the others are named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Mutation(NamedTuple):
    """``check`` is ``suite.check_name``; ``also`` names checks of the suite that must fail with it, and ``besides``
    such as have a fault of their own in the same variant."""

    check: str
    sql: str
    also: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()


def halves(mutations: Sequence[Mutation]) -> Iterator[Mutation]:
    """Two variants for many checks of one suite that look at different rows: every second fault in each."""
    for half in (mutations[::2], mutations[1::2]):
        names = tuple(mutation.check.split(".")[1] for mutation in half)
        yield Mutation(half[0].check, "; ".join(mutation.sql for mutation in half), besides=names[1:])


def _in_landing(table: str, check: str, columns: str) -> Mutation:
    """Every row of a landing table past the hundredth gets these values."""
    return Mutation(
        f"landing_{table}.{check}", f"update landing.{table} set {columns} where landing_row > 100"
    )


def _empty(table: str) -> Mutation:
    return Mutation(f"landing_{table}.some_were_delivered", f"delete from landing.{table}")


def _twice(table: str, check: str) -> Mutation:
    rows = f"select * from landing.{table} where landing_row % 10 = 0"
    return Mutation(f"landing_{table}.{check}", f"insert into landing.{table} {rows}")


def _stale(table: str, check: str, column: str) -> Mutation:
    return Mutation(f"landing_{table}.{check}", f"delete from landing.{table} where {column} > '2026-09-15'")


def _halved(table: str, check: str) -> Mutation:
    return Mutation(f"landing_volumes.{check}", f"delete from landing.{table} where landing_row % 2 = 0")


LANDING = [
    _empty("crime_report"),
    _stale("crime_report", "recent_reports_are_there", "recorded_at"),
    _in_landing("crime_report", "crime_ref_is_there", "crime_ref = '  '"),
    _twice("crime_report", "crime_ref_is_unique"),
    _in_landing("crime_report", "recorded_at_can_be_read", "recorded_at = 'yesterday'"),
    _in_landing("crime_report", "committed_from_can_be_read", "committed_from = '31/12/2025'"),
    _in_landing(
        "crime_report", "committed_before_recorded", "committed_from = '2026-12-31', committed_to = null"
    ),
    _in_landing("crime_report", "committed_to_is_not_before_committed_from", "committed_to = '1999-01-01'"),
    _in_landing("crime_report", "offence_code_is_known", "offence_code = '999Z'"),
    _in_landing("crime_report", "source_system_is_known", "source_system = 'OTHER'"),
    _in_landing("crime_report", "record_status_is_known", "record_status = null"),
    _in_landing("crime_report", "location_kind_is_known", "location_kind = 'elsewhere'"),
    _in_landing("crime_report", "outcome_code_is_known", "outcome_code = '99'"),
    _in_landing("crime_report", "borough_is_known", "borough = 'Elsewhere'"),
    _in_landing("crime_report", "borough_is_complete", "borough = '\t'"),
    _in_landing("crime_report", "carried_reports_are_delivered", "migrated_from_ref = 'CR0'"),
    _empty("crime_flag"),
    _in_landing("crime_flag", "crime_ref_is_there", "crime_ref = null"),
    _in_landing("crime_flag", "flag_is_known", "flag = 'DOMESTIC'"),
    _in_landing("crime_flag", "origin_is_known", "origin = 'guess'"),
    _in_landing("crime_flag", "reports_are_delivered", "crime_ref = 'CR0'"),
    _empty("crime_person"),
    _stale("crime_person", "recent_links_are_there", "linked_at"),
    _in_landing("crime_person", "crime_ref_is_there", "crime_ref = null"),
    _in_landing("crime_person", "nominal_id_is_there", "nominal_id = null"),
    _twice("crime_person", "links_are_unique"),
    _in_landing("crime_person", "role_is_known", "role = 'SUSPECT'"),
    _in_landing("crime_person", "link_status_is_known", "link_status = 'perhaps'"),
    _in_landing("crime_person", "linked_at_can_be_read", "linked_at = 'soon'"),
    _in_landing("crime_person", "reports_are_delivered", "crime_ref = 'CR0' || crime_ref"),
    _in_landing("crime_person", "people_are_delivered", "nominal_id = 'SYN-0-' || nominal_id"),
    _empty("intelligence_report"),
    _stale("intelligence_report", "recent_reports_are_there", "submitted_at"),
    _in_landing("intelligence_report", "intel_ref_is_there", "intel_ref = null"),
    _twice("intelligence_report", "intel_ref_is_unique"),
    _in_landing("intelligence_report", "submitted_at_can_be_read", "submitted_at = 'soon'"),
    _in_landing("intelligence_report", "event_is_not_after_submission", "event_on = '2026-12-31'"),
    _in_landing("intelligence_report", "category_is_known", "category = 'gossip'"),
    _in_landing("intelligence_report", "grading_is_valid", "source_grade = 'E'"),
    _in_landing("intelligence_report", "record_status_is_known", "record_status = 'cancelled'"),
    _in_landing("intelligence_report", "handling_code_is_known", "handling_code = null"),
    _in_landing("intelligence_report", "linked_crimes_are_delivered", "linked_crime_ref = 'CR0'"),
    _empty("intelligence_subject"),
    _in_landing("intelligence_subject", "intel_ref_is_there", "intel_ref = null"),
    _in_landing("intelligence_subject", "nominal_id_is_there", "nominal_id = null"),
    _twice("intelligence_subject", "subjects_are_unique"),
    _in_landing("intelligence_subject", "involvement_is_known", "involvement = 'friend'"),
    _in_landing("intelligence_subject", "reports_are_delivered", "intel_ref = 'IR0' || intel_ref"),
    _in_landing("intelligence_subject", "people_are_delivered", "nominal_id = 'SYN-0-' || nominal_id"),
    _empty("nominal"),
    _in_landing("nominal", "nominal_id_is_there", "nominal_id = null"),
    _twice("nominal", "nominal_id_is_unique"),
    _in_landing("nominal", "survivors_are_delivered", "merged_into = 'SYN-0'"),
    _in_landing("nominal", "date_of_birth_is_complete", "date_of_birth = ' '"),
    _in_landing("nominal", "sex_is_complete", "sex = null"),
    _in_landing("nominal", "self_defined_ethnicity_is_complete", "self_defined_ethnicity = null"),
    _in_landing("nominal", "officer_observed_ethnicity_is_complete", "officer_observed_ethnicity = null"),
    Mutation("landing_nominal.religion_is_complete", "update landing.nominal set religion = null"),
    Mutation("landing_nominal.disability_is_complete", "update landing.nominal set disability = null"),
    Mutation(
        "landing_nominal.sexual_orientation_is_complete", "update landing.nominal set sexual_orientation = ''"
    ),
    _in_landing("nominal", "sex_is_known", "sex = 'Z'"),
    _in_landing("nominal", "self_defined_ethnicity_is_known", "self_defined_ethnicity = 'Z9'"),
    _in_landing("nominal", "officer_observed_ethnicity_is_known", "officer_observed_ethnicity = 'IC0'"),
    _in_landing("nominal", "religion_is_known", "religion = 'Z'"),
    _in_landing("nominal", "disability_is_known", "disability = 'Z'"),
    _in_landing("nominal", "sexual_orientation_is_known", "sexual_orientation = 'Z'"),
    _in_landing("nominal", "date_of_birth_can_be_read", "date_of_birth = '01/02/1990'"),
    _in_landing(
        "nominal", "nobody_is_born_after_the_date", "date_of_birth = '2026-10-01', deceased_on = null"
    ),
    _in_landing("nominal", "nobody_dies_before_birth", "deceased_on = '1970-01-01'"),
    Mutation(
        "landing_restriction.restriction_id_is_there",
        "update landing.restriction set restriction_id = null where landing_row > 50",
    ),
    Mutation(
        "landing_restriction.everybody_is_named",
        "update landing.restriction set nominal_id = '' where landing_row > 50",
    ),
    Mutation("landing_restriction.reason_is_known", "update landing.restriction set reason = 'whim'"),
    Mutation(
        "landing_restriction.starts_on_can_be_read", "update landing.restriction set starts_on = 'soon'"
    ),
    Mutation(
        "landing_restriction.people_are_delivered", "update landing.restriction set nominal_id = 'SYN-0'"
    ),
    Mutation("landing_safeguarding.nominal_id_is_there", "update landing.safeguarding set nominal_id = null"),
    Mutation("landing_safeguarding.kind_is_known", "update landing.safeguarding set kind = 'other'"),
    Mutation(
        "landing_safeguarding.opened_on_can_be_read",
        "update landing.safeguarding set opened_on = 'soon', closed_on = null",
    ),
    Mutation(
        "landing_safeguarding.closed_on_is_not_before_opened_on",
        "update landing.safeguarding set closed_on = '2025-12-31'",
    ),
    Mutation(
        "landing_safeguarding.people_are_delivered", "update landing.safeguarding set nominal_id = 'SYN-0'"
    ),
    Mutation(
        "landing_restriction.records_are_delivered", "update landing.restriction set record_ref = 'CR0'"
    ),
    Mutation(
        "landing_restriction.ends_on_is_after_starts_on", "update landing.restriction set ends_on = starts_on"
    ),
    *(
        Mutation(
            f"landing_{table}.recent_updates_are_there",
            f"update landing.{table} set updated_at = '2026-09-22 10:00:00'",
        )
        for table in (
            *("crime_report", "crime_flag", "crime_person", "intelligence_report", "intelligence_subject"),
            *("nominal", "safeguarding"),
        )
    ),
    _halved("crime_report", "crime_reports_are_as_many_as_last_time"),
    _halved("crime_flag", "crime_flags_are_as_many_as_last_time"),
    _halved("crime_person", "crime_links_are_as_many_as_last_time"),
    _halved("intelligence_report", "intelligence_reports_are_as_many_as_last_time"),
    _halved("intelligence_subject", "intelligence_subjects_are_as_many_as_last_time"),
    _halved("nominal", "nominals_are_as_many_as_last_time"),
    _halved("restriction", "restrictions_did_not_vanish"),
    _halved("safeguarding", "referrals_are_as_many_as_last_time"),
]

_REASONS = (
    "missing_key bad_date unknown_offence unknown_nominal unknown_record merge_cycle superseded "
    "committed_after_recorded invalid_role invalid_grading invalid_code suspect_contradicts_outcome "
    "invalid_characteristic"
)

QUARANTINE = [
    Mutation(
        f"quarantine_shares.{reason}_is_rare",
        f"insert into assessment.quarantine select 'crime.crime_report', i, '{reason}', 'row_out', 'run' "
        "from range(200) as rows(i)",
    )
    for reason in _REASONS.split()
] + [
    Mutation(
        "quarantine.source_table_is_known", "update assessment.quarantine set source_table = 'gossip.column'"
    ),
    Mutation("quarantine.effect_is_known", "update assessment.quarantine set effect = null"),
    Mutation("quarantine.reason_is_known", "update assessment.quarantine set reason = 'whim'"),
    Mutation("quarantine.first_seen_run_is_there", "update assessment.quarantine set first_seen_run = null"),
    Mutation(
        "fail_closed_rows.every_restriction_can_be_read",
        "insert into intermediate.int_fail_closed_rows values ('person.restriction', 'bad_restriction', 2)",
    ),
    Mutation(
        "fail_closed_rows.every_domestic_flag_can_be_read",
        "insert into intermediate.int_fail_closed_rows values ('crime.crime_flag', 'bad_domestic_flag', 1)",
    ),
    Mutation(
        "fail_closed_rows.nobody_who_would_be_listed_is_merged_in_a_circle",
        "insert into intermediate.int_fail_closed_rows values ('person.nominal', 'merge_cycle', 3)",
    ),
    Mutation(
        "fail_closed_rows.nothing_else_fails_closed",
        "insert into intermediate.int_fail_closed_rows values ('person.nominal', 'whim', 1)",
    ),
    Mutation(
        "quarantine_counts.counts_are_those_of_the_quarantine",
        "delete from oversight.quarantine_counts where reason = 'bad_date'",
    ),
    Mutation(
        "quarantine_counts.counts_are_of_this_run", "update oversight.quarantine_counts set run_id = 'other'"
    ),
]
