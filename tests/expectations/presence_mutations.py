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
    Mutation("release_register.every_earlier_release_is_there", "delete from oversight.release_register"),
]
