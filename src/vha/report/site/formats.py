"""How values are written on the pages: numbers, shares, ratios, dates and codes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

Number = int | float | Decimal

WITHHELD = "[c]"
"""Stands for a number that is withheld so that nobody can be picked out (confidential)."""

NOT_APPLICABLE = "\N{EN DASH}"


def figure(value: Number | None) -> str:
    """A number with its thousands apart; decimals only where there are some. ``[c]`` where it is withheld."""
    if value is None:
        return WITHHELD
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}".rstrip("0").rstrip(".")


def weight(text: str) -> str:
    """A weight of harm as the seeds write it, such as 5475.0000, with its thousands apart: 5,475."""
    return figure(Decimal(text))


def percent(value: Number | None) -> str:
    """A percentage that is given as one, such as 66.6 for 66.6 %."""
    return WITHHELD if value is None else f"{value:.1f} %"


def rate(value: Number | None) -> str:
    """A rate for each one as so many in 100, or of a small one in 100,000, to three significant figures."""
    return NOT_APPLICABLE if value is None else _in(value, _people(value))


def difference(row: Mapping[str, Any]) -> str:
    """How much greater the rate of a comparison is than that of its reference group, in the unit of the two."""
    if row["rate_difference"] is None:
        return NOT_APPLICABLE
    return _in(row["rate_difference"], _people(max(row["rate"], row["reference_rate"])), signed=True)


def difference_interval(row: Mapping[str, Any]) -> str:
    """The interval of :func:`difference`, in the same unit; empty where there is none."""
    if row["difference_low"] is None:
        return ""
    unit = _people(max(row["rate"], row["reference_rate"]))
    low, high = (_signed(row[side] * unit) for side in ("difference_low", "difference_high"))
    return f"({low} to {high})"


def ratio(value: Number | None) -> str:
    """A ratio to two decimals."""
    return NOT_APPLICABLE if value is None else f"{value:.2f}"


def day(value: date) -> str:
    """A date in words, such as 30 September 2026."""
    return f"{value.day} {value:%B %Y}"


def moment(value: datetime) -> str:
    """A time of the clock in UTC, such as 30 September 2026, 06:12."""
    return f"{day(value)}, {value:%H:%M}"


def quarter(period: str) -> str:
    """A quarter in words: ``2026-Q3`` is July to September 2026."""
    year, number = period.split("-Q")
    months = {
        "1": "January to March",
        "2": "April to June",
        "3": "July to September",
        "4": "October to December",
    }
    return f"{months[number]} {year}"


def words(name: str) -> str:
    """A name of code as words: ``no_longer_in_source`` is no longer in source."""
    return name.replace("_", " ")


def stated(value: str) -> str:
    """A parameter's value as words, a number of four digits or more with its thousands apart: 1500 is 1,500."""
    return figure(int(value)) if value.isdecimal() else words(value)


def sentence(name: str) -> str:
    """A name of code as words that begin a line."""
    said = words(name)
    return said[:1].upper() + said[1:]


def _people(value: Number) -> int:
    """Of how many people one says how many: 100, unless that would be less than one in a thousand."""
    return 100 if value == 0 or abs(float(value)) >= 0.001 else 100_000


def _in(value: Number, people: int, signed: bool = False) -> str:
    number = Decimal(str(value)) * people
    return f"{_signed(number) if signed else _significant(number)} in {people:,}"


def _signed(number: Number) -> str:
    return f"{'+' if number > 0 else ''}{_significant(number)}"


def _significant(value: Number) -> str:
    number = Decimal(str(value))
    decimals = max(0, min(6, 2 - number.adjusted())) if number else 0
    return f"{number:.{decimals}f}".replace("-", "\N{MINUS SIGN}")


FILTERS: Mapping[str, object] = {
    "figure": figure,
    "weight": weight,
    "percent": percent,
    "rate": rate,
    "difference": difference,
    "difference_interval": difference_interval,
    "ratio": ratio,
    "day": day,
    "moment": moment,
    "quarter": quarter,
    "words": words,
    "sentence": sentence,
    "stated": stated,
}


def ratio_with_interval(row: Mapping[str, Any]) -> str:
    """A comparison's ratio with its interval, or in words why it has none."""
    match row["status"]:
        case "published" if row["ci_low"] is None:
            return ratio(row["rate_ratio"])
        case "published":
            return f"{ratio(row['rate_ratio'])} ({ratio(row['ci_low'])} to {ratio(row['ci_high'])})"
        case "insufficient_data":
            return "too few people to say"
        case "not_comparable":
            return "cannot be compared"
        case status:
            return words(status)
