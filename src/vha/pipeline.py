"""The bodies of the DAGs' tasks, one function a task, each of which a person can also call.

Every body of a run writes what became of it to ``work/<run_id>/events.jsonl``: what shows progress, and what an error
was, whichever process the task ran in.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from vha.errors import ConfigurationError, Unexpected, VhaError
from vha.limits import within_limits
from vha.run import Acceptance, Run, RunPaths, run_id_of
from vha.settings import Settings


def open_run(
    dag_run_id: str,
    as_of: str | None,
    started_by: str,
    correct: str | None,
    *,
    acceptance: Acceptance | None = None,
    for_release: bool = True,
) -> str:
    """Decide what the run is about, once.

    Args:
        dag_run_id: Airflow's name of the run.
        as_of: ISO date; None for the synthetic sources' reference date, or over real data yesterday in London.
        started_by: account that started the run.
        correct: why a second release for the same date is made.
        acceptance: which critical checks may fail in it, who answers for that, and why.
        for_release: whether the run is to end in a release, so that there may be none for its date yet.

    Returns:
        The run's identifier in paths and tables.

    Raises:
        ConfigurationError: ``as_of`` is no date or in the future, or needs ``correct``; a check cannot be accepted;
            or the run's name is taken.
        SourceError: some sources carry the synthetic marker and some do not.
    """
    from vha.audit import EXPECTATIONS, declarations
    from vha.audit.acceptance import refuse_unacceptable
    from vha.extract import read_markers
    from vha.publish.releases import published_for

    settings = Settings.from_environment()
    run_id = run_id_of(dag_run_id)
    with _recorded(settings, run_id, "open_run"):
        marker = read_markers(settings)
        day = _as_of(as_of, marker.reference_date if marker else None)
        if for_release and published_for(settings, day) and not correct:
            raise ConfigurationError(
                f"There is a release for {day} already: say why there should be another with `--correct REASON`, "
                "or choose another date with `--as-of`."
            )
        if acceptance:
            refuse_unacceptable(acceptance, declarations.load(EXPECTATIONS))
        run = Run(run_id, day, marker is not None, started_by, correct, acceptance)
        if RunPaths(settings, run_id).run_file.exists() and Run.load(settings, run_id) != run:
            raise ConfigurationError(
                f"Run {run_id} was opened before as another run than this: start a new one."
            )
        run.save(settings)
    return run_id


def _as_of(given: str | None, reference_date: date | None) -> date:
    """The date asked for, or the default; real data can only be assessed up to yesterday."""
    yesterday = datetime.now(ZoneInfo("Europe/London")).date() - timedelta(days=1)
    if not given:
        return reference_date or yesterday
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise ConfigurationError(f"The as-of date {given!r} is no date: write it as YYYY-MM-DD.") from None
    if reference_date is None and day > yesterday:
        raise ConfigurationError(
            f"The as-of date {day} is not over yet: choose {yesterday} or an earlier one."
        )
    return day


def extract(run_id: str, system: str) -> dict[str, Any]:
    """Copy one source system to the run's landing."""
    from vha.extract import extract_system

    settings = Settings.from_environment()
    with _recorded(settings, run_id, "extract", system) as result:
        result.update(extract_system(settings, run_id, system))
    return result


def land(run_id: str) -> dict[str, Any]:
    """Check the delivery as a whole and make the landing immutable."""
    from vha.extract import land as land_run

    settings = Settings.from_environment()
    with _recorded(settings, run_id, "land") as result:
        result.update(land_run(settings, run_id))
    return result


def build(run_id: str) -> dict[str, Any]:
    """Build the warehouse from the landing, which has to be what was landed."""
    from vha.extract import refuse_changed_landing
    from vha.warehouse.build import build as build_warehouse

    settings = Settings.from_environment()
    with _recorded(settings, run_id, "build") as result:
        refuse_changed_landing(settings, run_id)
        result.update(build_warehouse(settings, Run.load(settings, run_id)))
    return result


def audit(run_id: str) -> dict[str, Any]:
    """Check landing and marts, of which the one still has to be what was landed; a critical failure stops the run."""
    from vha.audit import audit as audit_warehouse
    from vha.extract import refuse_changed_landing

    settings = Settings.from_environment()
    with _recorded(settings, run_id, "audit") as result:
        refuse_changed_landing(settings, run_id)
        result.update(audit_warehouse(settings, Run.load(settings, run_id)))
    return result


def report(run_id: str) -> dict[str, Any]:
    """Make the whole candidate and seal it."""
    from vha.report import assemble

    settings = Settings.from_environment()
    with _recorded(settings, run_id, "report") as result:
        result.update(assemble(settings, Run.load(settings, run_id)))
    return result


def publish(run_id: str) -> dict[str, Any]:
    """Turn the candidate that was signed off into a release."""
    from vha.publish.release import publish as publish_candidate

    settings = Settings.from_environment()
    with _recorded(settings, run_id, "publish") as result:
        result["release"] = str(publish_candidate(settings, Run.load(settings, run_id)))
    return result


def quarter_to_hand_over(run_type: str, run_after: datetime) -> str | None:
    """The closed quarter that nobody has a pack of yet; started by the clock, it has to be closed by then.

    Args:
        run_type: why Airflow started the run: ``scheduled``, ``asset_triggered`` or ``manual``.
        run_after: when it was due, with its zone.
    """
    from vha.review import quarter

    deadline = run_after.astimezone(ZoneInfo("Europe/London")).date() if run_type == "scheduled" else None
    return quarter.quarter_to_hand_over(Settings.from_environment(), deadline)


def attack_again() -> dict[str, int]:
    """Attack the current release's figures once more."""
    from vha.review import quarter

    with _in_other_words("attack_again"):
        return {"cells": quarter.attack_again(Settings.from_environment())}


def hand_over(period: str) -> dict[str, str]:
    """Write the pack of a closed quarter."""
    from vha.review import quarter

    with _in_other_words("hand_over"):
        return {"pack": str(quarter.hand_over(Settings.from_environment(), period))}


@contextmanager
def _recorded(
    settings: Settings, run_id: str, task: str, system: str | None = None
) -> Iterator[dict[str, Any]]:
    """Write the task's beginning and end to the run's events; what the body puts into the dictionary goes along."""
    paths = RunPaths(settings, run_id)
    events = paths.work / "events.jsonl"

    def write(**fields: object) -> None:
        record = {"task": task, "map": system, "at": datetime.now(UTC).isoformat(), **fields}
        with events.open("a") as file:
            file.write(json.dumps(record) + "\n")

    started = time.monotonic()
    result: dict[str, Any] = {}
    try:
        with _in_other_words(task), within_limits(settings):
            paths.create_work()
            write(state="running")
            yield result
            write(state="success", seconds=round(time.monotonic() - started, 1), rows=result.get("rows"))
    except BaseException as error:
        known = isinstance(error, VhaError | Unexpected)
        with suppress(
            OSError
        ):  # on a full disk the error itself says more than that it cannot be written down
            write(
                state="failed",
                seconds=round(time.monotonic() - started, 1),
                error=str(error) if known else f"{type(error).__name__} in task {task}: see Airflow's log.",
                exit_code=error.exit_code if isinstance(error, VhaError) else 1,
            )
        raise


@contextmanager
def _in_other_words(task: str) -> Iterator[None]:
    """Let our own errors pass, which hold no value of a record; of any other tell the kind, and where it was."""
    try:
        yield
    except VhaError:
        raise
    except Exception as error:
        said = f"{type(error).__name__} in task {task}: see Airflow's log."
        raise Unexpected(said).with_traceback(error.__traceback__) from None
