"""What the DAG needs of Airflow beyond plain tasks: who started a run, and the sign-off."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Context
from airflow.sdk.exceptions import TaskAwaitingInput

from vha.errors import SignOffMissing
from vha.publish import sign_off
from vha.publish.candidate import read_seal
from vha.run import Run
from vha.settings import Settings


def in_process() -> bool:
    """Whether this task runs by ``dag.test``, in one process without scheduler and API server."""
    from airflow.sdk.execution_time import supervisor, task_runner

    return isinstance(task_runner.SUPERVISOR_COMMS, supervisor.InProcessSupervisorComms)


def started_by(triggering_user_name: str | None) -> str:
    """The account that started the run, from what Airflow itself recorded: no param or conf can set it.

    Args:
        triggering_user_name: that of the DAG run; None for those that the scheduler starts.
    """
    if in_process():
        return sign_off.current_account()
    return f"airflow:{triggering_user_name or 'scheduler'}"


class SignOffOperator(ApprovalOperator):
    """Airflow's human-in-the-loop approval, which ends in a sign-off record; its own state decides nothing.

    Over synthetic sources the record is written at once. Over real ones the task waits for an answer under
    Airflow's "Required actions"; a run in one process, where nobody could answer, ends here instead.

    Args:
        run_id: the run whose candidate is to be signed off.
    """

    template_fields = (*ApprovalOperator.template_fields, "run_id")

    def __init__(self, *, run_id: str, **kwargs: Any) -> None:
        super().__init__(subject="Sign off the release?", **kwargs)
        self.run_id = run_id

    def execute(self, context: Context) -> None:
        """Record the automatic sign-off, or ask and wait.

        Raises:
            SignOffMissing: the data are real and the run is in one process.
            SignOffRefused: the run was decided already, and not for this candidate.
        """
        settings = Settings.from_environment()
        run = Run.load(settings, self.run_id)
        candidate = read_seal(settings, run).candidate_sha256
        with suppress(SignOffMissing):
            sign_off.check(settings, run, candidate)
            return  # decided before the task was cleared, and for this very candidate
        if run.synthetic:
            note = "The sources carry the synthetic marker."
            sign_off.record(
                settings, run, candidate, "approved", "automatic_synthetic", sign_off.current_account(), note
            )
            return
        if in_process():
            raise SignOffMissing(
                f"Run {run.run_id} awaits its sign-off: let another account than {run.started_by} "
                f"do `vha sign-off {run.run_id} --approve --note …`."
            )
        self.subject = f"Release the Violence Harm Assessment as of {run.as_of}?"
        self.body = (
            f"* run: `{run.run_id}`\n* as-of date: {run.as_of}\n* started by: {run.started_by}\n"
            f"* candidate (SHA-256): `{candidate}`\n\n"
            f"{_accepted(run)}Approving publishes exactly this candidate. {run.started_by} may not decide."
        )
        try:
            super().execute(context)
        except TaskAwaitingInput as waiting:
            waiting.kwargs = {"candidate": candidate}  # what the person is shown is what the record is about
            raise

    def execute_complete(self, context: Context, event: dict[str, Any], candidate: str = "") -> None:
        """Record the answer; a rejection, too, before it fails the task.

        Args:
            context: Airflow's.
            event: Airflow's account of the answer.
            candidate: hash of the candidate that the question was about.

        Raises:
            SignOffMissing: nobody answered in time.
            SignOffRefused: whoever answered may not decide, or the run was decided already.
        """
        if "error" not in event:
            settings = Settings.from_environment()
            approved = event["chosen_options"] == [self.APPROVE]
            sign_off.record(
                settings,
                Run.load(settings, self.run_id),
                candidate,
                "approved" if approved else "rejected",
                "approval",
                f"airflow:{event['responded_by_user']['name']}",
                (event["params_input"] or {}).get("note", ""),
            )
        super().execute_complete(context, event)

    def process_trigger_event_error(self, event: dict[str, Any]) -> None:
        raise SignOffMissing(
            f"Nobody decided about run {self.run_id} within {self.response_timeout}: "
            "clear the task sign_off to ask again, or leave it to the next run."
        )


def _accepted(run: Run) -> str:
    """What is to be known of failed checks before deciding, in Markdown; nothing if none was accepted."""
    if run.acceptance is None:
        return ""
    checks = ", ".join(f"`{check}`" for check in run.acceptance.checks)
    return (
        f"**Critical checks failed, and {run.acceptance.by} accepted that**: {checks}. "
        f"Their reason: {run.acceptance.reason}\n\n"
    )
