"""What time alone does to a person's score: the method's arithmetic for the records that count now.

Nothing new is recorded and nothing is restricted, merged or corrected; the records only grow older. This is the
arithmetic of ``dbt_project/macros/rules.sql`` once more, because a date in the future has no warehouse.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal

FOUR_PLACES = Decimal("0.0001")

Change = Literal["loses a third", "leaves the look-back window", "leaves the intelligence window"]


@dataclass(frozen=True)
class Rules:
    """The parameters of the policy that a score depends on, as time goes by."""

    decay_method: str
    crime_lookback_years: int
    minimum_crime_reports: int
    score_threshold: Decimal
    intelligence_window_years: int
    intelligence_cap_ratio: Decimal


@dataclass(frozen=True)
class Record:
    """A record that counts now.

    Attributes:
        kind: what it is.
        record_ref: its name in the source.
        event_on: the day its years run from.
        full_points: of a crime report, its harm weight; of intelligence, its points.
    """

    kind: Literal["crime", "intelligence"]
    record_ref: str
    event_on: date
    full_points: Decimal


@dataclass(frozen=True)
class Standing:
    """A person's scores on a date."""

    crime_score: Decimal
    crime_reports: int
    uncapped_intelligence: Decimal
    intelligence_cap: Decimal

    @property
    def intelligence_score(self) -> Decimal:
        return min(self.uncapped_intelligence, self.intelligence_cap)

    @property
    def total_score(self) -> Decimal:
        return self.crime_score + self.intelligence_score

    def is_enough(self, rules: Rules) -> bool:
        """Whether reports and score suffice for the list."""
        return (
            self.crime_reports >= rules.minimum_crime_reports
            and self.crime_score > 0
            and self.total_score >= rules.score_threshold
        )


@dataclass(frozen=True)
class Step:
    """A day on which at least one record changes.

    Attributes:
        on: the day.
        changes: the records that change, and how.
        standing: the scores from that day on.
        is_listed: whether they still suffice.
    """

    on: date
    changes: tuple[tuple[Record, Change], ...]
    standing: Standing
    is_listed: bool


def completed_years(since: date, as_of: date) -> int:
    """One less while the month and day of ``as_of`` come before those of ``since``."""
    return as_of.year - since.year - ((as_of.month, as_of.day) < (since.month, since.day))


def completed_on(since: date, years: int) -> date:
    """The first day on which so many years are completed: after a 29 February, 1 March of a common year."""
    try:
        return since.replace(year=since.year + years)
    except ValueError:
        return date(since.year + years, 3, 1)


def points_of(record: Record, rules: Rules, as_of: date) -> Decimal | None:
    """A record's points on a day, to four places, half away from zero; None once it has left its window.

    Raises:
        ValueError: the decay method is unknown.
    """
    years = completed_years(record.event_on, as_of)
    if record.kind == "intelligence":
        return record.full_points if years < rules.intelligence_window_years else None
    if years >= rules.crime_lookback_years:
        return None
    match rules.decay_method:
        case "compounding":
            left = Fraction(2**years, 3**years)
        case "linear":
            left = Fraction(max(0, 3 - years), 3)
        case unknown:
            raise ValueError(f"unknown decay method {unknown!r}")
    ten_thousandths = Fraction(record.full_points) * left * 10_000
    return Decimal(
        (2 * ten_thousandths.numerator + ten_thousandths.denominator) // (2 * ten_thousandths.denominator)
    ).scaleb(-4)


def standing(records: Sequence[Record], rules: Rules, as_of: date) -> Standing:
    """The scores that these records give on a day."""
    points = [(record.kind, points_of(record, rules, as_of)) for record in records]
    crimes = [given for kind, given in points if kind == "crime" and given is not None]
    intelligence = [given for kind, given in points if kind == "intelligence" and given is not None]
    crime_score = sum(crimes, Decimal(0))
    return Standing(
        crime_score=crime_score,
        crime_reports=sum(given > 0 for given in crimes),
        uncapped_intelligence=sum(intelligence, Decimal(0)),
        intelligence_cap=(rules.intelligence_cap_ratio * crime_score).quantize(FOUR_PLACES, ROUND_HALF_UP),
    )


def projection(records: Sequence[Record], rules: Rules, as_of: date) -> Iterator[Step]:
    """The days after ``as_of`` on which a record changes, in order.

    The last step is the day from which the person is no longer listed. There always is one: in the end every
    record has left its window, and nobody is listed without crime reports.
    """
    for day in sorted({day for record in records for day in _anniversaries(record, rules) if day > as_of}):
        changes = tuple((record, change) for record in records if (change := _change(record, rules, day)))
        if changes:
            now = standing(records, rules, day)
            yield Step(day, changes, now, now.is_enough(rules))
            if not now.is_enough(rules):
                return


def _anniversaries(record: Record, rules: Rules) -> Iterator[date]:
    crime = record.kind == "crime"
    for years in range(1, (rules.crime_lookback_years if crime else rules.intelligence_window_years) + 1):
        yield completed_on(record.event_on, years)


def _change(record: Record, rules: Rules, day: date) -> Change | None:
    before, now = points_of(record, rules, day - timedelta(days=1)), points_of(record, rules, day)
    if now == before:
        return None
    if now is not None:
        return "loses a third"
    return "leaves the look-back window" if record.kind == "crime" else "leaves the intelligence window"
