"""``vha backfill``: from a fresh extraction to a database of past lists; nothing of it is published."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from vha import pipeline
from vha.backfill.dates import Every, dates_between
from vha.errors import ConfigurationError
from vha.publish import list_hash
from vha.publish.sign_off import current_account
from vha.report.databases import copy_schema
from vha.run import Run, RunPaths
from vha.settings import SYSTEMS, Settings
from vha.warehouse.connect import connect
from vha.warehouse.dbt import run_dbt
from vha.warehouse.prepare import prepare

DATABASE = "restricted/past_lists.duckdb"


@dataclass(frozen=True)
class PastList:
    """What became of one date: people on its list, and of them since the date before; the first has none."""

    as_of: date
    listed: int
    added: int | None
    removed: int | None
    kept: int | None
    list_hash: str


def backfill(settings: Settings, first: str, last: str, every: Every) -> int:
    """Compute the lists of past dates and tell the terminal what came out.

    Args:
        first, last: ISO dates; the ends of all quarters or months between them are computed, both included.

    Returns:
        The exit code 0.

    Raises:
        ConfigurationError: the dates make no sense, or reach beyond what a run could assess today.
        SourceError, BuildError: as in any run.
    """
    dates = dates_between(first, last, every)
    run = _open(settings, dates[-1])
    for system in SYSTEMS:
        pipeline.extract(run.run_id, system)
    print(f"Landed {pipeline.land(run.run_id)['rows']:,} rows; computing {len(dates)} lists.")
    compute(settings, run, dates)
    folder = _keep(settings, run, f"{first}_{last}_{every}")
    print(*_summary(run, past_lists(settings, folder / DATABASE)), folder / DATABASE, sep="\n")
    return 0


def compute(settings: Settings, run: Run, dates: Sequence[date]) -> None:
    """Build the schema ``retrospect`` of the run's work file from its landing, all dates at once."""
    paths = RunPaths(settings, run.run_id)
    prepare(settings, run, dates)
    run_dbt(settings, "past_lists", paths.warehouse, paths.dbt_target)


def past_lists(settings: Settings, database: Path) -> list[PastList]:
    """The dates of a database of past lists, in order."""
    with connect(settings, database, read_only=True) as connection:
        counts = connection.execute("select * from past_counts order by as_of_date").fetchall()
        return [
            PastList(as_of, listed, added, removed, kept, _hash(connection, as_of))
            for as_of, listed, added, removed, kept in counts
        ]


def _hash(connection: duckdb.DuckDBPyConnection, as_of: date) -> str:
    columns = ", ".join(list_hash.COLUMNS)
    query = f"select {columns} from past_lists where as_of_date = ? order by rank"
    return list_hash.list_hash(connection.execute(query, [as_of]).fetchall())


def _open(settings: Settings, latest: date) -> Run:
    name = f"backfill__{datetime.now(UTC).isoformat(timespec='microseconds')}"
    run = Run.load(settings, pipeline.open_run(name, None, current_account(), None, for_release=False))
    if latest > run.as_of:
        raise ConfigurationError(
            f"{latest} is not past: the records are known as of {run.as_of}, so choose that or an earlier "
            "date with `--to`."
        )
    return run


def _keep(settings: Settings, run: Run, name: str) -> Path:
    """Write the database for this account alone; what an earlier backfill of the same name left goes."""
    folder = settings.home / "backfill" / name
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    unfinished = folder.with_name(f".{name}.partial")
    shutil.rmtree(unfinished, ignore_errors=True)
    database = unfinished / DATABASE
    database.parent.mkdir(parents=True)
    database.parent.chmod(0o700)
    with connect(settings, RunPaths(settings, run.run_id).warehouse, read_only=True) as work:
        with connect(settings, database) as target:
            copy_schema(work, target, "retrospect")
        database.chmod(0o600)
    shutil.rmtree(folder, ignore_errors=True)
    return unfinished.rename(folder)


def _summary(run: Run, lists: Sequence[PastList]) -> Iterator[str]:
    yield f"{'date':10} {'listed':>8} {'added':>8} {'removed':>8} {'kept':>8}  list hash"
    for past in lists:
        moved = (f"{'' if n is None else f'{n:,}':>8}" for n in (past.added, past.removed, past.kept))
        yield f"{past.as_of} {past.listed:>8,} {' '.join(moved)}  {past.list_hash}"
    kind = "synthetic" if run.synthetic else "real"
    yield f"Computed in retrospect, from the {kind} records as they are known on {run.as_of}; nothing is published."
