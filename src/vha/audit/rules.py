"""The rule of each check, as declared: one that is written anew may notice less, and its name would not tell."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from vha.audit.declarations import Suite

FILE = "rules.json"
"""Beside the pages of the Data Docs, so that the next release can be compared with this one."""


def rules_of(suites: Iterable[Suite]) -> dict[str, object]:
    """By ``SUITE.CHECK`` all that decides whether it fails, but for the values that its references stand for.

    Args:
        suites: as declared. What their limits are is in the policy, and changes of it are shown with that.
    """
    return {
        f"{suite.name}.{check.name}": {
            "query": suite.query,
            "expectation": check.expectation,
            "kwargs": dict(check.kwargs),
            "rows": check.rows,
            "of": check.of,
            "mostly": check.mostly,
        }
        for suite in suites
        for check in suite.checks
    }


def written_anew(rules: Mapping[str, object], earlier: Path) -> list[str]:
    """The checks that a release had too, by another rule.

    Args:
        earlier: the Data Docs of that release; without rules in them there is nothing to compare.
    """
    try:
        before = json.loads((earlier / FILE).read_text())
    except FileNotFoundError:
        return []
    return sorted(name for name in rules.keys() & before.keys() if rules[name] != before[name])
