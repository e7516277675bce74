"""No withheld number can be worked out from what the project's own SQL publishes, and the attack can tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import duckdb
import numpy as np
import pytest
from harness import Mutations, Project, replacing
from protection import Publisher, Town, counts_of

from vha.disclosure.attack import Finding, attack, findings
from vha.disclosure.corrections import with_other_figures
from vha.disclosure.gate import refuse_unsafe
from vha.disclosure.published import read
from vha.errors import QualityBlocked
from vha.publish.history_tables import HISTORY

QUARTERS = [f"{year}-Q{quarter}" for year in range(2021, 2026) for quarter in range(1, 5)]
REMOVED = ("score_below_threshold", "passage_of_time")
REASONS = (REMOVED, ("too_few_reports", "source_change"), ("deceased", "source_change"))


def released(
    tables: Mapping[str, list[tuple]], sizes: Mapping[str, tuple[int, int, int]], base: int = 5
) -> Iterator[Finding]:
    """What the attack finds in tables given as they are published: see :func:`oversight`."""
    with oversight(tables, sizes, base) as connection:
        yield from attack(connection, everything=True)


@contextmanager
def oversight(
    tables: Mapping[str, list[tuple]], sizes: Mapping[str, tuple[int, int, int]], base: int = 5
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A published database of a few tables.

    Args:
        tables: by period, rows of characteristic, group, people (None where withheld) and status.
        sizes: by period, people listed, added and removed.
        base: multiples to which they are rounded.
    """
    with duckdb.connect(":memory:") as connection:
        connection.execute(
            f"""
            create table policy_register (parameter varchar, value varchar);
            insert into policy_register values ('suppression_threshold', '10'), ('rounding_base', '{base}');
            create table special_category_breakdown
                (period varchar, characteristic varchar, group_code varchar, people bigint, status varchar);
            create table list_trend
                (period varchar, measure varchar, reason varchar, driver varchar, people bigint, status varchar);
            """
        )
        for period, rows in tables.items():
            for row in rows:
                connection.execute(
                    "insert into special_category_breakdown values (?, ?, ?, ?, ?)", [period, *row]
                )
            for measure, people in zip(("listed", "added", "removed"), sizes[period], strict=True):
                values = [period, measure, people, "published"]
                connection.execute("insert into list_trend values (?, ?, null, null, ?, ?)", values)
        yield connection


def test_two_parts_and_the_whole_give_the_third_part_away() -> None:
    """98 less 40 less 55 is 3: that the three are rounded hides it only until another table narrows the whole."""
    rounded = [("sex", "F", 40, "published"), ("sex", "M", 55, "published"), ("sex", "X", None, "suppressed")]
    [finding] = released({"2026-Q1": rounded}, {"2026-Q1": (100, 0, 0)})
    assert (finding.lower, finding.upper, finding.safe) == (1, 9, True)
    ages = [("age_band", "18-24", 10, "published"), ("age_band", "25-34", 85, "published")]
    [finding] = released({"2026-Q1": [*rounded, *ages]}, {"2026-Q1": (100, 0, 0)})
    assert (finding.lower, finding.upper, finding.safe) == (1, 8, False)


def test_the_third_part_takes_another_with_it(project: Project) -> None:
    publisher = Publisher(project)
    exact = {("sex", "F"): 40, ("sex", "M"): 55, ("sex", "X"): 3, ("all", "all"): 98}
    publisher.close("2021-Q1", {"listed": exact})
    sexes = "select group_code, people, status from oversight.special_category_breakdown where characteristic = 'sex'"
    assert publisher.rows(f"{sexes} and group_code in ('F', 'M', 'X') order by 1") == [
        ("F", None, "secondary_suppressed"),
        ("M", 55, "published"),
        ("X", None, "suppressed"),
    ]


def test_a_group_that_crosses_to_the_small_while_few_move_is_found_out() -> None:
    before = [("sex", "F", 20, "published"), ("sex", "M", 1000, "published"), ("sex", "X", 20, "published")]
    after = [
        ("sex", "F", None, "suppressed"),
        ("sex", "M", 1000, "published"),
        ("sex", "X", None, "secondary_suppressed"),
    ]
    sizes = {"2026-Q1": (1040, 0, 0), "2026-Q2": (1025, 0, 10)}
    [finding] = [f for f in released({"2026-Q1": before, "2026-Q2": after}, sizes) if f.cell == "sex/F"]
    assert (finding.lower, finding.safe) == (6, False)
    sizes = {"2026-Q1": (1040, 0, 0), "2026-Q2": (1025, 90, 100)}
    assert all(finding.safe for finding in released({"2026-Q1": before, "2026-Q2": after}, sizes))


def test_a_number_that_a_correction_withholds_is_read_in_what_it_corrects() -> None:
    shown = [("sex", "F", 20, "published"), ("sex", "M", 80, "published"), ("sex", "X", 0, "published")]
    withheld = [
        ("sex", "F", None, "secondary_suppressed"),
        ("sex", "M", 80, "published"),
        ("sex", "X", None, "suppressed"),
    ]
    sizes = {"2026-Q1": (100, 0, 0)}
    with oversight({"2026-Q1": withheld}, sizes) as latest, oversight({"2026-Q1": shown}, sizes) as first:
        assert all(finding.safe for finding in attack(latest))
        both = with_other_figures(read(latest), read(first), "first")
        # Zero is not few: the two cannot be the same people, and the correction stands alone.
        assert all(finding.safe for finding in findings(both))
    shown[0], shown[2] = ("sex", "F", 15, "published"), ("sex", "X", None, "suppressed")
    with (
        oversight({"2026-Q1": withheld}, sizes, 1) as latest,
        oversight({"2026-Q1": shown}, sizes, 1) as first,
    ):
        both = with_other_figures(read(latest), read(first), "first")
        assert {finding.cell for finding in findings(both) if not finding.safe} >= {"sex/X", "sex/X first"}
        # As the quarter's pack does: from the history of all releases, of which the later corrects the first.
        with history_of({"first": first, "later": latest}) as history:
            found = attack(latest, history=history)
        assert {finding.cell for finding in found if not finding.safe} >= {"sex/X", "sex/X first"}


@contextmanager
def history_of(releases: Mapping[str, duckdb.DuckDBPyConnection]) -> Iterator[duckdb.DuckDBPyConnection]:
    """What releases of one date published, from the first to the last."""
    with duckdb.connect() as history:
        history.execute("create schema history")
        for table, columns in HISTORY.items():
            kinds = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            history.execute(f"create table history.{table} ({kinds})")
        for order, (run_id, release) in enumerate(releases.items()):
            history.execute(
                "insert into history.release_register by name "
                "select ? as run_id, date '2026-09-30' as as_of_date, make_timestamp(?) as published_at",
                [run_id, order],
            )
            for table in ("special_category_breakdown", "list_trend"):
                history.register("released", release.execute(f"from {table}").to_arrow_table())
                history.execute(
                    f"insert into history.{table} by name select ? as run_id, * from released", [run_id]
                )
        yield history


def test_figures_that_say_that_somebody_was_recorded_anew_are_attacked_without_the_movements() -> None:
    before = [("sex", "F", 15, "published"), ("sex", "M", 1000, "published"), ("sex", "X", 20, "published")]
    after = [
        ("sex", "F", None, "suppressed"),
        ("sex", "M", 500, "published"),
        ("sex", "X", None, "secondary_suppressed"),
    ]
    sizes = {"2026-Q1": (1035, 0, 0), "2026-Q2": (1030, 10, 15)}
    after.append(("sex", "missing", 500, "published"))
    before.append(("sex", "missing", 0, "published"))
    assert all(finding.safe for finding in released({"2026-Q1": before, "2026-Q2": after}, sizes))


def test_a_group_inside_a_group_that_is_withheld_says_nothing() -> None:
    five = "self_defined_ethnicity_5"
    eighteen = "self_defined_ethnicity_18"
    rows = [
        (five, "White", 500, "published"),
        (five, "Asian", 100, "published"),
        (five, "Black", None, "secondary_suppressed"),
        (five, "Mixed", None, "suppressed"),
        *((eighteen, code, 250, "published") for code in ("W1", "W2")),
        (eighteen, "A1", 100, "published"),
        *((eighteen, code, None, "secondary_suppressed") for code in ("B1", "B2", "M1", "M2")),
    ]
    found = {f.cell: f for f in released({"2026-Q1": rows}, {"2026-Q1": (650, 0, 0)})}
    assert all(finding.safe for finding in found.values())
    # Two who are said to be 1 to 9 each, within a group that is, could not both be 9.
    rows[-2:] = [(eighteen, code, None, "suppressed") for code in ("M1", "M2")]
    found = {f.cell: f for f in released({"2026-Q1": rows}, {"2026-Q1": (650, 0, 0)})}
    assert not found["self_defined_ethnicity_18/M1"].safe


@pytest.mark.parametrize(
    ("publisher", "few", "women", "safe"),
    [
        ("the project's", None, None, True),
        ("small numbers alone are withheld", None, 20, False),
        ("nothing is withheld", 3, 20, False),
    ],
)
def test_who_would_leave_in_a_what_if_tells_of_few(
    publisher: str, few: int | None, women: int | None, safe: bool
) -> None:
    """Of 68 who would leave 45 are men, 20 women and 3 others."""
    listed = [("sex", group, people, "published") for group, people in (("F", 60), ("M", 100), ("X", 40))]
    with oversight({"2026-Q1": listed}, {"2026-Q1": (200, 0, 0)}, base=1) as connection:
        connection.execute(
            "create table what_if (period varchar, variant varchar, measure varchar, characteristic varchar, "
            'group_code varchar, "value" bigint, status varchar)'
        )
        for *cell, people in (("all", "all", 68), ("sex", "F", women), ("sex", "M", 45), ("sex", "X", few)):
            status = "secondary_suppressed" if people is None else "published"
            row = ["2026-Q1", "v", "exits", *cell, people, status]
            connection.execute("insert into what_if values (?, ?, ?, ?, ?, ?, ?)", row)
        found = attack(connection)
    assert (found != [], all(finding.safe for finding in found)) == (True, safe), publisher


def test_a_blocked_release_names_tables_and_quarters_and_no_number() -> None:
    refuse_unsafe([Finding("2026-Q1", "sex/F", 1, 9, True)])
    with pytest.raises(
        QualityBlocked, match=r"tables of sex of 2025-Q4, religion of 2026-Q1: have"
    ) as blocked:
        refuse_unsafe(
            [Finding("2026-Q1", "religion/sikh", 3, 9, False), Finding("2025-Q4", "sex/F", 7, 7, False)]
        )
    assert blocked.value.exit_code == 2
    assert "sikh" not in str(blocked.value)


def sequence(
    project: Project, seed: int, size: int, churn: int, quarters: int, *, mutate: Mutations | None = None
) -> Iterator[Finding]:
    """What the attack finds in a sequence of releases, each attacked with all before it as a run does; and in the
    last of them every number that any withheld."""
    town, publisher = Town(project, seed), Publisher(project, mutate=mutate)
    chance, why = np.random.default_rng(seed), np.random.default_rng([seed, 1])
    town.move(size, 0)
    for number, period in enumerate(QUARTERS[:quarters]):
        added = removed = 0
        went: dict[tuple[str, str], int] = {}
        if number:
            added, removed = (int(people) for people in chance.poisson(churn, 2))
            removed = min(removed, len(town.listed))
            went = town.move(added, removed)
        reasons = dict(zip(REASONS, why.multinomial(removed, (0.75, 0.2, 0.05)).tolist(), strict=True))
        publisher.close(period, town.populations(), added, reasons, went, town.movers())
        with publisher.released() as reader:
            yield from attack(reader, everything=number + 1 == quarters)


@pytest.mark.parametrize("seed", range(2))
def test_three_quarters_of_a_small_list_gives_nobody_away(project: Project, seed: int) -> None:
    assert [finding for finding in sequence(project, seed, 120, 15, 3) if not finding.safe] == []


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "size", "churn"), [(1, 1300, 120), (2, 400, 30), (3, 60, 6), (5, 30, 12)])
def test_twenty_quarters_give_nobody_away(project: Project, seed: int, size: int, churn: int) -> None:
    assert [finding for finding in sequence(project, seed, size, churn, 20) if not finding.safe] == []


@pytest.mark.parametrize(("size", "why"), [(0, "nobody"), (9, "nine people"), (10, "ten people")])
def test_a_list_of_a_few_people_is_a_table_that_says_nothing(project: Project, size: int, why: str) -> None:
    publisher, town = Publisher(project), Town(project, 1)
    town.move(size, 0)
    publisher.close("2021-Q1", town.populations(near=0, far=0))
    rows = publisher.rows("select people, percentage, status from oversight.special_category_breakdown")
    assert len(rows) >= 70
    if size < 10:
        assert {people for people, _, _ in rows} == ({0} if size == 0 else {None}), why
    assert all(people is None or people == 0 or people >= 10 for people, _, _ in rows)
    with publisher.released() as reader:
        assert all(finding.safe for finding in attack(reader))


def test_everybody_in_one_group_and_all_ethnicity_missing_are_shown(project: Project) -> None:
    publisher, town = Publisher(project), Town(project, 1)
    town.move(1, 0)
    missing = dict.fromkeys(town.listed[0], "missing") | {"sex": "M", "age_band": "18-24"}
    town.listed = [missing] * 50
    publisher.close("2021-Q1", {"listed": town.populations(near=0, far=0)["listed"]})
    shown = publisher.rows(
        "select characteristic, group_code, people, percentage, status from oversight.special_category_breakdown "
        "where people > 0 order by 1"
    )
    assert ("sex", "M", 50, 100, "published") in shown
    assert ("self_defined_ethnicity_18", "missing", 50, 100, "published") in shown
    assert publisher.rows("select * from oversight.ethnicity_agreement where status <> 'published'") == []


NAIVE = replacing("when few_cells > 0 and cell_order = absorbing_cell then 'secondary_suppressed'", "")


def small_alone(sql: str) -> str:
    """Primary suppression and nothing else."""
    return NAIVE(sql).replace("or (few_cells > 0 and absorbing_cell is null)", "")


BROKEN: dict[str, tuple[Mutations, tuple[int, int, int, int]]] = {
    "small numbers alone are withheld": (
        dict.fromkeys(
            ("int_protected_groups", "int_protected_subgroups", "int_cross_table_rows"), small_alone
        ),
        (2, 400, 30, 4),
    ),
    "small numbers of removals by reason alone are withheld": (
        {"int_removals_by_reason": small_alone},
        (1, 1300, 120, 4),
    ),
    "numbers are only rounded": (
        {
            "int_protected_counts": lambda sql: sql.replace(
                "when status = 'published' then", "when true then"
            ).replace(",\n    status\nfrom decided", ",\n    'published' as status\nfrom decided")
        },
        (5, 30, 12, 1),
    ),
    "a cell of ten makes up for a small one": (
        {
            "int_protected_groups": replacing(
                "when people >= 2 * suppression_threshold - 2", "when people >= suppression_threshold"
            )
        },
        (5, 30, 12, 12),
    ),
    "part of a table without a cell that makes up is shown": (
        {"int_protected_groups": replacing("or (few_cells > 0 and absorbing_cell is null)", "")},
        (5, 30, 12, 4),
    ),
    "no row of a cross table is withheld whole": (
        {"int_cross_table_cells": replacing("or making_up.partition_code = cells.partition_code", "")},
        (1, 1300, 120, 1),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BROKEN)
def test_the_attack_breaks_a_publisher_that_leaves_a_rule_out(project: Project, name: str) -> None:
    mutate, world = BROKEN[name]
    for model, change in mutate.items():
        assert change(project.models[model].sql) != project.models[model].sql
    assert any(not finding.safe for finding in sequence(project, *world, mutate=mutate))


@pytest.mark.parametrize("watches", [True, False])
def test_removals_by_group_are_withheld_where_they_would_tell_of_few(project: Project, watches: bool) -> None:
    """Who came and left was Christian, but for eleven: no room is left for a group that crossed to the small."""
    mutate = (
        {}
        if watches
        else {
            "int_protected_removals": replacing(
                "is_safe and (is_whole or has_made_up or (removed, group_code) > making_up)", "is_on_lists"
            )
        }
    )
    publisher = Publisher(project, mutate=mutate)
    somebody = dict.fromkeys(Town(project, 1).person(), "missing")
    gone = {("religion", "christian"): 40, ("religion", "sikh"): 11}
    lists = {"2021-Q1": (100, 300, 20), "2021-Q2": (100, 300, 9)}
    for period, numbers in lists.items():
        people = [
            {**somebody, "religion": religion}
            for religion, number in zip(("none", "christian", "sikh"), numbers, strict=True)
            for _ in range(number)
        ]
        moved = 0 if period == "2021-Q1" else 51
        publisher.close(period, {"listed": counts_of(people)}, max(0, moved - 11), {REMOVED: moved}, gone)
    with publisher.released() as reader:
        shown = reader.execute(
            "select count(people) from disproportionality where stage = 'removed'"
        ).fetchall()
        unsafe = [finding for finding in attack(reader) if not finding.safe]
    assert bool(unsafe) is not watches, shown


@pytest.mark.parametrize("watches", [True, False])
def test_a_table_is_withheld_when_its_change_would_tell_what_few_movements_hide(
    project: Project, watches: bool
) -> None:
    """Twenty women become nine while twelve people come and go: who forgets the quarter before is found out."""
    mutate = (
        {} if watches else {"int_protected_groups": replacing("told_by_movements.period is not null or", "")}
    )
    publisher = Publisher(project, mutate=mutate)
    somebody = dict.fromkeys(Town(project, 1).person(), "missing")
    for period, women, men, moved in (("2021-Q1", 20, 100, 0), ("2021-Q2", 9, 111, 12)):
        people = [*[{**somebody, "sex": "F"}] * women, *[{**somebody, "sex": "M"}] * men]
        publisher.close(period, {"listed": counts_of(people)}, moved, {REMOVED: moved})
    with publisher.released() as reader:
        unsafe = [finding for finding in attack(reader) if not finding.safe]
    assert bool(unsafe) is not watches
