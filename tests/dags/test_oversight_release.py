"""What must hold for the quarterly DAG, each with a variant of its file that breaks it and must be caught."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from airflow.sdk import DAG
from test_policies import (
    Policy,
    every_task_has_an_owner,
    every_task_is_described,
    it_can_be_found_by_tag,
    one_run_is_active_at_a_time,
    serialized,
    starts,
    the_page_of_the_dag_explains_every_task,
)

from vha import pipeline
from vha.settings import PROJECT_ROOT

DAG_FILE = PROJECT_ROOT / "dags" / "oversight_release.py"
STEPS = ["find_quarter", "attack_again", "hand_over"]


def dag_of(source: str) -> DAG:
    names: dict[str, Any] = {"__name__": "dag_file"}
    exec(compile(source, str(DAG_FILE), "exec"), names)
    return names["oversight_release"]()


def nothing_is_handed_over_before_it_was_attacked(dag: DAG) -> bool:
    return [task.task_id for task in dag.topological_sort()] == STEPS and dag.task_dict[
        "hand_over"
    ].upstream_task_ids == {"find_quarter", "attack_again"}


def nothing_to_hand_over_is_no_failure(dag: DAG) -> bool:
    return type(dag.task_dict["find_quarter"]).__name__ == "_ShortCircuitDecoratedOperator"


def a_release_starts_it(dag: DAG) -> bool:
    return "release" in str(serialized(dag).timetable.asset_condition.as_expression())


def so_does_the_third_day_after_a_quarter(dag: DAG) -> bool:
    found = [start.astimezone(ZoneInfo("Europe/London")) for start in starts(dag, datetime(2026, 12, 30), 3)]
    return [(day.year, day.month, day.day, day.hour) for day in found] == [
        (2027, 1, 3, 9),
        (2027, 4, 3, 9),
        (2027, 7, 3, 9),
    ]


def no_task_hangs(dag: DAG) -> bool:
    return all(task.execution_timeout for task in dag.tasks)


BREACHES: list[tuple[Policy, str, str]] = [
    (every_task_has_an_owner, '"owner": "data-platform", ', ""),
    (it_can_be_found_by_tag, "tags=", "#"),
    (the_page_of_the_dag_explains_every_task, "* `hand_over`: ", "* "),
    (every_task_is_described, '    """Write the public files of the release as one archive."""\n', ""),
    (
        nothing_is_handed_over_before_it_was_attacked,
        "period >> attack_again() >> hand_over(period)",
        "period >> attack_again()\n    hand_over(period)",
    ),
    (nothing_to_hand_over_is_no_failure, "@task.short_circuit(", "@task("),
    (a_release_starts_it, 'Asset("release")', 'Asset("another")'),
    (so_does_the_third_day_after_a_quarter, "1,4,7,10", "*"),
    (so_does_the_third_day_after_a_quarter, 'timezone="Europe/London"', 'timezone="UTC"'),
    (no_task_hangs, "@task(execution_timeout=timedelta(minutes=10))", "@task()"),
    (one_run_is_active_at_a_time, "max_active_runs=1", "max_active_runs=2"),
]


@pytest.mark.parametrize("policy", dict.fromkeys(policy for policy, _, _ in BREACHES))
def test_the_quarterly_dag_keeps(policy: Policy) -> None:
    assert policy(dag_of(DAG_FILE.read_text()))


@pytest.mark.parametrize(("policy", "old", "new"), BREACHES)
def test_a_breach_is_caught(policy: Policy, old: str, new: str) -> None:
    source = DAG_FILE.read_text()
    assert old in source
    assert not policy(dag_of(source.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("run_type", "deadline"), [("scheduled", "2027-01-03"), ("asset_triggered", None), ("manual", None)]
)
def test_only_the_clock_sets_a_deadline(
    run_type: str, deadline: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def find(_settings: object, day: object) -> None:
        asked.append(day and str(day))

    monkeypatch.setattr("vha.review.quarter.quarter_to_hand_over", find)
    pipeline.quarter_to_hand_over(run_type, datetime(2027, 1, 3, 9, tzinfo=UTC))
    assert asked == [deadline]


def test_the_bodies_call_what_there_is() -> None:
    bodies: list[Callable[..., object]] = [
        pipeline.quarter_to_hand_over,
        pipeline.attack_again,
        pipeline.hand_over,
    ]
    source = DAG_FILE.read_text()
    assert all(f"pipeline.{body.__name__}(" in source for body in bodies)
