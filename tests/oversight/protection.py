"""The protection of counts by the project's own SQL, over numbers of people given as they are: thousands of tables in
the time that a build of the whole project takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import duckdb
import numpy as np
from harness import Model, Mutations, Project

from vha.disclosure.published import broad_groups
from vha.disclosure.stages import entrants
from vha.publish.history_tables import HISTORY

KINDS = ("listed", "above_threshold", "enough_reports", "scored", "suspects", "victims")
CROSS = "ethnicity_by_age_and_sex"
AGREEMENT = "ethnicity_agreement"
BROAD = broad_groups()

Person = Mapping[str, str]
"""A person's group by characteristic."""

_PROTECTION = (
    "int_list_flows",
    "int_countable_cells",
    "int_protected_groups",
    "int_protected_subgroups",
    "int_cross_table_rows",
    "int_cross_table_columns",
    "int_cross_table_cells",
    "int_protected_tables",
    "int_protected_removals",
    "int_protected_counts",
    "int_removals_by_reason",
    "int_variant_protected",
)
_TABLES = (
    "special_category_breakdown",
    "special_category_cross",
    "special_category_completeness",
    "ethnicity_agreement",
    "list_trend",
)
_PARTS = (("published", "disproportionality"), ("published", "what_if"))
VARIED_BY = ("all", "self_defined_ethnicity_5", "age_band", "sex")
_MODELS = (*_PROTECTION, "group_counts", *_TABLES)


class Publisher:
    """Closes one quarter after the other, each knowing what was published before."""

    def __init__(self, project: Project, *, mutate: Mutations | None = None, threshold: int = 10) -> None:
        self.connection = duckdb.connect(":memory:", config={"threads": 1})
        self._models = {name: project.models[name] for name in _MODELS}
        self._sql = {name: (mutate or {}).get(name, str)(model.sql) for name, model in self._models.items()}
        for schema in ("run", "history", "intermediate", "assessment", "oversight"):
            self.connection.execute(f"create schema {schema}")
        self.connection.execute("create schema published")
        project._load_seeds(self.connection, project._seeds)
        self.connection.execute(
            f"update seeds.policy set \"value\" = '{threshold}' where parameter = 'suppression_threshold'"
        )
        for name in ("int_policy", "int_simple_groups", "int_groups"):
            self.connection.execute(f"create table intermediate.{name} as {project.models[name].sql}")
        for table, columns in HISTORY.items():
            typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            self.connection.execute(f"create table history.{table} ({typed})")
        self.connection.execute(
            """
            create table intermediate.int_group_counts
                (period varchar, population_kind varchar, characteristic varchar, group_code varchar, people bigint);
            create table intermediate.int_quarter_movements
                (period varchar, movement varchar, reason varchar, driver varchar);
            create table intermediate.int_removed_counts
                (period varchar, characteristic varchar, group_code varchar, people bigint);
            create table published.disproportionality
                (period varchar, characteristic varchar, group_code varchar, stage varchar, people bigint,
                reference_group_code varchar, reference_people bigint, benchmark varchar, benchmark_people bigint,
                reference_benchmark_people bigint);
            create table intermediate.int_variant_counts (period varchar, variant varchar, measure varchar,
                characteristic varchar, group_code varchar, people bigint, pool bigint);
            create table published.what_if (period varchar, variant varchar, measure varchar, characteristic varchar,
                group_code varchar, "value" bigint, status varchar);
            create table intermediate.int_previous_release (run_id varchar);
            create table run.assessment (assessment varchar, as_of_date date, closes_period varchar, variant varchar);
            """
        )
        self.cells = self.connection.sql(
            "select characteristic, group_code from intermediate.int_groups"
        ).fetchall()

    def close(
        self,
        period: str,
        populations: Mapping[str, Mapping[tuple[str, str], int]],
        added: int = 0,
        removed: Mapping[tuple[str, str], int] | None = None,
        groups_removed: Mapping[tuple[str, str], int] | None = None,
        movers: Mapping[tuple[str, str], Mapping[tuple[str, str], int]] | None = None,
    ) -> None:
        """Close a quarter.

        Args:
            populations: exact numbers by population, and characteristic and group; at least of the listed.
            added: people who came onto the list.
            removed: people who went off it, by reason and driver.
            groups_removed: the same people by characteristic and group.
            movers: people who would enter or leave, by variant and ``entries`` or ``exits``, and by characteristic
                and group.
        """
        run = self.connection
        for table in (
            "int_group_counts",
            "int_quarter_movements",
            "int_removed_counts",
            "int_previous_release",
        ):
            run.execute(f"delete from intermediate.{table}")
        year, quarter = int(period[:4]), int(period[-1])
        run.execute("delete from run.assessment")
        run.execute(
            "insert into run.assessment values ('release', last_day(make_date(?, ?, 1)), ?, null)",
            [year, 3 * quarter, period],
        )
        earlier = run.execute("select max(period) from history.group_counts").fetchall()[0][0]
        if earlier:
            run.execute("insert into intermediate.int_previous_release values (?)", [earlier])
        rows = []
        for kind in KINDS:
            # Populations that are not given are the listed themselves.
            counts = populations.get(kind, {} if kind == "victims" else populations["listed"])
            for characteristic, group in [*self.cells, ("all", "all")]:
                if kind == "listed" or "|" not in group:
                    rows.append((period, kind, characteristic, group, counts.get((characteristic, group), 0)))
        columns = list(zip(*rows, strict=True))
        run.execute(
            "insert into intermediate.int_group_counts select unnest(?), unnest(?), unnest(?), unnest(?), unnest(?)",
            [list(column) for column in columns],
        )
        moves = [(period, "added", None, None)] * added
        for (reason, driver), people in (removed or {}).items():
            moves += [(period, "removed", reason, driver)] * people
        if moves:
            run.execute(
                "insert into intermediate.int_quarter_movements select unnest(?), unnest(?), unnest(?), unnest(?)",
                [list(column) for column in zip(*moves, strict=True)],
            )
        for (characteristic, group), people in (groups_removed or {}).items():
            values = [period, characteristic, group, people]
            run.execute("insert into intermediate.int_removed_counts values (?, ?, ?, ?)", values)
        run.execute("delete from intermediate.int_variant_counts")
        for (variant, measure), people in (movers or {}).items():
            within, beside = ("listed", None) if measure == "exits" else entrants(variant)
            for characteristic, group in [*self.cells, ("all", "all")]:
                if characteristic in VARIED_BY:
                    cell = characteristic, group
                    pool = populations.get(within, populations["listed"]).get(cell, 0)
                    pool -= populations.get(beside, populations["listed"]).get(cell, 0) if beside else 0
                    run.execute(
                        "insert into intermediate.int_variant_counts values (?, ?, ?, ?, ?, ?, ?)",
                        [period, variant, measure, *cell, people.get(cell, 0), pool],
                    )
        for name, model in self._models.items():
            run.execute(f"create or replace table {model.schema}.{name} as {self._sql[name]}")
        for table in (*_TABLES, "group_counts"):
            schema = self._models[table].schema
            run.execute(f"delete from history.{table}")
            run.execute(
                f"insert into history.{table} by name select '{period}' as run_id, * from {schema}.{table}"
            )

        run.execute("insert into published.what_if from intermediate.int_variant_protected")
        run.execute(
            """
            insert into published.disproportionality
            select distinct at_stage.period, at_stage.characteristic, at_stage.group_code, at_stage.population_kind,
                at_stage.people, at_stage.group_code, at_stage.people, 'victims', victims.people, victims.people
            from intermediate.int_protected_counts as at_stage
            left join intermediate.int_protected_counts as victims
                on at_stage.period = victims.period
                    and at_stage.characteristic = victims.characteristic
                    and at_stage.group_code = victims.group_code
                    and victims.population_kind = 'victims'
            where at_stage.population_kind in (select unnest(?))
                and at_stage.characteristic <> 'all'
                and at_stage.group_code not in ('not_stated', 'missing')
            """,
            [["removed", *({"above_threshold", "enough_reports", "suspects"} & populations.keys())]],
        )

    def rows(self, query: str) -> list[tuple]:
        return self.connection.execute(query).fetchall()

    @contextmanager
    def released(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The published tables alone, as a reader has them."""
        with duckdb.connect(":memory:", config={"threads": 1}) as reader:
            released = [*(("oversight", table) for table in _TABLES), *_PARTS]
            for schema, table in [*released, ("seeds", "policy")]:
                frame = self.connection.execute(f"select * from {schema}.{table}").to_arrow_table()
                reader.register("frame", frame)
                name = "policy_register" if table == "policy" else table
                reader.execute(f"create table {name} as select * from frame")
            yield reader


def counts_of(people: Sequence[Person]) -> dict[tuple[str, str], int]:
    """Exact numbers by characteristic and group, cross tables included."""
    counts: dict[tuple[str, str], int] = {("all", "all"): len(people)}
    for person in people:
        five = person["self_defined_ethnicity_5"]
        crossed = {
            AGREEMENT: f"{five}|{person['officer_observed_ethnicity_5']}",
            CROSS: f"{five}|{person['age_band']}|{person['sex']}",
            "ethnicity_by_age_band": f"{five}|{BROAD['age_band', person['age_band']]}",
            "ethnicity_by_sex": f"{five}|{BROAD['sex', person['sex']]}",
        }
        for characteristic, group in (person | crossed).items():
            if characteristic != "officer_observed_ethnicity_5":
                counts[characteristic, group] = counts.get((characteristic, group), 0) + 1
    return counts


class Town:
    """People who come onto a list and go off it, of whom some groups are rare."""

    def __init__(self, project: Project, seed: int, *, rare: float = 1.0) -> None:
        self._random = np.random.default_rng(seed)
        self._chance = np.random.default_rng([seed, 1])
        publisher = Publisher(project)
        self._groups: dict[str, list[str]] = {}
        for characteristic, group in sorted(publisher.cells):
            self._groups.setdefault(characteristic, []).append(group)
        self._parent = dict(publisher.rows("select code, group_5 from seeds.ethnicity_codes"))
        self._weights = {
            characteristic: self._random.dirichlet(np.full(len(groups), 0.5 / rare))
            for characteristic, groups in self._groups.items()
        }
        self.listed: list[Person] = []
        self.near: list[Person] = []

    def person(self) -> Person:
        draw = {
            characteristic: str(self._random.choice(groups, p=self._weights[characteristic]))
            for characteristic, groups in self._groups.items()
            if "ethnicity_5" not in characteristic and not groups[0].count("|")
        }
        eighteen = draw["self_defined_ethnicity_18"]
        observed = draw["officer_observed_ethnicity"]
        return {
            **draw,
            "self_defined_ethnicity_5": self._parent.get(eighteen, eighteen),
            "officer_observed_ethnicity_5": self._parent.get(observed, observed),
        }

    def move(self, added: int, removed: int) -> dict[tuple[str, str], int]:
        """People come and go; those who go by characteristic and group."""
        went = [
            self.listed.pop(int(self._random.integers(len(self.listed))))
            for _ in range(min(removed, len(self.listed)))
        ]
        self.listed += [self.person() for _ in range(added)]
        return {
            cell: people
            for cell, people in counts_of(went).items()
            if "|" not in cell[1] and cell[0] != "all"
        }

    def populations(self, *, near: int = 20, far: int = 200) -> dict[str, dict[tuple[str, str], int]]:
        """The list within larger populations, of whom a few or many more."""
        above = [*self.listed, *(self.person() for _ in range(near))]
        enough = [*above, *(self.person() for _ in range(far))]
        suspects = [*enough, *(self.person() for _ in range(far))]
        self.near = enough[len(above) :]
        chain = {
            "listed": self.listed,
            "above_threshold": above,
            "enough_reports": enough,
            "suspects": suspects,
        }
        return {kind: counts_of(people) for kind, people in {**chain, "scored": enough}.items()}

    def movers(self) -> dict[tuple[str, str], dict[tuple[str, str], int]]:
        """Who would come or leave by a lower or a higher threshold, anybody or all of whom it could be.

        Of the populations that were drawn last.
        """
        share = self._chance.choice([0.05, 0.3, 0.9, 1.0])
        measures = {
            ("threshold_minus_20_percent", "entries"): self.near,
            ("threshold_plus_20_percent", "exits"): self.listed,
        }
        return {
            measure: counts_of([person for person in people if self._chance.random() < share])
            for measure, people in measures.items()
        }


__all__ = ["AGREEMENT", "CROSS", "Model", "Person", "Publisher", "Town", "counts_of"]
