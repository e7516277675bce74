"""The work file as dbt finds it: views of the landing and of the history, and what this run is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from vha.errors import BuildError
from vha.extract.contract import TABLES
from vha.files import remove
from vha.policy.check import check
from vha.policy.variants import variant_names
from vha.publish.history import ensure_history
from vha.publish.history_tables import HISTORY
from vha.run import Run, RunPaths
from vha.settings import Settings
from vha.warehouse.connect import connect
from vha.warehouse.seeds import SEEDS, policy_content, policy_version


@dataclass(frozen=True)
class Assessment:
    """A date for which the build computes everything.

    Attributes:
        name: ``release`` for the list that is published; for a past date computed in retrospect the date itself.
        closes_period: the calendar quarter, such as ``2026-Q3``, whose published figures it is the source of.
        variant: the row of seed ``policy_variants`` that its policy differs by, if it is a what-if.
        varies: the assessment that a what-if is held against.
    """

    name: str
    as_of: date
    closes_period: str | None = None
    variant: str | None = None
    varies: str | None = None


def last_closed_quarter(as_of: date) -> date:
    """The latest last day of a calendar quarter that is not after the date."""
    next_day = as_of + timedelta(days=1)
    first_of_quarter = date(next_day.year, 3 * ((next_day.month - 1) // 3) + 1, 1)
    return first_of_quarter - timedelta(days=1)


def period_of(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def prepare(settings: Settings, run: Run, past_dates: Sequence[date] = ()) -> None:
    """Make the run's work file anew, over its landing and the published history.

    What was made from an earlier work file of the run goes: its audit says nothing about this one.

    Args:
        past_dates: dates to compute everything for instead of the release's own.

    Raises:
        ConfigurationError: a seed that scoring reads cannot be gone by.
    """
    check(SEEDS)
    paths = RunPaths(settings, run.run_id)
    ensure_history(settings)
    paths.create_work()
    for made_from_it in (
        paths.audit_results,
        paths.audited,
        paths.accepted_failures,
        paths.data_docs,
        paths.candidate_file,
        paths.candidate,
    ):
        remove(made_from_it)
    lay_out(settings, run, paths.warehouse, paths.landing, settings.home / "history", past_dates)


def lay_out(
    settings: Settings,
    run: Run,
    warehouse: Path,
    landing: Path,
    history: Path,
    past_dates: Sequence[date] = (),
) -> None:
    """Make a work file for a run, at any place and over any landing and history; the one before it goes.

    Args:
        landing: folder of Parquet files, ``<system>/<table>.parquet``.
        history: folder of Parquet files, ``<table>/<run_id>.parquet``.
        past_dates: see :func:`prepare`.
    """
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    remove(warehouse)
    remove(warehouse.with_name(f"{warehouse.name}.wal"))
    with connect(settings, warehouse) as connection:
        connection.execute("create schema landing; create schema run")
        for table in TABLES:
            _view(connection, f"landing.{table.name}", landing / f"{table.path}.parquet")
        read_history(connection, history)
        connection.execute(
            "create table run.context (run_id varchar, policy_version varchar, as_of_date date)"
        )
        connection.execute(
            "insert into run.context values (?, ?, ?)", [run.run_id, policy_version(SEEDS), run.as_of]
        )
        connection.execute(
            "create table run.policy_content (seed varchar, row_key varchar, column_name varchar, value varchar)"
        )
        # Whole columns at once: row by row it takes seconds.
        connection.execute(
            "insert into run.policy_content select unnest(?), unnest(?), unnest(?), unnest(?)",
            [list(column) for column in zip(*policy_content(SEEDS), strict=True)],
        )
        connection.execute(
            "create table run.assessment "
            "(assessment varchar, as_of_date date, closes_period varchar, variant varchar, varies varchar)"
        )
        past = [Assessment(day.isoformat(), day) for day in past_dates]
        planned = past or list(_assessments(connection, run.as_of))
        for assessment in [*planned, *variants_of(planned, variant_names(SEEDS))]:
            connection.execute("insert into run.assessment values (?, ?, ?, ?, ?)", astuple(assessment))


def read_history(connection: duckdb.DuckDBPyConnection, history: Path) -> None:
    """Make what earlier releases published readable as ``history.<table>``.

    Args:
        history: folder of Parquet files, ``<table>/<run_id>.parquet``.

    Raises:
        BuildError: a file is damaged.
    """
    connection.execute("create schema history")
    for name in HISTORY:
        _view(connection, f"history.{name}", history / name / "*.parquet")


def _assessments(connection: duckdb.DuckDBPyConnection, as_of: date) -> Iterator[Assessment]:
    """The release's date; and the last closed quarter's end, where no release has published that quarter yet."""
    closed = last_closed_quarter(as_of)
    period = period_of(closed)
    if closed == as_of:
        yield Assessment("release", as_of, period)
        return
    yield Assessment("release", as_of)
    published = connection.execute(
        """
        select count(*)
        from history.special_category_completeness
        inner join history.release_register using (run_id)
        where period = ? and as_of_date < ?
        """,
        [period, as_of],
    ).fetchall()
    if published == [(0,)]:
        yield Assessment("quarter_end", closed, period)


def variants_of(planned: Iterable[Assessment], variants: Iterable[str]) -> Iterator[Assessment]:
    """What-ifs of the assessment that closes a quarter; without one there are none, since nothing of them is shown."""
    names = list(variants)
    for closing in planned:
        if closing.closes_period is not None:
            for variant in names:
                yield Assessment(f"variant/{variant}", closing.as_of, variant=variant, varies=closing.name)


def _view(connection: duckdb.DuckDBPyConnection, name: str, files: Path) -> None:
    quoted = str(files).replace("'", "''")
    try:
        connection.execute(f"create view {name} as select * from read_parquet('{quoted}')")
    except (duckdb.InvalidInputException, duckdb.IOException):
        # DuckDB reads the end of a Parquet file first, and that is what a file cut short lacks.
        raise BuildError(
            f"{files} cannot be read, so it is cut short or damaged: bring it back from a copy, or start a new run, "
            "and find out what happened to it."
        ) from None
