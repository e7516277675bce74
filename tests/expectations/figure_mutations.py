"""Mutations of the figures for oversight; see ``mutations.py``."""

from __future__ import annotations

from mutations import Mutation


def _set(check: str, columns: str, where: str = "true", also: tuple[str, ...] = ()) -> Mutation:
    return Mutation(check, f"update oversight.{check.split('.')[0]} set {columns} where {where}", also)


def _again(table: str, where: str, also: tuple[str, ...] = ()) -> Mutation:
    sql = f"insert into oversight.{table} select * from oversight.{table} where {where}"
    return Mutation(f"{table}.no_figure_is_there_twice", sql, also)


def _of_counts(
    table: str, one: str, value: str = "people", alone: tuple[str, ...] = (), less: tuple[str, ...] = ()
) -> list[Mutation]:
    """What breaks the checks that every table of counts has.

    Args:
        one: a condition on one of the table's rows.
        alone: checks that see a single withheld figure too; ``less``: such as see that one is too small.
    """
    return [
        _set(
            f"{table}.period_is_a_closed_quarter",
            "period = '2026-Q4'",
            also=("the_quarter_that_closes_is_there",),
        ),
        Mutation(
            f"{table}.the_quarter_that_closes_is_there", "update run.assessment set closes_period = '2026-Q2'"
        ),
        _set(
            f"{table}.status_is_known", "status = 'secret'", one, ("only_published_figures_are_shown", *alone)
        ),
        _set(f"{table}.only_published_figures_are_shown", f"{value} = null", one, less),
        _set(f"{table}.small_numbers_are_suppressed", f"{value} = 5", one, less),
        _set(f"{table}.numbers_are_rounded", f"{value} = 12", one),
    ]


_MALE = "characteristic = 'sex' and group_code = 'one'"
_CROSS = "ethnicity_5 = 'one' and age_band = 'one' and sex = 'one'"
_BY_SEX = "characteristic = 'religion' and by_characteristic = 'sex' and by_group = 'F'"
_PAIR = "self_defined_5 = 'White' and officer_observed_5 = 'White'"
_ALONE = ("nothing_is_withheld_alone",)

FIGURES = [
    *_of_counts("special_category_breakdown", _MALE, alone=_ALONE, less=("groups_add_up",)),
    _again("special_category_breakdown", _MALE, also=("groups_add_up",)),
    Mutation(
        "special_category_breakdown.every_group_is_there",
        f"delete from oversight.special_category_breakdown where {_MALE}",
        ("groups_add_up",),
    ),
    _set(
        "special_category_breakdown.every_group_is_known",
        "group_code = 'four'",
        _MALE,
        also=("every_group_is_there",),
    ),
    _set(
        "special_category_breakdown.nothing_is_withheld_alone", "people = null, status = 'suppressed'", _MALE
    ),
    _set(
        "special_category_breakdown.every_characteristic_is_of_the_same_people",
        "population = 65",
        "characteristic = 'sex'",
    ),
    _set("special_category_breakdown.groups_add_up", "people = 40", _MALE),
    _set("special_category_breakdown.groups_add_up", "people = 10", "characteristic = 'sex'"),
    _set("special_category_breakdown.percentages_are_between_0_and_100", "percentage = 100.1", _MALE),
    *_of_counts("special_category_cross", _CROSS, alone=_ALONE),
    _again("special_category_cross", _CROSS),
    _set("special_category_cross.every_group_is_known", "sex = 'four'", _CROSS),
    _set("special_category_cross.nothing_is_withheld_alone", "people = null, status = 'suppressed'", _CROSS),
    _set("special_category_cross.no_group_is_larger_than_it_is_alone", "people = 30", _CROSS),
    *(
        Mutation(f"group_counts.{check}", f"{sql} and period = '2026-Q3'", also)
        for check, sql, also in (
            (
                "no_number_is_there_twice",
                f"insert into assessment.group_counts select * from assessment.group_counts where {_MALE}",
                ("groups_add_up_to_the_same_people",),
            ),
            (
                "population_kind_is_known",
                "update assessment.group_counts set population_kind = 'kept' where population_kind = 'added'",
                (),
            ),
            (
                "population_kind_is_known",
                "update assessment.group_counts set characteristic = 'sex' where population_kind = 'added'",
                (),
            ),
            (
                "status_is_known",
                f"update assessment.group_counts set status = 'secret' where {_MALE}",
                ("what_is_shown_is_what_was_decided",),
            ),
            (
                "the_listed_are_counted",
                f"update assessment.group_counts set people = null where {_MALE}",
                ("groups_add_up_to_the_same_people",),
            ),
            (
                "small_numbers_are_not_called_published",
                "update assessment.group_counts set people = 5 where population_kind = 'listed'",
                ("what_is_shown_is_what_was_decided",),
            ),
            (
                "what_is_called_too_small_is",
                f"update assessment.group_counts set status = 'suppressed' where {_MALE}",
                ("what_is_shown_is_what_was_decided",),
            ),
            (
                "the_quarter_that_closes_is_there",
                "delete from assessment.group_counts where true",
                (),
            ),
            (
                "groups_add_up_to_the_same_people",
                f"update assessment.group_counts set people = 21 where {_MALE}",
                (),
            ),
            (
                "what_is_shown_is_what_was_decided",
                "update assessment.group_counts set people = 25 where population_kind = 'listed'",
                (),
            ),
        )
    ),
    *(
        Mutation(
            f"disclosure_audit.{check}",
            f"update run.disclosure_audit set {columns} where cell = 'sex/one'",
            also,
        )
        for check, columns, also in (
            ("no_withheld_number_can_be_worked_out", "safe = false", ()),
            (
                "figures_do_not_contradict_each_other",
                "lower = null, upper = null, safe = false",
                (),
            ),
            ("bounds_are_possible", "lower = -1", ()),
            ("what_is_called_safe_is", "lower = 3", ()),
            ("no_number_is_there_twice", "cell = 'sex/two'", ()),
        )
    ),
    *(
        _set(f"special_category_completeness_by_group.{check}", columns, where, also)
        for check, columns, where, also in (
            (
                "period_is_a_closed_quarter",
                "period = '2026-Q4'",
                "true",
                ("the_quarter_that_closes_is_there",),
            ),
            (
                "status_is_known",
                "status = 'secret'",
                _BY_SEX,
                ("a_row_is_shown_whole_or_not_at_all", "no_row_is_withheld_alone"),
            ),
            ("a_row_is_shown_whole_or_not_at_all", "missing = null", _BY_SEX, ()),
            ("small_numbers_are_suppressed", "missing = 5", _BY_SEX, ()),
            ("numbers_are_rounded", "missing = 12", _BY_SEX, ()),
            (
                "no_row_is_withheld_alone",
                "recorded = null, not_stated = null, missing = null, percentage_recorded = null, "
                "status = 'secondary_suppressed'",
                _BY_SEX,
                (),
            ),
            ("percentages_are_of_shown_numbers", "percentage_recorded = 101", _BY_SEX, ()),
        )
    ),
    Mutation(
        "special_category_completeness_by_group.the_quarter_that_closes_is_there",
        "update run.assessment set closes_period = '2026-Q2'",
    ),
    Mutation(
        "special_category_completeness_by_group.every_characteristic_is_there",
        "delete from oversight.special_category_completeness_by_group "
        "where characteristic = 'religion' and by_characteristic = 'sex'",
    ),
    _again("special_category_completeness_by_group", _BY_SEX),
    Mutation(
        "disclosure_audit.every_number_that_this_quarter_withholds_was_attacked",
        "update oversight.special_category_completeness_by_group set status = 'secondary_suppressed'",
    ),
    # The attack is told of the earlier quarter alone.
    Mutation(
        "disclosure_audit.every_number_that_this_quarter_withholds_was_attacked",
        f"update oversight.special_category_breakdown set people = null, status = 'suppressed' where {_MALE}",
    ),
    Mutation(
        "disclosure_audit.every_number_that_this_quarter_withholds_was_attacked",
        f"update oversight.special_category_cross set people = null, status = 'suppressed' where {_CROSS}",
    ),
    Mutation(
        "disclosure_audit.every_number_that_this_quarter_withholds_was_attacked",
        "update oversight.disproportionality set people = null "
        "where stage = 'suspects' and characteristic = 'officer_observed_ethnicity'",
    ),
    *_of_counts("ethnicity_agreement", _PAIR, alone=_ALONE),
    _again("ethnicity_agreement", _PAIR),
    _set("ethnicity_agreement.groups_are_there", "self_defined_5 = null", _PAIR),
    _set("ethnicity_agreement.nothing_is_withheld_alone", "people = null, status = 'suppressed'", _PAIR),
    _set("ethnicity_agreement.no_group_is_larger_than_the_list", "people = 70", _PAIR),
    *(
        mutation
        for mutation in _of_counts("list_trend", "measure = 'listed'")
        if "period_is_a_closed_quarter" not in mutation.check
    ),
    _set(
        "list_trend.period_is_a_closed_quarter",
        "period = '2026-Q4', as_of_date = '2026-12-31'",
        also=("the_quarter_that_closes_is_there",),
    ),
    _again("list_trend", "measure = 'listed'"),
    _set("list_trend.measure_is_known", "measure = 'kept'", "measure = 'added'"),
    _set("list_trend.only_removals_have_a_reason", "reason = 'deceased'", "measure = 'added'"),
    _set("list_trend.only_removals_have_a_reason", "reason = 'whim'", "reason = 'deceased'"),
    _set("list_trend.quarters_end_on_their_last_day", "as_of_date = '2026-09-29'", "measure = 'listed'"),
    _set("list_trend.reasons_are_not_more_than_the_removed", "people = 40", "reason = 'deceased'"),
    *(
        mutation
        for table in ("what_if", "feedback")
        for mutation in (
            *_of_counts(table, "measure = 'entries'", '"value"'),
            _again(table, "measure = 'entries'"),
            _set(f"{table}.variant_is_known", "variant = 'whim'", "measure = 'entries'"),
            _set(f"{table}.measure_is_known", "measure = 'mood'", "measure = 'entries'"),
            _set(f"{table}.the_list_itself_does_not_move", "variant = 'as_published'", "measure = 'entries'"),
            _set(f"{table}.spans_begin_before_they_end", '"value" = 1.5', "measure = 'rate_ratio_low'"),
            _set(f"{table}.nothing_is_negative", '"value" = -5', "measure = 'entries'"),
            _set(f"{table}.shares_are_between_0_and_100", '"value" = 101', "measure like 'share%'"),
        )
    ),
    Mutation(
        "special_category_completeness.percentages_are_of_shown_numbers",
        "update oversight.special_category_completeness "
        "set recorded = 0, not_stated = null, missing = null, percentage_recorded = 0, status = 'suppressed' "
        "where characteristic = 'sex'",
    ),
]
