"""``vha sign-off``: a decision about a candidate from the command line."""

from __future__ import annotations

from vha.errors import SignOffMissing
from vha.orchestrate.summary import summary
from vha.publish import sign_off
from vha.publish.candidate import read_seal
from vha.run import Run
from vha.settings import Settings


def sign_off_command(settings: Settings, run_id: str, decision: sign_off.Decision, note: str) -> int:
    """Record the decision about exactly the run's present candidate and, approved, publish it.

    Approving what was approved already only publishes it, so the command may be repeated after a crash.

    Returns:
        The exit code 0.

    Raises:
        ConfigurationError: there is no such run.
        SignOffRefused: this account started the run, or it was decided otherwise already.
        PublishError: the run has no candidate, or it is approved and cannot be published.
    """
    from vha import pipeline

    run = Run.load(settings, run_id)
    candidate = read_seal(settings, run).candidate_sha256
    account = sign_off.current_account()
    if decision == "rejected":
        sign_off.record(settings, run, candidate, decision, "approval", account, note)
        print(f"Run {run_id} is rejected by {account}: nothing is published.")
        return 0
    try:
        sign_off.check(settings, run, candidate)
    except SignOffMissing:
        sign_off.record(settings, run, candidate, decision, "approval", account, note)
    pipeline.publish(run_id)
    print("\n".join(summary(settings, run_id)))
    return 0
