"""The audit: is this batch fit to be shown? Suites are declared in ``expectations/``."""

from __future__ import annotations

import dataclasses
import json

from vha.audit import declarations, gate
from vha.audit.limits import Limits
from vha.errors import BuildError
from vha.run import Run, RunPaths
from vha.settings import PROJECT_ROOT, Settings
from vha.warehouse.connect import connect, options

EXPECTATIONS = PROJECT_ROOT / "expectations"


def audit(settings: Settings, run: Run) -> dict[str, int]:
    """Evaluate every declared check on the run's work file, and keep the results and their Data Docs.

    Returns:
        Counts of checks: evaluated (``rows``), ``passed``, ``warned`` and ``failed``.

    Raises:
        ConfigurationError: a declaration is malformed, or refers to what the seeds do not have.
        BuildError: there is no work file to audit.
        QualityBlocked: a critical check failed or could not be evaluated; results and docs are kept.
    """
    paths = RunPaths(settings, run.run_id)
    if not paths.warehouse.exists():
        raise BuildError(
            f"Run {run.run_id} has nothing to audit: build it first, {paths.warehouse} is missing."
        )
    with connect(settings, paths.warehouse, read_only=True) as warehouse:
        limits = Limits.read(warehouse, run.as_of, run.run_id)
    suites = [suite.with_limits(limits) for suite in declarations.load(EXPECTATIONS)]

    # Great Expectations takes seconds to import: not before the declarations are known to be good.
    from vha.audit import docs, validation

    findings = validation.validate(paths.warehouse, options(settings), suites)
    results = gate.settle(suites, findings)
    records = [dataclasses.asdict(result) for result in results]
    paths.audit_results.write_text(json.dumps(records, indent=2) + "\n")
    docs.write(paths.data_docs, run, suites, findings, results, validation.VERSION)
    gate.decide(results, docs=f"{paths.data_docs}/index.html")
    return gate.summary(results)
