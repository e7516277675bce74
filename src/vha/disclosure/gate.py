"""The attack as a part of a run: what the quarter's figures give away is in the work file before it is judged."""

from __future__ import annotations

import duckdb

from vha.disclosure.attack import Finding, attack
from vha.errors import QualityBlocked

Audited = tuple[str, str, int | None, int | None, bool]

_REMEDY = "have the disclosure control lead withhold the last quarter's table in seeds/withheld_tables.csv"


WORKED_OUT = "disclosure_audit.no_withheld_number_can_be_worked_out"
"""The check of what :func:`write_audit` writes."""


def write_audit(work: duckdb.DuckDBPyConnection) -> None:
    """Attack the work file's figures if the run closes a quarter, and write ``run.disclosure_audit``.

    In other runs the figures are those of the last release, and so is what is known of them. Figures that contradict
    each other are one row without bounds, that is not safe.

    Args:
        work: open for writing on a work file with all its marts.
    """
    rows = _attacked(work) if _closing(work) else _carried(work)
    work.execute(
        "create or replace table run.disclosure_audit "
        "(period varchar, cell varchar, lower bigint, upper bigint, safe boolean)"
    )
    if rows:
        # Whole columns at once: row by row it takes seconds.
        work.execute(
            "insert into run.disclosure_audit select unnest(?), unnest(?), unnest(?), unnest(?), unnest(?)",
            [list(column) for column in zip(*rows, strict=True)],
        )


def refuse_unsafe(findings: list[Finding]) -> None:
    """Raise if a withheld number could be worked out; the message names tables and quarters, and no number.

    Raises:
        QualityBlocked: what to withhold so that it can go out.
    """
    unsafe = [(finding.period, finding.cell) for finding in findings if not finding.safe]
    if unsafe:
        raise QualityBlocked(
            f"Withheld numbers of people could be worked out from the published tables of {_tables(unsafe)}: {_REMEDY}."
        )


def what_to_withhold(work: duckdb.DuckDBPyConnection) -> str:
    """Which tables of a work file give somebody away, in words for whoever has to mend it; empty if none does."""
    unsafe = work.execute(
        "select period, cell from run.disclosure_audit where not safe and lower is not null"
    ).fetchall()
    return f"{_tables(unsafe)}: {_REMEDY}" if unsafe else ""


def _tables(cells: list[tuple[str, str]]) -> str:
    return ", ".join(
        f"{table} of {period}"
        for period, table in sorted({(period, cell.partition("/")[0]) for period, cell in cells})
    )


def _attacked(work: duckdb.DuckDBPyConnection) -> list[Audited]:
    [(as_of,)] = work.execute("select as_of_date from run.context").fetchall()
    work.execute("use oversight")
    try:
        found = attack(work, history=work, corrected_now=as_of)
        return sorted((f.period, f.cell, f.lower, f.upper, f.safe) for f in found)
    except ArithmeticError:
        return [(period, "all", None, None, False) for period in _closing(work)]
    finally:
        work.execute("use main")


def _carried(work: duckdb.DuckDBPyConnection) -> list[Audited]:
    return work.execute(
        """
        with previous as (
            select releases.run_id
            from history.release_register as releases
            cross join run.context as context
            where releases.as_of_date < context.as_of_date
            order by releases.as_of_date desc, releases.published_at desc, releases.run_id desc
            limit 1
        )
        select period, cell, lower, upper, safe
        from history.disclosure_audit
        where run_id in (select run_id from previous)
        order by all
        """
    ).fetchall()


def _closing(work: duckdb.DuckDBPyConnection) -> list[str]:
    """The quarter that the run closes, if it does."""
    rows = work.execute(
        "select distinct closes_period from run.assessment where closes_period is not null"
    ).fetchall()
    return [period for (period,) in rows]
