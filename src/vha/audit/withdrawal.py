"""What was checked stays checked: a check of the last release goes, or becomes a warning, only by somebody's word.

A table whose only suite is gone is noticed as such. One of several suites, or one check, would go unnoticed; and what
is not checked fails nothing. The last release remembers what was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from duckdb import DuckDBPyConnection

from vha.audit.declarations import WITHDRAWN, Suite
from vha.audit.gate import is_never_accepted
from vha.errors import ConfigurationError

_KEYS = ("check", "now", "by", "reason")


@dataclass(frozen=True)
class Withdrawal:
    """An entry of ``expectations/withdrawn.yml``; it is published with the Data Docs.

    Attributes:
        check: ``SUITE.CHECK``.
        now: ``not made``, or ``warning`` for what was critical.
        by: who answers for it.
        reason: why.
    """

    check: str
    now: Literal["not made", "warning"]
    by: str
    reason: str


def load(folder: Path) -> list[Withdrawal]:
    """Read the withdrawals beside the declared suites.

    Raises:
        ConfigurationError: the file is missing or not in form.
    """
    try:
        declared = yaml.safe_load((folder / WITHDRAWN).read_text())
        entries = [_withdrawal(entry) for entry in declared["withdrawn"]]
    except (FileNotFoundError, yaml.YAMLError, KeyError, TypeError):
        raise ConfigurationError(
            f"expectations/{WITHDRAWN} is no list of withdrawn checks: begin it with `withdrawn:`, and give each "
            f"entry {', '.join(_KEYS)}; `withdrawn: []` if there is none."
        ) from None
    for entry in entries:
        if entry.now not in ("not made", "warning"):
            raise ConfigurationError(
                f"expectations/{WITHDRAWN} does not say what became of {entry.check}: `now: not made` or "
                "`now: warning`."
            )
    return entries


def last_release(warehouse: DuckDBPyConnection) -> str | None:
    """The run of the release that was published last; None before the first."""
    row = warehouse.execute(
        "select run_id from history.release_register order by published_at desc, run_id desc limit 1"
    ).fetchone()
    return None if row is None else str(row[0])


def refuse_silent(
    warehouse: DuckDBPyConnection, suites: Iterable[Suite], withdrawals: Sequence[Withdrawal]
) -> None:
    """Hold the declared checks against those of the release that was published last.

    Args:
        warehouse: the run's work file, through which the history is read.

    Raises:
        ConfigurationError: a check of that release is not declared any more, or only warns, and nobody withdrew it;
            the history knows no check of it at all; or what was withdrawn is a check that no policy could let
            anybody do without.
    """
    last_run = last_release(warehouse)
    last = warehouse.execute(
        """
        select suite, check_name, severity
        from history.quality_checks
        where run_id = ?
        order by suite, check_name
        """,
        [last_run],
    ).fetchall()
    if last_run is not None and not last:
        raise ConfigurationError(
            f"The history has forgotten which checks the last release {last_run} was held against: remove "
            f"history/quality_checks/{last_run}.parquet, so that it is made again from the release."
        )
    severities = {f"{suite.name}.{check.name}": check.severity for suite in suites for check in suite.checks}
    withdrawn = {withdrawal.check: withdrawal.now for withdrawal in withdrawals}
    silent = []
    for suite, check_name, severity in last:
        name = f"{suite}.{check_name}"
        now = severities.get(name, "not made")
        if now == severity or now == "critical":
            continue
        if severity == "critical" and is_never_accepted(suite, check_name):
            raise ConfigurationError(
                f"The check {name} was critical in the last release and is {_said(now)} now, and no release may do "
                "without it: bring it back as it was."
            )
        if withdrawn.get(name) != now:
            silent.append(f"{name} ({_said(now)})")
    if silent:
        raise ConfigurationError(
            f"The last release was held against checks that this one would escape: {', '.join(silent)}. Bring them "
            f"back, or let somebody answer for that in expectations/{WITHDRAWN}, which is published."
        )


def _withdrawal(entry: Any) -> Withdrawal:
    if set(entry) != set(_KEYS) or not all(isinstance(entry[key], str) and entry[key] for key in _KEYS):
        raise TypeError
    return Withdrawal(**entry)


def _said(now: str) -> str:
    return "a warning" if now == "warning" else now
