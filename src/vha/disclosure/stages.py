"""What is published of larger populations: the stages of the selection, who was removed, and recorded victims."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache

from vha.disclosure.cells import ANYTHING, Cell, Interval, Rounding, Row, Rows, interval_of
from vha.warehouse.seeds import SEEDS

ETHNICITY_5 = "self_defined_ethnicity_5"

STAGES = ("listed", "above_threshold", "enough_reports", "scored", "suspects")
"""Stages of the selection, each within the next."""

VICTIMS = "victims"
REMOVED = "those removed"

EVERYBODY = "all"
"""The characteristic and the group of a population's size."""

UNTOLD = "untold"
"""The status of a group for which its table has no row: it is among everybody, and not protected by itself."""

_UNKNOWN = ("not_stated", "missing")

# A variant that differs in this parameter brings people who are in the one population, and not in the other.
_ENTRANTS: Mapping[str, tuple[str, str]] = {
    "score_threshold": ("enough_reports", "above_threshold"),
    "harm_weight_scheme": ("enough_reports", "above_threshold"),
    "minimum_crime_reports": ("scored", "enough_reports"),
}


def stage_table(characteristic: str, population: str) -> str:
    """The table of a larger population."""
    return f"{characteristic} of {population}"


@cache
def _parameters() -> Mapping[str, str]:
    """What each variant of the policy differs in."""
    with (SEEDS / "policy_variants.csv").open(newline="") as file:
        return {row["variant"]: row["parameter"] for row in csv.DictReader(file)}


def entrants(variant: str) -> tuple[str, str]:
    """Whom a variant could bring onto the list: the population that they are in, and that within it they are not in."""
    return _ENTRANTS.get(_parameters().get(variant, ""), ("suspects", "listed"))


def removals(rounding: Rounding, rows: Rows) -> Iterator[Cell]:
    """Those who went off the list by group, of tables of which anything is shown."""
    found = _at_stage(rows, "stage = 'removed'")
    shown = {(period, characteristic) for period, characteristic, _, _, people in found if people is not None}
    for period, characteristic, _, group, people in sorted(found, key=lambda row: row[:4]):
        if (period, characteristic) in shown:
            yield _cell(rounding, period, stage_table(characteristic, REMOVED), group, people)


def larger(rounding: Rounding, rows: Rows) -> Iterator[Cell]:
    """Larger populations by group and their sizes, of tables of which anything is shown."""
    stages = "', '".join(STAGES[1:])
    found = _at_stage(rows, f"stage in ('{stages}')")
    found |= _at_stage(rows, "benchmark = 'victims'", f"'{VICTIMS}'", "benchmark_people")
    groups: dict[tuple[str, str], set[str]] = {}
    tables: dict[tuple[str, str, str], dict[str, int | None]] = {}
    for period, characteristic, population, group, people in found:
        groups.setdefault((period, characteristic), {*_UNKNOWN}).add(group)
        tables.setdefault((period, characteristic, population), {})[group] = people
    sizes: dict[tuple[str, str], Interval] = {}
    for period, characteristic, population, recorded, *unknown in _completeness(rows):
        shown = tables.setdefault((period, characteristic, population), {})
        # Of a population whose groups are not shown a reader cannot tell whether those recorded are a sum of them.
        is_rest = bool(shown) and None in [*shown.values(), *unknown]
        shown |= dict(zip(_UNKNOWN, unknown, strict=True))
        if recorded is not None and None not in unknown:
            slack = rounding.base // 2 * (1 if is_rest else len(groups.get((period, characteristic), ())) + 1)
            size = recorded + sum(unknown)
            low, high = sizes.get((period, population), ANYTHING)
            # Where the rest would be less than nobody, nobody is shown.
            least = max(low, size - slack) if recorded else low
            sizes[period, population] = least, min(high, size + slack)
    for (period, characteristic, population), shown in sorted(tables.items()):
        if any(people is not None for people in shown.values()):
            sizes.setdefault((period, population), ANYTHING)
            for group in sorted(groups.get((period, characteristic), _UNKNOWN)):
                table = stage_table(characteristic, population)
                if group in shown:
                    yield _cell(rounding, period, table, group, shown[group])
                else:
                    yield Cell(period, table, group, UNTOLD, *ANYTHING)
    for (period, population), size in sorted(sizes.items()):
        yield Cell(period, stage_table(EVERYBODY, population), EVERYBODY, "published", *size)


def _cell(rounding: Rounding, period: str, table: str, group: str, people: int | None) -> Cell:
    status = "secondary_suppressed" if people is None else "published"
    return Cell(period, table, group, status, *interval_of(rounding, people, status))


def _at_stage(rows: Rows, where: str, stage: str = "stage", people: str = "people") -> set[Row]:
    """Groups with their people at a stage: each group stands beside its reference group, which has no row itself."""
    columns = (f"{stage}, group_code, {people}", f"{stage}, reference_group_code, reference_{people}")
    return {
        row
        for each in columns
        for row in rows("disproportionality", f"distinct period, characteristic, {each}", where)
    }


def _completeness(rows: Rows) -> list[Row]:
    """Of everybody with a score only those of whom nothing is known are shown."""
    return rows(
        "special_category_completeness",
        f"""
        period,
        case characteristic
            when 'date_of_birth' then 'age_band'
            when 'self_defined_ethnicity' then '{ETHNICITY_5}'
            else characteristic
        end,
        population_kind,
        recorded,
        not_stated,
        missing
        """,
        "population_kind in ('scored', 'suspects')",
    )
