"""What protects people: restrictions in the person index, referrals in the partnership system."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from vha.synthetic.chance import (
    DAY,
    Coded,
    Ints,
    Rng,
    chance,
    later,
    looked_up,
    moments,
    references,
    text_table,
)
from vha.synthetic.crimes import Crimes
from vha.synthetic.links import Links
from vha.synthetic.people import People
from vha.synthetic.scale import Scale

REASONS = {"accuracy_contested": 0.55, "objection_upheld": 0.25, "legal_hold": 0.20}
WHOLE_PERSON = 0.10  # of restrictions
OPEN_ENDED = 0.6
YET_TO_START = 0.05
OF_VIOLENCE = 0.15  # of restrictions of a record: one of public violence

REFERRED = 0.05  # of nominals; several times that of the young and of the violent core
KINDS_OF_THE_YOUNG = {
    "child_protection": 0.42, "criminal_exploitation": 0.22, "missing_episode": 0.22, "modern_slavery": 0.08,
    "mental_health": 0.06,
}  # fmt: skip
KINDS_OF_ADULTS = {
    "mental_health": 0.45, "adult_at_risk": 0.35, "modern_slavery": 0.08, "criminal_exploitation": 0.07,
    "missing_episode": 0.05,
}  # fmt: skip
KINDS = (
    "child_protection",
    "criminal_exploitation",
    "modern_slavery",
    "adult_at_risk",
    "missing_episode",
    "mental_health",
)


def restriction_table(
    rng: Rng,
    scale: Scale,
    people: People,
    crimes: Crimes,
    links: Links,
    intelligence: tuple[pa.Table, pa.Table],
    end: np.datetime64,
) -> pa.Table:
    """The table ``restriction``: of records that name the person, and of some people as a whole."""
    n = scale.restrictions
    today = end.astype("datetime64[D]")
    suspected = np.flatnonzero(links.suspected)
    violent = suspected[crimes.public_violence[links.crime[suspected]]]
    row = np.where(
        chance(rng, OF_VIOLENCE, n),
        violent[rng.integers(0, violent.size, n)],
        suspected[rng.integers(0, suspected.size, n)],
    )
    subjects = intelligence[1]
    subject = rng.integers(0, subjects.num_rows, n)
    of_intelligence = chance(rng, 0.15, n)
    nominal_id = _either(
        of_intelligence, subjects["nominal_id"].take(subject), people.ids.take(links.nominal[row])
    )
    record_ref = _either(
        of_intelligence, subjects["intel_ref"].take(subject), crimes.refs.take(links.crime[row])
    )
    whole = chance(rng, WHOLE_PERSON, n)

    since = rng.integers(5, 1_000, n)
    starts = np.where(chance(rng, YET_TO_START, n), today + rng.integers(1, 60, n) * DAY, today - since * DAY)
    lasts = rng.integers(30, 900, n) * DAY
    ends = np.where(chance(rng, OPEN_ENDED, n), np.datetime64("NaT"), starts + lasts)
    noted = moments(rng, np.minimum(starts, today))
    table = text_table(
        {
            "restriction_id": references("RS-", n, rng),
            "nominal_id": nominal_id,
            "record_ref": looked_up(record_ref, np.where(whole, -1, np.arange(n))),
            "reason": Coded.drawn(rng, REASONS, n),
            "starts_on": starts,
            "ends_on": ends,
            "updated_at": later(rng, noted, 30, end),
        }
    )
    return table.sort_by("restriction_id")


def _either(condition: np.ndarray, if_true: pa.Array, if_false: pa.Array) -> pa.Array:
    both = pa.concat_arrays([*pa.chunked_array(if_true).chunks, *pa.chunked_array(if_false).chunks])
    n = condition.size
    return both.take(pa.array(np.where(condition, np.arange(n), n + np.arange(n))))


def safeguarding_table(rng: Rng, people: People, end: np.datetime64) -> pa.Table:
    """The table ``safeguarding``: open and closed referrals, far more of the young."""
    today = end.astype("datetime64[D]")
    ago = rng.integers(3, 6 * 365, people.size)
    opened = today - ago * DAY
    young = (opened - people.birth).astype(np.int64) < 18 * 365
    rate = REFERRED * np.where(young, 2.5, 0.5) * np.where(people.core, 4.0, 1.0)
    who: Ints = np.flatnonzero(chance(rng, rate, people.size) & (opened > people.birth))
    opened, young, n = opened[who], young[who], who.size
    kinds = np.where(
        young,
        Coded.drawn(rng, KINDS_OF_THE_YOUNG, n).relabelled(KINDS).positions,
        Coded.drawn(rng, KINDS_OF_ADULTS, n).relabelled(KINDS).positions,
    )
    lasted = rng.geometric(1 / 250, n)
    closed = opened + lasted * DAY
    open_still = (closed > today) | chance(rng, 0.1, n)
    order = np.argsort(opened, kind="stable")
    return text_table(
        {
            "nominal_id": people.ids.take(who[order]),
            "kind": Coded(kinds[order], KINDS),
            "opened_on": opened[order],
            "closed_on": np.where(open_still, np.datetime64("NaT"), closed)[order],
            "updated_at": later(rng, moments(rng, opened), 60, end)[order],
        }
    )
