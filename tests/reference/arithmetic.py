"""Completed years and exact rounding."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache


def completed_years(since: date, as_of: date) -> int:
    """k(d, D): one less while D's month and day come before d's."""
    return as_of.year - since.year - ((as_of.month, as_of.day) < (since.month, since.day))


def rounded(value: Fraction, places: int = 4) -> Decimal:
    """Half away from zero."""
    magnitude = abs(value) * 10**places
    whole = (2 * magnitude.numerator + magnitude.denominator) // (2 * magnitude.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)


@cache
def share_left(decay_method: str, years: int) -> Fraction:
    """What is left of a weight after so many completed years."""
    if decay_method == "compounding":
        return Fraction(2, 3) ** years
    assert decay_method == "linear", decay_method
    return Fraction(max(0, 3 - years), 3)


@cache
def decayed(weight: Decimal, decay_method: str, years: int, places: int = 4) -> Decimal:
    return rounded(Fraction(weight) * share_left(decay_method, years), places)
