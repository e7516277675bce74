"""Who is linked to which crime report, and as what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from vha.synthetic import offences
from vha.synthetic.chance import (
    Bools,
    Coded,
    Dates,
    Floats,
    Ints,
    Rng,
    chance,
    draw,
    later,
    repeated,
    text_table,
    years_after,
)
from vha.synthetic.crimes import Crimes
from vha.synthetic.people import People, split_among_nominals

ROLES = ("suspect", "accused", "victim", "witness", "other")
SUSPECT, ACCUSED, VICTIM, WITNESS, OTHER = range(5)

FROM_THE_CORE = 0.55  # of incidents of public violence with a known suspect
SUSPECTS_PER_INCIDENT = (0.76, 0.16, 0.06, 0.02)  # one, two, three, four
CHARGED_OR_CAUTIONED = ("1", "2", "3", "6", "8")
ACCUSED_TOO = 0.04  # of suspects so dealt with: linked in both roles
WITHDRAWN = 0.03
ELIMINATED = 0.012  # of reports without a suspect: somebody was suspected and the link withdrawn
SAME_REPORT_ALLEGATION = 0.006  # of violent reports: a suspect is recorded as a victim in it too
CROSS_ALLEGATION = 0.03  # of violent incidents with several reports: in the second the roles are swapped


@dataclass(frozen=True)
class Links:
    """Links by position: report, nominal, role (position in ``ROLES``), and whether withdrawn."""

    crime: Ints
    nominal: Ints
    role: Ints
    withdrawn: Bools

    @property
    def size(self) -> int:
        return int(self.crime.size)

    @property
    def suspected(self) -> Bools:
        return np.isin(self.role, (SUSPECT, ACCUSED))

    @property
    def pairs(self) -> Ints:
        """One number for each pair of report and nominal."""
        return self.crime * 2**32 + self.nominal

    def where(self, rows: Bools | Ints) -> Links:
        return Links(self.crime[rows], self.nominal[rows], self.role[rows], self.withdrawn[rows])

    def __add__(self, other: Links) -> Links:
        return Links(
            np.concatenate([self.crime, other.crime]),
            np.concatenate([self.nominal, other.nominal]),
            np.concatenate([self.role, other.role]),
            np.concatenate([self.withdrawn, other.withdrawn]),
        )


def _links(crime: Ints, nominal: Ints, role: int, withdrawn: bool = False) -> Links:
    return Links(crime, nominal, np.full(crime.size, role), np.full(crime.size, withdrawn))


def link(rng: Rng, people: People, crimes: Crimes) -> Links:
    """All links, each (report, nominal, role) once, in no meaningful order."""
    original = np.flatnonzero(crimes.older < 0)
    suspects = _suspects(rng, people, crimes, original)
    others = _bystanders(rng, people, crimes, original, suspects)
    links = _counter_allegations(rng, crimes, suspects + others)
    links = _carried_over(rng, crimes, links)
    nominal = split_among_nominals(rng, people, links.nominal)
    return _distinct(Links(links.crime, nominal, links.role, links.withdrawn))


def _suspects(rng: Rng, people: People, crimes: Crimes, original: Ints) -> Links:
    known = original[crimes.suspect_known[original]]
    incidents, first = np.unique(crimes.incident[known], return_index=True)
    per_incident = 1 + draw(rng, SUSPECTS_PER_INCIDENT, incidents.size)
    which, _ = repeated(per_incident)
    report = known[first][which]
    violent = crimes.public_violence[report] & chance(rng, FROM_THE_CORE, report.size)
    day = crimes.day[report]
    person = np.where(
        violent,
        _active(rng, people, people.violent_weight, day),
        _active(rng, people, people.suspect_weight, day),
    )
    child = crimes.outcome.is_in("11")[report]
    person[child] = _children(rng, people, day[child])

    # Each suspect of an incident is suspected in nearly all of its reports, in the first for certain.
    start = np.cumsum(per_incident) - per_incident
    position = np.searchsorted(incidents, crimes.incident[known])
    of_report, number = repeated(per_incident[position])
    kept = (known[of_report] == known[first][position[of_report]]) | chance(rng, 0.9, of_report.size)
    crime = known[of_report][kept]
    nominal = person[(start[position[of_report]] + number)[kept]]
    links = _links(crime, nominal, SUSPECT)

    dealt_with = crimes.outcome.is_in(*CHARGED_OR_CAUTIONED)[crime] & chance(rng, 0.92, crime.size)
    also = links.where(dealt_with & chance(rng, ACCUSED_TOO, crime.size))
    role = np.where(dealt_with, ACCUSED, SUSPECT)
    withdrawn = chance(rng, WITHDRAWN, crime.size)
    links = Links(crime, nominal, role, withdrawn) + also

    nobody = original[~crimes.suspect_known[original] & chance(rng, ELIMINATED, original.size)]
    eliminated = _active(rng, people, people.suspect_weight, crimes.day[nobody])
    return _distinct(links + _links(nobody, eliminated, SUSPECT, withdrawn=True))


def _active(rng: Rng, people: People, weight: Floats, day: Dates) -> Ints:
    """Somebody for each day, by weight, who was already active on it."""
    who = draw(rng, weight, day.size)
    for _ in range(6):
        early = np.flatnonzero(people.active_from[who] > day)
        who[early] = draw(rng, weight, early.size)
    grown_up = weight * (years_after(people.birth, 30) < day.min()) if day.size else weight
    early = np.flatnonzero(people.active_from[who] > day)
    who[early] = draw(rng, grown_up, early.size)
    return who


def _children(rng: Rng, people: People, day: Dates) -> Ints:
    """Somebody for each day who was below the age of criminal responsibility on it, if there is anybody."""
    young = np.flatnonzero(
        (years_after(people.birth, 6) < day.max()) & (years_after(people.birth, 10) > day.min())
    )
    who = young[rng.integers(0, young.size, day.size)]
    for _ in range(12):
        wrong = np.flatnonzero(
            (years_after(people.birth[who], 9.9) < day) | (years_after(people.birth[who], 5) > day)
        )
        who[wrong] = young[rng.integers(0, young.size, wrong.size)]
    return who


def _bystanders(rng: Rng, people: People, crimes: Crimes, original: Ints, suspects: Links) -> Links:
    victim = offences.by_kind("victim")[crimes.offence[original]]
    has_victim = chance(rng, victim, original.size)
    second = has_victim & chance(rng, 0.03, original.size)
    report = np.concatenate([original[has_victim], original[second]])
    victims = _links(report, draw(rng, people.victim_weight, report.size), VICTIM)
    witnesses = np.repeat(original, rng.poisson(0.12, original.size))
    # Witnesses and others are drawn like victims: whoever lives where things happen.
    others = original[chance(rng, 0.03, original.size)]
    links = (
        victims
        + _links(witnesses, draw(rng, people.victim_weight, witnesses.size), WITNESS)
        + _links(others, draw(rng, people.victim_weight, others.size), OTHER)
    )
    links = _distinct(links)
    # Nobody is suspect and bystander of one report by accident; counter-allegations are made on purpose.
    return links.where(~np.isin(links.pairs, suspects.pairs))


def _counter_allegations(rng: Rng, crimes: Crimes, links: Links) -> Links:
    """Some violent reports with a suspect who is a victim too, and some incidents with the roles swapped."""
    violent = np.isin(np.array(offences.KIND_OF), ("serious violence", "violence"))[crimes.offence]
    both = links.suspected & ~links.withdrawn & violent[links.crime]
    accusers = links.where(both & chance(rng, SAME_REPORT_ALLEGATION, links.size))
    links = _distinct(links + _links(accusers.crime, accusers.nominal, VICTIM))

    # Reports are numbered in the order of incidents, so a second report stands right behind its first.
    second = np.flatnonzero((np.diff(crimes.incident, prepend=-1) == 0) & violent & crimes.suspect_known)
    second = second[np.isin(second - 1, second, invert=True) & chance(rng, CROSS_ALLEGATION, second.size)]
    first_of_pair = np.zeros(crimes.size, dtype=bool)
    first_of_pair[second - 1] = True
    second_of_pair = np.zeros(crimes.size, dtype=bool)
    second_of_pair[second] = True
    pair = links.where(first_of_pair[links.crime] & ~links.withdrawn & (links.role <= VICTIM))
    turned = np.where(pair.role == VICTIM, SUSPECT, VICTIM)
    reverse = Links(pair.crime + 1, pair.nominal, turned, pair.withdrawn)
    return _distinct(links.where(~second_of_pair[links.crime]) + reverse)


def _carried_over(rng: Rng, crimes: Crimes, links: Links) -> Links:
    """The links, and those of migrated reports: nearly all of the older report's."""
    newer = np.full(crimes.size, -1)
    migrated = np.flatnonzero(crimes.older >= 0)
    newer[crimes.older[migrated]] = migrated
    copied = links.where((newer[links.crime] >= 0) & chance(rng, 0.96, links.size))
    return links + Links(newer[copied.crime], copied.nominal, copied.role, copied.withdrawn)


def _distinct(links: Links) -> Links:
    _, first = np.unique(links.pairs * 8 + links.role, return_index=True)
    keep = np.zeros(links.size, dtype=bool)
    keep[first] = True
    return links.where(keep)


def link_table(
    rng: Rng, people: People, crimes: Crimes, links: Links, end: np.datetime64
) -> tuple[pa.Table, Ints]:
    """The table ``crime_person`` in the order of linking, and the position in ``links`` of each row."""
    linked = later(rng, crimes.recorded[links.crime], 4, end)
    linked = np.where(chance(rng, 0.6, links.size), crimes.recorded[links.crime], linked)
    order = np.lexsort([links.role, links.nominal, links.crime, linked])
    table = text_table(
        {
            "crime_ref": crimes.refs.take(links.crime[order]),
            "nominal_id": people.ids.take(links.nominal[order]),
            "role": Coded(links.role[order], ROLES),
            "link_status": Coded(links.withdrawn[order].astype(np.int64), ("live", "withdrawn")),
            "linked_at": linked[order],
            "updated_at": later(rng, linked, 20, end)[order],
        }
    )
    return table, order
