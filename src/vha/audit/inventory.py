"""How many checks each suite is to have, said in one place: without it a lost file would fail nothing.

From the second release on :mod:`vha.audit.withdrawal` compares each check by name; the first has nothing to compare.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from vha.audit.declarations import INDEX, Suite
from vha.errors import ConfigurationError


def counts_of(suites: Iterable[Suite]) -> dict[str, dict[str, int]]:
    """How many critical checks and how many warnings each suite has."""
    return {
        suite.name: {
            severity: sum(check.severity == severity for check in suite.checks)
            for severity in ("critical", "warning")
        }
        for suite in suites
    }


def refuse_others(folder: Path, suites: Iterable[Suite]) -> None:
    """Hold the declared suites against the index beside them.

    Raises:
        ConfigurationError: the index is missing or no such list; or a suite, or a check of one, is missing, new, or of
            another severity than it says.
    """
    try:
        expected = yaml.safe_load((folder / INDEX).read_text())
    except (FileNotFoundError, yaml.YAMLError):
        expected = None
    if not isinstance(expected, dict):
        raise ConfigurationError(
            f"expectations/{INDEX} is no list of suites: bring it back, so that a check that is lost is noticed."
        )
    declared = counts_of(suites)
    others = [
        f"{suite} ({_said(expected.get(suite))} expected, {_said(declared.get(suite))} declared)"
        for suite in sorted(expected.keys() | declared.keys())
        if expected.get(suite) != declared.get(suite)
    ]
    if others:
        raise ConfigurationError(
            f"The checks are others than expectations/{INDEX} says: {', '.join(others)}. Bring back what is missing, "
            "or correct the index, which somebody else should look at."
        )


def _said(counts: object) -> str:
    if not isinstance(counts, Mapping):
        return "none"
    return " and ".join(f"{count} {severity}" for severity, count in counts.items())
