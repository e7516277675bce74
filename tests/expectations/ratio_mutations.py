"""Mutations of the rate ratios; see ``mutations.py``."""

from __future__ import annotations

from mutations import Mutation

_ONE = "characteristic = 'self_defined_ethnicity_5' and group_code = 'two' and stage = 'listed'"
_RESIDENTS = f"{_ONE} and benchmark = 'residents'"
_SUSPECTS = f"{_ONE} and benchmark = 'suspects'"


def _ratio(check: str, columns: str, where: str = _SUSPECTS, also: tuple[str, ...] = ()) -> Mutation:
    return Mutation(
        f"disproportionality.{check}",
        f"update oversight.disproportionality set {columns} where {where}",
        also,
    )


def _flag(check: str, sql: str, also: tuple[str, ...] = ()) -> Mutation:
    return Mutation(
        f"disproportionality_flags.{check}", sql.format("oversight.disproportionality_flags"), also
    )


RATIOS = [
    Mutation(
        "disproportionality.no_figure_is_there_twice",
        f"insert into oversight.disproportionality select * from oversight.disproportionality where {_RESIDENTS}",
    ),
    _ratio(
        "period_is_a_closed_quarter",
        "period = '2026-Q4'",
        where="true",
        also=(
            "the_quarter_that_closes_is_there",
            "the_listed_are_those_of_the_breakdown",
            "something_can_be_compared",
        ),
    ),
    Mutation(
        "disproportionality.the_quarter_that_closes_is_there",
        "update run.assessment set closes_period = '2026-Q2'",
        ("something_can_be_compared",),
    ),
    Mutation(
        "disproportionality.every_comparison_is_there",
        f"delete from oversight.disproportionality where {_RESIDENTS}",
    ),
    _ratio("status_is_known", "status = 'none'", "stage = 'removed'"),
    _ratio("only_what_can_be_compared_has_figures", "rate_ratio = 1", "stage = 'removed'"),
    _ratio("only_what_can_be_compared_has_figures", "bound_low = 1", "stage = 'removed'"),
    _ratio("only_what_can_be_compared_has_figures", "rate = null"),
    _ratio("nothing_is_compared_below_the_threshold", "benchmark_people = null"),
    _ratio(
        "nothing_is_compared_below_the_threshold",
        "people = 0",
        "stage = 'enough_reports'",
        also=("ratios_follow_from_the_numbers_shown",),
    ),
    _ratio("small_numbers_are_suppressed", "reference_people = 5", "stage = 'removed'"),
    _ratio("numbers_are_rounded", "reference_benchmark_people = 302", "stage = 'removed'"),
    _ratio("the_listed_are_those_of_the_breakdown", "people = people + 5, rate_ratio = 2.5", _SUSPECTS),
    _ratio("ratios_follow_from_the_numbers_shown", "rate_ratio = 2.001"),
    _ratio("intervals_hold_what_they_are_about", "ci_low = 2.001"),
    _ratio("intervals_hold_what_they_are_about", "difference_high = rate_difference - 0.001"),
    _ratio("intervals_hold_what_they_are_about", "difference_low = null, difference_high = null"),
    _ratio("bounds_hold_their_ratio", "bound_high = 1.9"),
    _ratio("bounds_hold_their_ratio", "bound_high = null"),
    _ratio("every_figure_is_printed_with_its_weakness", "limitation = ' '"),
    _ratio(
        "officers_codes_are_not_held_against_the_census",
        "status = 'insufficient_data'",
        "characteristic = 'officer_observed_ethnicity' and benchmark = 'residents'",
    ),
    Mutation(
        "disproportionality.something_can_be_compared",
        "update oversight.disproportionality set status = 'insufficient_data', rate = null, reference_rate = null, "
        "rate_ratio = null, ci_low = null, ci_high = null, bound_low = null, bound_high = null, "
        "rate_difference = null, difference_low = null, difference_high = null where status = 'published'",
    ),
    _flag(
        "no_flag_is_there_twice",
        "insert into {0} select * from {0} where group_code = 'two' and stage = 'listed'",
    ),
    _flag("every_comparison_with_the_stage_before_is_judged", "delete from {} where stage = 'listed'"),
    _flag("every_comparison_with_the_stage_before_is_judged", "update {} set is_flagged = null"),
    _flag(
        "only_what_is_shown_is_judged",
        "insert into {0} select * replace ('removed' as stage) from {0} where stage = 'listed'",
    ),
    _flag("every_comparison_of_the_quarter_counts", "update {} set comparisons = 1"),
]
