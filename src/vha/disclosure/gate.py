"""The attack as a step of a run: a quarter whose figures would give somebody away does not go out."""

from __future__ import annotations

import duckdb

from vha.disclosure.attack import Finding, attack
from vha.errors import QualityBlocked
from vha.publish.manifest import OVERSIGHT
from vha.run import Run, RunPaths
from vha.settings import Settings
from vha.warehouse.connect import connect


def attack_candidate(settings: Settings, run: Run) -> None:
    """Attack the candidate's figures if the run closes a quarter, and write down what came of it.

    In other runs the figures are those of the last release, and so is what is known of them.

    Raises:
        QualityBlocked: a withheld number could be worked out, or that cannot be decided.
    """
    paths = RunPaths(settings, run.run_id)
    with (
        connect(settings, paths.warehouse, read_only=True) as work,
        connect(settings, paths.candidate / OVERSIGHT) as oversight,
    ):
        if not _closes_a_quarter(work):
            rows = work.execute(
                """
                with previous as (
                    select run_id
                    from history.release_register
                    where as_of_date < ?
                    order by as_of_date desc, published_at desc, run_id desc
                    limit 1
                )
                select period, cell, lower, upper, safe
                from history.disclosure_audit
                where run_id in (select run_id from previous)
                order by all
                """,
                [run.as_of],
            ).fetchall()
        else:
            try:
                found = attack(oversight, work=work)
            except ArithmeticError:
                raise QualityBlocked(
                    "The figures of this quarter and of those before it contradict each other, so that nobody can say "
                    "what they give away: look for the table that does not add up in the candidate's oversight.duckdb."
                ) from None
            refuse_unsafe(found)
            rows = sorted((f.period, f.cell, f.lower, f.upper, f.safe) for f in found)
        if rows:
            # Whole columns at once: row by row it takes seconds.
            oversight.execute(
                "insert into disclosure_audit select unnest(?), unnest(?), unnest(?), unnest(?), unnest(?)",
                [list(column) for column in zip(*rows, strict=True)],
            )


def refuse_unsafe(findings: list[Finding]) -> None:
    """Raise if a withheld number could be worked out; the message names tables and quarters, and no number.

    Raises:
        QualityBlocked: what to withhold so that it can go out.
    """
    unsafe = sorted(
        {(finding.period, finding.cell.partition("/")[0]) for finding in findings if not finding.safe}
    )
    if unsafe:
        tables = ", ".join(f"{table} of {period}" for period, table in unsafe)
        raise QualityBlocked(
            f"Withheld numbers of people could be worked out from the published tables of {tables}: have the "
            "disclosure control lead withhold the last quarter's table in seeds/withheld_tables.csv, and run again."
        )


def _closes_a_quarter(work: duckdb.DuckDBPyConnection) -> bool:
    return work.execute("select count(*) from run.assessment where closes_period is not null").fetchall() != [
        (0,)
    ]
