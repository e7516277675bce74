"""What is published of what-ifs tells nothing of few people, whatever else of the list is published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

import duckdb
import pytest
from harness import Mutations, Project, replacing
from scipy.optimize import linprog

THRESHOLD = 10
GROUPS = "abcdefg"
TABLES = 150


@dataclass(frozen=True)
class Table:
    """A list by group, and who of it leaves; the list's own numbers are protected as the project does it.

    Attributes:
        listed, exits: people by group.
        shown: statuses of the listed.
    """

    listed: tuple[int, ...]
    exits: tuple[int, ...]
    shown: tuple[str, ...]


def random_tables(count: int) -> Iterator[Table]:
    """Lists of groups of all sizes, of which nobody, few, most or all leave."""
    random = Random("what if")
    while count:
        sizes = [
            random.choice((0, random.randint(1, 9), random.randint(10, 40), random.randint(30, 400)))
            for _ in GROUPS
        ]
        listed = sizes[: random.randint(2, len(GROUPS))]
        share = random.choice((0.02, 0.1, 0.5, 0.9, 0.98))
        exits = [
            random.choice((0, n, *3 * (sum(random.random() < share for _ in range(n)),))) for n in listed
        ]
        if sum(listed) >= THRESHOLD:
            yield Table(tuple(listed), tuple(exits), statuses(listed))
            count -= 1


def statuses(listed: Sequence[int]) -> tuple[str, ...]:
    """As a table of the list by group is protected."""
    few = [0 < people < THRESHOLD for people in listed]
    able = sorted((people, n) for n, people in enumerate(listed) if people >= 2 * (THRESHOLD - 1))
    if any(few) and not able:
        return ("secondary_suppressed",) * len(listed)
    made_up = able[0][1] if any(few) else None
    return tuple(
        "suppressed" if few[n] else "secondary_suppressed" if n == made_up else "published"
        for n in range(len(listed))
    )


def publish(project: Project, tables: Sequence[Table], mutate: Mutations | None = None) -> list[list[str]]:
    """The statuses of each table's exits: of all, and then by group."""
    connection = duckdb.connect(":memory:", config={"threads": 1})
    connection.execute("create schema intermediate")
    connection.execute(
        f"""
        create table intermediate.int_policy as select {THRESHOLD} as suppression_threshold, 5 as rounding_base;
        create table intermediate.int_variant_counts (period varchar, variant varchar, measure varchar,
            characteristic varchar, group_code varchar, people bigint, pool bigint);
        create table intermediate.int_protected_counts
            (period varchar, population_kind varchar, characteristic varchar, group_code varchar, status varchar)
        """
    )
    counts, listed = [], []
    for number, table in enumerate(tables):
        cells = [("all", "all", sum(table.exits), sum(table.listed), "published")]
        cells += [
            ("sex", GROUPS[n], *row)
            for n, row in enumerate(zip(table.exits, table.listed, table.shown, strict=True))
        ]
        counts += [(f"{number:03}", "v", "exits", *cell[:4]) for cell in cells]
        listed += [(f"{number:03}", "listed", *cell[:2], cell[4]) for cell in cells]
    connection.executemany("insert into intermediate.int_variant_counts values (?, ?, ?, ?, ?, ?, ?)", counts)
    connection.executemany("insert into intermediate.int_protected_counts values (?, ?, ?, ?, ?)", listed)
    sql = (mutate or {}).get("int_variant_protected", str)(project.models["int_variant_protected"].sql)
    rows = connection.sql(
        f"select period, status from ({sql}) order by period, characteristic, group_code"
    ).fetchall()
    found: list[list[str]] = [[] for _ in tables]
    for period, status in rows:
        found[int(period)].append(status)
    return found


def leaks(table: Table, published: Sequence[str]) -> Iterator[str]:
    """Numbers of few people of which the exits by group tell what the total and the list did not."""
    of_all, *by_group = published
    blind = _attack(table, of_all, ["secondary_suppressed"] * len(by_group))
    seeing = _attack(table, of_all, by_group)
    for name, people in _sensitive(table, by_group):
        before, now = blind(name), seeing(name)
        if now[0] > max(before[0], 1) or now[1] < min(before[1], THRESHOLD - 1):
            yield f"{name} is {people}, thought {before}, now {now}"


def _sensitive(table: Table, by_group: Sequence[str]) -> Iterator[tuple[tuple[str, int], int]]:
    for n, (listed, exits) in enumerate(zip(table.listed, table.exits, strict=True)):
        for name, people in (("listed", listed), ("exits", exits), ("stay", listed - exits)):
            if 0 < people < THRESHOLD:
                yield (name, n), people


def _attack(table: Table, of_all: str, by_group: Sequence[str]) -> Any:
    """What somebody may think who knows every shown number exactly, and what each status says."""
    size = len(table.listed)
    bounds: list[tuple[float, float | None]] = []
    for people, status in zip((*table.listed, *table.exits), (*table.shown, *by_group), strict=True):
        match status:
            case "published":
                bounds.append((people, people))
            case "suppressed":
                bounds.append((1, THRESHOLD - 1))
            case _:
                bounds.append((0, None))
    ones, zeros = [1.0] * size, [0.0] * size
    sums, totals = [[*ones, *zeros]], [sum(table.listed)]
    if of_all == "published":
        sums, totals = [*sums, [*zeros, *ones]], [*totals, sum(table.exits)]
    leave_is_part = [
        [-float(k == n) for k in range(size)] + [float(k == n) for k in range(size)] for n in range(size)
    ]

    @cache
    def thought(name: tuple[str, int]) -> tuple[int, int]:
        kind, n = name
        of_listed, of_exits = {"listed": (1, 0), "exits": (0, 1), "stay": (1, -1)}[kind]
        goal = [0.0] * (2 * size)
        goal[n], goal[size + n] = of_listed, of_exits
        ends = []
        for sign in (1, -1):
            solved = linprog(
                [sign * value for value in goal],
                A_ub=leave_is_part, b_ub=zeros, A_eq=sums, b_eq=totals, bounds=bounds, method="highs",
            )  # fmt: skip
            assert solved.success, solved.message
            ends.append(round(sign * solved.fun))
        return ends[0], ends[1]

    return thought


def found_leaks(project: Project, tables: Sequence[Table], mutate: Mutations | None = None) -> Iterator[str]:
    published = publish(project, tables, mutate)
    for table, shown in zip(tables, published, strict=True):
        yield from (f"{table} {shown}: {leak}" for leak in leaks(table, shown))


@pytest.mark.parametrize("count", [40, pytest.param(TABLES, marks=pytest.mark.slow)])
def test_exits_by_group_tell_of_few_people_nothing_that_the_totals_do_not(
    project: Project, count: int
) -> None:
    tables = list(random_tables(count))
    assert list(found_leaks(project, tables)) == []
    shown = [status for table in publish(project, tables) for status in table[1:]]
    assert shown.count("published") > len(shown) / 6


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("few who leave", "people < least_shown or ", ""),
        ("few who stay", "tells_of_withheld or few_stay) as", "tells_of_withheld) as"),
        (
            "a withheld number of the listed",
            "people < least_shown or tells_of_withheld ",
            "people < least_shown ",
        ),
        ("what makes up", "or (has_unsafe and (people, group_code) = making_up)", ""),
        (
            "enough who leave to make up",
            "least(people, pool - people) >= 2 * least_shown - 2",
            "pool - people >= 2 * least_shown - 2",
        ),
        (
            "enough who stay to make up",
            "least(people, pool - people) >= 2 * least_shown - 2",
            "people >= 2 * least_shown - 2",
        ),
        ("that few leave, where few stay", "or few_stay or pool", "or pool"),
        ("withholding the whole", "has_unsafe and making_up is null then", "false then"),
    ],
)
def test_the_attack_breaks_a_publisher_that_forgets(project: Project, rule: str, old: str, new: str) -> None:
    broken = {"int_variant_protected": replacing(old, new)}
    assert (
        broken["int_variant_protected"](project.models["int_variant_protected"].sql)
        != project.models["int_variant_protected"].sql
    )
    assert next(found_leaks(project, list(random_tables(TABLES)), broken), None), rule
