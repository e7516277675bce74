"""The what-ifs of seed ``policy_variants``, held against their rules before a build goes by them."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path

from vha.errors import ConfigurationError
from vha.settings import PROJECT_ROOT

_POLICY_MACROS = PROJECT_ROOT / "dbt_project" / "macros" / "policy.sql"
_COLUMNS = ["variant", "label", "is_what_if", "is_feedback", "parameter", "change", "value", "rationale"]
_CHANGES = ("set", "add", "multiply", "leave_out")


def variant_names(folder: Path) -> list[str]:
    """The variants of a folder of seeds, in the seed's order.

    Raises:
        ConfigurationError: the first fault found: its row, and what to do.
    """
    rows = _rows(folder / "policy_variants.csv")
    if not rows or list(rows[0]) != _COLUMNS:
        raise ConfigurationError(
            f"seeds/policy_variants.csv must have the columns {', '.join(_COLUMNS)}, in this order, and a row."
        )
    policy = {row["parameter"]: row for row in _rows(folder / "policy.csv")}
    names: list[str] = []
    for row in rows:
        if remedy := _remedy(row, policy) or ("give it another name" if row["variant"] in names else None):
            raise ConfigurationError(
                f"In seeds/policy_variants.csv, the variant {row['variant']!r} cannot be computed: {remedy}."
            )
        names.append(row["variant"])
    return names


def _rows(file: Path) -> list[dict[str, str]]:
    try:
        with file.open(newline="", encoding="utf-8") as lines:
            return list(csv.DictReader(lines, strict=True))
    except (OSError, ValueError, csv.Error):
        raise ConfigurationError(
            f"seeds/{file.name} cannot be read as a table of comma-separated values: put it right."
        ) from None


def _remedy(row: Mapping[str, str], policy: Mapping[str, Mapping[str, str]]) -> str | None:
    """What to write instead in a row; None where there is nothing wrong with it."""
    if None in row.values() or None in row:
        return "look for a missing comma or quotation mark"
    if not re.fullmatch(r"[a-z][a-z0-9_]*", row["variant"]):
        return "name it in lower case, with letters, digits and underscores"
    if not {row["is_what_if"], row["is_feedback"]} <= {"true", "false"}:
        return "write true or false for is_what_if and is_feedback"
    if not (row["label"].strip() and row["rationale"].strip()):
        return "say what it changes, and why it is looked at"
    if row["change"] not in _CHANGES:
        return f"write one of {', '.join(_CHANGES)} as the change"
    if row["change"] == "leave_out":
        known = _left_out_by_variants()
        return None if row["parameter"] in known else f"the parameter is one of {', '.join(known)}"
    parameter = policy.get(row["parameter"])
    if parameter is None or parameter["overridable"] != "true":
        return "the parameter is one that seeds/policy.csv marks as overridable"
    if not parameter["maximum"]:
        words = parameter["unit"].removeprefix("one of ").split("|")
        return None if row["change"] == "set" and row["value"] in words else f"set one of {', '.join(words)}"
    return None if re.fullmatch(r"-?\d{1,9}(\.\d{1,4})?", row["value"]) else "the value is a number"


def _left_out_by_variants() -> list[str]:
    """What a variant can leave out, from the macro by which the models read it."""
    macro = _POLICY_MACROS.read_text().partition("macro left_out_by_variants")[2].partition("endmacro")[0]
    return re.findall(r"'(\w+)'", macro)
