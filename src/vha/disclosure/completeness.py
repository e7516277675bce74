"""What a reader can work out about how completely a characteristic is recorded for a group, where that is withheld.

They are numbers of suspects, who come and go untold, so that no quarter says anything about another; but a release that
was corrected told of the same quarter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import duckdb

from vha.disclosure.cells import Rounding
from vha.disclosure.program import Program
from vha.disclosure.published import rounding_of

Bounds = tuple[str, str, float, float]
Table = Mapping[str, tuple[int | None, ...]]
"""Those recorded, not stated and missing by group, None where withheld."""

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


def bounds(
    connection: duckdb.DuckDBPyConnection,
    *,
    everything: bool = False,
    history: duckdb.DuckDBPyConnection | None = None,
    corrected: Sequence[str] = (),
) -> Iterator[Bounds]:
    """Least and greatest possible number of each withheld cell, with its quarter and its name.

    Args:
        connection: open on an oversight database, which may be of before there was such a table.
        everything: cells of every quarter, rather than of the last.
        history, corrected: where ``history`` has what these releases said, which were corrected since.

    Raises:
        ArithmeticError: the figures contradict each other.
    """
    if connection.execute(
        "select count(*) from duckdb_tables() "
        "where schema_name = current_schema() and table_name = 'special_category_completeness_by_group'"
    ).fetchall() == [(0,)]:
        return
    rounding = rounding_of(connection)
    tables = _tables(connection, "special_category_completeness_by_group", "true", [])
    earlier = [
        _tables(history, "history.special_category_completeness_by_group", "run_id = ?", [run_id])
        for run_id in corrected
        if history
    ]
    last = max((period for period, *_ in tables), default=None)
    for (period, characteristic, by_characteristic), rows in tables.items():
        if everything or period == last:
            columns = _shown(connection, rounding, _BY_STATE, period, characteristic)
            groups = _shown(connection, rounding, _BY_GROUP, period, by_characteristic)
            told = [each.get((period, characteristic, by_characteristic), {}) for each in earlier]
            for group, state, low, high in _of_table(rounding, rows, columns, groups, told):
                yield period, f"{characteristic}_by_{by_characteristic}/{group}|{state}", low, high


def _tables(
    connection: duckdb.DuckDBPyConnection, table: str, where: str, values: Sequence[str]
) -> dict[tuple[str, str, str], dict[str, tuple[int | None, ...]]]:
    """The tables of every quarter by quarter, characteristic, and what its rows are groups of."""
    tables: dict[tuple[str, str, str], dict[str, tuple[int | None, ...]]] = {}
    for period, characteristic, by_characteristic, by_group, *people in connection.execute(
        "select period, characteristic, by_characteristic, by_group, recorded, not_stated, missing "
        f"from {table} where {where} order by all",
        list(values),
    ).fetchall():
        tables.setdefault((period, characteristic, by_characteristic), {})[by_group] = tuple(people)
    return tables


def _shown(
    connection: duckdb.DuckDBPyConnection, rounding: Rounding, query: str, period: str, characteristic: str
) -> dict[str, tuple[float, float]]:
    """What the published numbers of all suspects may stand for, by state or group."""
    rows = connection.execute(query, [period, characteristic]).fetchall()
    return {name: rounding.interval(people) for name, people in rows if people is not None}


def _of_table(
    rounding: Rounding,
    rows: Table,
    columns: Mapping[str, tuple[float, float]],
    groups: Mapping[str, tuple[float, float]],
    earlier: Sequence[Table],
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
    told = [_told(program, rounding, cells, each) for each in earlier]
    for numbers in told:
        program.relax(numbers)
    for numbers in told:
        program.tighten(numbers)
        # It cannot be: these were other people.
        if program.greatest({}) is None:
            program.relax(numbers)
    for (group, state), cell in cells.items():
        if rows[group][_STATES.index(state)] is None:
            low, high = (_extreme(program, cell, weight) for weight in (-1.0, 1.0))
            yield group, state, low, high


def _told(
    program: Program, rounding: Rounding, cells: Mapping[tuple[str, str], int], earlier: Table
) -> list[int]:
    """The rows of what a corrected release told of the same people."""
    return [
        program.row(*rounding.interval(people), {cells[group, state]: 1.0})
        for group, numbers in earlier.items()
        for state, people in zip(_STATES, numbers, strict=True)
        if people is not None and (group, state) in cells
    ]


def _extreme(program: Program, cell: int, weight: float) -> float:
    within = program.greatest({cell: weight})
    if within is None:
        raise ArithmeticError("The published tables contradict each other.")
    return float(within[cell])
