"""The seeds that scoring reads, held against their rules before a run goes by them.

A typing error in a seed decides about people as surely as the code does. dbt would stop at some of them, half-way and
in its own words, and score by the others.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

import yaml

from vha.errors import ConfigurationError
from vha.settings import PROJECT_ROOT
from vha.warehouse.seeds import SCORING_SEEDS, SEEDS, row_key

Row = Mapping[str, str]
Rows = Sequence[Row]

_POLICY_MACROS = PROJECT_ROOT / "dbt_project" / "macros" / "policy.sql"
_ANCHOR = "scale_anchor_offence"
_BASES = ("published", "reported", "assumption")
_SCHEMES = ("cchi", "ons_css")
_SCOPES = ("always", "knife", "firearm", "knife_or_firearm", "never")


def check(folder: Path = SEEDS) -> None:
    """Refuse seeds that a run could not go by, or not as their author meant them.

    Raises:
        ConfigurationError: the first fault found: its seed, row and value, and what to do.
    """
    declared = yaml.safe_load((folder / "_seeds.yml").read_text())["seeds"]
    types = {seed["name"]: seed["config"]["column_types"] for seed in declared}
    seeds = {name: _read(folder / f"{name}.csv", types[name]) for name in SCORING_SEEDS}
    for name, rows in seeds.items():
        _check_form(name, rows, types[name])
    _check_policy(seeds["policy"])
    _check_offences(seeds["offences"], seeds["harm_weights"])
    _check_anchor(seeds["policy"], seeds["harm_weights"])
    _check_intelligence(seeds["intelligence_categories"], seeds["intelligence_reliability"])


def scored_parameters() -> dict[str, str]:
    """The parameters that scoring reads and their types, from the macro by which the models read them."""
    return dict(re.findall(r"'(\w+)': '([^']+)'", _POLICY_MACROS.read_text()))


def _read(file: Path, types: Mapping[str, str]) -> list[dict[str, str]]:
    try:
        with file.open(newline="", encoding="utf-8") as lines:
            header, *rows = csv.reader(lines, strict=True)
    except (OSError, ValueError, csv.Error):
        raise ConfigurationError(
            f"seeds/{file.name} cannot be read as a table of comma-separated values: put it right."
        ) from None
    if header != list(types):
        raise ConfigurationError(
            f"seeds/{file.name} has the columns {', '.join(header)}: they must be {', '.join(types)}, in this order."
        )
    for number, row in enumerate(rows, start=1):
        if len(row) != len(header):
            raise ConfigurationError(
                f"seeds/{file.name}, row {number} after the header, has {len(row)} values instead of {len(header)}: "
                "look for a missing comma or quotation mark."
            )
    return [dict(zip(header, row, strict=True)) for row in rows]


def _check_form(name: str, rows: Rows, types: Mapping[str, str]) -> None:
    seen = set()
    for row in rows:
        key = row_key(name, row)
        if not all(row[column].strip() for column in SCORING_SEEDS[name]):
            _refuse(name, key or "a row", "has no name", f"fill in {' and '.join(SCORING_SEEDS[name])}")
        if key in seen:
            _refuse(name, key, "stands more than once", "keep one of the rows")
        seen.add(key)
        for column, kind in types.items():
            if remedy := _remedy(row[column], kind):
                _refuse(name, key, f"has the {column} {row[column]!r}", remedy)
        if row.get("basis", _BASES[0]) not in _BASES:
            _refuse(name, key, f"has the basis {row['basis']!r}", f"write one of {', '.join(_BASES)}")
        for column in {"source", "rationale"} & row.keys():
            if not row[column].strip():
                _refuse(name, key, f"has no {column}", "say where the value comes from, and why it is so")


def _remedy(value: str, kind: str) -> str | None:
    """What to write instead of a text that is no value of the type; None if it is one."""
    match re.findall(r"\w+", kind):
        case ["boolean"] if value not in ("true", "false"):
            return "write true or false"
        case ["integer"] if not re.fullmatch(r"-?\d{1,9}", value):
            return "write a whole number"
        case ["decimal", precision, scale]:
            whole = int(precision) - int(scale)
            if not re.fullmatch(rf"-?\d{{1,{whole}}}(\.\d{{1,{scale}}})?", value):
                return f"write a number with at most {whole} digits before the point and {scale} after it"
        case ["date"]:
            try:
                if date.fromisoformat(value).isoformat() == value:
                    return None
            except ValueError:
                pass
            return "write a date as YYYY-MM-DD"
    return None


def _check_policy(rows: Rows) -> None:
    # Publishing counts in whole runs; every other parameter that scoring does not read is a number to the audit.
    types = {**scored_parameters(), "keep_landings": "integer"}
    for parameter in sorted(types.keys() - {row["parameter"] for row in rows}):
        _refuse("policy", parameter, "is missing", "add its row, with basis, source and rationale")
    for row in rows:
        kind = types.get(row["parameter"], "decimal(18, 6)")
        if kind != "string":
            _check_number(row, kind)
        elif row["parameter"] != _ANCHOR:
            _check_word(row)


def _check_number(row: Row, kind: str) -> None:
    for column in ("value", "minimum", "maximum"):
        if remedy := _remedy(row[column], kind):
            _refuse("policy", row["parameter"], f"has the {column} {row[column]!r}", remedy)
    value, least, greatest = (Decimal(row[column]) for column in ("value", "minimum", "maximum"))
    if not least <= value <= greatest:
        _refuse(
            "policy", row["parameter"], f"has the value {value}", f"choose one from {least} to {greatest}"
        )


def _check_word(row: Row) -> None:
    listed, allowed = row["unit"].startswith("one of "), row["unit"].removeprefix("one of ").split("|")
    if not listed:
        _refuse("policy", row["parameter"], f"has the unit {row['unit']!r}", "write it as one of a|b|c")
    if row["value"] not in allowed:
        _refuse(
            "policy",
            row["parameter"],
            f"has the value {row['value']!r}",
            f"write one of {', '.join(allowed)}",
        )


def _check_offences(offences: Rows, weights: Rows) -> None:
    for row in offences:
        if row["scope"] not in _SCOPES:
            _refuse(
                "offences",
                row["offence_code"],
                f"has the scope {row['scope']!r}",
                f"write one of {', '.join(_SCOPES)}",
            )
    known = {row["offence_code"] for row in offences}
    for row in weights:
        key = row_key("harm_weights", row)
        if row["offence_code"] not in known:
            _refuse("harm_weights", key, "is of no offence of seeds/offences.csv", "correct the code")
        if row["scheme"] not in _SCHEMES:
            _refuse(
                "harm_weights",
                key,
                f"has the scheme {row['scheme']!r}",
                f"write one of {', '.join(_SCHEMES)}",
            )
        if Decimal(row["weight"]) <= 0:
            _refuse("harm_weights", key, f"has the weight {row['weight']}", "it must be greater than 0")
    weighted = {row["offence_code"] for row in weights}
    for row in offences:
        if row["scope"] != "never" and row["offence_code"] not in weighted:
            _refuse(
                "harm_weights",
                row["offence_code"],
                f"has no weight, though its scope in seeds/offences.csv is {row['scope']!r}",
                "add one, or set the scope to never",
            )


def _check_anchor(policy: Rows, weights: Rows) -> None:
    [anchor] = [row["value"] for row in policy if row["parameter"] == _ANCHOR]
    for scheme in _SCHEMES:
        if not any((row["offence_code"], row["scheme"]) == (anchor, scheme) for row in weights):
            _refuse(
                "policy",
                _ANCHOR,
                f"has the value {anchor!r}, an offence without a weight in the scheme {scheme}",
                "choose an offence that seeds/harm_weights.csv has in both schemes",
            )


def _check_intelligence(categories: Rows, reliabilities: Rows) -> None:
    for row in categories:
        points, in_scope = Decimal(row["base_points"]), row["in_scope"] == "true"
        if points < 0 or in_scope != (points > 0):
            _refuse(
                "intelligence_categories",
                row["category"],
                f"has the base_points {row['base_points']}",
                "in scope they are greater than 0, out of scope 0",
            )
    for row in reliabilities:
        if not 0 <= Decimal(row["reliability"]) <= 1:
            _refuse(
                "intelligence_reliability",
                row_key("intelligence_reliability", row),
                f"has the reliability {row['reliability']}",
                "choose a share from 0 to 1",
            )


def _refuse(seed: str, row: str, fault: str, remedy: str) -> NoReturn:
    raise ConfigurationError(f"In seeds/{seed}.csv, {row} {fault}: {remedy}.")
