"""The dates of a backfill: the last days of calendar months or quarters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from vha.errors import ConfigurationError

Every = Literal["quarter", "month"]
MONTHS: dict[Every, int] = {"quarter": 3, "month": 1}


def dates_between(first: str, last: str, every: Every) -> list[date]:
    """The ends of all quarters or months from one ISO date to another, both included.

    Raises:
        ConfigurationError: one of the two is no date, or no quarter or month ends between them.
    """
    begin, end = _date("--from", first), _date("--to", last)
    dates = [day for day in _month_ends(begin, end) if day.month % MONTHS[every] == 0]
    if not dates:
        raise ConfigurationError(
            f"No {every} ends from {begin} to {end}: choose a longer time with `--from` and `--to`."
        )
    return dates


def _month_ends(begin: date, end: date) -> Iterator[date]:
    first_of_month = begin.replace(day=1)
    while True:
        # The 28th plus four days is in the next month, whatever the month.
        first_of_month = (first_of_month.replace(day=28) + timedelta(days=4)).replace(day=1)
        last_of_month = first_of_month - timedelta(days=1)
        if last_of_month > end:
            return
        yield last_of_month


def _date(option: str, given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise ConfigurationError(f"{option} {given!r} is no date: write it as YYYY-MM-DD.") from None
