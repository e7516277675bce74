"""Who came and went since the previous release, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reference.arithmetic import completed_years, decayed
from reference.assessment import Assessment, Listed
from reference.scoring import Contribution


@dataclass(frozen=True)
class Release:
    """What a later run compares itself with."""

    policy_version: str
    listed: Mapping[str, Listed]
    contributions: Sequence[Contribution]


@dataclass(frozen=True)
class Movement:
    nominal_id: str
    movement: str
    reason: str | None
    driver: str | None
    previous_rank: int | None
    rank: int | None
    previous_score: Decimal | None
    total_score: Decimal | None


_REASONS_OF_THE_SOURCE = (
    "merged",
    "deceased",
    "restricted",
    "quarantined",
    "no_longer_in_source",
    "date_of_birth_missing",
)


def movements(now: Assessment, policy_version: str, previous: Release | None) -> list[Movement]:
    """A row for everybody on this list, on the previous release's, or on both."""
    listed = {row.nominal_id: row for row in now.listed}
    earlier = previous.listed if previous else {}
    rows = []
    for nominal_id in sorted({*listed, *earlier}):
        new, old = listed.get(nominal_id), earlier.get(nominal_id)
        reason = driver = None
        if new is None and previous is not None:
            reason = _reason(now, nominal_id)
            driver = _driver(now, nominal_id, reason, policy_version, previous)
        rows.append(
            Movement(
                nominal_id,
                "removed" if new is None else "added" if old is None else "kept",
                reason,
                driver,
                old.rank if old else None,
                new.rank if new else None,
                old.total_score if old else None,
                new.total_score if new else None,
            )
        )
    return rows


def _reason(now: Assessment, nominal_id: str) -> str:
    people = now.people
    entry, person = people.entries.get(nominal_id), people.by_id.get(nominal_id)
    is_merged = entry is not None and entry.row["merged_into"] is not None
    if is_merged and people.survivor(nominal_id):
        return "merged"
    if person and person.deceased_on is not None and person.deceased_on <= now.as_of:
        return "deceased"
    if nominal_id in people.restricted_people:
        return "restricted"
    if entry and (not entry.is_sound or is_merged):
        return "quarantined"
    if person is None:
        return "no_longer_in_source"
    if person.date_of_birth is None:
        return "date_of_birth_missing"
    shortfall = now.shortfall(person)
    assert shortfall is not None
    return shortfall


def _driver(now: Assessment, nominal_id: str, reason: str, policy_version: str, previous: Release) -> str:
    if policy_version != previous.policy_version:
        return "policy_change"
    current = {(c.kind, c.record_ref): c.points for c in now.scoring.of[nominal_id]}
    changed = any(
        _aged(now, contribution) != current.get((contribution.kind, contribution.record_ref))
        for contribution in previous.contributions
        if contribution.nominal_id == nominal_id and contribution.kind != "intelligence_cap"
    )
    return "source_change" if reason in _REASONS_OF_THE_SOURCE or changed else "passage_of_time"


def _aged(now: Assessment, contribution: Contribution) -> Decimal | None:
    """Its points at the as-of date; none once it has grown too old to count."""
    assert contribution.event_on is not None
    assert contribution.weight is not None
    years = completed_years(contribution.event_on, now.as_of)
    if contribution.kind == "intelligence":
        return contribution.points if years < now.policy.intelligence_window_years else None
    if years >= now.policy.crime_lookback_years:
        return None
    return decayed(contribution.weight, now.policy.decay_method, years)
