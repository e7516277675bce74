"""The list hash: the same from every engine, every kind of source and any number of threads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

COLUMNS = (
    "as_of_date", "rank", "nominal_id", "total_score", "crime_score", "intelligence_score", "crime_reports",
    "latest_offence_on", "age", "is_child", "has_safeguarding_referral",
)  # fmt: skip

Value = date | int | str | bool | Decimal | None


def list_hash(rows: Iterable[Sequence[Value]]) -> str:
    """SHA-256 of the assessment list.

    Args:
        rows: the list in rank order, each row the values of ``COLUMNS`` in that order; dates as dates, scores
            as Decimals of at most four places.

    Returns:
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    for row in rows:
        digest.update(("|".join(map(_text, row)) + "\n").encode())
    return digest.hexdigest()


def _text(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:.4f}"
        case date():
            return value.isoformat()
        case _:
            return str(value)
