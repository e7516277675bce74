"""Sources and a policy in which a trap for a broken rule is quickly set."""

from __future__ import annotations

from datetime import date
from typing import Any

from factory import World
from reference import Seeds, read_seeds, with_policy

TODAY = date(2027, 2, 28)
"""In a common year, one day before 29 February completes its years."""
TOMORROW = "2027-03-01 00:00:00"
OLDER, PREVIOUS = date(2026, 8, 31), date(2026, 11, 30)

Changes = dict[str, Any]


def seeds() -> Seeds:
    """Weights that tie, that round a half, and whose sum in floating point stays below the threshold."""
    changed = {
        ("10B", "cchi"): "312.0082",
        ("81", "cchi"): "208.8218",
        ("90", "cchi"): "173.1060",
        ("3A", "cchi"): "173.1059",
        ("10A", "cchi"): "730.0001",
        ("10A", "ons_css"): "7978.7900",
    }
    own = read_seeds()
    return with_policy(
        {
            **own,
            "harm_weights": [
                {**row, "weight": changed.get((row["offence_code"], row["scheme"]), row["weight"])}
                for row in own["harm_weights"]
            ],
            "intelligence_categories": [
                {**row, "base_points": "0.0008" if row["category"] == "retaliation" else row["base_points"]}
                for row in own["intelligence_categories"]
            ],
        },
        score_threshold="693.9360",
        minimum_crime_reports=2,
    )


class Traps(World):
    """Sources as tests write them, with a crime and its suspects in one go."""

    def crime(self, ref: str, *suspects: str, **changes: Any) -> None:
        """A crime that is always in scope, of more than a year ago, unless changed."""
        self.report(ref, **{"offence_code": "5D", **changes})
        for suspect in suspects:
            self.link(ref, suspect, linked_at="2026-02-04 10:00:00")

    def person(self, name: str, crimes: Changes | None = None, **changes: Any) -> None:
        """Somebody who is on the list by two crimes, with nothing to spare in their number."""
        self.nominal(name, **changes)
        for n in (1, 2):
            self.crime(f"{name}/{n}", name, **(crimes or {}))

    def known(self, ref: str, *subjects: str, **changes: Any) -> None:
        self.intelligence(ref, **changes)
        for subject in subjects:
            self.subject(ref, subject)
