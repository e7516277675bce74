"""What the generator made: rows, planted bad rows, and other planted facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Report:
    """What is in a set of synthetic sources.

    Attributes:
        scale, seed, reference_date: what they were made from.
        rows: by table, ``system.table``: rows delivered, the bad ones included.
        planted: by table and reason: rows that the quarantine must name, no more and no fewer.
        facts: other planted facts, each a sentence's subject and its number.
        injected: what was then spoilt on purpose, which the numbers of planted rows know nothing of.
    """

    scale: str
    seed: int
    reference_date: date
    rows: Mapping[str, int]
    planted: Mapping[tuple[str, str], int]
    facts: Mapping[str, int]
    injected: str | None = None

    def __str__(self) -> str:
        lines = [
            f"Synthetic sources of scale {self.scale}, seed {self.seed}, up to {self.reference_date}.",
            "",
            "Rows",
        ]
        lines += [f"  {table:<36}{count:>10,}" for table, count in self.rows.items()]
        lines += ["", "Planted bad rows"]
        lines += [f"  {table:<36}{count:>10,}  {reason}" for (table, reason), count in self.planted.items()]
        lines += ["", "Also planted"]
        lines += [f"  {fact:<36}{count:>10,}" for fact, count in self.facts.items()]
        if self.injected:
            lines += ["", "Injected fault", f"  {self.injected}"]
        return "\n".join(lines)
