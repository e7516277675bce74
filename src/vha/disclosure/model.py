"""The published tables as a linear program: the people of each group in each quarter, and what is known of them."""

from __future__ import annotations

from itertools import pairwise

from vha.disclosure.program import INFINITY, Program
from vha.disclosure.published import (
    AGREEMENT,
    CROSS,
    CROSS_TABLES,
    ETHNICITY_5,
    ETHNICITY_18,
    STAGES,
    Published,
    groups_of_five,
)


class Model:
    """The program.

    Attributes:
        variables: of each cell, by period, table and group.
    """

    def __init__(self, published: Published) -> None:
        self.program = Program()
        self.variables: dict[tuple[str, str, str], int] = {}
        self._published = published
        self._groups: dict[tuple[str, str], dict[str, int]] = {}
        self._flow_rows: dict[str, list[int]] = {}
        self._sizes = {flow.period: self.program.variable(*flow.size) for flow in published.flows}
        for cell in published.cells:
            variable = self.program.variable(cell.low, cell.high)
            self.variables[cell.period, cell.table, cell.group] = variable
            self._groups.setdefault((cell.period, cell.table), {})[cell.group] = variable
        for period, table in self._groups:
            if table not in CROSS_TABLES:
                self._add_up(period, table)
            else:
                self._margins(period, table)
        self._movements()
        self._larger_populations()
        self._parts_of_the_list()

    def drop_what_cannot_be(self) -> None:
        """Drop, table by table, that nobody's characteristics changed, where the figures say that somebody's did."""
        for rows in self._flow_rows.values():
            self.program.relax(rows)
        for rows in self._flow_rows.values():
            self.program.tighten(rows)
            if self.program.greatest({}) is None:
                self.program.relax(rows)

    def _equal(self, whole: int, parts: list[int]) -> None:
        self.program.row(0, 0, {**dict.fromkeys(parts, 1.0), whole: -1.0})

    def _size(self, period: str) -> int:
        if period not in self._sizes:
            self._sizes[period] = self.program.variable()
        return self._sizes[period]

    def _add_up(self, period: str, table: str) -> None:
        groups = self._groups[period, table]
        five = self._groups.get((period, ETHNICITY_5))
        if table != ETHNICITY_18 or not five:
            self._equal(self._size(period), list(groups.values()))
            return
        parent = groups_of_five("self_defined")
        for group, whole in five.items():
            children = [variable for code, variable in groups.items() if parent.get(code, code) == group]
            self._equal(whole, children)

    def _margins(self, period: str, table: str) -> None:
        """A cross table's rows and columns add up to the groups of the tables of one characteristic."""
        columns = {
            AGREEMENT: [ETHNICITY_5, "officer_observed_ethnicity"],
            CROSS: [ETHNICITY_5, "age_band", "sex"],
        }
        seen = groups_of_five("officer_observed")
        for place, characteristic in enumerate(columns[table]):
            margins = self._groups.get((period, characteristic), {})
            wholes: dict[str, list[int]] = {}
            for group, variable in margins.items():
                name = (
                    seen[group] if group in seen and characteristic == "officer_observed_ethnicity" else group
                )
                wholes.setdefault(name, []).append(variable)
            for group, members in wholes.items():
                parts = [
                    variable
                    for code, variable in self._groups[period, table].items()
                    if code.split("|")[place] == group
                ]
                self.program.row(0, 0, {**dict.fromkeys(parts, 1.0), **dict.fromkeys(members, -1.0)})

    def _movements(self) -> None:
        """Whoever is in another group than before came or went: no more than moved since."""
        moved: dict[str, tuple[int, int]] = {}
        for since, now in pairwise(self._published.flows):
            if now.added is not None and now.removed is not None:
                added, removed = self.program.variable(*now.added), self.program.variable(*now.removed)
                size, before = self._size(now.period), self._size(since.period)
                self.program.row(0, 0, {size: 1.0, before: -1.0, added: -1.0, removed: 1.0})
                moved[now.period] = added, removed
        periods = [flow.period for flow in self._published.flows]
        for table in sorted({table for _, table in self._groups}):
            shown = [period for period in periods if (period, table) in self._groups]
            for earlier, later in pairwise(shown):
                between = [period for period in periods if earlier < period <= later]
                if all(period in moved for period in between):
                    self._no_more_than(table, earlier, later, [moved[period][0] for period in between])

    def _no_more_than(self, table: str, since: str, now: str, added: list[int]) -> None:
        """The rises of a table's groups are no more than the people who came; the size's change bounds the falls."""
        earlier, groups = self._groups[since, table], self._groups[now, table]
        rows = self._flow_rows.setdefault(table, [])
        risen = {}
        for group, variable in groups.items():
            rise = self.program.variable()
            risen[rise] = 1.0
            rows.append(self.program.row(0, INFINITY, {rise: 1.0, variable: -1.0, earlier[group]: 1.0}))
        rows.append(self.program.row(-INFINITY, 0, {**risen, **dict.fromkeys(added, -1.0)}))

    def _larger_populations(self) -> None:
        """A group has no more people at a stage of the selection than at the stage before."""
        keys = {key[:3] for key in self._published.larger}
        for period, characteristic, group in sorted(keys):
            smaller = self.variables.get((period, characteristic, group))
            for stage in STAGES[1:]:
                interval = self._published.larger.get((period, characteristic, group, stage))
                if interval is None:
                    continue
                larger = self.program.variable(*interval)
                if smaller is not None:
                    self.program.row(0, INFINITY, {larger: 1.0, smaller: -1.0})
                smaller = larger

    def _parts_of_the_list(self) -> None:
        for (period, characteristic, group, _), interval in self._published.parts.items():
            listed = self.variables.get((period, characteristic, group))
            if listed is not None:
                part = self.program.variable(*interval)
                self.program.row(0, INFINITY, {listed: 1.0, part: -1.0})
