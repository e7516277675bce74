"""
### Oversight release, quarterly

Hands over a closed quarter: attacks the figures of the current release once more, together with those of every
earlier one, and writes its public files as one archive to `VHA_HOME/oversight_packs/`. It computes nothing and
publishes nothing new. It looks after each release, and on the third day after a quarter's end, by which the run
of the quarter's last day must have been published.

**Owner**: data-platform.

#### When a task fails

* `find_quarter`: over real data, no release has closed the last quarter yet. See why the daily runs since then
  were not published (`sign_off` waiting, `audit` failed), mend that, and release the quarter's last day. A skipped
  run is the usual case: the quarter was handed over already.
* `attack_again`: what is published gives away a number that was withheld. Take the site off line at once, tell
  the data-protection officer; then withhold the tables named (`seeds/withheld_tables.csv`) and release again.
* `hand_over`: a file of the release is not the one that was signed off, so somebody changed it. Keep the folder
  as it is, tell the data-protection officer, and look at who can write there.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import Asset, AssetOrTimeSchedule, CronTriggerTimetable, dag, task

RELEASE = Asset("release")
# Without the zero, whoever serves it first within nine days after the deadline has a run at once, that fails.
DEADLINE = CronTriggerTimetable("0 9 3 1,4,7,10 *", timezone="Europe/London", run_immediately=timedelta(0))


@task.short_circuit(execution_timeout=timedelta(minutes=10))
def find_quarter(dag_run=None) -> object:
    """Find the quarter that the current release has closed and that was not handed over yet."""
    from vha import pipeline

    return pipeline.quarter_to_hand_over(dag_run.run_type, dag_run.run_after)


@task(execution_timeout=timedelta(minutes=10))
def attack_again() -> object:
    """Try to infer the suppressed numbers from everything that is published."""
    from vha import pipeline

    return pipeline.attack_again()


@task(execution_timeout=timedelta(minutes=10))
def hand_over(period: str) -> object:
    """Write the public files of the release as one archive."""
    from vha import pipeline

    return pipeline.hand_over(period)


@dag(
    schedule=AssetOrTimeSchedule(timetable=DEADLINE, assets=[RELEASE]),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    default_args={"owner": "data-platform", "retries": 0},
    tags=["violence-harm-assessment", "quarterly"],
    doc_md=__doc__,
)
def oversight_release():
    period = find_quarter()
    period >> attack_again() >> hand_over(period)


oversight_release()
