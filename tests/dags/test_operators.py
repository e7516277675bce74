"""Who started a run, and what an answer in Airflow leaves behind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.providers.standard.exceptions import HITLRejectException
from airflow.sdk.exceptions import TaskAwaitingInput

from vha.errors import SignOffMissing, SignOffRefused
from vha.orchestrate import operators
from vha.publish import sign_off
from vha.publish.candidate import read_seal, seal
from vha.run import Run, RunPaths
from vha.settings import Settings

TASK = operators.SignOffOperator(
    task_id="sign_off", run_id="run-1", fail_on_reject=True, response_timeout=timedelta(hours=20)
)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("VHA_HOME", str(tmp_path))
    return Settings.from_environment()


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A task under the scheduler, and the question that it asked of Airflow."""
    question: dict[str, Any] = {}
    monkeypatch.setattr(operators, "in_process", lambda: False)
    monkeypatch.setattr("airflow.providers.standard.operators.hitl.upsert_hitl_detail", question.update)
    return question


@pytest.fixture
def real(settings: Settings) -> Run:
    return candidate(settings, synthetic=False)


def candidate(settings: Settings, *, synthetic: bool) -> Run:
    run = Run("run-1", date(2026, 9, 30), synthetic, "airflow:alice")
    run.save(settings)
    RunPaths(settings, run.run_id).candidate.mkdir()
    seal(settings, run)
    return run


def answer(choice: str, user: str) -> dict[str, Any]:
    return {
        "chosen_options": [choice],
        "params_input": {"note": "Seen."},
        "responded_by_user": {"id": user, "name": user},
        "responded_at": datetime.now(UTC),
    }


class Context(dict):
    def __init__(self) -> None:
        super().__init__(task_instance=type("TaskInstance", (), {"id": "0"}))


def test_a_run_is_started_by_the_airflow_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "somebody-else")
    assert operators.started_by("alice") == "airflow:alice"
    assert operators.started_by("dag_test") == "airflow:dag_test"  # what Airflow calls it, not what it is
    assert operators.started_by(None) == "airflow:scheduler"


def test_a_run_in_process_is_started_by_the_operating_systems_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(operators, "in_process", lambda: True)
    assert operators.started_by("dag_test") == sign_off.current_account()


def test_a_synthetic_run_signs_itself_off(settings: Settings) -> None:
    run = candidate(settings, synthetic=True)
    TASK.execute(Context())
    assert (
        sign_off.check(settings, run, read_seal(settings, run).candidate_sha256).kind == "automatic_synthetic"
    )


def test_a_synthetic_run_that_is_cleared_signs_itself_off_again(settings: Settings) -> None:
    candidate(settings, synthetic=True)
    TASK.execute(Context())
    TASK.execute(Context())


def test_a_real_run_waits_and_says_what_for(settings: Settings, real: Run, asked: dict[str, Any]) -> None:
    sealed = read_seal(settings, real).candidate_sha256
    with pytest.raises(TaskAwaitingInput) as waiting:
        TASK.execute(Context())
    assert waiting.value.kwargs == {"candidate": sealed}
    assert waiting.value.timeout == timedelta(hours=20)
    assert asked["defaults"] is None
    assert "2026-09-30" in asked["subject"]
    assert all(text in asked["body"] for text in ("run-1", "2026-09-30", "airflow:alice", sealed))


def test_an_approved_run_that_is_cleared_does_not_ask_again(settings: Settings, real: Run) -> None:
    shown = read_seal(settings, real).candidate_sha256
    TASK.execute_complete(Context(), answer("Approve", "bob"), shown)
    TASK.execute(Context())


def test_a_rejected_run_that_is_cleared_is_not_asked_about_again(settings: Settings, real: Run) -> None:
    shown = read_seal(settings, real).candidate_sha256
    with pytest.raises(HITLRejectException):
        TASK.execute_complete(Context(), answer("Reject", "bob"), shown)
    with pytest.raises(SignOffRefused, match="airflow:bob rejected"):
        TASK.execute(Context())


def test_a_real_run_in_process_does_not_wait(real: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operators, "in_process", lambda: True)
    with pytest.raises(SignOffMissing, match="vha sign-off run-1 --approve"):
        TASK.execute(Context())


def test_the_answer_is_about_the_candidate_that_was_shown(settings: Settings, real: Run) -> None:
    shown = read_seal(settings, real).candidate_sha256
    (RunPaths(settings, real.run_id).candidate / "page").write_text("made after the question")
    seal(settings, real)
    TASK.execute_complete(Context(), answer("Approve", "bob"), shown)
    with pytest.raises(SignOffRefused, match="another candidate"):
        sign_off.check(settings, real, read_seal(settings, real).candidate_sha256)


def test_a_rejection_is_recorded_and_fails(settings: Settings, real: Run) -> None:
    shown = read_seal(settings, real).candidate_sha256
    with pytest.raises(HITLRejectException):
        TASK.execute_complete(Context(), answer("Reject", "bob"), shown)
    with pytest.raises(SignOffRefused, match="airflow:bob rejected"):
        sign_off.check(settings, real, shown)


@pytest.mark.parametrize("choice", ["Approve", "Reject"])
def test_who_started_the_run_does_not_decide(settings: Settings, real: Run, choice: str) -> None:
    with pytest.raises(SignOffRefused, match="may not sign off"):
        TASK.execute_complete(Context(), answer(choice, "alice"), "a" * 64)
    assert not (settings.home / "sign_off").exists()


def test_nobody_answering_leaves_no_record(settings: Settings, real: Run) -> None:
    with pytest.raises(SignOffMissing, match="clear the task sign_off"):
        TASK.execute_complete(Context(), {"error": "", "error_type": "timeout"}, "a" * 64)
    assert not (settings.home / "sign_off").exists()
