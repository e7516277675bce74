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


def percent(value: Number | None) -> str:
    """A percentage that is given as one, such as 66.6 for 66.6 %."""
    return WITHHELD if value is None else f"{value:.1f} %"


def share(value: Number | None) -> str:
    """A share of 1 as a percentage, to three significant figures."""
    return NOT_APPLICABLE if value is None else f"{_significant(value)} %"


def points(value: Number | None) -> str:
    """A difference of two shares of 1, in percentage points and with its sign."""
    return NOT_APPLICABLE if value is None else f"{'+' if value > 0 else ''}{_significant(value)}"


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


def sentence(name: str) -> str:
    """A name of code as words that begin a line."""
    said = words(name)
    return said[:1].upper() + said[1:]


def _significant(value: Number) -> str:
    percentage = Decimal(str(value)).scaleb(2)
    decimals = max(0, min(6, 2 - percentage.adjusted())) if percentage else 0
    return f"{percentage:.{decimals}f}".replace("-", "\N{MINUS SIGN}")


FILTERS: Mapping[str, object] = {
    "figure": figure,
    "percent": percent,
    "share": share,
    "points": points,
    "ratio": ratio,
    "day": day,
    "moment": moment,
    "quarter": quarter,
    "words": words,
    "sentence": sentence,
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
            return "no such count"
        case status:
            return words(status)
