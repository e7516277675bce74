"""Disparity between groups as the pages show it: ratios against each benchmark, step by step, and what is flagged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from vha.report.site import formats
from vha.report.site.drawing import intervals
from vha.report.site.figures import Quarter, grouped, in_order, place
from vha.report.site.published import Row
from vha.report.site.vocabulary import BENCHMARKS, CHARACTERISTICS, STAGES

TOO_FEW = "Too few people to say. That is not the same as no disparity."
STATES: Mapping[str, str] = {
    "insufficient_data": TOO_FEW,
    "not_comparable": "Cannot be compared: there is no such count of these groups.",
}
"""What is said in place of a ratio that is not given, by the row's status."""

_COLUMN = {"benchmarks": "benchmark", "steps": "stage"}


def sections(quarter: Quarter) -> list[Mapping[str, Any]]:
    """A section for each characteristic: ``code``, ``title``, ``reference``, ``benchmarks`` and ``steps``.

    Benchmarks are the people listed against each benchmark, steps each step against the step before: for each group
    its ``code``, ``label`` and ``rows``, and ``state``, why nothing can be said of it (None where something can). A
    benchmark or step of which no group has a ratio is left out and stands in ``left_out`` with the reason, unless it
    is so of all of them.
    """
    order = f"{_GROUP}, {place('stage', STAGES)}, {place('benchmark', BENCHMARKS)}"
    rows = quarter.rows("disproportionality", order=order)
    for row in rows:
        row["label"] = quarter.vocabulary.group(row["characteristic"], row["group_code"])
    found = grouped(rows, "characteristic")
    return [_section(quarter, code, found[code]) for code in in_order(found, CHARACTERISTICS)]


def limitations(quarter: Quarter) -> list[dict[str, Any]]:
    """The benchmarks that the quarter's figures are held against, each with its weakness, once."""
    return quarter.published.rows(
        "select benchmark, min(limitation) as limitation from disproportionality "
        f"where period = $period group by benchmark order by {place('benchmark', BENCHMARKS)}",
        period=quarter.period,
    )


def comparisons(quarter: Quarter) -> Mapping[str, int]:
    """At how many steps a group could be compared with the step before at all, by characteristic."""
    rows = quarter.published.rows(
        "select characteristic, count(*) as steps from disproportionality_flags where period = $period group by all",
        period=quarter.period,
    )
    return {row["characteristic"]: row["steps"] for row in rows}


def uncompared(quarter: Quarter) -> list[str]:
    """The characteristics of which no group could be compared with another at any step."""
    compared = comparisons(quarter)
    rows = quarter.published.rows(
        "select distinct characteristic from disproportionality where period = $period", period=quarter.period
    )
    codes = in_order((row["characteristic"] for row in rows), CHARACTERISTICS)
    return [quarter.vocabulary.characteristic(code) for code in codes if code not in compared]


def flags(quarter: Quarter) -> list[Mapping[str, Any]]:
    """Where a disparity enters: ``code`` (of the characteristic), ``stage``, ``reference`` and ``groups``.

    A group is the row of its comparison with its ``label``.
    """
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in quarter.published.rows(_FLAGGED, period=quarter.period):
        row["label"] = quarter.vocabulary.group(row["characteristic"], row["group_code"])
        found.setdefault((row["characteristic"], row["stage"]), []).append(row)
    return [
        {
            "code": code,
            "stage": stage,
            "reference": quarter.vocabulary.group(code, groups[0]["reference_group_code"]),
            "groups": groups,
        }
        for (code, stage), groups in found.items()
    ]


def charts(quarter: Quarter, section: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    """A chart for each group of which something can be said in a section: its ``label`` and the ``chart``.

    Args:
        section: of :func:`sections`.
        kind: ``benchmarks`` or ``steps``.
    """
    domain = _domain(quarter, section["code"])
    return [
        {"label": group["label"], "chart": _chart(quarter, section, kind, group["rows"], domain)}
        for group in section[kind]
        if any(row["status"] == "published" for row in group["rows"])
    ]


def _section(quarter: Quarter, code: str, rows: Sequence[Row]) -> Mapping[str, Any]:
    kinds = {
        "benchmarks": [row for row in rows if row["stage"] == "listed"],
        "steps": [row for row in rows if _is_step(row)],
    }
    left_out = {kind: _left_out(quarter, of_kind, _COLUMN[kind]) for kind, of_kind in kinds.items()}
    return {
        "code": code,
        "title": quarter.vocabulary.characteristic(code),
        "reference": quarter.vocabulary.group(code, rows[0]["reference_group_code"]),
        "left_out": left_out,
        **{
            kind: _by_group(row for row in of_kind if row[_COLUMN[kind]] not in left_out[kind])
            for kind, of_kind in kinds.items()
        },
    }


def _left_out(quarter: Quarter, rows: Sequence[Row], column: str) -> Mapping[str, str]:
    """Benchmarks or steps of which no group has a ratio, with the reason; none if that is so of all."""
    shown = {row[column] for row in rows if row["status"] == "published"}
    reasons: dict[str, str] = {}
    for row in rows if shown else ():
        if row[column] in shown or reasons.get(row[column]) == TOO_FEW:
            continue
        weakness = quarter.vocabulary.description("benchmark", row["benchmark"])
        why_not = row["limitation"].removeprefix(weakness).strip()
        reasons[row[column]] = (
            TOO_FEW if row["status"] == "insufficient_data" else why_not or STATES[row["status"]]
        )
    return reasons


def _by_group(rows: Iterable[Row]) -> list[dict[str, Any]]:
    found = []
    for code, of_group in grouped(rows, "group_code").items():
        states = {row["status"] for row in of_group}
        state = None if "published" in states or len(states) > 1 else states.pop()
        found.append({"code": code, "label": of_group[0]["label"], "rows": of_group, "state": state})
    return found


def _is_step(row: Row) -> bool:
    # Before the first stage there is no other: being recorded is measured against residents.
    return bool(
        row["benchmark"] == "stage_before" or (row["stage"], row["benchmark"]) == ("suspects", "residents")
    )


def _chart(
    quarter: Quarter, section: Mapping[str, Any], kind: str, rows: Sequence[Row], domain: tuple[float, float]
) -> Any:
    shown = [
        {
            "label": quarter.vocabulary.label(_COLUMN[kind], row[_COLUMN[kind]]),
            "text": formats.ratio_with_interval(row),
            **_floats(row),
        }
        for row in rows
    ]
    said = "; ".join(f"{row['label']}: {row['text']}" for row in shown)
    return quarter.draw(
        f"{kind}-{section['code']}-{rows[0]['group_code']}",
        lambda: intervals(shown, domain),
        f"{rows[0]['label']} compared with {section['reference']}, {quarter.period}",
        f"Rate ratios with their 95 % intervals. {said}.",
    )


def _domain(quarter: Quarter, characteristic: str) -> tuple[float, float]:
    row = quarter.published.row(_DOMAIN, period=quarter.period, characteristic=characteristic)
    return float(row["low"]), float(row["high"])


def _floats(row: Row) -> Mapping[str, float | None]:
    fields = {
        "ratio": "rate_ratio",
        "low": "ci_low",
        "high": "ci_high",
        "bound_low": "bound_low",
        "bound_high": "bound_high",
    }
    return {name: None if row[column] is None else float(row[column]) for name, column in fields.items()}


_GROUP = "try_cast(regexp_extract(group_code, '^[0-9]+') as integer), group_code"

_FLAGGED = f"""
select ratios.*
from disproportionality_flags as flags
inner join disproportionality as ratios using (period, characteristic, group_code, stage)
where period = $period and is_flagged and ratios.benchmark = 'stage_before'
order by
    {place("characteristic", tuple(CHARACTERISTICS))},
    {place("stage", STAGES)},
    {_GROUP}
"""

_DOMAIN = """
select
    least(0.5, greatest(0.05, coalesce(min(least(bound_low, ci_low, rate_ratio)), 0.5))) as low,
    greatest(2, least(50, coalesce(max(greatest(bound_high, ci_high, rate_ratio)), 2))) as high
from disproportionality
where period = $period and characteristic = $characteristic
"""
