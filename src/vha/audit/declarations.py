"""Suites as ``expectations/*.yml`` declare them: read, judged strictly, and given the run's limits."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any, Literal, cast

import yaml

from vha.audit.expectable import fault_of
from vha.audit.limits import Limits
from vha.errors import ConfigurationError

Severity = Literal["critical", "warning"]

WITHDRAWN, INDEX = "withdrawn.yml", "index.yml"
"""The two files of the folder that are no suites, see :mod:`vha.audit.withdrawal` and :mod:`vha.audit.inventory`."""

_SUITE_KEYS = {"suite", "table", "query", "rows_are_people", "checks"}
_CHECK_KEYS = {
    *("name", "expectation", "kwargs", "rows", "of", "mostly"),
    *("severity", "overridable", "meaning", "owner"),
}
_OPENS = "acceptable_"
"""What the policy's parameters begin with that say whether somebody may answer for a failure."""
_SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


@dataclass(frozen=True)
class Check:
    """One check: either an expectation of the library with its ``kwargs``, or ``rows``.

    Attributes:
        rows: a query for the rows that break the rule; ``{batch}`` is the suite's table.
        of: a query for the rows that ``rows`` is a part of, where those are not the suite's table.
        mostly: the share, 0 to 1, of rows that must keep the rule; 1 unless declared.
        overridable: whether somebody may answer by name for a failure of it; for what the policy leaves open.
        meaning: what a failure means for people on the list, in one plain sentence.
        owner: who mends it.
    """

    name: str
    severity: Severity
    meaning: str
    owner: str
    expectation: str | None = None
    kwargs: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    rows: str | None = None
    of: str | None = None
    mostly: Any = 1
    overridable: Any = False


@dataclass(frozen=True)
class Suite:
    """The checks of one table.

    Attributes:
        query: what is read of the table, a SELECT.
        rows_are_people: whether how many rows there are, or break a rule, says how many people; then results
            keep no number, because they are published exactly and numbers of people never are.
    """

    name: str
    table: str
    query: str
    rows_are_people: bool
    checks: tuple[Check, ...]

    def with_limits(self, limits: Limits) -> Suite:
        """The suite with every reference replaced by the number or the codes that the run goes by.

        Raises:
            ConfigurationError: a declaration refers to a parameter, list or date that there is not.
        """
        return dataclasses.replace(
            self,
            query=_query(self.query, limits, f"{self.name}.yml"),
            checks=tuple(
                _limited(check, limits, f"{self.name}.yml, check {check.name}") for check in self.checks
            ),
        )


def load(folder: Path) -> list[Suite]:
    """Read every declaration of a folder, in order of file name.

    Raises:
        ConfigurationError: a declaration is not in the form that this module describes.
    """
    suites = [_suite(path) for path in sorted(folder.glob("*.yml")) if path.name not in (WITHDRAWN, INDEX)]
    if not suites:
        raise ConfigurationError(f"{folder} declares no checks: nothing may be published unchecked.")
    return suites


def _suite(path: Path) -> Suite:
    try:
        declared = yaml.safe_load(path.read_text())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        where = f"{path.name}{line}"
        raise ConfigurationError(f"{where} is not YAML: mend the indentation or the quotes.") from None
    _demand(isinstance(declared, dict), path.name, "is no mapping: begin it with `suite:`")
    _only(declared, _SUITE_KEYS, path.name)
    for key in ("suite", "table"):
        _text(declared, key, path.name)
    name, table = declared["suite"], declared["table"]
    _demand(name == path.stem, path.name, f"declares suite {name!r}: name it {path.stem!r}")
    query = declared.get("query", f"select * from {table}")
    _demand(
        isinstance(query, str) and query.lower().startswith("select "),
        path.name,
        "has a query that is no SELECT: begin it with `select`",
    )
    _demand(
        re.search(rf"\b{re.escape(table)}\b", query) is not None,
        path.name,
        f"has a query that does not read {table}: name the table that it reads",
    )
    _demand(
        isinstance(declared.get("rows_are_people", False), bool),
        path.name,
        "has a rows_are_people that is neither true nor false: write one of them",
    )
    checks = declared.get("checks")
    _demand(isinstance(checks, list) and bool(checks), path.name, "has no checks: list one under `checks:`")
    suite = Suite(
        name=name,
        table=table,
        query=query,
        rows_are_people=declared.get("rows_are_people", False),
        checks=tuple(_check(check, path.name, number) for number, check in enumerate(checks, start=1)),
    )
    names = [check.name for check in suite.checks]
    twice = sorted({name for name in names if names.count(name) > 1})
    _demand(not twice, path.name, f"declares {', '.join(twice)} twice: give each check a name of its own")
    return suite


def _check(declared: object, file: str, number: int) -> Check:
    where = f"{file}, check {number}"
    _demand(isinstance(declared, dict), where, "is no mapping: begin it with `- name:`")
    check = cast(dict[str, Any], declared)
    name = _text(check, "name", where)
    where = f"{file}, check {name}"
    _demand(_SNAKE_CASE.fullmatch(name) is not None, where, "has a name that is not snake_case: rename it")
    _only(check, _CHECK_KEYS, where)
    for key in ("severity", "meaning", "owner"):
        _text(check, key, where)
    _demand(
        check["severity"] in ("critical", "warning"),
        where,
        f"has severity {check['severity']!r}: make it critical or warning",
    )
    _demand(
        ("expectation" in check) != ("rows" in check),
        where,
        "needs either `expectation:` or `rows:`, and not both",
    )
    if "rows" in check:
        _text(check, "rows", where)
        _demand("kwargs" not in check, where, "has kwargs beside `rows:`: write them into the query")
        _demand("{batch}" in check["rows"], where, "does not read its table: write {batch} in the query")
    else:
        expectation = _text(check, "expectation", where)
        fault = fault_of(expectation, check.get("kwargs"))
        _demand(fault is None, where, str(fault))
        _demand("of" not in check, where, "has `of:` without `rows:`: remove it")
    _demand(
        "mostly" not in check or isinstance(check["mostly"], dict),
        where,
        "has a limit of its own: refer to the policy, as in `mostly: {policy: completeness_minimum_sex}`",
    )
    if "overridable" in check:
        _overridable(check["overridable"], check["severity"], where)
    return Check(**check)


def _overridable(declared: object, severity: str, where: str) -> None:
    _demand(
        severity == "critical"
        and isinstance(declared, dict)
        and list(declared) == ["policy"]
        and str(declared["policy"]).startswith(_OPENS),
        where,
        "may be overridden only if it is critical and the policy says so: write "
        f"`overridable: {{policy: {_OPENS}…}}`",
    )


def _limited(check: Check, limits: Limits, where: str) -> Check:
    mostly = _value(check.mostly, limits, where)
    _demand(
        0 < mostly <= 1,
        where,
        f"asks that a share of {mostly:g} keeps the rule, so that it could never fail or never pass: mend its limit "
        "in seeds/policy.csv",
    )
    kwargs = {key: _value(value, limits, where) for key, value in check.kwargs.items()}
    if check.expectation is not None:
        fault = fault_of(check.expectation, kwargs)
        _demand(fault is None, where, str(fault))
    return dataclasses.replace(
        check,
        kwargs=kwargs,
        mostly=mostly,
        overridable=bool(_value(check.overridable, limits, where)),
        rows=check.rows and _query(check.rows, limits, where),
        of=check.of and _query(check.of, limits, where),
    )


def _value(declared: Any, limits: Limits, where: str) -> Any:
    """A value, or what ``{policy: …}``, ``{one_minus_policy: …}`` or ``{codes: …}`` stands for."""
    if not isinstance(declared, dict):
        return declared
    _demand(
        len(declared) == 1, where, "has a reference that needs exactly one key: write `{policy: minimum_age}`"
    )
    ((kind, name),) = declared.items()
    match kind:
        case "policy":
            return float(limits.number(name, where))
        case "one_minus_policy":
            return float(1 - limits.number(name, where))
        case "codes":
            return list(limits.codes_of(name, where))
    raise ConfigurationError(f"{where} refers to {kind!r}: use policy, one_minus_policy or codes.")


def _query(declared: str, limits: Limits, where: str) -> str:
    """A query with ``${parameter}``, ``${as_of}`` and ``${run_id}`` filled in."""
    template = Template(declared)
    _demand(template.is_valid(), where, "has a stray $ in its query: write ${parameter}")
    return template.substitute({name: limits.literal(name, where) for name in template.get_identifiers()})


def _only(declared: Mapping[str, Any], known: set[str], where: str) -> None:
    for key in declared:
        _demand(key in known, where, f"has the unknown key {key!r}: use {', '.join(sorted(known))}")


def _text(declared: Mapping[str, Any], key: str, where: str) -> str:
    value = declared.get(key)
    _demand(isinstance(value, str) and bool(value.strip()), where, f"has no {key}: write `{key}:` and a text")
    return cast(str, value)


def _demand(condition: bool, where: str, otherwise: str) -> None:
    if not condition:
        raise ConfigurationError(f"{where} {otherwise}.")
