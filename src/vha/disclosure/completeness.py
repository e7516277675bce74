"""What a reader can work out about how completely a characteristic is recorded for a group, where that is withheld.

They are numbers of suspects, who come and go untold, so that no quarter says anything about another.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from vha.disclosure.cells import Rounding
from vha.disclosure.program import Program
from vha.disclosure.published import rounding_of

Bounds = tuple[str, str, float, float]

# More people than there are: a number that nothing limits ends here.
_MANY = 1e9

_STATES = ("recorded", "not_stated", "missing")

# Those recorded are derived from these two, and say nothing more.
_BY_STATE = """
select unnest(['not_stated', 'missing']), unnest([not_stated, missing]) from special_category_completeness
where population_kind = 'suspects' and period = ? and characteristic = ?
"""

# By sex or age band, as the comparisons show them.
_BY_GROUP = """
select distinct group_code, people from disproportionality
where stage = 'suspects' and period = ? and characteristic = ?
"""


def bounds(connection: duckdb.DuckDBPyConnection, *, everything: bool = False) -> Iterator[Bounds]:
    """Least and greatest possible number of each withheld cell, with its quarter and its name.

    Args:
        connection: open on an oversight database, which may be of before there was such a table.
        everything: cells of every quarter, rather than of the last.

    Raises:
        ArithmeticError: the figures contradict each other.
    """
    if connection.execute(
        "select count(*) from duckdb_tables() "
        "where schema_name = current_schema() and table_name = 'special_category_completeness_by_group'"
    ).fetchall() == [(0,)]:
        return
    rounding = rounding_of(connection)
    tables: dict[tuple[str, str, str], dict[str, tuple[int | None, ...]]] = {}
    for period, characteristic, by_characteristic, by_group, *people in connection.execute(
        "select period, characteristic, by_characteristic, by_group, recorded, not_stated, missing "
        "from special_category_completeness_by_group order by all"
    ).fetchall():
        tables.setdefault((period, characteristic, by_characteristic), {})[by_group] = tuple(people)
    last = max((period for period, *_ in tables), default=None)
    for (period, characteristic, by_characteristic), rows in tables.items():
        if everything or period == last:
            columns = _shown(connection, rounding, _BY_STATE, period, characteristic)
            groups = _shown(connection, rounding, _BY_GROUP, period, by_characteristic)
            for group, state, low, high in _of_table(rounding, rows, columns, groups):
                yield period, f"{characteristic}_by_{by_characteristic}/{group}|{state}", low, high


def _shown(
    connection: duckdb.DuckDBPyConnection, rounding: Rounding, query: str, period: str, characteristic: str
) -> dict[str, tuple[float, float]]:
    """What the published numbers of all suspects may stand for, by state or group."""
    rows = connection.execute(query, [period, characteristic]).fetchall()
    return {name: rounding.interval(people) for name, people in rows if people is not None}


def _of_table(
    rounding: Rounding,
    rows: dict[str, tuple[int | None, ...]],
    columns: dict[str, tuple[float, float]],
    groups: dict[str, tuple[float, float]],
) -> Iterator[tuple[str, str, float, float]]:
    program = Program()
    cells = {
        (group, state): program.variable(*((0, _MANY) if shown is None else rounding.interval(shown)))
        for group, people in rows.items()
        for state, shown in zip(_STATES, people, strict=True)
    }
    for state, interval in columns.items():
        program.row(*interval, {cells[group, state]: 1.0 for group in rows})
    for group, interval in groups.items():
        if group in rows:
            program.row(*interval, {cells[group, state]: 1.0 for state in _STATES})
    for (group, state), cell in cells.items():
        if rows[group][_STATES.index(state)] is None:
            low, high = (_extreme(program, cell, weight) for weight in (-1.0, 1.0))
            yield group, state, low, high


def _extreme(program: Program, cell: int, weight: float) -> float:
    within = program.greatest({cell: weight})
    if within is None:
        raise ArithmeticError("The published tables contradict each other.")
    return float(within[cell])
