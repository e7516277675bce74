"""Figures that were published, and published anew: both are in readers' hands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import duckdb

from vha.disclosure.cells import Row
from vha.disclosure.published import Published, made_of

_BY_PERIOD = ("flows", "cells", "removals", "parts", "larger")


def with_corrected(
    latest: Published, history: duckdb.DuckDBPyConnection, corrected_now: date | None
) -> Published:
    """Add to what is published now the figures of releases that were corrected, where these were others.

    Args:
        latest: what the newest release says of each quarter.
        history: open where ``history`` has the tables of all releases.
        corrected_now: the date whose releases the run would correct, if it is not published yet.
    """
    for run_id in corrected_releases(history, corrected_now):

        def rows(table: str, columns: str, where: str = "true", run: str = run_id) -> list[Row]:
            query = f"select {columns} from history.{table} where run_id = ? and ({where}) order by all"
            return history.execute(query, [run]).fetchall()

        latest = with_other_figures(latest, made_of(latest.rounding, rows), run_id)
    return latest


def corrected_releases(history: duckdb.DuckDBPyConnection, corrected_now: date | None) -> list[str]:
    """The runs whose releases were corrected since: see :func:`with_corrected`."""
    releases = history.execute(
        """
        select
            run_id,
            as_of_date is not distinct from ?
            or row_number() over (partition by as_of_date order by published_at desc, run_id desc) > 1 as is_corrected
        from history.release_register
        qualify is_corrected
        order by run_id
        """,
        [corrected_now],
    ).fetchall()
    return [run_id for run_id, _ in releases]


def with_other_figures(latest: Published, earlier: Published, run_id: str) -> Published:
    """Add what an earlier release said of quarters of which the latest says something else."""
    added: dict[str, Any] = {name: list(getattr(latest, name)) for name in _BY_PERIOD}
    corrected = dict(latest.corrected)
    for period in sorted({flow.period for flow in earlier.flows}):
        if _of(earlier, period) == _of(latest, period):
            continue
        label = f"{period} {run_id}"
        corrected[label] = period
        for name in _BY_PERIOD:
            added[name] += [
                replace(each, period=label) for each in getattr(earlier, name) if each.period == period
            ]
    return replace(latest, **added, corrected=corrected)


def _of(published: Published, period: str) -> tuple[Any, ...]:
    """All that is said of a quarter."""
    return tuple({each for each in getattr(published, name) if each.period == period} for name in _BY_PERIOD)
