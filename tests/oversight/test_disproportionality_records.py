"""A disparity in delivered records is shown at the stage where it enters: every model from the sources to the flags."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

import pytest
from harness import Project
from reference import World

AS_OF = date(2026, 6, 30)
SHARES = {"enough_reports": 0.4, "above_threshold": 0.5, "listed": 0.95}
"""Of those at the stage before: three reports instead of one, serious ones instead of light ones, not restricted."""

DISPARITIES: dict[str, float] = {"enough_reports": 0.6, "above_threshold": 0.8, "listed": 0.5}
TIMES = {"recorded_at": "2026-05-02 10:00:00", "updated_at": "2026-05-02 10:00:00"}


def delivered(stage: str | None, seed: int = 1, people: int = 2400) -> World:
    """As many Black people as White, for whom one of the shares is another."""
    chance = Random(seed)
    world: World = {name: [] for name in ("crime_report", "crime_person", "nominal", "restriction")}
    for n in range(people):
        is_black = n % 2 == 0
        shares = {**SHARES, stage: DISPARITIES[stage]} if stage and is_black else SHARES
        is_at = {name: chance.random() < share for name, share in shares.items()}
        person = f"P{n}"
        world["nominal"].append(
            {
                "nominal_id": person,
                "date_of_birth": f"{chance.randint(1970, 2008)}-05-05",
                "sex": chance.choice("FM"),
                "self_defined_ethnicity": "B1" if is_black else "W1",
                "officer_observed_ethnicity": chance.choice(("IC1", "IC3")),
                "disability": chance.choice(("Y", "N", None)),
                "updated_at": TIMES["updated_at"],
            }
        )
        for number in range(3 if is_at["enough_reports"] else 1):
            world["crime_report"].append(
                _report(f"C{n}-{number}", "5D" if is_at["above_threshold"] else "10D")
            )
            world["crime_person"].append(_link(f"C{n}-{number}", person))
        if not is_at["listed"]:
            world["restriction"].append(_restriction(n, person))
    return world


def _report(ref: str, offence: str) -> dict[str, str | None]:
    return {
        "crime_ref": ref,
        "source_system": "CONNECT",
        "committed_from": "2026-05-01",
        "offence_code": offence,
        "record_status": "live",
        "location_kind": "public",
        **TIMES,
    }


def _link(ref: str, person: str) -> dict[str, str | None]:
    return {
        "crime_ref": ref,
        "nominal_id": person,
        "role": "suspect",
        "link_status": "live",
        "linked_at": TIMES["recorded_at"],
        "updated_at": TIMES["updated_at"],
    }


def _restriction(n: int, person: str) -> dict[str, str | None]:
    return {
        "restriction_id": f"R{n}",
        "nominal_id": person,
        "reason": "accuracy_contested",
        "starts_on": "2026-06-01",
        "updated_at": TIMES["updated_at"],
    }


def flags(project: Project, stage: str | None) -> Iterator[tuple[str, str, str]]:
    built = project.build(delivered(stage), AS_OF, wanted=("disproportionality_flags",))
    for row in built.rows("select * from oversight.disproportionality_flags where is_flagged"):
        yield row["stage"], row["characteristic"], row["group_code"]


@pytest.mark.parametrize("stage", [None, *SHARES])
def test_delivered_records_show_a_disparity_where_it_enters(project: Project, stage: str | None) -> None:
    expected = {(stage, "self_defined_ethnicity_18", "B1"), (stage, "self_defined_ethnicity_5", "Black")}
    assert set(flags(project, stage)) == (expected if stage else set())
