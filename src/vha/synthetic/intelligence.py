"""Intelligence reports and whom they are about."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from vha.synthetic.chance import (
    DAY,
    Coded,
    Ints,
    Rng,
    chance,
    draw,
    later,
    looked_up,
    moments,
    references,
    repeated,
    text_table,
)
from vha.synthetic.crimes import Crimes
from vha.synthetic.links import Links
from vha.synthetic.people import People, split_among_nominals
from vha.synthetic.scale import Scale

# What reports are about. Assumption.
CATEGORIES = {
    "drugs_supply": 0.30, "theft": 0.12, "antisocial_behaviour": 0.11, "domestic_abuse": 0.09,
    "missing_person": 0.05, "child_exploitation": 0.05, "knife_carrying": 0.11, "weapon_supply": 0.02,
    "firearm_possession": 0.04, "firearm_supply": 0.015, "robbery_planning": 0.035,
    "aggravated_burglary_planning": 0.01, "violent_disorder_planning": 0.025, "retaliation": 0.025,
}  # fmt: skip
ABOUT_VIOLENCE = (
    "knife_carrying",
    "weapon_supply",
    "firearm_possession",
    "firearm_supply",
    "robbery_planning",
    "aggravated_burglary_planning",
    "violent_disorder_planning",
    "retaliation",
)
FROM_THE_CORE = 0.5  # of the subjects of reports about violence
LINKED = 0.08  # of reports are about a recorded crime and its suspect

INVOLVEMENTS = ("subject", "associate", "victim", "witness", "mentioned")
FURTHER_PEOPLE = (0.42, 0.27, 0.07, 0.03, 0.21)
PEOPLE_PER_REPORT = (0.60, 0.25, 0.10, 0.05)  # one, two, three, four

# The older scheme gave way to the newer within two years; a few late reports still come in by it.
OLD_SCHEME_ONLY_UNTIL, BOTH_UNTIL = np.datetime64("2021-01-01"), np.datetime64("2022-07-01")
LATE_OLD_SCHEME = 0.02
SOURCE_3X5X2 = {"1": 0.42, "2": 0.50, "3": 0.08}
ASSESSMENT_3X5X2 = {"A": 0.30, "B": 0.22, "C": 0.25, "D": 0.19, "E": 0.04}
SOURCE_5X5X5 = {"A": 0.08, "B": 0.50, "C": 0.12, "D": 0.05, "E": 0.25}
ASSESSMENT_5X5X5 = {"1": 0.15, "2": 0.28, "3": 0.22, "4": 0.31, "5": 0.04}
HANDLING_3X5X2 = {"P": 0.85, "C": 0.15}
HANDLING_5X5X5 = {"1": 0.60, "2": 0.10, "3": 0.10, "4": 0.10, "5": 0.10}


def inform(
    rng: Rng, scale: Scale, people: People, crimes: Crimes, links: Links, end: np.datetime64
) -> tuple[pa.Table, pa.Table]:
    """The tables ``intelligence_report`` and ``intelligence_subject``, in the order of submission."""
    n = scale.intelligence_reports
    today = end.astype("datetime64[D]")
    submitted = np.sort(moments(rng, today - rng.integers(0, scale.years * 365, n) * DAY))
    category = Coded.drawn(rng, CATEGORIES, n)

    # Some are about a recorded crime: submitted soon after it, and about its suspect.
    suspected = np.flatnonzero(links.suspected & (crimes.recorded[links.crime] >= submitted[0]))
    suspected = suspected[np.argsort(crimes.recorded[links.crime[suspected]], kind="stable")]
    recorded = crimes.recorded[links.crime[suspected]]
    latest = np.searchsorted(recorded, submitted, side="right")
    is_linked = chance(rng, LINKED, n) & (latest > 0)
    about = suspected[np.maximum(latest - 1 - rng.integers(0, 400, n), 0)]
    is_linked &= crimes.recorded[links.crime[about]] <= submitted
    crime = np.where(is_linked, links.crime[about], -1)

    happened = submitted.astype("datetime64[D]") - rng.geometric(0.15, n) * DAY
    event_on = np.where(is_linked, crimes.day[np.maximum(crime, 0)], happened)
    unknown_day = chance(rng, 0.3, n) & ~is_linked
    refs = references("IR-", n, rng)
    reports = {
        "intel_ref": refs,
        "submitted_at": submitted,
        "event_on": np.where(unknown_day, np.datetime64("NaT"), event_on),
        "category": category,
        **_grading(rng, submitted),
        "record_status": Coded.drawn(rng, {"live": 0.985, "retracted": 0.015}, n),
        "linked_crime_ref": looked_up(crimes.refs, crime),
        "updated_at": later(rng, submitted, 30, end),
    }
    report, nominal, involvement = _people_of(
        rng, people, category, np.where(is_linked, links.nominal[about], -1)
    )
    subjects = {
        "intel_ref": refs.take(report),
        "nominal_id": people.ids.take(nominal),
        "involvement": Coded(involvement, INVOLVEMENTS),
        "updated_at": later(rng, submitted[report], 10, end),
    }
    return text_table(reports), text_table(subjects)


def _grading(rng: Rng, submitted: np.ndarray) -> dict[str, Coded]:
    n = submitted.size
    share = np.where(
        submitted < OLD_SCHEME_ONLY_UNTIL, 1.0, np.where(submitted < BOTH_UNTIL, 0.5, LATE_OLD_SCHEME)
    )
    old = chance(rng, share, n)

    def either(of_old: dict[str, float], of_new: dict[str, float]) -> Coded:
        labels = tuple(sorted({str(code) for code in (*of_old, *of_new)}))
        drawn = [Coded.drawn(rng, shares, n).relabelled(labels).positions for shares in (of_old, of_new)]
        return Coded(np.where(old, *drawn), labels)

    return {
        "grading_scheme": Coded(old.astype(np.int64), ("3x5x2", "5x5x5")),
        "source_grade": either(SOURCE_5X5X5, SOURCE_3X5X2),
        "assessment_grade": either(ASSESSMENT_5X5X5, ASSESSMENT_3X5X2),
        "handling_code": either(HANDLING_5X5X5, HANDLING_3X5X2),
    }


def _people_of(rng: Rng, people: People, category: Coded, suspect: Ints) -> tuple[Ints, Ints, Ints]:
    """Report, nominal and involvement of each subject row; ``suspect`` is the first one's nominal, or -1."""
    n = suspect.size
    report, number = repeated(1 + draw(rng, PEOPLE_PER_REPORT, n))
    first = number == 0
    involvement = np.where(first & chance(rng, 0.86, report.size), 0, draw(rng, FURTHER_PEOPLE, report.size))
    violent = category.is_in(*ABOUT_VIOLENCE)[report] & chance(rng, FROM_THE_CORE, report.size)
    nominal = np.where(
        violent, draw(rng, people.violent_weight, report.size), draw(rng, people.suspect_weight, report.size)
    )
    onlooker = involvement >= INVOLVEMENTS.index("victim")
    nominal = np.where(onlooker, draw(rng, people.victim_weight, report.size), nominal)
    nominal = split_among_nominals(rng, people, nominal)
    nominal = np.where(first & (suspect[report] >= 0), suspect[report], nominal)
    involvement = np.where(first & (suspect[report] >= 0), 0, involvement)
    # A report names each person once.
    _, once = np.unique(report * 2**32 + nominal, return_index=True)
    once.sort()
    return report[once], nominal[once], involvement[once]
