"""Points: what each record adds to a person's score, whoever is listed in the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from reference.arithmetic import completed_years, decayed, rounded
from reference.judging import Records
from reference.people import People, Person
from reference.policy import Policy
from reference.records import Row, date_of, read_date
from reference.reports import Reports


@dataclass(frozen=True)
class Contribution:
    """A row of score_contributions, apart from its as-of date."""

    nominal_id: str
    kind: str
    record_ref: str
    event_on: date | None
    offence_code: str | None
    category: str | None
    crime_area: str | None
    weight: Decimal | None
    weight_is_imputed: bool | None
    completed_years: int | None
    decay_factor: Decimal | None
    reliability: Decimal | None
    points: Decimal


class Scoring:
    """Contributions by person; ``suspected`` and ``victim_in`` are crime reports by person."""

    def __init__(self, records: Records, policy: Policy, people: People) -> None:
        self._policy, self._people, self._as_of = policy, people, people.as_of
        self._reports = Reports(records, policy, self._as_of)
        self._intelligence = {row["intel_ref"]: row for row in records.sound("intelligence_report")}
        self.suspected = self._linked(records, "suspect", "accused")
        self._accused = self._linked(records, "accused")
        self.victim_in = self._linked(records, "victim")
        subject_of: defaultdict[str, set[str]] = defaultdict(set)
        for row in records.sound("intelligence_subject"):
            person = people.survivor(row["nominal_id"])
            if person and row["involvement"] == "subject" and row["intel_ref"] in self._intelligence:
                subject_of[person.nominal_id].add(row["intel_ref"])
        self.of: defaultdict[str, list[Contribution]] = defaultdict(list)
        for nominal_id in {*self.suspected, *subject_of}:
            person = people.by_id[nominal_id]
            crimes = self._by_incident(list(self._crimes(person)))
            scoring = {crime.record_ref for crime in crimes}
            known = list(self._known(person, subject_of.get(nominal_id, set()), scoring))
            self.of[nominal_id] = [*crimes, *known, *self._cap(nominal_id, crimes, known)]

    def _linked(self, records: Records, *roles: str) -> defaultdict[str, set[str]]:
        linked: defaultdict[str, set[str]] = defaultdict(set)
        for row in records.sound("crime_person"):
            linked_on = date_of(row["linked_at"])
            if (
                row["link_status"] == "live"
                and row["role"] in roles
                and linked_on
                and linked_on <= self._as_of
            ):
                person = self._people.survivor(row["nominal_id"])
                if person and row["crime_ref"] in self._reports.sound:
                    linked[person.nominal_id].add(row["crime_ref"])
        return linked

    def _is_restricted(self, person: Person, refs: list[str]) -> bool:
        return bool(self._people.restricted_records[person.nominal_id].intersection(refs))

    def _crimes(self, person: Person) -> Iterator[Contribution]:
        policy, reports = self._policy, self._reports
        for ref in self.suspected.get(person.nominal_id, ()):
            row = reports.sound[ref]
            committed = read_date(row["committed_from"])
            assert committed
            years = completed_years(committed, self._as_of)
            born = person.date_of_birth
            if (
                not reports.scores(ref)
                or self._is_restricted(person, reports.same_crime(ref))
                or years >= policy.crime_lookback_years
                or (born and completed_years(born, committed) < policy.minimum_age)
            ):
                continue
            weight = policy.weights[row["offence_code"]]
            yield Contribution(
                person.nominal_id,
                "crime",
                ref,
                committed,
                row["offence_code"],
                None,
                reports.crime_area(ref),
                weight.value,
                weight.is_imputed,
                years,
                decayed(Decimal(1), policy.decay_method, years, 6),
                None,
                Decimal(0)
                if self._is_left_out(person, ref)
                else decayed(weight.value, policy.decay_method, years),
            )

    def _is_left_out(self, person: Person, ref: str) -> bool:
        if self._policy.left_out == "mere_suspects":
            return ref not in self._accused[person.nominal_id]
        return self._reports.is_left_out(ref)

    def _by_incident(self, crimes: list[Contribution]) -> list[Contribution]:
        """Of one incident's reports a variant lets only the one with the most points count."""
        if self._policy.left_out != "repeats_of_an_incident":
            return crimes
        counted: dict[str, Contribution] = {}
        for crime in sorted(crimes, key=lambda crime: (-crime.points, crime.record_ref)):
            counted.setdefault(self._reports.incident(crime.record_ref), crime)
        return [crime if crime in counted.values() else replace(crime, points=Decimal(0)) for crime in crimes]

    def _known(self, person: Person, refs: set[str], scoring: set[str]) -> Iterator[Contribution]:
        policy = self._policy
        for ref in refs:
            row = self._intelligence[ref]
            submitted = date_of(row["submitted_at"])
            category = policy.categories[row["category"]]
            assert submitted
            years = completed_years(submitted, self._as_of)
            if (
                row["record_status"] != "live"
                or submitted > self._as_of
                or category["in_scope"] != "true"
                or years >= policy.intelligence_window_years
                or self._is_restricted(person, [ref])
                or not self._linked_report_allows(person, row, scoring)
            ):
                continue
            base = Decimal(category["base_points"])
            reliability = policy.reliability[
                row["grading_scheme"], row["source_grade"], row["assessment_grade"]
            ]
            yield Contribution(
                person.nominal_id,
                "intelligence",
                ref,
                submitted,
                None,
                row["category"],
                category["crime_area"],
                base,
                False,
                years,
                Decimal(1),
                reliability,
                rounded(Fraction(base) * Fraction(reliability)),
            )

    def _linked_report_allows(self, person: Person, row: Row, scoring: set[str]) -> bool:
        linked, reports = row["linked_crime_ref"], self._reports
        if linked is None:
            return True
        meant = reports.meant_by_link(linked)
        return bool(meant) and not any(
            ref in scoring or reports.is_domestic(ref) or self._is_restricted(person, reports.same_crime(ref))
            for ref in meant
        )

    def _cap(
        self, nominal_id: str, crimes: list[Contribution], known: list[Contribution]
    ) -> Iterator[Contribution]:
        most = rounded(self._policy.intelligence_cap_ratio * Fraction(total(crimes)))
        over = total(known) - most
        if over > 0:
            nothing = (None,) * 9
            yield Contribution(nominal_id, "intelligence_cap", "cap", *nothing, -over)


def total(contributions: list[Contribution]) -> Decimal:
    return sum((contribution.points for contribution in contributions), Decimal("0.0000"))
