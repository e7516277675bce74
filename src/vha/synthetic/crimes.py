"""Crime reports and their flags: incidents first, then the one or more reports of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from vha.synthetic import marginals, offences
from vha.synthetic.chance import (
    DAY,
    Bools,
    Coded,
    Dates,
    Ints,
    Rng,
    chance,
    draw,
    later,
    looked_up,
    moments,
    references,
    text_table,
)
from vha.synthetic.scale import Scale

CUTOVER = np.datetime64("2024-02-01")  # CRIS before, CONNECT since (public: the force moved in February 2024)
MIGRATION = 90  # days after the cutover within which open CRIS reports were carried over
OPEN_AT_CUTOVER = 540  # days before the cutover from which reports may still have been open
MIGRATED = 0.06  # of those

FLAGS = ("knife", "firearm", "corrosive", "domestic")
# Of the reports where it is true: flagged by hand, flagged by the system. They disagree on about a quarter.
FLAGGED_BY_HAND = {"knife": 0.84, "firearm": 0.88, "corrosive": 0.80, "domestic": 0.93}
FLAGGED_BY_SYSTEM = {"knife": 0.88, "firearm": 0.90, "corrosive": 0.60, "domestic": 0.88}
FALSELY_FLAGGED = {"knife": 0.0015, "firearm": 0.0003, "corrosive": 0.00005, "domestic": 0.001}

# How reports end, by whether a suspect was identified. A charge is decided by the offence.
OUTCOMES_WITH_SUSPECT = {
    "2": 0.012, "3": 0.015, "4": 0.002, "5": 0.002, "6": 0.004, "8": 0.045, "9": 0.004, "10": 0.030,
    "12": 0.004, "13": 0.003, "15": 0.240, "16": 0.390, "17": 0.010, "20": 0.020, "21": 0.008, "22": 0.018,
}  # fmt: skip
OUTCOMES_WITHOUT_SUSPECT = {"14": 0.10, "18": 0.88, "20": 0.01, "21": 0.01}
STILL_OPEN = 0.09  # no outcome yet
OUTCOME_CODES = tuple(str(number) for number in range(1, 23))


@dataclass(frozen=True)
class Crimes:
    """Reports by position; the migrated ones come last, each the newer form of another.

    Attributes:
        refs: ``crime_ref``.
        incident: number of the incident, from 0.
        day: ``committed_from``.
        offence: position in ``offences.OFFENCES``.
        suspect_known: whether a suspect was identified.
        domestic: whether it truly was domestic.
        public_violence: whether it truly was violence with a weapon or of the gravest kinds, not domestic.
        outcome: ``outcome_code``.
        recorded: ``recorded_at``.
        older: position of the report this one was migrated from; -1 for none.
        truths: of each flag, whether it truly holds.
    """

    refs: pa.Array
    incident: Ints
    day: Dates
    offence: Ints
    suspect_known: Bools
    domestic: Bools
    public_violence: Bools
    outcome: Coded
    recorded: Dates
    older: Ints
    truths: dict[str, Bools]

    @property
    def size(self) -> int:
        return int(self.day.size)


def commit(rng: Rng, scale: Scale, end: np.datetime64) -> Crimes:
    """What happened, and how it was recorded, up to the last moment ``end``."""
    today = end.astype("datetime64[D]")
    n = scale.crime_reports
    incident_offence = draw(rng, offences.shares(scale.emphasis), n)
    several = chance(rng, offences.by_kind("several")[incident_offence], n)
    reports = np.where(several, 1 + np.minimum(rng.geometric(0.6, n), 6), 1)
    incident = np.repeat(np.arange(n), reports)[:n]

    ago = rng.integers(0, scale.years * 365, n)
    history = chance(rng, 0.01, n)  # some report what happened years before
    ago = np.where(history, ago + rng.integers(0, 4 * 365, n), ago)
    kind = np.array(offences.KIND_OF)[incident_offence]
    known = chance(rng, offences.by_kind("suspect")[incident_offence], n)
    # A suspect below the age of criminal responsibility: rare, with an outcome of its own.
    child = known & chance(rng, 0.003, n)
    domestic = chance(rng, offences.by_kind("domestic")[incident_offence], n)

    offence = incident_offence[incident]
    # The second and third report of a violent incident often name another offence, mostly a lesser one.
    first = np.concatenate([[True], incident[1:] != incident[:-1]])
    violent = np.isin(kind[incident], ["homicide", "serious violence", "violence", "robbery"])
    other = ~first & violent & chance(rng, 0.3, n)
    lesser = np.array([offences.CODES.index(code) for code in ("8N", "105A", "3B", "34B")])
    offence = np.where(other, lesser[draw(rng, (5, 3, 1, 1), n)], offence)

    knife = chance(rng, offences.by_offence("knife")[incident_offence], n)[incident]
    firearm = chance(rng, offences.by_offence("firearm")[incident_offence], n)[incident]
    serious = np.isin(kind[incident], ["homicide", "serious violence", "weapons"])
    truths = {
        "knife": knife,
        "firearm": firearm,
        "corrosive": violent & chance(rng, 0.0015, n),
        "domestic": domestic[incident],
    }
    day = (today - ago * DAY)[incident]
    wait = np.floor(rng.exponential(np.where(kind == "sexual", 60.0, 1.5)[incident], n)).astype(np.int64)
    wait = np.where(history[incident], np.maximum(wait, ago[incident] - scale.years * 365), wait)
    recorded = moments(rng, np.minimum(day + wait * DAY, today))
    outcome = _outcomes(rng, offence, known[incident], child[incident])
    crimes = Crimes(
        refs=pa.nulls(0, pa.string()),
        incident=incident,
        day=day,
        offence=offence,
        suspect_known=known[incident],
        domestic=truths["domestic"],
        public_violence=~truths["domestic"] & (knife | firearm | serious),
        outcome=outcome,
        recorded=recorded,
        older=np.full(n, -1),
        truths=truths,
    )
    return _migrated(rng, crimes, end)


def _outcomes(rng: Rng, offence: Ints, known: Bools, child: Bools) -> Coded:
    n = offence.size
    nobody = Coded.drawn(rng, OUTCOMES_WITHOUT_SUSPECT, n, STILL_OPEN).relabelled(OUTCOME_CODES)
    somebody = Coded.drawn(rng, OUTCOMES_WITH_SUSPECT, n, STILL_OPEN).relabelled(OUTCOME_CODES)
    outcome = Coded(np.where(known, somebody.positions, nobody.positions), OUTCOME_CODES)
    charged = known & chance(rng, offences.by_kind("charged")[offence], n)
    cannabis = known & (offence == offences.CODES.index("92E")) & chance(rng, 0.2, n)
    return outcome.replaced(charged, "1").replaced(cannabis, "7").replaced(child, "11")


def _migrated(rng: Rng, crimes: Crimes, end: np.datetime64) -> Crimes:
    """The reports, and after them the newer forms of those that were still open when CRIS was closed."""
    was_open = (crimes.recorded < CUTOVER) & (crimes.recorded >= CUTOVER - OPEN_AT_CUTOVER * DAY)
    carried = CUTOVER + rng.integers(4, MIGRATION, crimes.size) * DAY
    older = np.flatnonzero(
        was_open & chance(rng, MIGRATED, crimes.size) & (carried < end.astype("datetime64[D]"))
    )

    def both(values: np.ndarray) -> np.ndarray:
        return np.concatenate([values, values[older]])

    return Crimes(
        refs=references("CR-", crimes.size + older.size, rng),
        incident=both(crimes.incident),
        day=both(crimes.day),
        offence=both(crimes.offence),
        suspect_known=both(crimes.suspect_known),
        domestic=both(crimes.domestic),
        public_violence=both(crimes.public_violence),
        outcome=crimes.outcome.joined(crimes.outcome.take(older)),
        recorded=np.concatenate([crimes.recorded, moments(rng, carried[older])]),
        older=np.concatenate([crimes.older, older]),
        truths={flag: both(truth) for flag, truth in crimes.truths.items()},
    )


def report_table(rng: Rng, crimes: Crimes, end: np.datetime64) -> pa.Table:
    """The table ``crime_report``, in the order of recording."""
    n = crimes.size
    incidents = references("INC-", int(crimes.incident.max()) + 1, rng)
    # The reports of one incident always carry its reference; of the others two thirds do.
    alone = np.bincount(crimes.incident)[crimes.incident] == 1
    unnamed = alone & chance(rng, 0.33, n)
    lasted = np.where(chance(rng, 0.55, n), -1, np.where(chance(rng, 0.8, n), 0, rng.geometric(0.3, n)))
    committed_to = np.minimum(crimes.day + lasted * DAY, crimes.recorded.astype("datetime64[D]"))
    # Where it happened belongs to the incident, not to each report of it.
    n_incidents = len(incidents)
    borough = Coded.drawn(rng, marginals.BOROUGHS, n_incidents, marginals.BOROUGH_MISSING)
    status = Coded.drawn(rng, {"live": 0.96, "cancelled": 0.03, "transferred": 0.01}, n)
    order = np.argsort(crimes.recorded, kind="stable")
    columns = {
        "source_system": Coded((crimes.recorded >= CUTOVER).astype(np.int64), ("CRIS", "CONNECT")),
        "offence_code": Coded(crimes.offence, offences.CODES),
        "record_status": status.replaced((crimes.older >= 0) | _superseded(crimes), "live"),
        "outcome_code": crimes.outcome,
        "location_kind": _location_kind(rng, crimes),
        "borough": borough.take(crimes.incident),
    }
    ordered = {name: column.take(order) for name, column in columns.items()}
    return text_table(
        {
            "crime_ref": crimes.refs.take(order),
            "source_system": ordered["source_system"],
            "recorded_at": crimes.recorded[order],
            "committed_from": crimes.day[order],
            "committed_to": np.where(lasted < 0, np.datetime64("NaT"), committed_to)[order],
            "offence_code": ordered["offence_code"],
            "record_status": ordered["record_status"],
            "outcome_code": ordered["outcome_code"],
            "location_kind": ordered["location_kind"],
            "borough": ordered["borough"],
            "incident_ref": looked_up(incidents, np.where(unnamed, -1, crimes.incident)[order]),
            "migrated_from_ref": looked_up(crimes.refs, crimes.older[order]),
            "updated_at": later(rng, crimes.recorded, 60, end)[order],
        }
    )


def _superseded(crimes: Crimes) -> Bools:
    carried = np.zeros(crimes.size, dtype=bool)
    carried[crimes.older[crimes.older >= 0]] = True
    return carried


def _location_kind(rng: Rng, crimes: Crimes) -> Coded:
    labels = ("public", "private_domestic", "private_other", "custody", "online")
    place = np.array([offences.KINDS[kind].place for kind in offences.KIND_OF])[crimes.offence]
    place = np.where(crimes.domestic, "domestic", place)
    # One draw an incident, so that its reports of the same kind of place agree.
    level = rng.random(int(crimes.incident.max()) + 1)[crimes.incident]
    found = np.full(crimes.size, -1)
    for name, shares in offences.PLACES.items():
        rows = np.flatnonzero(place == name)
        recorded = np.searchsorted(
            np.cumsum([shares.get(label, 0.0) for label in labels]), level[rows], side="right"
        )
        found[rows] = np.where(recorded == len(labels), -1, recorded)
    return Coded(found, labels)


def flag_table(rng: Rng, crimes: Crimes, end: np.datetime64) -> pa.Table:
    """The table ``crime_flag``: set by hand and derived by the recording system, which may disagree."""
    where, flag, origin = [], [], []
    for number, name in enumerate(FLAGS):
        for place, rates in enumerate((FLAGGED_BY_HAND, FLAGGED_BY_SYSTEM)):
            truth = crimes.truths[name]
            rate = np.where(truth, rates[name], FALSELY_FLAGGED[name])
            # Some flags were lost on the way from CRIS to CONNECT.
            rate = np.where(crimes.older >= 0, 0.75 * rate, rate)
            rows = np.flatnonzero(chance(rng, rate, crimes.size))
            where.append(rows)
            flag.append(np.full(rows.size, number))
            origin.append(np.full(rows.size, place))
    report = np.concatenate(where)
    order = np.argsort(crimes.recorded[report], kind="stable")
    report = report[order]
    return text_table(
        {
            "crime_ref": crimes.refs.take(report),
            "flag": Coded(np.concatenate(flag)[order], FLAGS),
            "origin": Coded(np.concatenate(origin)[order], ("manual", "derived")),
            "updated_at": later(rng, crimes.recorded[report], 5, end),
        }
    )
