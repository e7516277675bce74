"""What is published, as a reader has it: each cell of each table with the numbers it may stand for."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from vha.warehouse.seeds import SEEDS

ETHNICITY_18 = "self_defined_ethnicity_18"
ETHNICITY_5 = "self_defined_ethnicity_5"
AGREEMENT = "ethnicity_agreement"
CROSS = "ethnicity_by_age_and_sex"
CROSS_TABLES = {
    AGREEMENT: ("ethnicity_agreement", ("self_defined_5", "officer_observed_5")),
    CROSS: ("special_category_cross", ("ethnicity_5", "age_band", "sex")),
}


Row = tuple[Any, ...]


@dataclass(frozen=True)
class Rounding:
    """The policy of protection, which is public."""

    threshold: int
    base: int

    def interval(self, people: int) -> tuple[float, float]:
        """The numbers that a published one may stand for."""
        if people == 0:
            return 0, 0
        return max(self.threshold, people - self.base // 2), people + (self.base - 1) // 2


@dataclass(frozen=True)
class Cell:
    """A cell of a published table.

    Attributes:
        table: the characteristic, or the name of a cross table.
        low, high: least and greatest number that it may stand for by itself.
    """

    period: str
    table: str
    group: str
    status: str
    low: float
    high: float


@dataclass(frozen=True)
class Flow:
    """The published size of the list at a quarter's end, and who came and went since the quarter before."""

    period: str
    size: tuple[float, float]
    added: tuple[float, float] | None
    removed: tuple[float, float] | None


@dataclass(frozen=True)
class Published:
    """All that one oversight database says about the people on the list.

    Attributes:
        larger: groups' numbers in populations that the listed lie within, by period, characteristic, group and
            stage.
        parts: numbers of groups of those on the list, of which some leave in a what-if.
    """

    rounding: Rounding
    flows: Sequence[Flow]
    cells: Sequence[Cell]
    larger: dict[tuple[str, str, str, str], tuple[float, float]]
    parts: dict[tuple[str, str, str, str], tuple[float, float]]


STAGES = ("listed", "above_threshold", "enough_reports", "suspects")
"""Stages of the selection, each within the next."""


def groups_of_five(scheme: str) -> dict[str, str]:
    """The group of five of each code of ethnicity, self_defined or officer_observed."""
    with (SEEDS / "ethnicity_codes.csv").open(newline="") as file:
        return {row["code"]: row["group_5"] for row in csv.DictReader(file) if row["scheme"] == scheme}


def rounding_of(connection: duckdb.DuckDBPyConnection) -> Rounding:
    """The policy of protection that an oversight database was published under."""
    policy = dict(connection.execute("select parameter, value from policy_register").fetchall())
    return Rounding(int(policy["suppression_threshold"]), int(policy["rounding_base"]))


def read(connection: duckdb.DuckDBPyConnection) -> Published:
    """Read an oversight database, of which tables may be missing that its release did not have yet."""
    rounding = rounding_of(connection)
    tables = connection.execute(
        "select table_name from duckdb_tables() where schema_name = current_schema()"
    ).fetchall()
    present = {name for (name,) in tables}

    def rows(table: str, columns: str, where: str = "true") -> list[Row]:
        if table not in present:
            return []
        return connection.execute(f"select {columns} from {table} where {where} order by all").fetchall()

    return Published(
        rounding,
        list(_flows(rounding, rows("list_trend", "period, measure, people, status", "reason is null"))),
        list(_cells(rounding, rows)),
        {
            (period, characteristic, group, stage): rounding.interval(people)
            for period, characteristic, group, stage, people in rows(
                "disproportionality",
                "distinct period, characteristic, group_code, stage, people",
                "people is not null and stage in ('above_threshold', 'enough_reports', 'suspects')",
            )
        },
        {
            (period, characteristic, group, variant): _interval(rounding, value, status)
            for period, variant, characteristic, group, value, status in rows(
                "what_if",
                "period, variant, characteristic, group_code, value, status",
                "measure = 'exits' and characteristic <> 'all'",
            )
        },
    )


def _interval(rounding: Rounding, people: int | None, status: str) -> tuple[float, float]:
    if status == "published" and people is not None:
        return rounding.interval(int(people))
    return (1, rounding.threshold - 1) if status == "suppressed" else (0, float("inf"))


def _flows(rounding: Rounding, rows: Iterable[Row]) -> Iterator[Flow]:
    figures = {(period, measure): (people, status) for period, measure, people, status in rows}
    for period in sorted({period for period, _ in figures}):
        size, status = figures[period, "listed"]
        moved = [figures.get((period, measure)) for measure in ("added", "removed")]
        added, removed = (
            _interval(rounding, *figure) if figure and figure[1] != "secondary_suppressed" else None
            for figure in moved
        )
        yield Flow(period, _interval(rounding, size, status), added, removed)


def _cells(rounding: Rounding, rows: Callable[[str, str], list[Row]]) -> Iterator[Cell]:
    """The cells of all tables of which anything is shown: a table that is withheld whole says nothing."""
    parent = groups_of_five("self_defined")
    found = rows("special_category_breakdown", "period, characteristic, group_code, people, status")
    for table, (name, columns) in CROSS_TABLES.items():
        code = " || '|' || ".join(columns)
        found += rows(name, f"period, '{table}', {code}, people, status")
    few = {
        (period, table, _part(table, group, parent))
        for period, table, group, _, status in found
        if status == "suppressed"
    }
    shown = {(period, table) for period, table, _, _, status in found if status != "secondary_suppressed"}
    for period, table, group, people, status in found:
        if (period, table) not in shown:
            continue
        low, high = _interval(rounding, people, status)
        # Beside a small number the cell that makes up for it is a large one, as everybody can read.
        makes_up = table not in CROSS_TABLES and (period, table, _part(table, group, parent)) in few
        if status == "secondary_suppressed" and makes_up:
            low = rounding.threshold
        yield Cell(period, table, group, status, low, high)


def _part(table: str, group: str, parent: dict[str, str]) -> str:
    """The part of a table whose cells are protected together."""
    return parent.get(group, group) if table == ETHNICITY_18 else "all"
