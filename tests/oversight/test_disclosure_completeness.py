"""How completely a characteristic is recorded by group gives nobody away, and the attack notices where it would."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import duckdb
import numpy as np
import pytest
from harness import Project

from vha.disclosure.attack import attack
from vha.publish.history_tables import HISTORY

STATES = ("recorded", "not_stated", "missing")
WITHHELD = (None, None, None)

Rows = Mapping[str, tuple[int | None, int | None, int | None]]


def revealed(rows: Rows, not_stated: int, missing: int, corrected: Rows | None = None) -> list[str]:
    """What an attack works out from religion by sex, knowing how many suspects did not state or lack a religion.

    Args:
        corrected: what a release had said of the quarter before that was corrected.
    """
    with duckdb.connect(":memory:") as oversight, duckdb.connect(":memory:") as history:
        oversight.execute(
            "create table policy_register as select * from "
            "(values ('suppression_threshold', '10'), ('rounding_base', '5')) as policy(parameter, value)"
        )
        for table in ("special_category_completeness_by_group", "special_category_completeness", "disproportionality",
                      "list_trend", "special_category_breakdown", "what_if"):  # fmt: skip
            columns = ", ".join(f'"{name}" {kind}' for name, kind in HISTORY[table].items())
            oversight.execute(f"create table {table} ({columns})")
        history.execute("create schema history")
        for table in HISTORY:
            columns = ", ".join(f'"{name}" {kind}' for name, kind in HISTORY[table].items())
            history.execute(f"create table history.{table} ({columns})")
        for place, told in (("", rows), ("history.", corrected or {})):
            for group, people in told.items():
                (history if place else oversight).execute(
                    f"insert into {place}special_category_completeness_by_group by name select '2026-Q3' as period, "
                    "'first' as run_id, 'religion' as characteristic, 'sex' as by_characteristic, ? as by_group, "
                    "? as recorded, ? as not_stated, ? as missing",
                    [group, *people],
                )
        if corrected:
            history.execute(
                "insert into history.release_register by name "
                "select 'first' as run_id, date '2026-09-30' as as_of_date, timestamp '2026-10-01' as published_at"
            )
        oversight.execute(
            "insert into special_category_completeness by name select '2026-Q3' as period, "
            "'suspects' as population_kind, 'religion' as characteristic, ? as not_stated, ? as missing",
            [not_stated, missing],
        )
        found = attack(oversight, history=history, corrected_now=date(2026, 9, 30))
        return [finding.cell for finding in found if not finding.safe]


def test_one_row_beside_which_everything_is_shown_is_what_the_columns_leave() -> None:
    rows: Rows = {"M": (900, 400, 700), "X": WITHHELD}
    assert revealed(rows, 400, 705) == ["religion_by_sex/X|not_stated"]


def test_a_row_with_room_makes_up_for_it() -> None:
    rows: Rows = {"F": WITHHELD, "M": (900, 400, 700), "X": WITHHELD}
    assert revealed(rows, 445, 765) == []


def test_what_a_corrected_release_showed_is_read_with_what_withholds_it() -> None:
    rows: Rows = {"F": WITHHELD, "M": (900, 400, 700), "X": WITHHELD}
    first: Rows = {"F": (300, 45, 60), "M": (900, 400, 700), "X": WITHHELD}
    assert revealed(rows, 445, 765, first) == ["religion_by_sex/X|not_stated"]
    # More than there are: those were other people, and the correction stands alone.
    assert revealed(rows, 445, 765, {**first, "F": (300, 45, 500)}) == []


def test_a_table_that_contradicts_its_columns_is_no_table() -> None:
    with pytest.raises(ArithmeticError):
        revealed({"F": (100, 40, 60), "M": WITHHELD, "X": WITHHELD}, 10, 765)


def protected(project: Project, model: str, rows: list[tuple[str, int, int, int]]) -> Rows:
    """Religion by sex as the project's SQL shows it; of each sex as many as there are rows for it."""
    connection = duckdb.connect(":memory:")
    connection.execute(
        """
        create schema intermediate; create schema seeds;
        create table intermediate.int_policy as select 10 as suppression_threshold, 5 as rounding_base;
        create table seeds.withheld_tables (period varchar, characteristic varchar);
        create table intermediate.int_completeness_rows as
        select '2026-Q3' as period, 'religion' as characteristic, 'sex' as by_characteristic, 'F' as by_group,
            0 as people, 0 as recorded, 0 as not_stated, 0 as missing where false;
        create table intermediate.int_protected_counts
            (period varchar, population_kind varchar, characteristic varchar, group_code varchar, status varchar);
        """
    )
    for group, *people in rows:
        status = "published" if sum(people) >= 10 else "suppressed"
        connection.execute(
            "insert into intermediate.int_completeness_rows values ('2026-Q3', 'religion', 'sex', ?, ?, ?, ?, ?)",
            [group, sum(people), *people],
        )
        connection.execute(
            "insert into intermediate.int_protected_counts values ('2026-Q3', 'suspects', 'sex', ?, ?)",
            [group, status],
        )
    shown = connection.execute(
        f"select by_group, case when status = 'published' then [recorded, not_stated, missing] end from ({model})"
    ).fetchall()
    return {
        group: WITHHELD if people is None else tuple(5 * ((n + 2) // 5) for n in people)
        for group, people in shown
    }


def worst(project: Project, model: str, tables: int = 60) -> list[str]:
    """What is revealed of any of so many random tables."""
    chance = np.random.default_rng(4)
    found: list[str] = []
    for _ in range(tables):
        sizes = chance.choice([3, 30, 300, 3000], size=chance.integers(2, 6))
        rows = [
            (f"group {number}", *map(int, chance.multinomial(size, [0.7, 0.2, 0.1])))
            for number, size in enumerate(sizes)
        ]
        columns = [sum(row[place] for row in rows) for place in (2, 3)]
        if all(people == 0 or people >= 10 for people in columns):
            known = [5 * ((people + 2) // 5) for people in columns]
            found += revealed(protected(project, model, rows), *known)
    return found


def test_whatever_the_table_nothing_is_revealed_and_without_the_row_that_makes_up_it_is(
    project: Project,
) -> None:
    model = project.models["int_protected_completeness"].sql
    assert worst(project, model) == []
    broken = model.replace("chosen.needs_room", "false")
    assert broken != model
    assert worst(project, broken) != []
