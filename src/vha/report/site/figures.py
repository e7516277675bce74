"""The figures of a quarter as the pages show them: read from the marts, put in order, and drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from vha.report.site import formats
from vha.report.site.drawing import bars, inline_svg, intervals
from vha.report.site.published import Published, Row
from vha.report.site.vocabulary import BENCHMARKS, CHARACTERISTICS, STAGES, Vocabulary

_GROUPS_IN_ORDER = (
    "group_code in ('not_stated', 'missing'), try_cast(regexp_extract(group_code, '^[0-9]+') as integer), "
    "people desc nulls last, group_code"
)


class Quarter:
    """The figures of one quarter.

    Args:
        period: such as ``2026-Q3``; None where no quarter has closed, so that there is nothing to show.
    """

    def __init__(self, published: Published, period: str | None) -> None:
        self.published = published
        self.period = period
        self.vocabulary = Vocabulary(published)
        self._drawn: dict[str, Any] = {}

    def rows(
        self, table: str, where: str = "true", order: str = "all", **parameters: Any
    ) -> list[dict[str, Any]]:
        """The quarter's rows of a table."""
        return self.published.rows(
            f"select * from {table} where period = $period and {where} order by {order}",
            period=self.period,
            **parameters,
        )

    def list_movements(self) -> Mapping[str, Any]:
        """The size of the list, who came and who went: ``listed``, ``added``, ``removed`` (rows) and ``as_of``."""
        rows = self.rows(
            "list_trend", order="measure, reason is not null, people desc nulls last, reason, driver"
        )
        sizes = [row for row in rows if row["measure"] == "listed"]
        return {
            "listed": sizes[0] if sizes else None,
            "as_of": sizes[0]["as_of_date"] if sizes else None,
            "added": [row for row in rows if row["measure"] == "added"],
            "removed": [row for row in rows if row["measure"] == "removed"],
        }

    def breakdown(self) -> list[Mapping[str, Any]]:
        """A section for each characteristic: ``code``, ``title``, ``rows`` and ``chart``."""
        found: dict[str, list[dict[str, Any]]] = {}
        for row in self.rows("special_category_breakdown", order=_GROUPS_IN_ORDER):
            row["label"] = self.vocabulary.group(row["characteristic"], row["group_code"])
            found.setdefault(row["characteristic"], []).append(row)
        return [
            {
                "code": code,
                "title": self.vocabulary.characteristic(code),
                "rows": found[code],
                "chart": self.chart_of_shares(code, found[code]),
            }
            for code in in_order(found, CHARACTERISTICS)
        ]

    def chart_of_shares(self, code: str, rows: Sequence[Row]) -> Any:
        """The groups of a characteristic as shares of the list."""
        shown = [
            {
                "label": row["label"],
                "value": None if row["percentage"] is None else float(row["percentage"]),
                "text": formats.percent(row["percentage"])
                if row["status"] == "published"
                else "[c] withheld",
            }
            for row in rows
        ]
        title = f"{self.vocabulary.characteristic(code)}: shares of the list, {self.period}"
        said = "; ".join(f"{row['label']} {row['text']}" for row in shown)
        return self.draw(f"shares-{code}", lambda: bars(shown), title, f"A bar for each group. {said}.")

    def chart_of_sizes(self) -> Any:
        """The size of the list at the end of this quarter and of those before it; None where there is one or none."""
        rows = self.published.rows(_SIZES, period=self.period)
        if len(rows) < 2:
            return None
        shown = [
            {"label": row["period"], "text": formats.figure(row["people"]), "value": row["people"]}
            for row in rows
        ]
        said = "; ".join(f"{row['label']}: {row['text']}" for row in shown)
        title = "People on the list at each quarter's end"
        return self.draw(
            "sizes", lambda: bars(shown, largest=None), title, f"A bar for each quarter. {said}."
        )

    def matrix(
        self, table: str, row_key: str, column_key: str, only: str = "true", **where: Any
    ) -> Mapping[str, Any]:
        """Counts of a table with two keys, crosswise: ``rows`` (codes), ``columns`` (codes) and ``cells``."""
        condition = " and ".join([only, *(f"{name} = ${name}" for name in where)])
        cells = {
            (row[row_key], row[column_key]): row["people"] for row in self.rows(table, condition, **where)
        }
        return {
            "rows": list(dict.fromkeys(row for row, _ in cells)),
            "columns": list(dict.fromkeys(column for _, column in cells)),
            "cells": cells,
        }

    def cross_tables(self) -> Sequence[tuple[str, str, Mapping[str, Any]]]:
        """The tables of ethnicity beside age, sex or both in which anything is shown.

        Returns:
            for each what it is of, the characteristic of its columns, and the cells crosswise.
        """
        table, rows = "special_category_cross", "ethnicity_5"
        shown = self.rows(table, "status <> 'secondary_suppressed'")
        found = []
        if any(row["sex"] == "all" for row in shown):
            found.append(
                ("by ethnicity and age", "age_band", self.matrix(table, rows, "age_band", sex="all"))
            )
        if any(row["age_band"] == "all" for row in shown):
            found.append(("by ethnicity and sex", "sex", self.matrix(table, rows, "sex", age_band="all")))
        for sex in dict.fromkeys(row["sex"] for row in shown if "all" not in (row["sex"], row["age_band"])):
            matrix = self.matrix(table, rows, "age_band", "age_band <> 'all'", sex=sex)
            found.append((f"{self.vocabulary.group('sex', sex)}, by ethnicity and age", "age_band", matrix))
        return found

    def disproportionality(self) -> list[Mapping[str, Any]]:
        """A section for each characteristic: ``code``, ``title``, ``reference``, ``benchmarks`` and ``steps``.

        Benchmarks are the people listed against each benchmark, steps each step against the step before: for each group
        its ``code``, ``label`` and ``rows``, and ``state``, why nothing can be said of it (None where something can).
        """
        found: dict[str, list[dict[str, Any]]] = {}
        order = f"group_code, {_place('stage', STAGES)}, {_place('benchmark', BENCHMARKS)}"
        for row in self.rows("disproportionality", order=order):
            row["label"] = self.vocabulary.group(row["characteristic"], row["group_code"])
            found.setdefault(row["characteristic"], []).append(row)
        return [
            {
                "code": code,
                "title": self.vocabulary.characteristic(code),
                "reference": self.vocabulary.group(code, found[code][0]["reference_group_code"]),
                "benchmarks": _by_group(row for row in found[code] if row["stage"] == "listed"),
                "steps": _by_group(row for row in found[code] if _is_step(row)),
            }
            for code in in_order(found, CHARACTERISTICS)
        ]

    def limitations(self) -> list[dict[str, Any]]:
        """The benchmarks that the quarter's figures are held against, each with its weakness, once."""
        return self.published.rows(
            "select benchmark, min(limitation) as limitation from disproportionality "
            f"where period = $period group by benchmark order by {_place('benchmark', BENCHMARKS)}",
            period=self.period,
        )

    def comparisons(self) -> int:
        """At how many steps a group could be compared with the step before at all."""
        return len(self.rows("disproportionality_flags"))

    def flags(self) -> list[Mapping[str, Any]]:
        """Where a disparity enters: ``title`` (of the characteristic), ``stage`` and the ``labels`` of the groups."""
        found: dict[tuple[str, str], list[str]] = {}
        order = f"{_place('characteristic', tuple(CHARACTERISTICS))}, {_place('stage', STAGES)}, group_code"
        for row in self.rows("disproportionality_flags", "is_flagged", order=order):
            label = self.vocabulary.group(row["characteristic"], row["group_code"])
            found.setdefault((row["characteristic"], row["stage"]), []).append(label)
        return [
            {
                "title": self.vocabulary.characteristic(characteristic),
                "stage": self.vocabulary.label("stage", stage),
                "labels": labels,
            }
            for (characteristic, stage), labels in found.items()
        ]

    def charts_of_ratios(self, section: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
        """A chart for each group of which something can be said in a section of :meth:`disproportionality`.

        Each has a ``label`` and the ``chart``.

        Args:
            kind: ``benchmarks`` or ``steps``.
        """
        domain = self._domain(section["code"])
        return [
            {"label": group["label"], "chart": self._chart_of_ratios(section, kind, group["rows"], domain)}
            for group in section[kind]
            if any(row["status"] == "published" for row in group["rows"])
        ]

    def _chart_of_ratios(
        self, section: Mapping[str, Any], kind: str, rows: Sequence[Row], domain: tuple[float, float]
    ) -> Any:
        key = "benchmark" if kind == "benchmarks" else "stage"
        shown = [
            {
                "label": self.vocabulary.label(key, row[key]),
                "text": formats.ratio_with_interval(row),
                **_floats(row),
            }
            for row in rows
        ]
        group = rows[0]["label"]
        title = f"{group} compared with {section['reference']}, {self.period}"
        said = "; ".join(f"{row['label']}: {row['text']}" for row in shown)
        return self.draw(
            f"{kind}-{section['code']}-{rows[0]['group_code']}",
            lambda: intervals(shown, domain),
            title,
            f"Rate ratios with their 95 % intervals. {said}.",
        )

    def _domain(self, characteristic: str) -> tuple[float, float]:
        row = self.published.row(
            """
            select
                least(0.5, greatest(0.05, coalesce(min(least(bound_low, ci_low, rate_ratio)), 0.5))) as low,
                greatest(2, least(50, coalesce(max(greatest(bound_high, ci_high, rate_ratio)), 2))) as high
            from disproportionality
            where period = $period and characteristic = $characteristic
            """,
            period=self.period,
            characteristic=characteristic,
        )
        return float(row["low"]), float(row["high"])

    def draw(self, name: str, make: Callable[[], Any], title: str, description: str) -> Any:
        # A chart stands on the quarter's page and, while it is the latest, on the page without a date too.
        safe = "".join(letter if letter.isalnum() else "-" for letter in name.lower())
        if safe not in self._drawn:
            self._drawn[safe] = inline_svg(make(), safe, title, description)
        return self._drawn[safe]


_SIZES = """
select period, people
from list_trend
where measure = 'listed' and period <= $period
order by period desc
limit 8
"""


def in_order(codes: Iterable[str], order: Iterable[str]) -> list[str]:
    """Codes in the order of the vocabulary; those it does not know come last."""
    place = {code: number for number, code in enumerate(order)}
    return sorted(codes, key=lambda code: (place.get(code, len(place)), code))


def _by_group(rows: Iterable[Row]) -> list[dict[str, Any]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["group_code"], []).append(row)
    found = []
    for code, of_group in groups.items():
        states = {row["status"] for row in of_group}
        state = None if "published" in states or len(states) > 1 else states.pop()
        found.append({"code": code, "label": of_group[0]["label"], "rows": of_group, "state": state})
    return found


def _is_step(row: Row) -> bool:
    # Before the first stage there is no other: being recorded is measured against residents.
    return bool(
        row["benchmark"] == "stage_before" or (row["stage"], row["benchmark"]) == ("suspects", "residents")
    )


def _place(column: str, codes: Sequence[str]) -> str:
    return f"list_position({list(codes)}, {column})"


def _floats(row: Row) -> Mapping[str, float | None]:
    fields = {
        "ratio": "rate_ratio",
        "low": "ci_low",
        "high": "ci_high",
        "bound_low": "bound_low",
        "bound_high": "bound_high",
    }
    return {name: None if row[column] is None else float(row[column]) for name, column in fields.items()}
