"""Mutations of how much is recorded, and of the two registers; see ``mutations.py``."""

from __future__ import annotations

from mutations import Mutation

_CHARACTERISTICS = (
    "sex self_defined_ethnicity officer_observed_ethnicity religion disability sexual_orientation"
)


def _figure(check: str, columns: str) -> Mutation:
    sql = f"update oversight.special_category_completeness set {columns} where population_kind = 'listed'"
    return Mutation(f"special_category_completeness.{check}", sql)


REGISTERS = [
    *(
        Mutation(
            f"listed_people.{characteristic}_is_recorded",
            "update intermediate.int_completeness set recorded = 0 "
            f"where population_kind = 'listed' and characteristic = '{characteristic}'",
        )
        for characteristic in _CHARACTERISTICS.split()
    ),
    Mutation(
        "listed_people.date_of_birth_is_recorded",
        "update intermediate.int_completeness set recorded = 90 where characteristic = 'date_of_birth'",
    ),
    Mutation(
        "special_category_completeness.every_characteristic_is_there",
        "delete from oversight.special_category_completeness "
        "where population_kind = 'listed' and characteristic = 'sex'",
    ),
    Mutation(
        "special_category_completeness.no_figure_is_there_twice",
        "insert into oversight.special_category_completeness "
        "select * from oversight.special_category_completeness where characteristic = 'sex'",
    ),
    _figure("population_kind_is_known", "population_kind = 'victims'"),
    _figure("status_is_known", "status = null"),
    _figure("small_numbers_are_suppressed", "missing = 5"),
    _figure("numbers_are_rounded", "recorded = 97"),
    _figure("published_figures_are_whole", "not_stated = null"),
    _figure("percentages_are_between_0_and_100", "percentage_recorded = 100.1"),
    Mutation(
        "policy_register.parameter_is_unique",
        "insert into oversight.policy_register "
        "select * from oversight.policy_register where parameter = 'minimum_age'",
    ),
    Mutation(
        "policy_register.every_parameter_is_there",
        "update oversight.policy_register set \"value\" = '9' where parameter = 'minimum_age'",
    ),
    Mutation("policy_register.basis_is_known", "update oversight.policy_register set basis = 'guess'"),
    Mutation(
        "policy_register.every_parameter_has_a_rationale",
        "update oversight.policy_register set rationale = ''",
    ),
    Mutation(
        "policy_register.register_is_of_this_policy",
        "update oversight.policy_register set policy_version = null",
    ),
    Mutation(
        "release_register.run_id_is_unique",
        "insert into oversight.release_register select * from oversight.release_register",
    ),
    Mutation(
        "release_register.every_release_can_be_verified",
        "update oversight.release_register set list_hash = 'x'",
    ),
    Mutation(
        "release_register.every_release_was_signed_off",
        "update oversight.release_register set sign_off_kind = null",
    ),
]
