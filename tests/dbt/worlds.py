"""Random worlds: delivered rows that crowd at the edges of the method's rules.

Dates lie around anniversaries, birthdays and the as-of date; reports, nominals and restrictions hang together
in chains and circles; every kind of bad row occurs. Everything follows from the seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from reference.records import TABLES, Row

World = dict[str, list[Row]]
T = TypeVar("T")

OFFENCES = (
    "1", "2", "3A", "3B", "4.1", "5D", "5D", "5E", "8N", "8N", "8P", "10A", "10B", "10C", "10D", "10D", "29",
    "29A", "31", "31A", "34A", "34B", "34B", "36", "62A", "81", "90", "104", "105A", "8L", "46", "4.2",
)  # fmt: skip
CATEGORIES = (
    "knife_carrying", "firearm_supply", "weapon_supply", "retaliation", "robbery_planning",
    "violent_disorder_planning", "drugs_supply",
)  # fmt: skip
JUNK = (
    None, "", " \t", "zzz", "SUSPECT", "live ", "Live", "\xa0live", "9", "A", "E", "2025-02-30", "2025-2-03",
    "2024-02-29", "1899-12-31", "1900-01-01", "1931-06-30", "2100-12-31", "2101-01-01", "infinity",
    "2025-01-05T10:00:00", "2025-01-05 10:00:00", "2025-01-05 10:00:00.5", "2025-01-05 10:00:00+01",
    "2025-01-05 24:00:00", "2025-01-05 10:00:60", "1931-06-30 10:00:00",
)  # fmt: skip
CHARACTERISTICS = {
    "sex": ("M", "F", "X", None, "m"),
    "self_defined_ethnicity": ("W1", "B1", "B2", "A2", "M1", "O1", "NS", None, "Z9"),
    "officer_observed_ethnicity": ("IC1", "IC3", "IC4", "IC9", None, "IC7"),
    "religion": ("none", "christian", "muslim", "not_stated", None, "jedi"),
    "disability": ("Y", "N", "not_stated", None, "?"),
    "sexual_orientation": ("heterosexual", "gay_lesbian", "not_stated", None, "-"),
}
BOROUGHS = ("Camden", "Hackney", "Westminster", None, "Atlantis")


def random_world(seed: int, people: int, as_of: date) -> World:
    """About as many crime reports as people, and as many intelligence reports; five links each."""
    return _Builder(Random(f"{seed} {people} {as_of}"), people, as_of).world()


def evolved(world: World, seed: int, as_of: date) -> World:
    """The same sources some time later: rows gone, rows changed, people merged, restricted, deceased."""
    random = Random(f"evolved {seed}")
    later: World = {
        name: [dict(row) for row in rows if random.random() > 0.02] for name, rows in world.items()
    }
    changes: dict[str, dict[str, Sequence[str | None]]] = {
        "crime_report": {
            "record_status": ("cancelled", "transferred"),
            "offence_code": OFFENCES,
            "outcome_code": ("11", "14", "18", "1"),
            "committed_from": (str(as_of - timedelta(days=9)),),
        },
        "crime_person": {"link_status": ("withdrawn",), "role": ("victim", "accused")},
        "intelligence_report": {"record_status": ("retracted",), "assessment_grade": ("C", "3")},
        "nominal": {
            "deceased_on": (str(as_of), str(as_of + timedelta(days=1)), "soon"),
            "merged_into": ("P1", "P2", "P9", "P10", "nobody"),
            "date_of_birth": (None, "never", str(as_of.replace(day=1, year=as_of.year - 9))),
        },
    }
    for name, columns in changes.items():
        for row in later[name]:
            for column, values in columns.items():
                if random.random() < 0.05:
                    row[column] = random.choice(values)
    people = [row["nominal_id"] for row in world["nominal"]]
    later["restriction"] += [
        {
            "restriction_id": f"L{n}",
            "nominal_id": random.choice(people),
            "record_ref": random.choice((None, f"C{random.randrange(len(people))}")),
            "reason": "objection_upheld",
            "starts_on": str(as_of),
            "updated_at": f"{as_of} 00:00:00",
        }
        for n in range(len(people) // 20)
    ]
    return later


class _Builder:
    def __init__(self, random: Random, people: int, as_of: date) -> None:
        self.random, self.as_of, self.n = random, as_of, people
        self.people = [f"P{n}" for n in range(people)]
        self.crimes = [f"C{n}" for n in range(people)]
        self.intelligence = [f"I{n}" for n in range(people)]

    def world(self) -> World:
        world: World = {
            "crime_report": [self._report(ref) for ref in self.crimes],
            "crime_flag": [self._flag() for _ in range(2 * self.n)],
            "crime_person": [],
            "intelligence_report": [],
            "intelligence_subject": [],
            "nominal": [self._nominal(person) for person in self.people],
            "restriction": [self._restriction(n) for n in range(self.n // 4)],
            "safeguarding": [self._referral() for _ in range(self.n // 6)],
        }
        for person in self.people:
            # A person's crimes lie close together, so that records meet: links, migrations, intelligence.
            for _ in range(self.random.randrange(12)):
                world["crime_person"].append(self._link(person))
        for ref in self.intelligence:
            person = self._pick(f"P{ref[1:]}", *self.people[:9])
            world["intelligence_report"].append(self._intelligence_report(ref, person))
            subjects = [person, *self.random.sample(self.people, self.random.randrange(3))]
            world["intelligence_subject"] += [self._subject(ref, subject) for subject in subjects]
        for name, rows in world.items():
            self._spoil(name, rows)
            self._duplicate(name, rows)
            self.random.shuffle(rows)
        return world

    def _chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def _pick(self, usual: T, *others: T, rarely: float = 0.06) -> T:
        return self.random.choice(others) if self._chance(rarely) else usual

    def _years_ago(self, years: int) -> date:
        """An anniversary of the as-of date, give or take a day."""
        year = self.as_of.year - years
        leap_day = date(year, 2, 29) if year % 4 == 0 else date(year, 3, 1)
        day = date(year, self.as_of.month, min(self.as_of.day, 28))
        day += timedelta(days=self.as_of.day - day.day + self.random.randint(-1, 1))
        return self._pick(day, leap_day, rarely=0.1)

    def _around_now(self) -> date:
        return self.as_of + timedelta(days=self.random.randint(-1, 1))

    def _some_day(self, years: int) -> date:
        if self._chance(0.5):
            return self._years_ago(self.random.randint(0, years))
        return self.as_of - timedelta(days=self.random.randint(0, 365 * years))

    def _time(self, day: date) -> str:
        return f"{day} {self.random.choice(('00:00:00', '23:59:59', '12:30:00'))}"

    def _updated(self) -> str:
        return self._time(self.as_of - timedelta(days=self.random.randint(-3, 40)))

    def _crime_near(self, person: str) -> str:
        return self.crimes[(int(person[1:]) + self.random.randint(0, 7)) % len(self.crimes)]

    def _report(self, ref: str) -> Row:
        committed = self._some_day(6)
        recorded = committed + timedelta(days=self._pick(self.random.randint(0, 3), -1, 400, rarely=0.02))
        near = self.crimes[max(0, int(ref[1:]) - self.random.randint(1, 3))]
        anywhere = self.random.choice(self.crimes)
        return {
            "crime_ref": ref,
            "source_system": self._pick("CONNECT", "CRIS", rarely=0.5),
            "recorded_at": self._time(self._pick(recorded, self._around_now(), rarely=0.03)),
            "committed_from": str(committed),
            "committed_to": self._pick(None, str(committed), rarely=0.2),
            "offence_code": self._pick(self.random.choice(OFFENCES), "999", rarely=0.005),
            "record_status": self._pick("live", "cancelled", "transferred"),
            "outcome_code": self._pick(None, *map(str, range(1, 23)), rarely=0.3),
            "location_kind": self._pick(
                "public", None, "private_domestic", "private_other", "custody", "online", rarely=0.2
            ),
            "borough": self.random.choice(BOROUGHS),
            # Up to three reports to an incident, and some that belong to none.
            "incident_ref": f"E{int(ref[1:]) // 3}" if int(ref[1:]) % 7 else None,
            "migrated_from_ref": self._pick(None, near, near, near, anywhere, ref, "C?", rarely=0.15),
            "updated_at": self._updated(),
        }

    def _flag(self) -> Row:
        flag = self.random.choice(("knife", "knife", "knife", "firearm", "firearm", "corrosive"))
        return {
            "crime_ref": self._pick(self.random.choice(self.crimes), "C?", None, rarely=0.01),
            "flag": self._pick(flag, "domestic", "domestic", "DOMESTIC", None, rarely=0.05),
            "origin": self._pick("manual", "derived", "derived", "guess", None, rarely=0.4),
            "updated_at": self._updated(),
        }

    def _link(self, person: str) -> Row:
        roles = ("suspect", "suspect", "suspect", "accused", "accused", "victim", "witness", "other")
        return {
            "crime_ref": self._pick(self._crime_near(person), "C?", rarely=0.004),
            "nominal_id": self._pick(person, "nobody", rarely=0.004),
            "role": self._pick(self.random.choice(roles), "Suspect", rarely=0.005),
            "link_status": self._pick("live", "withdrawn"),
            "linked_at": self._time(self._pick(self._some_day(5), self._around_now())),
            "updated_at": self._updated(),
        }

    def _intelligence_report(self, ref: str, person: str) -> Row:
        letter, number = self.random.choice("ABCDE"), self.random.choice("12345")
        older = self._chance(0.4)
        scheme = self._pick("5x5x5" if older else "3x5x2", "4x4x4", rarely=0.01)
        source, assessment = (letter, number) if older else (self.random.choice("123"), letter)
        submitted = self._pick(self._some_day(2), self._around_now())
        return {
            "intel_ref": ref,
            "submitted_at": self._time(submitted),
            "event_on": self._pick(str(submitted), None, rarely=0.3),
            "category": self._pick(self.random.choice(CATEGORIES), "gossip", rarely=0.01),
            "grading_scheme": scheme,
            "source_grade": source,
            "assessment_grade": self._pick(assessment, "3", "F", rarely=0.02),
            "handling_code": self.random.choice("PC12345"),
            "record_status": self._pick("live", "retracted"),
            "linked_crime_ref": self._pick(None, *3 * [self._crime_near(person)], "C?", rarely=0.7)
            if self._chance(0.9)
            else self.random.choice(self.crimes),
            "updated_at": self._updated(),
        }

    def _subject(self, ref: str, person: str) -> Row:
        return {
            "intel_ref": self._pick(ref, "I?", rarely=0.004),
            "nominal_id": self._pick(person, "nobody", rarely=0.004),
            "involvement": self._pick("subject", "associate", "victim", "witness", "boss", rarely=0.2),
            "updated_at": self._updated(),
        }

    def _nominal(self, person: str) -> Row:
        youth = str(self._years_ago(self.random.choice((10, 14, 15, 16, 17, 18))))
        adult = str(self.as_of - timedelta(days=self.random.randint(18 * 366, 60 * 365)))
        near = f"P{max(0, int(person[1:]) + self.random.randint(-4, 1))}"
        anyone = self.random.choice(self.people)
        return {
            "nominal_id": person,
            "date_of_birth": self._pick(adult, youth, youth, youth, None, rarely=0.4),
            **{column: self.random.choice(values) for column, values in CHARACTERISTICS.items()},
            "deceased_on": self._pick(None, str(self._around_now()), rarely=0.05),
            "merged_into": self._pick(
                None, near, near, near, near, near, anyone, anyone, "nobody", person, rarely=0.12
            ),
            "updated_at": self._updated(),
        }

    def _restriction(self, n: int) -> Row:
        person = self.random.choice(self.people)
        return {
            "restriction_id": self._pick(f"R{n}", None, rarely=0.01),
            "nominal_id": self._pick(person, "nobody", None, rarely=0.02),
            "record_ref": self._pick(
                self._crime_near(person), None, None, f"I{person[1:]}", "C?", rarely=0.6
            ),
            "reason": self._pick("accuracy_contested", "legal_hold", "spite", rarely=0.1),
            "starts_on": str(self._pick(self._some_day(1), self._around_now(), rarely=0.4)),
            "ends_on": self._pick(None, str(self._around_now()), rarely=0.25),
            "updated_at": self._updated(),
        }

    def _referral(self) -> Row:
        return {
            "nominal_id": self._pick(self.random.choice(self.people), "nobody", rarely=0.01),
            "kind": self._pick("criminal_exploitation", "child_protection", "else", rarely=0.1),
            "opened_on": str(self._pick(self._some_day(2), self._around_now(), rarely=0.4)),
            "closed_on": self._pick(None, str(self._around_now()), rarely=0.5),
            "updated_at": self._updated(),
        }

    def _spoil(self, name: str, rows: list[Row]) -> None:
        """Here and there a value that is no value, or one with space around it."""
        for row in rows:
            if self._chance(0.015):
                row[self.random.choice(TABLES[name].columns)] = self.random.choice(JUNK)
            if self._chance(0.03):
                column = self.random.choice(TABLES[name].columns)
                row[column] = f"\t {row[column] or ''} \r\n"

    def _duplicate(self, name: str, rows: list[Row]) -> None:
        """Versions of rows: older, newer, just as old, and of unknown age."""
        for row in self.random.sample(rows, len(rows) // 25):
            for _ in range(self.random.choice((1, 1, 2))):
                other = self.random.choice(rows)
                column = self.random.choice([c for c in TABLES[name].columns if c not in TABLES[name].key])
                version = {**row, column: other[column]}
                if self._chance(0.5):
                    version["updated_at"] = self._pick(
                        self._updated(), None, "2150-01-01 00:00:00", rarely=0.3
                    )
                rows.append(version)
