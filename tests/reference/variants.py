"""What-ifs: the same assessment by a policy that differs in one thing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from reference.policy import Seeds, with_policy


@dataclass(frozen=True)
class Variant:
    """A policy that differs from the project's own.

    Attributes:
        left_out: what it leaves out that the method counts.
    """

    name: str
    seeds: Seeds
    left_out: str | None = None


def variants(seeds: Seeds) -> list[Variant]:
    """The rows of seed ``policy_variants`` that differ from the policy as it stands."""
    policy = {row["parameter"]: row for row in seeds["policy"]}
    found = []
    for row in seeds["policy_variants"]:
        if row["change"] == "leave_out":
            found.append(Variant(row["variant"], seeds, row["parameter"]))
            continue
        value = _changed(row, policy[row["parameter"]])
        if not _same(value, policy[row["parameter"]]["value"]):
            found.append(Variant(row["variant"], with_policy(seeds, **{row["parameter"]: value})))
    return found


def _changed(row: dict[str, str], parameter: dict[str, str]) -> str:
    if not parameter["maximum"]:
        return row["value"]
    value, now = Decimal(row["value"]), Decimal(parameter["value"])
    value = {"set": value, "add": now + value, "multiply": now * value}[row["change"]]
    value = max(Decimal(parameter["minimum"]), min(Decimal(parameter["maximum"]), value))
    return str(int(value)) if value == int(value) else str(value)


def _same(first: str, second: str) -> bool:
    try:
        return Decimal(first) == Decimal(second)
    except ArithmeticError:
        return first == second
