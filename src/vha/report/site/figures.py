"""The figures of a quarter as the pages show them: read from the marts, put in order, and drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from vha.report.site import formats
from vha.report.site.drawing import bars, inline_svg
from vha.report.site.published import Published, Row
from vha.report.site.vocabulary import CHARACTERISTICS, Vocabulary

UNKNOWN = ("not_stated", "missing")
"""The codes for those whose group is not known, in their order, which is after all others."""

_GROUPS_IN_ORDER = (
    f"coalesce(list_position({list(UNKNOWN)}, group_code), 0), "
    "try_cast(regexp_extract(group_code, '^[0-9]+') as integer), people desc nulls last, group_code"
)
_BY_GROUP_IN_ORDER = (
    f"coalesce(list_position({list(UNKNOWN)}, by_group), 0), "
    "try_cast(regexp_extract(by_group, '^[0-9]+') as integer), by_group"
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
        """The size of the list, who came and who went: ``listed``, ``added``, ``removed`` (rows) and ``as_of``.

        ``is_first`` says that no quarter has closed before this one, so that nobody can tell who came and who went.
        """
        rows = self.rows(
            "list_trend", order="measure, reason is not null, people desc nulls last, reason, driver"
        )
        sizes = [row for row in rows if row["measure"] == "listed"]
        return {
            "listed": sizes[0] if sizes else None,
            "as_of": sizes[0]["as_of_date"] if sizes else None,
            "is_first": self.period == min(self.published.periods, default=None),
            "added": [row for row in rows if row["measure"] == "added"],
            "removed": [row for row in rows if row["measure"] == "removed"],
        }

    def breakdown(self) -> list[Mapping[str, Any]]:
        """A section for each characteristic: ``code``, ``title``, ``rows`` and ``chart``."""
        rows = self.rows("special_category_breakdown", order=_GROUPS_IN_ORDER)
        for row in rows:
            row["label"] = self.vocabulary.group(row["characteristic"], row["group_code"])
        found = grouped(rows, "characteristic")
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
        """The groups of a characteristic as shares of the list; None where every one is withheld."""
        if all(row["percentage"] is None for row in rows):
            return None
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
        rows = self.published.rows(_SIZES, period=self.period)[::-1]
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
        """Counts of a table with two keys, crosswise: ``rows`` (codes), ``columns`` (codes) and ``cells``.

        ``shown`` says whether any of them is not withheld.
        """
        condition = " and ".join([only, *(f"{name} = ${name}" for name in where)])
        cells = {
            (row[row_key], row[column_key]): row["people"] for row in self.rows(table, condition, **where)
        }
        return {
            "rows": _unknown_last(row for row, _ in cells),
            "columns": _unknown_last(column for _, column in cells),
            "cells": cells,
            "shown": any(people is not None for people in cells.values()),
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

    def completeness_by_group(self) -> list[dict[str, Any]]:
        """How completely characteristics are recorded, by group: by what, by characteristic, then by group."""
        order = f"by_characteristic, {place('characteristic', tuple(CHARACTERISTICS))}, {_BY_GROUP_IN_ORDER}"
        return self.rows("special_category_completeness_by_group", order=order)

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


def grouped(rows: Iterable[Row], column: str) -> Mapping[str, list[Row]]:
    """Rows by a column, the groups in the order in which the rows come."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    return found


def in_order(codes: Iterable[str], order: Iterable[str]) -> list[str]:
    """Codes in the order of the vocabulary; those it does not know come last."""
    place = {code: number for number, code in enumerate(order)}
    return sorted(codes, key=lambda code: (place.get(code, len(place)), code))


def _unknown_last(codes: Iterable[str]) -> list[str]:
    """Codes as they come, each once, those for unknown groups after the others."""
    return sorted(dict.fromkeys(codes), key=lambda code: (code in UNKNOWN, code == UNKNOWN[-1]))


def place(column: str, codes: Sequence[str]) -> str:
    """SQL for the place of a column's code among these, to sort by."""
    return f"list_position({list(codes)}, {column})"
