"""What is published as a linear program: the people of each group in each quarter, and what is known of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from vha.disclosure.cells import ANYTHING, Cell
from vha.disclosure.program import INFINITY, Program
from vha.disclosure.published import (
    CROSS_TABLES,
    ETHNICITY_18,
    OBSERVED,
    REASONS,
    Published,
    broad_groups,
    groups_of_five,
    part_table,
)
from vha.disclosure.stages import ETHNICITY_5, EVERYBODY, REMOVED, STAGES, VICTIMS, entrants, stage_table

Variables = Mapping[str, int]
"""The variables of a table's groups."""


class Model:
    """The program.

    Attributes:
        variables: of each cell, by period, table and group.
        rooms: of each number of people who would come onto the list, what is left of those who could, as a weighted
            sum of variables.
    """

    def __init__(self, published: Published) -> None:
        self.program = Program()
        self.variables: dict[tuple[str, str, str], int] = {}
        self.rooms: dict[tuple[str, str, str], Mapping[int, float]] = {}
        self._published = published
        self._tables: dict[tuple[str, str], dict[str, int]] = {}
        self._assumed: dict[str, list[int]] = {}
        self._sizes = {flow.period: self.program.variable(*flow.size) for flow in published.flows}
        self._moved: dict[str, tuple[int, int]] = {}
        for cell in [*published.cells, *published.removals, *published.parts, *published.larger]:
            self._add(cell)
        for cell_period, table in {(cell.period, cell.table): None for cell in published.cells}:
            for parts, whole in self._sums(cell_period, table, self._tables[cell_period, table]):
                self._equal(whole, parts)
        self._movements()
        self._larger_populations()
        self._parts()
        self._corrections()

    def drop_what_cannot_be(self) -> None:
        """Drop, table by table, that nobody's characteristics changed, where the figures say that somebody's did."""
        for rows in self._assumed.values():
            self.program.relax(rows)
        for rows in self._assumed.values():
            self.program.tighten(rows)
            if self.program.greatest({}) is None:
                self.program.relax(rows)

    def _add(self, cell: Cell) -> None:
        variable = self.program.variable(cell.low, cell.high)
        self.variables[cell.period, cell.table, cell.group] = variable
        self._tables.setdefault((cell.period, cell.table), {})[cell.group] = variable

    def _equal(self, whole: Sequence[int], parts: Sequence[int]) -> int:
        return self.program.row(0, 0, {**dict.fromkeys(parts, 1.0), **dict.fromkeys(whole, -1.0)})

    def _at_most(self, part: int, whole: int) -> int:
        return self.program.row(0, INFINITY, {whole: 1.0, part: -1.0})

    def _size(self, period: str) -> int:
        if period not in self._sizes:
            self._sizes[period] = self.program.variable()
        return self._sizes[period]

    def _sums(
        self, period: str, table: str, groups: Variables, population: str = STAGES[0]
    ) -> Iterator[tuple[Sequence[int], Sequence[int]]]:
        """Groups of a table of a population that add up to others, or to everybody; both as variables."""

        def of(characteristic: str) -> Variables:
            is_listed = population == STAGES[0]
            name = characteristic if is_listed else stage_table(characteristic, population)
            return self._tables.get((period, name), {})

        if table in CROSS_TABLES:
            for place, characteristic in enumerate(CROSS_TABLES[table]):
                wholes: dict[str, list[int]] = {}
                for group, variable in of(characteristic).items():
                    wholes.setdefault(_in_cross_table(table, characteristic, group), []).append(variable)
                for column, members in wholes.items():
                    yield [one for code, one in groups.items() if code.split("|")[place] == column], members
        elif table == ETHNICITY_18 and of(ETHNICITY_5):
            parent = groups_of_five("self_defined")
            for group, variable in of(ETHNICITY_5).items():
                yield [one for code, one in groups.items() if parent.get(code, code) == group], [variable]
        elif population == STAGES[0]:
            yield list(groups.values()), [self._size(period)]
        elif population != REMOVED:
            yield list(groups.values()), list(of(EVERYBODY).values())
        elif period in self._moved:
            yield list(groups.values()), [self._moved[period][1]]

    def _movements(self) -> None:
        """Whoever is in another group than before came or went: no more than moved since."""
        corrected = self._published.corrected
        flows = {flow.period: flow for flow in self._published.flows}
        quarters = [period for period in flows if period not in corrected]
        before = {now: since for since, now in pairwise(quarters)}
        before |= {period: before[quarter] for period, quarter in corrected.items() if quarter in before}
        for now, since in before.items():
            flow = flows[now]
            if flow.added is not None and flow.removed is not None:
                added, removed = self.program.variable(*flow.added), self.program.variable(*flow.removed)
                change = {self._size(now): 1.0, self._size(since): -1.0, added: -1.0, removed: 1.0}
                self.program.row(0, 0, change)
                self._moved[now] = added, removed
        told = {cell.period for cell in self._published.removals}
        # Tables of one characteristic first: what they tell is what finer ones add up to.
        order = {
            cell.table: (cell.table in CROSS_TABLES, cell.table == ETHNICITY_18)
            for cell in self._published.cells
        }
        for table in sorted(order, key=lambda name: (order[name], name)):
            shown = [period for period in quarters if (period, table) in self._tables]
            steps = [*pairwise(shown)]
            for period, quarter in corrected.items():
                earlier = [each for each in shown if each < quarter]
                if earlier and (period, table) in self._tables:
                    steps.append((earlier[-1], period))
            for since, now in steps:
                between = [period for period in quarters if since < period < corrected.get(now, now)] + [now]
                if not all(period in self._moved for period in between):
                    continue
                if len(between) == 1 and now in told:
                    self._by_group(table, since, now)
                else:
                    self._no_more_than(table, since, now, [self._moved[period][0] for period in between])

    def _no_more_than(self, table: str, since: str, now: str, added: Sequence[int]) -> None:
        """The rises of a table's groups are no more than the people who came; the size's change bounds the falls."""
        earlier, groups = self._tables[since, table], self._tables[now, table]
        rows = self._assumed.setdefault(table, [])
        risen = {}
        for group, variable in groups.items():
            rise = self.program.variable()
            risen[rise] = 1.0
            rows.append(self.program.row(0, INFINITY, {rise: 1.0, variable: -1.0, earlier[group]: 1.0}))
        rows.append(self.program.row(-INFINITY, 0, {**risen, **dict.fromkeys(added, -1.0)}))

    def _by_group(self, table: str, since: str, now: str) -> None:
        """Who went off the list was in a group before, and who is in a group and was not came; by group where told."""
        earlier, groups = self._tables[since, table], self._tables[now, table]
        removed = self._tables.setdefault((now, stage_table(table, REMOVED)), {})
        rows = self._assumed.setdefault(table, [])
        for group, variable in groups.items():
            if group not in removed:
                removed[group] = self.program.variable(*ANYTHING)
            went = removed[group]
            rows.append(self._at_most(went, earlier[group]))
            rows.append(self.program.row(0, INFINITY, {variable: 1.0, earlier[group]: -1.0, went: 1.0}))
        for parts, whole in self._sums(now, table, removed, REMOVED):
            rows.append(self._equal(whole, parts))

    def _larger_populations(self) -> None:
        """A group has no more people at a stage of the selection than at the stage before; nor has everybody."""
        tables = {(cell.period, cell.table.rpartition(" of ")[0]) for cell in self._published.larger}
        for period, characteristic in sorted(tables):
            everybody = {EVERYBODY: self._size(period)} if characteristic == EVERYBODY else {}
            smaller = dict(self._tables.get((period, characteristic), everybody))
            for population in (*STAGES[1:], VICTIMS):
                groups = self._tables.get((period, stage_table(characteristic, population)), {})
                if groups and characteristic != EVERYBODY:
                    for parts, whole in self._sums(period, characteristic, groups, population):
                        self._equal(whole, parts)
                if population in STAGES:
                    for group in groups.keys() & smaller.keys():
                        self._at_most(smaller[group], groups[group])
                    smaller |= groups

    def _parts(self) -> None:
        """Who would leave in a what-if is on the list, and who would come is known of too; groups add up to all who
        would come or leave, or who left."""
        tables = {(cell.period, cell.table) for cell in self._published.parts}
        for period, table in sorted(tables):
            groups = self._tables[period, table]
            if table == REASONS:
                if period in self._moved:
                    self._equal([self._moved[period][1]], list(groups.values()))
                continue
            characteristic, _, counted = table.partition(" in ")
            variant, measure = counted.rsplit(" ", 1)
            if characteristic != "all":
                whole = self._tables.get((period, part_table(variant, measure, "all")), {})
                self._equal(list(whole.values()), list(groups.values()))
            if measure == "exits":
                listed = self._tables.get((period, characteristic), {"all": self._size(period)})
                for group in groups.keys() & listed.keys():
                    self._at_most(groups[group], listed[group])
            else:
                self._entries(period, table, characteristic, *entrants(variant))

    def _entries(self, period: str, table: str, characteristic: str, within: str, beside: str) -> None:
        """Who would come is in one population and not in the other within it: of each the nearest that is shown."""
        place = STAGES.index(within)
        for group, coming in self._tables[period, table].items():
            larger = [*self._in(period, characteristic, group, STAGES[place:])]
            if larger:
                smaller = [*self._in(period, characteristic, group, STAGES[STAGES.index(beside) :: -1])]
                room = {larger[0]: 1.0, **dict.fromkeys(smaller[:1], -1.0)}
                self.program.row(0, INFINITY, {**room, coming: -1.0})
                self.rooms[period, table, group] = room

    def _in(self, period: str, characteristic: str, group: str, populations: Sequence[str]) -> Iterator[int]:
        """The variables of a group in populations, of those where it is shown."""
        for population in populations:
            if population != STAGES[0]:
                shown = self._tables.get((period, stage_table(characteristic, population)), {})
            elif characteristic == EVERYBODY:
                shown = {EVERYBODY: self._size(period)}
            else:
                shown = self._tables.get((period, characteristic), {})
            if group in shown:
                yield shown[group]

    def _corrections(self) -> None:
        """A reader takes it that a correction changed nobody's group, where the figures allow for that."""
        for (period, table), groups in list(self._tables.items()):
            latest = self._tables.get((self._published.corrected.get(period, ""), table), {})
            rows = self._assumed.setdefault(f"{table} of {period}", []) if latest else []
            for group in groups.keys() & latest.keys():
                rows.append(self._equal([latest[group]], [groups[group]]))


def _in_cross_table(table: str, characteristic: str, group: str) -> str:
    """The row or column of a cross table that a group is part of."""
    if characteristic == OBSERVED:
        return groups_of_five("officer_observed").get(group, group)
    if table != "ethnicity_by_age_and_sex":
        return broad_groups().get((characteristic, group), group)
    return group
