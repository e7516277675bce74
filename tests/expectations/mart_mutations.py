"""Mutations of what holds people: the list and what belongs to it; see ``mutations.py``."""

from __future__ import annotations

from mutations import Mutation

_RANK_ANEW = """;
    update assessment.assessment_list as listed set "rank" = anew."rank" from (
        select nominal_id, row_number() over (
            order by total_score desc, crime_score desc, latest_offence_on desc, nominal_id
        ) as "rank" from assessment.assessment_list
    ) as anew where listed.nominal_id = anew.nominal_id
"""
_FIRST = "nominal_id = 'SYN-00000001'"


def _listed(check: str, columns: str, *, where: str = _FIRST, also: tuple[str, ...] = ()) -> Mutation:
    sql = f"update assessment.assessment_list set {columns} where {where}"
    return Mutation(f"assessment_list.{check}", sql, also)


def _points(check: str, crime: str, intelligence: str, also: tuple[str, ...] = ()) -> Mutation:
    """The first person's points a crime report and for intelligence, with scores and ranks to match."""
    return Mutation(
        f"assessment_list.{check}",
        f"""
        update assessment.score_contributions
        set points = case when kind = 'crime' then {crime} else {intelligence} end
        where {_FIRST};
        update assessment.assessment_list as listed set
            total_score = sums.total, crime_score = sums.crime, intelligence_score = sums.total - sums.crime
        from (
            select sum(points) as total, sum(points) filter (where kind = 'crime') as crime
            from assessment.score_contributions where {_FIRST}
        ) as sums where {_FIRST} {_RANK_ANEW}""",
        also,
    )


def _contribution(check: str, columns: str, kind: str = "crime") -> Mutation:
    rows = f"{_FIRST} and kind = '{kind}' and record_ref in ('CR11', 'IR1')"
    sql = f"update assessment.score_contributions set {columns} where {rows}"
    return Mutation(f"score_contributions.{check}", sql)


def _moved(check: str, columns: str, movement: str, also: tuple[str, ...] = ()) -> Mutation:
    sql = f"""
        update assessment.list_movements set {columns} where nominal_id = (
            select min(nominal_id) from assessment.list_movements where movement = '{movement}'
        )"""
    return Mutation(f"list_movements.{check}", sql, also)


def _restriction(nominal: str, starts_on: str, ends_on: str) -> Mutation:
    return Mutation(
        "assessment_list.nobody_is_restricted",
        "insert into landing.restriction (restriction_id, nominal_id, starts_on, ends_on) "
        f"values ('RS0', '{nominal}', {starts_on}, {ends_on})",
    )


LIST = [
    Mutation("assessment_list.somebody_is_listed", "delete from assessment.assessment_list"),
    Mutation(
        "assessment_list.list_is_as_long_as_last_time",
        'delete from history.assessment_list where "rank" > 10',
    ),
    _listed(
        "nominal_id_is_there",
        "nominal_id = null",
        also=(
            "contributions_add_up_to_the_total",
            "crime_contributions_add_up_to_the_crime_score",
            "crime_reports_are_counted_right",
            "latest_offence_is_dated_right",
            "everybody_is_in_the_person_index",
        ),
    ),
    Mutation(
        "assessment_list.nobody_is_listed_twice",
        'insert into assessment.assessment_list select * replace (61 as "rank") '
        'from assessment.assessment_list where "rank" = 60',
    ),
    _listed("list_is_of_the_date", "as_of_date = date '2026-09-29'"),
    _listed("list_is_of_this_run_and_policy", "policy_version = 'other'"),
    _listed("list_is_of_this_run_and_policy", "run_id = null"),
    _listed("ranks_run_from_one_without_gaps", '"rank" = "rank" + 1', where="true"),
    _listed("ranks_run_from_one_without_gaps", '"rank" = 61', where='"rank" = 60'),
    _listed("ranks_follow_the_scores", '"rank" = 3 - "rank"', where='"rank" <= 2'),
    _listed("total_is_crime_plus_intelligence", "intelligence_score = intelligence_score + 0.0001"),
    Mutation(
        "assessment_list.contributions_add_up_to_the_total",
        "update assessment.score_contributions set points = points + 0.0001 where record_ref = 'IR1'",
    ),
    Mutation(
        "assessment_list.crime_contributions_add_up_to_the_crime_score",
        "update assessment.score_contributions set points = points + 0.0001 where record_ref = 'IR1';"
        "update assessment.score_contributions set points = points - 0.0001 where record_ref = 'CR11'",
    ),
    _listed("crime_reports_are_counted_right", "crime_reports = 4"),
    _listed("latest_offence_is_dated_right", "latest_offence_on = latest_offence_on + 1"),
    Mutation(
        "assessment_list.everybody_has_enough_crime_reports",
        f"""
        update assessment.score_contributions set points = points + (
            select points from assessment.score_contributions where record_ref = 'CR12'
        ) where record_ref = 'CR11';
        update assessment.score_contributions set points = 0 where record_ref = 'CR12';
        update assessment.assessment_list set crime_reports = 2 where {_FIRST}""",
    ),
    _points("everybody_reaches_the_threshold", crime="1", intelligence="1"),
    _points(
        "nobody_is_listed_on_intelligence_alone",
        crime="case when record_ref = 'CR10' then -2 else 1 end",
        intelligence="0",
        also=(
            "everybody_reaches_the_threshold",
            "crime_reports_are_counted_right",
            "latest_offence_is_dated_right",
        ),
    ),
    _points("intelligence_stays_within_its_cap", crime="points", intelligence="9999"),
    _points("intelligence_score_is_not_negative", crime="points", intelligence="-1"),
    Mutation(
        "assessment_list.everybody_has_reached_the_minimum_age",
        f"""
        update landing.nominal set date_of_birth = '2017-01-01' where {_FIRST};
        update assessment.assessment_list
        set age = 9, is_child = true, review_due_on = first_listed_on + 30 where {_FIRST}""",
    ),
    _listed("children_are_shown_as_children", "is_child = true, review_due_on = first_listed_on + 30"),
    _listed("ages_are_of_the_date", "age = age + 1"),
    Mutation(
        "assessment_list.everybody_is_in_the_person_index", f"delete from landing.nominal where {_FIRST}"
    ),
    Mutation(
        "assessment_list.nobody_is_merged_away",
        f"update landing.nominal set merged_into = 'SYN-00000002' where {_FIRST}",
    ),
    Mutation(
        "assessment_list.nobody_is_deceased",
        f"update landing.nominal set deceased_on = '2026-09-30' where {_FIRST}",
    ),
    Mutation(
        "assessment_list.nobody_is_deceased",
        "update landing.nominal set deceased_on = '2026-09-30' where merged_into = 'SYN-00000001'",
    ),
    _restriction("SYN-00000001", starts_on="'2026-09-30'", ends_on="null"),
    _restriction("SYN-00000001", starts_on="'2026-01-01'", ends_on="'2026-10-01'"),
    _restriction("SYN-00000001", starts_on="'soon'", ends_on="null"),
    _restriction("SYN-00000299", starts_on="'2026-01-01'", ends_on="null"),
    Mutation(
        "assessment_list.nobody_is_quarantined",
        "insert into assessment.quarantine values "
        "('person.nominal', 'SYN-00000001', 'bad_date', 'row_out', 'run')",
    ),
    _listed("nobody_is_listed_ahead_of_time", "first_listed_on = '2026-10-01', review_due_on = '2026-12-30'"),
    _listed("reviews_are_due_in_time", "review_due_on = review_due_on + 1"),
]

CONTRIBUTIONS = [
    _contribution("nominal_id_is_there", "nominal_id = null"),
    _contribution("record_ref_is_there", "record_ref = null"),
    _contribution("points_are_there", "points = null"),
    Mutation(
        "score_contributions.no_record_counts_twice",
        "insert into assessment.score_contributions "
        "select * from assessment.score_contributions where record_ref = 'CR11'",
    ),
    _contribution("kind_is_known", "kind = 'association'"),
    Mutation(
        "score_contributions.contributions_are_of_listed_people",
        f"delete from assessment.assessment_list where {_FIRST}",
    ),
    _contribution("contributions_are_of_the_date", "as_of_date = null"),
    _contribution("records_give_and_the_cap_takes", "points = -1"),
    Mutation(
        "score_contributions.records_give_and_the_cap_takes",
        "update assessment.score_contributions set points = 1 where kind = 'intelligence_cap'",
    ),
    _contribution("nothing_is_dated_after_the_date", "event_on = date '2026-10-01'"),
    _contribution("old_crime_reports_do_not_count", "completed_years = 5"),
    _contribution("old_intelligence_does_not_count", "completed_years = 1", kind="intelligence"),
    _contribution("nothing_counts_more_than_its_weight", "points = weight + 0.0001"),
    _contribution("offences_are_in_scope", "offence_code = '999Z'"),
    _contribution("categories_are_in_scope", "category = 'gossip'", kind="intelligence"),
]

MOVEMENTS = [
    _moved(
        "nominal_id_is_there",
        "nominal_id = null",
        "kept",
        also=("listed_people_are_added_or_kept", "everybody_of_the_last_list_is_accounted_for"),
    ),
    Mutation(
        "list_movements.nobody_moves_twice",
        "insert into assessment.list_movements "
        "select * from assessment.list_movements where movement = 'removed'",
    ),
    _moved("movements_are_of_the_date", "as_of_date = '2026-09-29'", "kept"),
    Mutation(
        "list_movements.movement_is_known",
        "insert into assessment.list_movements "
        "(as_of_date, nominal_id, movement, previous_rank, previous_score) "
        "values ('2026-09-30', 'SYN-0', 'returned', 1, 1)",
    ),
    Mutation(
        "list_movements.listed_people_are_added_or_kept",
        "delete from assessment.list_movements where movement = 'added'",
    ),
    Mutation(
        "list_movements.everybody_of_the_last_list_is_accounted_for",
        "delete from assessment.list_movements where movement = 'removed'",
    ),
    _moved("removals_have_a_reason", "reason = null", "removed"),
    _moved("removals_have_a_reason", "reason = 'whim'", "removed"),
    _moved("removals_have_a_driver", "driver = null", "removed"),
    _moved("removals_have_a_driver", "driver = 'whim'", "removed"),
    _moved("removed_people_have_no_score", "total_score = 1", "removed"),
    _moved("ranks_and_scores_are_the_list_s", "total_score = total_score + 0.0001", "kept"),
    _moved("only_added_people_have_no_past", "previous_rank = null, previous_score = null", "kept"),
]

QUEUE = [
    Mutation(
        "review_queue.nominal_id_is_there",
        "update assessment.review_queue set nominal_id = null where reason = 'date_of_birth_missing'",
    ),
    Mutation(
        "review_queue.nobody_waits_twice_for_one_reason",
        "insert into assessment.review_queue select * from assessment.review_queue",
    ),
    Mutation(
        "review_queue.queue_is_of_the_date", "update assessment.review_queue set as_of_date = '2026-09-29'"
    ),
    Mutation("review_queue.reason_is_known", "update assessment.review_queue set reason = null"),
    Mutation(
        "review_queue.nobody_without_a_date_of_birth_is_listed",
        "insert into assessment.review_queue values ('2026-09-30', 'SYN-00000002', 'date_of_birth_missing')",
    ),
    Mutation(
        "review_queue.suspects_who_are_victims_are_listed",
        "insert into assessment.review_queue values ('2026-09-30', 'SYN-00000150', 'suspect_and_victim')",
    ),
]
