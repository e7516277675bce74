"""The audit: is this batch fit to be shown? Suites are declared in ``expectations/``."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vha.audit import binding, declarations, gate, inventory, rules, withdrawal
from vha.audit.acceptance import accept, refuse_unacceptable
from vha.audit.declarations import Suite
from vha.audit.gate import CheckResult
from vha.audit.limits import Limits
from vha.disclosure.gate import WORKED_OUT, what_to_withhold
from vha.errors import BuildError, ConfigurationError
from vha.files import write_whole
from vha.run import Run, RunPaths
from vha.settings import PROJECT_ROOT, Settings
from vha.warehouse.connect import connect, options

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

EXPECTATIONS = PROJECT_ROOT / "expectations"


def audit(settings: Settings, run: Run) -> dict[str, int]:
    """Evaluate every declared check on the run's work file, and keep the results and their Data Docs.

    Returns:
        Counts of checks: evaluated (``rows``), ``passed``, ``warned`` and ``failed``, and of the last ``accepted``.

    Raises:
        ConfigurationError: a declaration is malformed, or refers to what the seeds do not have; a check is gone
            and nobody said so; or the run is to accept a failure that nobody can, or that there is
            not.
        BuildError: there is no work file to audit.
        QualityBlocked: a critical check failed or could not be evaluated; results and docs are kept.
    """
    paths = RunPaths(settings, run.run_id)
    if not paths.warehouse.exists():
        raise BuildError(
            f"Run {run.run_id} has nothing to audit: build it first, {paths.warehouse} is missing."
        )
    work_file = binding.work_file_hash(paths)
    declared = declarations.load(EXPECTATIONS)
    inventory.refuse_others(EXPECTATIONS, declared)
    suites = limited(settings, paths.warehouse, run, declared)
    withdrawals = withdrawal.load(EXPECTATIONS)
    declared_rules = rules.rules_of(declared)
    with connect(settings, paths.warehouse, read_only=True) as warehouse:
        withdrawal.refuse_silent(warehouse, suites, withdrawals)
        last = RunPaths(settings, withdrawal.last_release(warehouse) or run.run_id).release
    anew = rules.written_anew(declared_rules, last / "public" / "data_docs")
    if run.acceptance:
        refuse_unacceptable(run.acceptance, suites)

    # Great Expectations takes seconds to import: not before the declarations are known to be good.
    from vha.audit import docs, validation

    findings = validation.validate(paths.warehouse, options(settings), suites)
    results = gate.settle(suites, findings)
    _keep(paths.audit_results, results)
    docs.write(
        paths.data_docs, run, suites, findings, results, withdrawals, declared_rules, anew, validation.VERSION
    )
    accepted = []
    if run.acceptance:
        with connect(settings, paths.warehouse, read_only=True) as warehouse:
            accepted = accept(run.acceptance, results, warehouse)
        _keep(paths.accepted_failures, accepted)
    binding.bind(paths, work_file)
    names = [f"{failure.suite}.{failure.check_name}" for failure in accepted]
    notes = {}
    if any(f"{r.suite}.{r.check_name}" == WORKED_OUT and r.status == "failed" for r in results):
        with connect(settings, paths.warehouse, read_only=True) as warehouse:
            notes[WORKED_OUT] = what_to_withhold(warehouse)
    gate.decide(results, docs=f"{paths.data_docs}/index.html", accepted=names, notes=notes)
    return {**gate.summary(results), "accepted": len(accepted)}


def limited(settings: Settings, warehouse: Path, run: Run, suites: Sequence[Suite]) -> list[Suite]:
    """Suites with the limits that the work file's own seeds give them.

    Raises:
        ConfigurationError: a declaration refers to what the seeds do not have; or no suite is about a table that was
            delivered or would be published.
    """
    with connect(settings, warehouse, read_only=True) as connection:
        limits = Limits.read(connection, run.as_of, run.run_id)
        tables = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables "
            "where table_schema in ('landing', 'assessment', 'oversight') order by all"
        ).fetchall()
    judged = {suite.table for suite in suites}
    if unjudged := [table for (table,) in tables if table not in judged]:
        raise ConfigurationError(
            f"No suite is about {', '.join(unjudged)}, and nothing is published unchecked: declare one in "
            "expectations/, or bring back the file that was there."
        )
    return [suite.with_limits(limits) for suite in suites]


def evaluate(settings: Settings, warehouse: Path, run: Run) -> list[CheckResult]:
    """The result of every declared check on a work file, wherever it is; nothing is written or decided."""
    from vha.audit import validation

    suites = limited(settings, warehouse, run, declarations.load(EXPECTATIONS))
    return gate.settle(suites, validation.validate(warehouse, options(settings), suites))


def _keep(file: Path, rows: Iterable[DataclassInstance]) -> None:
    write_whole(file, json.dumps([dataclasses.asdict(row) for row in rows], indent=2) + "\n")
