"""What is published, as a reader has it: each cell of each table with the numbers it may stand for."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import duckdb

from vha.disclosure.cells import Cell, Interval, Rounding, Row, Rows, interval_of
from vha.disclosure.stages import ETHNICITY_5, larger, removals
from vha.warehouse.seeds import SEEDS

ETHNICITY_18 = "self_defined_ethnicity_18"
OBSERVED = "officer_observed_ethnicity"
AGREEMENT = "ethnicity_agreement"

CROSS_TABLES: Mapping[str, Sequence[str]] = {
    AGREEMENT: (ETHNICITY_5, OBSERVED),
    "ethnicity_by_age_and_sex": (ETHNICITY_5, "age_band", "sex"),
    "ethnicity_by_age_band": (ETHNICITY_5, "age_band"),
    "ethnicity_by_sex": (ETHNICITY_5, "sex"),
}
"""Of each cross table the characteristics to whose groups its rows and columns add up."""

REASONS = "removal_reason"


@dataclass(frozen=True)
class Flow:
    """The published size of the list at a quarter's end, and who came and went since the quarter before."""

    period: str
    size: Interval
    added: Interval | None
    removed: Interval | None


@dataclass(frozen=True)
class Published:
    """All that is published about the people on the list.

    Attributes:
        cells: of the people listed.
        removals: of those who went off the list; of tables of which anything is shown.
        parts: of those who would come or go in a what-if, and of those who went for a reason.
        larger: groups' numbers in populations that the listed lie within, and of victims, with all these people's;
            of tables of which anything is shown.
        corrected: by ``period`` of figures that were published anew later, the quarter.
    """

    rounding: Rounding
    flows: Sequence[Flow]
    cells: Sequence[Cell]
    removals: Sequence[Cell]
    parts: Sequence[Cell]
    larger: Sequence[Cell]
    corrected: Mapping[str, str] = field(default_factory=dict)


def part_table(variant: str, measure: str, characteristic: str) -> str:
    """The table of a what-if."""
    return f"{characteristic} in {variant} {measure}"


@cache
def groups_of_five(scheme: str) -> dict[str, str]:
    """The group of five of each code of ethnicity, self_defined or officer_observed."""
    with (SEEDS / "ethnicity_codes.csv").open(newline="") as file:
        return {row["code"]: row["group_5"] for row in csv.DictReader(file) if row["scheme"] == scheme}


@cache
def broad_groups() -> dict[tuple[str, str], str]:
    """The broad group of each group by characteristic, as cross tables have them."""
    with (SEEDS / "broad_groups.csv").open(newline="") as file:
        return {
            (row["characteristic"], row["group_code"]): row["broad_group"] for row in csv.DictReader(file)
        }


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

    return made_of(rounding, rows)


def made_of(rounding: Rounding, rows: Rows) -> Published:
    """What the tables of one release say."""
    trend = "period, measure, people, status"
    return Published(
        rounding,
        list(_flows(rounding, rows("list_trend", trend, "reason is null"))),
        list(_cells(rounding, rows)),
        list(removals(rounding, rows)),
        list(_parts(rounding, rows)),
        list(larger(rounding, rows)),
    )


def _flows(rounding: Rounding, rows: Iterable[Row]) -> Iterator[Flow]:
    figures = {(period, measure): (people, status) for period, measure, people, status in rows}
    for period in sorted({period for period, _ in figures}):
        size, status = figures[period, "listed"]
        moved = [figures.get((period, measure)) for measure in ("added", "removed")]
        added, removed = (
            interval_of(rounding, *figure) if figure and figure[1] != "secondary_suppressed" else None
            for figure in moved
        )
        yield Flow(period, interval_of(rounding, size, status), added, removed)


def _cells(rounding: Rounding, rows: Rows) -> Iterator[Cell]:
    """The cells of all tables of which anything is shown: a table that is withheld whole says nothing."""
    parent = groups_of_five("self_defined")
    found = rows("special_category_breakdown", "period, characteristic, group_code, people, status")
    said, seen = "self_defined_5", "officer_observed_5"
    found += rows("ethnicity_agreement", f"period, '{AGREEMENT}', {said} || '|' || {seen}, people, status")
    found += rows(
        "special_category_cross",
        """
        period,
        case
            when sex = 'all' then 'ethnicity_by_age_band'
            when age_band = 'all' then 'ethnicity_by_sex'
            else 'ethnicity_by_age_and_sex'
        end,
        concat_ws('|', ethnicity_5, nullif(age_band, 'all'), nullif(sex, 'all')),
        people,
        status
        """,
    )
    few = {
        (period, table, _part(table, group, parent))
        for period, table, group, _, status in found
        if status == "suppressed"
    }
    shown = {(period, table) for period, table, _, _, status in found if status != "secondary_suppressed"}
    for period, table, group, people, status in found:
        if (period, table) not in shown:
            continue
        low, high = interval_of(rounding, people, status)
        # Beside a small number the cell that makes up for it is a large one, as everybody can read.
        makes_up = table not in CROSS_TABLES and (period, table, _part(table, group, parent)) in few
        if status == "secondary_suppressed" and makes_up:
            low = rounding.threshold
        yield Cell(period, table, group, status, low, high)


def _part(table: str, group: str, parent: dict[str, str]) -> str:
    """The part of a table whose cells are protected together."""
    return parent.get(group, group) if table == ETHNICITY_18 else "all"


def _parts(rounding: Rounding, rows: Rows) -> Iterator[Cell]:
    figures: set[Row] = set()
    for table in ("what_if", "feedback"):
        columns = 'period, variant, measure, characteristic, group_code, "value", status'
        figures |= set(rows(table, columns, "measure in ('entries', 'exits')"))
    for period, variant, measure, characteristic, group, people, status in sorted(figures, key=str):
        table = part_table(variant, measure, characteristic)
        yield Cell(period, table, group, status, *interval_of(rounding, people, status))
    why = "reason || ' ' || driver"
    for period, group, people, status in rows(
        "list_trend", f"period, {why}, people, status", "reason is not null"
    ):
        yield Cell(period, REASONS, group, status, *interval_of(rounding, people, status))
