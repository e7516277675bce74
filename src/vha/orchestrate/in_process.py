"""``vha run``: the DAG itself, through real Airflow, in this one process."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from vha.orchestrate.home import (
    DAG_ID,
    airflow_home,
    close_in_process_runs,
    configure,
    only_one,
    prepare_metadata,
)
from vha.orchestrate.interrupts import interruptible
from vha.orchestrate.summary import summary
from vha.run import Acceptance, run_id_of
from vha.settings import PROJECT_ROOT, Settings

if TYPE_CHECKING:
    from vha.orchestrate.progress import Progress


def run_in_process(
    settings: Settings,
    as_of: str | None = None,
    correct: str | None = None,
    acceptance: Acceptance | None = None,
) -> int:
    """Run the DAG from extraction to release, telling the terminal how it goes.

    Args:
        settings: of this installation.
        as_of: the as-of date, ISO; None for the default of the sources.
        correct: why a second release for the same date is made.
        acceptance: which critical checks may fail in it, who answers for that, and why.

    Returns:
        The exit code: 0 released, 2 blocked by quality, 3 awaiting or refused sign-off, 1 anything else.

    Raises:
        ConfigurationError: another run is at work under this ``VHA_HOME``.
    """
    log = airflow_home(settings) / "logs" / "in_process" / f"{datetime.now(UTC):%Y-%m-%dT%H%M%S.%f}.log"
    with only_one(settings), interruptible():
        configure(settings)
        with _terminal_apart(log) as (out, err):
            from vha.orchestrate.progress import Progress  # imports Airflow, which says a lot

            progress = Progress(out)
            try:
                dag_run_id = _run_dag({"as_of": as_of, "correct": correct, **_params(acceptance)}, progress)
            except KeyboardInterrupt:
                if progress.running:
                    close_in_process_runs()
                during = progress.running or "its start"
                err.write(f"vha: interrupted during {during}: start again with `vha run`.\n")
                return 1
            except Exception as error:
                traceback.print_exc()
                err.write(f"vha: Airflow could not run the DAG ({type(error).__name__}): see {log}.\n")
                return 1
            if not progress.errors:
                out.writelines(f"{line}\n" for line in ("", *summary(settings, run_id_of(dag_run_id))))
                return 0
            err.writelines(f"vha: {sentence}\n" for sentence in progress.sentences())
            err.write(f"Airflow's log is {log}\n")
            return progress.exit_code()


def _params(acceptance: Acceptance | None) -> dict[str, Any]:
    if acceptance is None:
        return {}
    return {
        "accept": list(acceptance.checks),
        "accepted_by": acceptance.by,
        "accept_reason": acceptance.reason,
    }


def _run_dag(conf: dict[str, Any], progress: Progress) -> str:
    """Run it, and give Airflow's id of the run."""
    from airflow.dag_processing.dagbag import DagBag
    from airflow.sdk.listener import get_listener_manager

    prepare_metadata()
    dag: Any = DagBag(PROJECT_ROOT / "dags").dags[DAG_ID]
    for task in dag.tasks:
        task.retries = 0  # somebody is watching, who can start again
    listeners: Any = get_listener_manager()
    listeners.pm.register(progress)
    try:
        run = dag.test(run_conf=conf)
    finally:
        listeners.pm.unregister(progress)
    progress.not_run([task.task_id for task in dag.topological_sort()])
    return str(run.run_id)


@contextmanager
def _terminal_apart(log: Path) -> Iterator[tuple[TextIO, TextIO]]:
    """Send all that this process and its children say to the log, and give the terminal, out and err."""
    log.parent.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    sys.stderr.flush()
    with (
        log.open("wb") as log_file,
        os.fdopen(os.dup(1), "w", buffering=1) as out,
        os.fdopen(os.dup(2), "w", buffering=1) as err,
    ):
        os.dup2(log_file.fileno(), 1)
        os.dup2(log_file.fileno(), 2)
        try:
            yield out, err
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
