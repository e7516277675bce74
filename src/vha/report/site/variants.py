"""Other policies than the one in force, and what each would do to the list: the pages what-if and feedback."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vha.report.site import formats
from vha.report.site.drawing import tornado
from vha.report.site.figures import Quarter, in_order, place
from vha.report.site.vocabulary import CHARACTERISTICS

AS_PUBLISHED = "as_published"
"""The variant that is none: the list as it is."""

MEASURES: Mapping[str, str] = {
    "list_size": "On the list",
    "overlap": "On both lists",
    "exits": "Would leave",
    "entries": "Would come",
    "rate_ratio_low": "Rate ratio, at least",
    "rate_ratio_high": "Rate ratio, at most",
}
"""The measures in the order of the tables, and what they are called there."""

_SHARES: Mapping[str, str] = {
    "share_of_points_on_assumed_weights": "Weights that no publication gives",
    "share_of_points_on_converted_weights": "Weights converted from the other scale",
    "share_of_points_on_assumed_or_converted_weights": "One or the other, or both",
}
"""What the points rest on, from the narrower to the wider; the first two overlap."""

_ORDER = """
coalesce(list_position(['not_stated', 'missing'], group_code), 0),
try_cast(regexp_extract(group_code, '^[0-9]+') as integer),
group_code
"""


def content(quarter: Quarter, table: str) -> Mapping[str, Any]:
    """What a page shows of ``what_if`` or ``feedback``.

    Returns:
        ``variants`` (codes, those that change most first), ``measures`` (their names), ``overall`` and ``by_group``:
        cells crosswise, by variant, group and measure, with the groups that are ``compared`` by a ratio;
        ``shares``, what the points of the people listed rest on; ``tornado``, the chart.
    """
    rows = quarter.rows(table, f"measure in {tuple(MEASURES)}", order=_ORDER)
    tables = [
        _crosswise(characteristic, [row for row in rows if row["characteristic"] == characteristic])
        for characteristic in in_order({row["characteristic"] for row in rows}, CHARACTERISTICS)
    ]
    variants = [
        row["variant"]
        for row in quarter.published.rows(_BY_CHANGE.format(table=table), period=quarter.period)
    ]
    overall = next((each for each in tables if each["characteristic"] == "all"), _crosswise("all", []))
    return {
        "variants": variants,
        "measures": MEASURES,
        "overall": overall,
        "by_group": [each for each in tables if each["characteristic"] != "all"],
        "shares": [
            {**row, "what": _SHARES[row["measure"]]}
            for row in quarter.rows(
                table, f"measure in {tuple(_SHARES)}", order=place("measure", tuple(_SHARES))
            )
        ],
        "tornado": _tornado(quarter, table, variants, overall["cells"]),
    }


def _crosswise(characteristic: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "characteristic": characteristic,
        "groups": list(dict.fromkeys(row["group_code"] for row in rows)),
        "compared": list(
            dict.fromkeys(row["group_code"] for row in rows if row["measure"] == "rate_ratio_low")
        ),
        "measures": in_order({row["measure"] for row in rows}, MEASURES),
        "cells": {(row["variant"], row["group_code"], row["measure"]): row for row in rows},
    }


def _tornado(quarter: Quarter, table: str, variants: list[str], cells: Mapping[Any, Any]) -> Any:
    shown = []
    for variant in (variant for variant in variants if variant != AS_PUBLISHED):
        enters, leaves = (cells.get((variant, "all", measure)) for measure in ("entries", "exits"))
        if enters is None or leaves is None:
            return None
        said = [
            f"{formats.figure(row['value'])} {word}"
            for row, word in ((leaves, "leave"), (enters, "come"))
            if row["value"] != 0
        ]
        shown.append(
            {
                "label": quarter.vocabulary.label("variant", variant),
                "enters": None if enters["value"] is None else float(enters["value"]),
                "leaves": None if leaves["value"] is None else float(leaves["value"]),
                "text": ", ".join(said) or "nobody",
            }
        )
    if all(row["enters"] is None and row["leaves"] is None for row in shown):
        return None
    said_of_all = "; ".join(f"{row['label']}: {row['text']}" for row in shown)
    title = f"People who would leave the list or come onto it, {quarter.period}"
    return quarter.draw(
        f"tornado-{table}", lambda: tornado(shown), title, f"A bar to either side for each. {said_of_all}."
    )


_BY_CHANGE = """
select variant
from {table}
where period = $period
group by variant
order by
    variant <> 'as_published',
    max(value) filter (characteristic = 'all' and measure in ('entries', 'exits')) desc nulls last,
    variant
"""
