"""The list at an as-of date, and all that is decided with it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from reference.arithmetic import completed_years
from reference.judging import Quarantined, Records
from reference.people import People, Person
from reference.policy import Policy, Seeds
from reference.records import World
from reference.scoring import Contribution, Scoring, total


@dataclass(frozen=True)
class Listed:
    """A row of assessment_list, apart from the policy's version and the run."""

    as_of_date: date
    rank: int
    nominal_id: str
    total_score: Decimal
    crime_score: Decimal
    intelligence_score: Decimal
    crime_reports: int
    latest_offence_on: date
    age: int
    is_child: bool
    has_safeguarding_referral: bool
    first_listed_on: date
    review_due_on: date


class Assessment:
    """Everything that the method decides for one as-of date.

    Attributes:
        listed: in rank order.
        contributions: of listed people.
        review_queue: pairs of a person and a reason.
        quarantine: rows of source table, record key, reason and effect.
    """

    def __init__(
        self, world: World, seeds: Seeds, as_of: date, spells: dict[str, date], left_out: str | None
    ) -> None:
        self.as_of = as_of
        self.policy = Policy(seeds, left_out)
        self.records = Records(world, self.policy)
        self.people = People(self.records, as_of)
        self.scoring = Scoring(self.records, self.policy, self.people)
        self.quarantine: list[Quarantined] = self.records.quarantine
        candidates = [p for p in self.people.by_id.values() if self.shortfall(p) is None]
        self.listed = self._ranked([p for p in candidates if p.date_of_birth is not None], spells)
        self.contributions: list[Contribution] = [
            contribution for row in self.listed for contribution in self.scoring.of[row.nominal_id]
        ]
        self.review_queue = {
            (p.nominal_id, "date_of_birth_missing") for p in candidates if p.date_of_birth is None
        } | {
            (row.nominal_id, "suspect_and_victim")
            for row in self.listed
            if self.scoring.victim_in[row.nominal_id].intersection(
                crime.record_ref for crime in self.crimes(row.nominal_id)
            )
        }

    def crimes(self, nominal_id: str) -> list[Contribution]:
        return [c for c in self.scoring.of[nominal_id] if c.kind == "crime"]

    def crime_reports(self, nominal_id: str) -> int:
        return sum(crime.points > 0 for crime in self.crimes(nominal_id))

    def shortfall(self, person: Person) -> str | None:
        """The first criterion that somebody does not meet; a missing date of birth is none."""
        crime_score = total(self.crimes(person.nominal_id))
        if person.deceased_on is not None and person.deceased_on <= self.as_of:
            return "deceased"
        if person.nominal_id in self.people.restricted_people:
            return "restricted"
        if person.date_of_birth is not None and self._age(person) < self.policy.minimum_age:
            return "below_minimum_age"
        if self.crime_reports(person.nominal_id) < self.policy.minimum_crime_reports or crime_score <= 0:
            return "too_few_reports"
        if total(self.scoring.of[person.nominal_id]) < self.policy.score_threshold:
            return "score_below_threshold"
        return None

    def list_hash(self) -> str:
        """SHA-256 over the list's lines, as the method gives them."""
        lines = "".join(
            f"{row.as_of_date}|{row.rank}|{row.nominal_id}|{row.total_score:.4f}|{row.crime_score:.4f}"
            f"|{row.intelligence_score:.4f}|{row.crime_reports}|{row.latest_offence_on}|{row.age}"
            f"|{str(row.is_child).lower()}|{str(row.has_safeguarding_referral).lower()}\n"
            for row in self.listed
        )
        return hashlib.sha256(lines.encode()).hexdigest()

    def _age(self, person: Person) -> int:
        assert person.date_of_birth is not None
        return completed_years(person.date_of_birth, self.as_of)

    def _ranked(self, people: list[Person], spells: dict[str, date]) -> list[Listed]:
        unranked = [self._listed(person, spells) for person in people]
        unranked.sort(key=lambda row: row.nominal_id)
        unranked.sort(key=lambda row: (row.total_score, row.crime_score, row.latest_offence_on), reverse=True)
        return [Listed(**{**vars(row), "rank": rank}) for rank, row in enumerate(unranked, start=1)]

    def _listed(self, person: Person, spells: dict[str, date]) -> Listed:
        crimes = self.crimes(person.nominal_id)
        crime_score, total_score = total(crimes), total(self.scoring.of[person.nominal_id])
        age = self._age(person)
        first_listed_on = spells.get(person.nominal_id, self.as_of)
        is_child = age < self.policy.adult_age
        interval = self.policy.review_interval_days_child if is_child else self.policy.review_interval_days
        return Listed(
            as_of_date=self.as_of,
            rank=0,
            nominal_id=person.nominal_id,
            total_score=total_score,
            crime_score=crime_score,
            intelligence_score=total_score - crime_score,
            crime_reports=self.crime_reports(person.nominal_id),
            latest_offence_on=max(crime.event_on for crime in crimes if crime.event_on),
            age=age,
            is_child=is_child,
            has_safeguarding_referral=self.people.has_open_referral(person),
            first_listed_on=first_listed_on,
            review_due_on=first_listed_on + timedelta(days=interval),
        )


def assess(
    world: World,
    seeds: Seeds,
    as_of: date,
    spells: dict[str, date] | None = None,
    left_out: str | None = None,
) -> Assessment:
    """Assess everybody in the delivered rows.

    Args:
        spells: first_listed_on of everybody on the previous release's list.
        left_out: what a variant leaves out that the method counts.
    """
    return Assessment(world, seeds, as_of, spells or {}, left_out)
