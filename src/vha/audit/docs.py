"""Great Expectations Data Docs that work offline: plain pages with one stylesheet inside, and no script.

The library's own pages load some fourteen files from other people's servers and are blank without them.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from vha.audit import rules
from vha.audit.declarations import Check, Suite
from vha.audit.gate import CheckResult, Finding, summary
from vha.audit.withdrawal import Withdrawal
from vha.run import Run

STATUS_WORDS = {
    ("passed", "critical"): "Passed",
    ("passed", "warning"): "Passed",
    ("failed", "critical"): "Failed",
    ("failed", "warning"): "Warning",
    ("errored", "critical"): "Could not be evaluated",
    ("errored", "warning"): "Warning: could not be evaluated",
}
ACCEPTED = "Failed: accepted"


def write(
    folder: Path,
    run: Run,
    suites: Sequence[Suite],
    findings: Mapping[tuple[str, str], Finding],
    results: Sequence[CheckResult],
    withdrawals: Sequence[Withdrawal],
    declared: Mapping[str, object],
    anew: Sequence[str],
    version: str,
) -> None:
    """Write ``index.html``, ``suites/<suite>.html`` and ``rules.json``, in place of what was there.

    Args:
        folder: where to.
        run: gives the pages their name and date; they hold no other time, path, user or machine.
        findings: by suite and check name; their sentences are HTML of the library's.
        declared: the rule of each check, see :mod:`vha.audit.rules`.
        anew: the checks whose rule is another than in the last release, as ``SUITE.CHECK``.
        version: the library's.
    """
    environment = Environment(
        loader=PackageLoader("vha.audit"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(run=run, version=version)
    environment.filters["words"] = lambda name: str(name).replace("_", " ").capitalize()
    accepted = run.acceptance.checks if run.acceptance else ()
    of_suite = {suite.name: [r for r in results if r.suite == suite.name] for suite in suites}

    shutil.rmtree(folder, ignore_errors=True)
    (folder / "suites").mkdir(parents=True)
    index = environment.get_template("index.html.j2").render(
        root="",
        total=summary(results),
        withdrawals=withdrawals,
        anew=[name.split(".") for name in anew],
        suites=[(suite, _verdict(of_suite[suite.name]), summary(of_suite[suite.name])) for suite in suites],
    )
    (folder / "index.html").write_text(index)
    (folder / rules.FILE).write_text(json.dumps(declared, indent=1, sort_keys=True) + "\n")
    for suite in suites:
        page = environment.get_template("suite.html.j2").render(
            root="../",
            suite=suite,
            verdict=_verdict(of_suite[suite.name]),
            total=summary(of_suite[suite.name]),
            checks=[
                _row(
                    check,
                    result,
                    findings.get((suite.name, check.name)),
                    accepted=result.status == "failed" and f"{suite.name}.{check.name}" in accepted,
                )
                for check, result in zip(suite.checks, of_suite[suite.name], strict=True)
            ],
        )
        (folder / "suites" / f"{suite.name}.html").write_text(page)


def _verdict(results: Sequence[CheckResult]) -> str:
    """A suite's status in words: the worst of its checks'."""
    total = summary(results)
    if total["failed"]:
        return "Failed"
    return "Warning" if total["warned"] else "Passed"


def _row(check: Check, result: CheckResult, finding: Finding | None, *, accepted: bool) -> dict[str, Any]:
    return {
        **dataclasses.asdict(result),
        "status_words": ACCEPTED if accepted else STATUS_WORDS[result.status, result.severity],
        "sentence": finding.sentence if finding else "",
        "rows": check.rows,
        "of": check.of,
        "mostly": check.mostly,
    }
