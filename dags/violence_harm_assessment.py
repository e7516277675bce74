"""
### Violence Harm Assessment, daily

Reads the four source systems, computes the assessment as of one date, audits it, has it signed off and
publishes it as a release. Nothing is visible to a reader before `publish`, and whatever fails leaves
`releases/current` as it was: yesterday's release stays in force, so nothing has to be forced at night.

**Owner**: data-platform. All that a run leaves lies under `VHA_HOME`, in folders named after the run. The
last line of a failed task's traceback says in one sentence what happened and what to do.

#### When a task fails

* `open_run`: some sources are synthetic and some real, so mend the `VHA_*_URL` settings; or the date has a
  release already, so trigger with `correct` set to the reason.
* `extract`: a source is down (retried three times within 14 minutes): call its owner. Or a table or column is
  not as contracted (not retried): adapt `src/vha/extract/queries/<system>/<table>.sql`. Then clear the failed
  mapped task.
* `land`: a delivery is incomplete, or a column holds nothing readable. As for `extract`; clear `extract`.
* `build`: a dbt model or data test failed. Read `work/<run>/dbt/`, mend it, clear `build`.
* `audit`: a critical check failed, or could not be evaluated: this may not be shown. Read
  `work/<run>/data_docs/`, mend it at the source, start a new run. Or, if the data are right after all, let
  whoever answers for that start a run with `accept`. Never mark it as succeeded: `publish` looks at the results
  itself.
* `report`: the candidate could not be assembled. Read the task's log; clear `report`.
* `sign_off`: rejected; not answered within 20 hours; answered by whoever started the run; or, if the log says
  "Task killed", answered in the second in which it was asked, which Airflow loses. See below.
* `publish`: the sign-off does not hold for these files, or a file was changed since. Clear `report` and have
  the new candidate signed off in a new run. Marking `sign_off` as succeeded signs nothing off.

#### Run it again

Clear the failed task with its downstream tasks: it goes on with what the earlier ones left. Or trigger the
DAG anew; a run that was not published does no harm. One run is active at a time, for 23½ hours at most.
Params: `as_of`, the as-of date (empty: yesterday in London, or the synthetic sources' reference date);
`correct`, the reason for a second release for the same date; `accept`, critical checks that may fail in this one
run, with `accepted_by` and `accept_reason`, which are published.

#### Sign-off

Over synthetic sources it is automatic. Over real ones the run waits under *Required actions* for somebody
other than the account that started it; there is no default answer. Each run is decided once: after a
rejection start a new one. After a time-out or an answer by the wrong account clear `sign_off` to be asked
again, or let somebody do `vha sign-off RUN_ID --approve|--reject --note …`.

#### Pool

`vha_warehouse`, of one slot, keeps two runs from using the warehouse at once. `vha run` and `vha serve`
create it; elsewhere do `airflow pools set vha_warehouse 1 "One writer"`. Without it the tasks stay queued.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import (
    Asset,
    CronTriggerTimetable,
    ExceptionRetryPolicy,
    Param,
    RetryAction,
    RetryRule,
    dag,
    task,
)

from vha.errors import SourceUnavailable, VhaError
from vha.orchestrate.operators import SignOffOperator
from vha.settings import SYSTEMS

WAREHOUSE = "vha_warehouse"
RELEASE = Asset("release")


@task(execution_timeout=timedelta(minutes=10))
def open_run(dag_run=None, params=None) -> object:
    """Decide what the run is about: its as-of date, synthetic or real, who started it."""
    from vha import pipeline
    from vha.audit.acceptance import acceptance_of
    from vha.orchestrate.operators import started_by

    return pipeline.open_run(
        dag_run.run_id,
        params["as_of"],
        started_by(dag_run.triggering_user_name),
        params["correct"],
        acceptance=acceptance_of(params["accept"], params["accepted_by"], params["accept_reason"]),
    )


@task(
    execution_timeout=timedelta(hours=1),
    retries=3,
    retry_delay=timedelta(minutes=2),
    retry_exponential_backoff=2,
    retry_policy=ExceptionRetryPolicy(
        [RetryRule(SourceUnavailable, RetryAction.RETRY), RetryRule(VhaError, RetryAction.FAIL)]
    ),
    map_index_template="{{ system }}",
    doc_md="Copy one system's tables, in one read-only snapshot.",  # Airflow drops a mapped docstring
)
def extract(run: str, system: str) -> object:
    from vha import pipeline

    return pipeline.extract(run, system)


@task(execution_timeout=timedelta(minutes=30))
def land(run: str) -> object:
    """Check that all four deliveries are complete, and keep them unchanged from here on."""
    from vha import pipeline

    return pipeline.land(run)


@task(execution_timeout=timedelta(hours=1), pool=WAREHOUSE)
def build(run: str) -> object:
    """Compute the assessment with dbt."""
    from vha import pipeline

    return pipeline.build(run)


@task(execution_timeout=timedelta(minutes=30), pool=WAREHOUSE)
def audit(run: str) -> object:
    """Decide with Great Expectations whether this may be shown."""
    from vha import pipeline

    return pipeline.audit(run)


@task(execution_timeout=timedelta(minutes=30), pool=WAREHOUSE)
def report(run: str) -> object:
    """Assemble the whole candidate: databases, pages, documentation, and the hash of each file."""
    from vha import pipeline

    return pipeline.report(run)


@task(execution_timeout=timedelta(minutes=30), pool=WAREHOUSE, outlets=[RELEASE])
def publish(run: str) -> object:
    """Check the sign-off, and make the candidate the current release."""
    from vha import pipeline

    return pipeline.publish(run)


@dag(
    # Without the zero, whoever serves it first between five and half past seven has a run at once.
    schedule=CronTriggerTimetable("0 5 * * *", timezone="Europe/London", run_immediately=timedelta(0)),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=23, minutes=30),
    default_args={"owner": "data-platform", "retries": 0},
    params={
        "as_of": Param(None, type=["null", "string"], format="date", title="As-of date"),
        "correct": Param(
            None, type=["null", "string"], title="Reason for a second release for the same date"
        ),
        "accept": Param(
            [], type="array", items={"type": "string"}, title="Critical checks that may fail, as SUITE.CHECK"
        ),
        "accepted_by": Param(None, type=["null", "string"], title="Who answers for that, by name"),
        "accept_reason": Param(None, type=["null", "string"], title="Why; it is published"),
    },
    tags=["violence-harm-assessment", "daily"],
    doc_md=__doc__,
)
def violence_harm_assessment():
    run = open_run()
    sign_off = SignOffOperator(
        task_id="sign_off",
        run_id=run,
        fail_on_reject=True,
        response_timeout=timedelta(hours=20),
        params={"note": Param("", type="string", title="Why")},
        doc_md="Somebody other than the account that started the run decides about exactly this candidate.",
    )
    (
        extract.partial(run=run).expand(system=list(SYSTEMS))
        >> land(run)
        >> build(run)
        >> audit(run)
        >> report(run)
        >> sign_off
        >> publish(run)
    )


violence_harm_assessment()
