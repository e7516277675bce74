"""The protection agrees with tau-ARGUS, the statistical offices' program, on what is unsafe and what protects it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from harness import Project
from protection import Publisher
from test_disclosure import released

GROUPS = (
    "none",
    "buddhist",
    "christian",
    "hindu",
    "jewish",
    "muslim",
    "sikh",
    "other",
    "not_stated",
    "missing",
)


@pytest.fixture(scope="module")
def publisher(project: Project) -> Publisher:
    return Publisher(project)


def ours(publisher: Publisher, people: dict[str, int]) -> dict[str, str]:
    counts = {("religion", group): number for group, number in people.items()}
    publisher.connection.execute("delete from history.group_counts")
    publisher.close("2021-Q1", {"listed": counts | {("all", "all"): sum(people.values())}})
    rows = publisher.rows(
        "select group_code, status from oversight.special_category_breakdown where characteristic = 'religion'"
    )
    return dict(rows)


def theirs(people: dict[str, int]) -> dict[str, str]:
    """S safe, U unsafe, M suppressed beside it."""
    import pandas as pd
    from pytauargus import protect

    rows = [{"group": group, "people": 1.0} for group, number in people.items() for _ in range(number)]
    result = protect(
        pd.DataFrame(rows), tables=["group"], response="people", safety_rules="FREQ(10,10)", suppress="OPT(1)"
    )
    table = result.tables[0].dataframe()
    return dict(zip(table["group"].str.strip(), table["status"], strict=True))


@pytest.mark.parametrize("seed", range(6))
def test_what_is_unsafe_and_what_protects_it(
    publisher: Publisher, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The program leaves its logs wherever it is started.
    monkeypatch.chdir(tmp_path)
    chance = np.random.default_rng(seed)
    people = {group: int(chance.choice([3, 7, 9, 10, 17, 18, 25, 60, 200])) for group in GROUPS}
    mine, argus = ours(publisher, people), theirs(people)
    assert {group for group in GROUPS if argus[group] == "U"} == {
        group for group in GROUPS if mine[group] == "suppressed"
    }
    # What it withholds besides is enough for its own, weaker, purpose; here it never takes less.
    beside = [group for group in GROUPS if argus[group] == "M"]
    assert len([group for group in GROUPS if mine[group] == "secondary_suppressed"]) >= len(beside)
    for statuses, survives in ((mine, "every small number"), (argus, "more than one number")):
        exact = [
            (
                "religion",
                group,
                people[group] if statuses[group] in ("published", "S") else None,
                _named(statuses[group]),
            )
            for group in GROUPS
        ]
        found = [
            finding
            for finding in released({"2021-Q1": exact}, {"2021-Q1": (sum(people.values()), 0, 0)}, base=1)
            if mine[finding.cell.partition("/")[2]] == "suppressed"
        ]
        assert len(found) == sum(number < 10 for number in people.values())
        if survives == "every small number":
            assert all(finding.safe for finding in found)
        else:
            assert all(finding.lower < finding.upper for finding in found)


def _named(status: str) -> str:
    return {"S": "published", "U": "suppressed", "M": "secondary_suppressed"}.get(status, status)
