"""Which of the library's expectations may be declared, and with what: so that each counts, and can fail."""

from __future__ import annotations

import math

EXPECTATIONS = {
    "expect_column_values_to_be_between": {"column", "min_value", "max_value"},
    "expect_column_values_to_be_in_set": {"column", "value_set"},
    "expect_column_values_to_be_unique": {"column"},
    "expect_column_values_to_not_be_null": {"column"},
    "expect_table_row_count_to_be_between": {"min_value"},
}
"""Each with the kwargs that it must have, and no other.

Their results are counts alone; others observe values, and would print them. Without one of these kwargs they pass
whatever the data are; by others of the library's, such as ``row_condition``, rows escape them.
"""


def fault_of(expectation: str, kwargs: object) -> str | None:
    """What is wrong with a declared expectation, and what to do; None if nothing is.

    Args:
        kwargs: as declared, where a mapping is a reference that is looked up later; or with what they stand for.
    """
    if expectation not in EXPECTATIONS:
        return f"names {expectation!r}: use one of {', '.join(sorted(EXPECTATIONS))}, or `rows:`"
    needed = EXPECTATIONS[expectation]
    if not isinstance(kwargs, dict) or kwargs.keys() != needed:
        return f"needs the kwargs {', '.join(sorted(needed))} and no other: correct them, and write `mostly:` beside"
    least = 1 if expectation == "expect_table_row_count_to_be_between" else -math.inf
    for key, value in kwargs.items():
        if not isinstance(value, dict) and not _can_fail(key, value, least):
            return f"has {key} {value!r}, by which it says nothing whatever the data are: correct it"
    return None


def _can_fail(key: str, value: object, least: float) -> bool:
    match key:
        case "column":
            return isinstance(value, str) and bool(value)
        case "value_set":
            # A null among them makes SQL's comparison null for every other value: nothing would be outside the set.
            return isinstance(value, list) and bool(value) and all(isinstance(code, str) for code in value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and value >= least
