"""People: entries of the person index, what is handed to them, and what is restricted for them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from reference.judging import Records
from reference.records import Row, read_date


@dataclass
class Person:
    """A sound nominal that is merged into no other.

    Attributes:
        deceased_on: the earliest known of the person's own entry and those merged into it.
    """

    nominal_id: str
    date_of_birth: date | None
    deceased_on: date | None = None
    referrals: list[Row] = field(default_factory=list)


class People:
    def __init__(self, records: Records, as_of: date) -> None:
        self.as_of = as_of
        self.sound = {row["nominal_id"]: row for row in records.sound("nominal")}
        self.entries = {judged.row["nominal_id"]: judged for judged in records.of["nominal"]}
        self.by_id = {
            row["nominal_id"]: Person(row["nominal_id"], read_date(row["date_of_birth"]))
            for row in self.sound.values()
            if row["merged_into"] is None
        }
        for row in self.sound.values():
            person, died = self.survivor(row["nominal_id"]), read_date(row["deceased_on"])
            if person and died:
                person.deceased_on = min(died, person.deceased_on or died)
        for row in records.sound("safeguarding"):
            if person := self.survivor(row["nominal_id"]):
                person.referrals.append(row)
        self.restricted_people: set[str] = set()
        self.restricted_records: defaultdict[str, set[str]] = defaultdict(set)
        self._restrict(records)

    def survivor(self, nominal_id: str | None) -> Person | None:
        """Whom an entry's records count for; nobody, where its chain meets a quarantined entry."""
        while (row := self.sound.get(nominal_id)) and row["merged_into"] is not None:
            nominal_id = row["merged_into"]
        return self.by_id.get(nominal_id)

    def has_open_referral(self, person: Person) -> bool:
        return any(_is_active(row["opened_on"], row["closed_on"], self.as_of) for row in person.referrals)

    def _restrict(self, records: Records) -> None:
        # A bad restriction counts as one of the whole person: doubt works against listing.
        for row in records.bad_restrictions():
            self.restricted_people.update(_chain(records.merged_into, row["nominal_id"]))
        for row in records.sound("restriction"):
            if _is_active(row["starts_on"], row["ends_on"], self.as_of):
                for nominal_id in _chain(records.merged_into, row["nominal_id"]):
                    if row["record_ref"] is None:
                        self.restricted_people.add(nominal_id)
                    else:
                        self.restricted_records[nominal_id].add(row["record_ref"])


def _chain(merged_into: dict[str, str | None], nominal_id: str) -> list[str]:
    """An entry and all that it is merged into, as delivered: even through quarantined entries and circles."""
    chain: list[str] = []
    at: str | None = nominal_id
    while at is not None and at not in chain:
        chain.append(at)
        at = merged_into.get(at)
    return chain


def _is_active(starts_on: str | None, ends_on: str | None, as_of: date) -> bool:
    start, end = read_date(starts_on), read_date(ends_on)
    return start is not None and start <= as_of and (end is None or end > as_of)
