"""What must hold for the DAG, each with a variant of the DAG file that breaks it and must be caught."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from airflow.sdk import DAG
from airflow.sdk.definitions.retry_policy import RetryAction
from airflow.serialization.definitions.dag import SerializedDAG
from airflow.serialization.serialized_objects import DagSerialization
from airflow.timetables.base import TimeRestriction

from vha.errors import BuildError, SourceError, SourceUnavailable
from vha.orchestrate.home import DAG_ID, WAREHOUSE_POOL
from vha.settings import PROJECT_ROOT, SYSTEMS

DAG_FILE = PROJECT_ROOT / "dags" / f"{DAG_ID}.py"
STEPS = ("open_run", "extract", "land", "build", "audit", "report", "sign_off", "publish")
USE_THE_WAREHOUSE = {"build", "audit", "report", "publish"}
HEAVY = ("dbt", "duckdb", "great_expectations", "pandas", "pyarrow", "numpy", "adbc_driver_postgresql")

Policy = Callable[[DAG], bool]


def dag_of(source: str) -> DAG:
    names: dict[str, Any] = {"__name__": "dag_file"}
    exec(compile(source, str(DAG_FILE), "exec"), names)
    return names[DAG_ID]()


def every_task_has_an_owner(dag: DAG) -> bool:
    return all(task.owner == "data-platform" for task in dag.tasks)


def it_can_be_found_by_tag(dag: DAG) -> bool:
    return "violence-harm-assessment" in dag.tags


def the_page_of_the_dag_explains_every_task(dag: DAG) -> bool:
    return all(f"* `{task.task_id}`: " in (dag.doc_md or "") for task in dag.tasks)


def every_task_is_described(dag: DAG) -> bool:
    return all(task.doc_md for task in dag.tasks)


def the_steps_follow_one_another(dag: DAG) -> bool:
    return (
        tuple(task.task_id for task in dag.topological_sort()) == STEPS
        and all(STEPS[i] in dag.task_dict[STEPS[i + 1]].upstream_task_ids for i in range(len(STEPS) - 1))
        and all(task.trigger_rule == "all_success" for task in dag.tasks)
    )


def each_system_is_extracted_by_a_task_of_its_own(dag: DAG) -> bool:
    extract = dag.task_dict["extract"]
    return bool(extract.is_mapped) and extract.op_kwargs_expand_input.value == {"system": list(SYSTEMS)}


def only_extraction_is_retried(dag: DAG) -> bool:
    return {task.task_id: task.retries for task in dag.tasks} == {**dict.fromkeys(STEPS, 0), "extract": 3}


def retries_back_off(dag: DAG) -> bool:
    extract = dag.task_dict["extract"]
    return extract.retry_delay >= timedelta(minutes=1) and extract.retry_exponential_backoff >= 2


def only_an_unavailable_source_is_retried(dag: DAG) -> bool:
    policy = dag.task_dict["extract"].partial_kwargs["retry_policy"]

    def action(error: Exception) -> RetryAction:
        return policy.evaluate(error, try_number=1, max_tries=3).action

    return (
        action(SourceUnavailable("")) == RetryAction.RETRY
        and action(SourceError("")) == RetryAction.FAIL
        and action(BuildError("")) == RetryAction.FAIL
    )


def the_warehouse_has_one_user_at_a_time(dag: DAG) -> bool:
    return {task.task_id for task in dag.tasks if task.pool == WAREHOUSE_POOL} == USE_THE_WAREHOUSE


def one_run_is_active_at_a_time(dag: DAG) -> bool:
    return dag.max_active_runs == 1 and dag.catchup is False


def nothing_hangs_for_ever(dag: DAG) -> bool:
    return all(task.execution_timeout for task in dag.tasks if task.task_id != "sign_off")


def a_run_is_over_before_the_next(dag: DAG) -> bool:
    waiting = dag.task_dict["sign_off"].response_timeout
    return waiting == timedelta(hours=20) and waiting < dag.dagrun_timeout < timedelta(hours=24)


def silence_is_no_approval(dag: DAG) -> bool:
    return dag.task_dict["sign_off"].defaults is None


def a_rejection_fails_the_run(dag: DAG) -> bool:
    return dag.task_dict["sign_off"].fail_on_reject is True


def the_sign_off_is_recorded(dag: DAG) -> bool:
    return type(dag.task_dict["sign_off"]).__name__ == "SignOffOperator"


def a_release_is_an_asset(dag: DAG) -> bool:
    return {task.task_id: [a.name for a in task.outlets] for task in dag.tasks if task.outlets} == {
        "publish": ["release"]
    }


def nothing_has_to_be_given_to_run_it(dag: DAG) -> bool:
    asked = {"as_of": None, "correct": None}
    accepted = {"accept": [], "accepted_by": None, "accept_reason": None}
    return dict(dag.params) == {**asked, **accepted}


def the_as_of_date_is_a_date(dag: DAG) -> bool:
    return dag.params.get_param("as_of").schema.get("format") == "date"


def it_starts_at_five_in_london(dag: DAG) -> bool:
    return all(
        [start.astimezone(ZoneInfo("Europe/London")).replace(tzinfo=None) for start in starts(dag, first, 5)]
        == [datetime(first.year, first.month, first.day, 5) + timedelta(days=day) for day in range(5)]
        for first in (datetime(2027, 3, 26), datetime(2027, 10, 29))  # the clocks change in between
    )


def starts(dag: DAG, first: datetime, count: int) -> list[datetime]:
    """When the scheduler would start the runs from a day on, if it had to catch up."""
    timetable = serialized(dag).timetable
    restriction = TimeRestriction(earliest=first.replace(tzinfo=UTC), latest=None, catchup=True)
    found, interval = [], None
    for _ in range(count):
        info = timetable.next_dagrun_info(last_automated_data_interval=interval, restriction=restriction)
        found.append(info.run_after)
        interval = info.data_interval
    return found


def no_run_starts_because_it_is_new(dag: DAG) -> bool:
    """Serving Airflow for the first time must not start a run before the next five o'clock."""
    restriction = TimeRestriction(earliest=dag.start_date, latest=None, catchup=False)
    timetable = serialized(dag).timetable
    with pytest.MonkeyPatch.context() as patched:
        for now in (datetime(2026, 11, 23, hour, 1, tzinfo=UTC) for hour in range(24)):
            patched.setattr("airflow.timetables.trigger.utcnow", lambda now=now: now)
            first = timetable.next_dagrun_info(last_automated_data_interval=None, restriction=restriction)
            if first is None or first.run_after <= now:
                return False
    return True


def serialized(dag: DAG) -> SerializedDAG:
    return DagSerialization.deserialize_dag(DagSerialization.serialize_dag(dag))


def its_file_imports_little(dag_source: str) -> bool:
    """Airflow's public interface and what is light of our own; the bodies import the rest."""
    allowed = {
        "__future__",
        "datetime",
        "airflow.sdk",
        "vha.errors",
        "vha.orchestrate.operators",
        "vha.settings",
    }
    top = [node for node in ast.parse(dag_source).body if isinstance(node, ast.Import | ast.ImportFrom)]
    return all(isinstance(node, ast.ImportFrom) and node.module in allowed for node in top)


def a_body_is_one_call(dag_source: str) -> bool:
    bodies = [
        [node for node in function.body if not isinstance(node, ast.Expr | ast.ImportFrom)]
        for function in ast.parse(dag_source).body
        if isinstance(function, ast.FunctionDef) and function.name != DAG_ID
    ]
    return all(len(body) == 1 and isinstance(body[0], ast.Return) for body in bodies)


POLICIES: list[tuple[Policy, str, str]] = [
    (every_task_has_an_owner, '"owner": "data-platform", ', ""),
    (it_can_be_found_by_tag, "tags=", "#"),
    (the_page_of_the_dag_explains_every_task, "* `land`: ", "* "),
    (every_task_is_described, 'doc_md="Somebody', 'task_display_name="Somebody'),
    (the_steps_follow_one_another, "        >> audit(run)\n", ""),
    (each_system_is_extracted_by_a_task_of_its_own, "list(SYSTEMS)", "list(SYSTEMS[1:])"),
    (only_extraction_is_retried, '"retries": 0', '"retries": 1'),
    (only_extraction_is_retried, "    retries=3,\n", ""),
    (retries_back_off, "    retry_exponential_backoff=2,\n", ""),
    (only_an_unavailable_source_is_retried, "RetryRule(VhaError, RetryAction.FAIL)", ""),
    (
        the_warehouse_has_one_user_at_a_time,
        "minutes=30), pool=WAREHOUSE)\ndef audit",
        "minutes=30))\ndef audit",
    ),
    (one_run_is_active_at_a_time, "max_active_runs=1", "max_active_runs=2"),
    (
        one_run_is_active_at_a_time,
        "catchup=False",
        "catchup=True, start_date=__import__('datetime').datetime(2026, 1, 1)",
    ),
    (nothing_hangs_for_ever, "execution_timeout=timedelta(minutes=10)", ""),
    (a_run_is_over_before_the_next, "hours=20", "hours=24"),
    (a_run_is_over_before_the_next, "dagrun_timeout=timedelta(hours=23", "dagrun_timeout=timedelta(hours=30"),
    (silence_is_no_approval, "fail_on_reject=True", 'fail_on_reject=True, defaults="Approve"'),
    (a_rejection_fails_the_run, "fail_on_reject=True", "fail_on_reject=False"),
    (
        the_sign_off_is_recorded,
        "from vha.orchestrate.operators import SignOffOperator",
        "from airflow.providers.standard.operators.hitl import ApprovalOperator\n"
        "def SignOffOperator(run_id, **kwargs): return ApprovalOperator(subject='Release?', **kwargs)",
    ),
    (a_release_is_an_asset, ", outlets=[RELEASE]", ""),
    (nothing_has_to_be_given_to_run_it, "Param(None, type=", 'Param("2026-09-30", type='),
    (the_as_of_date_is_a_date, ', format="date"', ""),
    (it_starts_at_five_in_london, 'timezone="Europe/London"', 'timezone="UTC"'),
    (it_starts_at_five_in_london, '"0 5 * * *"', '"0 5 * * 1-5"'),
    (no_run_starts_because_it_is_new, ", run_immediately=timedelta(0)", ""),
]

SOURCE_POLICIES: list[tuple[Callable[[str], bool], str, str]] = [
    (its_file_imports_little, "from datetime", "import duckdb\nfrom datetime"),
    (its_file_imports_little, "from datetime", "from vha.audit import audit\nfrom datetime"),
    (a_body_is_one_call, "    return pipeline.land(run)", "    rows = 1\n    return pipeline.land(run)"),
]


def breach_of(old: str, new: str) -> str:
    source = DAG_FILE.read_text()
    assert old in source, f"the variant does not break anything: {old!r} is not in the DAG file"
    return source.replace(old, new, 1)


@pytest.fixture(scope="module")
def dag() -> DAG:
    return dag_of(DAG_FILE.read_text())


@pytest.mark.parametrize("policy", dict.fromkeys(policy for policy, _, _ in POLICIES))
def test_the_dag_keeps(policy: Policy, dag: DAG) -> None:
    assert policy(dag)


@pytest.mark.parametrize(("policy", "old", "new"), POLICIES)
def test_a_breach_is_caught(policy: Policy, old: str, new: str) -> None:
    assert not policy(dag_of(breach_of(old, new)))


@pytest.mark.parametrize("policy", dict.fromkeys(policy for policy, _, _ in SOURCE_POLICIES))
def test_the_dag_file_keeps(policy: Callable[[str], bool]) -> None:
    assert policy(DAG_FILE.read_text())


@pytest.mark.parametrize(("policy", "old", "new"), SOURCE_POLICIES)
def test_a_breach_in_the_file_is_caught(policy: Callable[[str], bool], old: str, new: str) -> None:
    assert not policy(breach_of(old, new))


def test_the_scheduler_can_read_it(dag: DAG) -> None:
    assert {task.task_id for task in serialized(dag).tasks} == set(STEPS)


def test_parsing_the_file_is_light() -> None:
    """Less than half a second of CPU on top of Airflow's own import, and none of the heavy libraries."""
    script = f"""
import json, runpy, sys, time
import airflow.sdk, airflow.providers.standard.operators.hitl, airflow.sdk.definitions.decorators
before, start = set(sys.modules), time.process_time()
runpy.run_path({str(DAG_FILE)!r})
loaded = sorted(name for name in {HEAVY!r} if name in set(sys.modules) - before)
print(json.dumps([loaded, time.process_time() - start]))
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded, seconds = json.loads(run.stdout.splitlines()[-1])
    assert loaded == []
    assert seconds < 0.5
