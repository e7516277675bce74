"""The people of the synthetic world, and what the person index holds of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from vha.synthetic import marginals
from vha.synthetic.chance import (
    DAY,
    Bools,
    Coded,
    Dates,
    Floats,
    Ints,
    Rng,
    chance,
    draw,
    heavy_tail,
    later,
    looked_up,
    moments,
    references,
    some,
    text_table,
    years_after,
)
from vha.synthetic.scale import Scale

# The age-crime curve of recorded suspects: relative rate at an age in years. Assumption, of the usual shape.
SUSPECT_AGES = (8, 12, 15, 18, 23, 30, 40, 55, 70, 90)
SUSPECT_RATES = (0.0, 0.25, 0.8, 1.2, 1.2, 0.9, 0.6, 0.25, 0.06, 0.01)
VIOLENT_RATES = (0.0, 0.9, 2.0, 1.8, 1.1, 0.45, 0.16, 0.05, 0.01, 0.0)
MALE_SUSPECTS, MALE_VIOLENT = 3.0, 12.0  # rate of men and boys relative to women and girls
EVER_SUSPECTED = 0.42

DUPLICATES = 0.015  # of all people, have a second nominal that was merged into the first
CHAINED = 0.2  # of those, have a third, merged into the second
CORE_DUPLICATES = 0.04


@dataclass(frozen=True)
class People:
    """Nominals by position: first the different people, then the second and third nominals of some of them.

    Attributes:
        ids: ``nominal_id``.
        birth: true date of birth.
        male: true sex.
        ethnicity: true group, positions in ``marginals.ETHNICITIES``.
        core: whether of the few whom most public violence with a known suspect is recorded against.
        suspect_weight, violent_weight, victim_weight: relative rates of records; 0 for second nominals.
        active_from: before this day nobody is recorded as a suspect.
        merged_into: position of the nominal this one was merged into; -1 for none.
        person: position of the person's first nominal.
    """

    ids: pa.Array
    birth: Dates
    male: Bools
    ethnicity: Coded
    core: Bools
    suspect_weight: Floats
    violent_weight: Floats
    victim_weight: Floats
    active_from: Dates
    merged_into: Ints
    person: Ints

    @property
    def size(self) -> int:
        return int(self.birth.size)

    @property
    def in_a_merge(self) -> Bools:
        """Whether the nominal was merged into another, or another into it."""
        merged = self.merged_into >= 0
        merged[self.merged_into[merged]] = True
        return merged


def populate(rng: Rng, scale: Scale, reference_date: np.datetime64) -> People:
    """Make the people of a world of this size."""
    n = scale.people
    ages = np.array(list(marginals.AGE_BANDS))
    notice = [share * marginals.NOTICE_BY_AGE[age] for age, share in marginals.AGE_BANDS.items()]
    age = ages[draw(rng, notice, n)] + 5 * rng.random(n)
    birth = reference_date - (age * 365.25).astype("timedelta64[D]") - DAY
    male = chance(rng, 0.56, n)
    ethnicity = Coded.drawn(rng, marginals.ETHNICITIES, n)
    suspected = _by_group(ethnicity, marginals.RECORDED_AS_SUSPECT)

    middle = age - 3  # age in the middle of the six years of records
    violent = np.interp(middle, SUSPECT_AGES, VIOLENT_RATES) * np.where(male, MALE_VIOLENT, 1.0) * suspected
    core = np.zeros(n, dtype=bool)
    core[rng.choice(n, scale.violent_core, replace=False, p=violent / violent.sum())] = True

    rate = np.interp(middle, SUSPECT_AGES, SUSPECT_RATES) * np.where(male, MALE_SUSPECTS, 1.0)
    # For suspicion of anything else a smaller disparity is assumed: the square root of that in violence.
    rate *= np.sqrt(suspected) * (chance(rng, EVER_SUSPECTED, n) | core) * np.where(core, 3.0, 1.0)
    suspect_weight = rate * heavy_tail(rng, n, alpha=1.3, largest=60.0)
    violent_weight = core * heavy_tail(rng, n, alpha=1.9, largest=12.0)
    victim_weight = rng.lognormal(0.0, 0.8, n) * _by_group(ethnicity, marginals.RECORDED_AS_VICTIM)
    victim_weight *= np.where(core, 3.0, 1.0)
    active_from = years_after(birth, 10) + (365 * rng.gamma(2.0, 1.4, n)).astype("timedelta64[D]")

    person, merged_into = _duplicates(rng, core)
    second = np.arange(person.size) >= n
    birth = birth[person]
    # A second nominal often comes from a mistaken date of birth.
    mistaken = second & chance(rng, 0.3, person.size)
    birth = np.where(mistaken, birth + rng.integers(1, 28, person.size) * DAY, birth)
    return People(
        ids=references("SYN-", person.size, rng),
        birth=birth,
        male=male[person],
        ethnicity=ethnicity.take(person),
        core=core[person],
        suspect_weight=np.where(second, 0.0, suspect_weight[person]),
        violent_weight=np.where(second, 0.0, violent_weight[person]),
        victim_weight=np.where(second, 0.0, victim_weight[person]),
        active_from=active_from[person],
        merged_into=merged_into,
        person=person,
    )


def _by_group(ethnicity: Coded, rates: dict[str, float]) -> Floats:
    # Chinese is coded with the letter O and counted with the Asian groups, as in the census.
    of_label = [rates["A" if label == "O1" else label[0]] for label in ethnicity.labels]
    return np.array(of_label)[ethnicity.positions]


def _duplicates(rng: Rng, core: Bools) -> tuple[Ints, Ints]:
    """Second and third nominals: of each, the person's first, and the one it was merged into or -1."""
    n = core.size
    first = np.flatnonzero(chance(rng, np.where(core, CORE_DUPLICATES, DUPLICATES), n))
    chained = some(rng, np.ones(first.size, dtype=bool), max(3, round(CHAINED * first.size)))
    merged_into = np.concatenate([np.full(n, -1), first, n + chained])
    return np.concatenate([np.arange(n), first, first[chained]]), merged_into


def split_among_nominals(rng: Rng, people: People, who: Ints) -> Ints:
    """Records of people with several nominals, some of them on the second and third."""
    for _ in range(2):
        merged = np.flatnonzero(people.merged_into >= 0)
        other = np.full(people.size, -1)
        other[people.merged_into[merged]] = merged
        moved = (other[who] >= 0) & chance(rng, 0.35, who.size)
        who = np.where(moved, other[who], who)
    return who


def nominal_table(rng: Rng, people: People, last_recorded: Dates, end: np.datetime64) -> pa.Table:
    """The table ``nominal``.

    Args:
        people: whom it is about.
        last_recorded: the last day each nominal was a suspect (NaT for never): nobody dies before.
        end: the last moment of the world.
    """
    n = people.size
    today = end.astype("datetime64[D]")
    no_date_of_birth = chance(rng, 0.012, n)
    sex = Coded(np.where(people.male, 0, 1), ("M", "F", "X")).replaced(chance(rng, 0.004, n), "X")

    # One in a hundred has died, the old more often: some day after they were last recorded.
    age = (today - people.birth).astype(np.int64) / 365.25
    dead = chance(rng, np.where(age > 65, 0.05, 0.006), n)
    since = np.where(np.isnat(last_recorded), today - 6 * 365 * DAY, last_recorded)
    since = np.minimum(np.maximum(since, people.birth), today)
    died = since + (rng.random(n) * (today - since).astype(np.int64)).astype("timedelta64[D]")

    noted = moments(rng, today - rng.integers(1, 6 * 365, n) * DAY)
    table = text_table(
        {
            "nominal_id": people.ids,
            "date_of_birth": np.where(no_date_of_birth, np.datetime64("NaT"), people.birth),
            "sex": sex.replaced(chance(rng, 0.01, n), None),
            "self_defined_ethnicity": _self_defined(rng, people.ethnicity),
            "officer_observed_ethnicity": _officer_observed(rng, people.ethnicity),
            "religion": Coded.drawn(rng, marginals.RELIGIONS, n, marginals.RELIGION_MISSING),
            "disability": Coded.drawn(rng, marginals.DISABILITIES, n, marginals.DISABILITY_MISSING),
            "sexual_orientation": Coded.drawn(
                rng, marginals.SEXUAL_ORIENTATIONS, n, marginals.SEXUAL_ORIENTATION_MISSING
            ),
            "deceased_on": np.where(dead, died, np.datetime64("NaT")),
            "merged_into": looked_up(people.ids, people.merged_into),
            "updated_at": later(rng, noted, 200, end),
        }
    )
    return table.sort_by("nominal_id")


def _self_defined(rng: Rng, ethnicity: Coded) -> Coded:
    n = ethnicity.positions.size
    # A few describe themselves otherwise than at another time, or are mistyped.
    anew = Coded.drawn(rng, marginals.ETHNICITIES, n)
    said = np.where(chance(rng, 0.03, n), anew.positions, ethnicity.positions)
    stated = Coded(said, (*ethnicity.labels, "NS"))
    stated = stated.replaced(chance(rng, marginals.SELF_DEFINED_NOT_STATED, n), "NS")
    return stated.replaced(chance(rng, marginals.SELF_DEFINED_MISSING, n), None)


def _officer_observed(rng: Rng, ethnicity: Coded) -> Coded:
    n = ethnicity.positions.size
    labels = ("IC1", "IC2", "IC3", "IC4", "IC5", "IC6", "IC9")
    seen = np.full(n, -1)
    for position, group in enumerate(ethnicity.labels):
        rows = np.flatnonzero(ethnicity.positions == position)
        shares = marginals.OFFICER_OBSERVED[group]
        seen[rows] = draw(rng, [shares.get(label, 0.0) for label in labels], rows.size)
    observed = Coded(seen, labels).replaced(chance(rng, marginals.OFFICER_OBSERVED_UNKNOWN, n), "IC9")
    return observed.replaced(chance(rng, marginals.OFFICER_OBSERVED_MISSING, n), None)
