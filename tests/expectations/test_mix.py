"""When a mix of codes has changed: clean samples never say so, drifted ones do, in tables of any size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import numpy as np
import pytest
from warehouse import AS_OF

from vha.audit import EXPECTATIONS, declarations
from vha.audit.limits import Limits
from vha.settings import PROJECT_ROOT

Counts = Mapping[str, float]

ETHNICITIES = {
    "W1": 0.40,
    "W9": 0.16,
    "B1": 0.14,
    "B2": 0.08,
    "A9": 0.10,
    "M1": 0.02,
    "O9": 0.06,
    "missing": 0.04,
}
AGES = {f"month {month}": 1 / 60 for month in range(60)}


@pytest.fixture(scope="module")
def query() -> str:
    """What the suite takes for changed codes, with the policy's limits."""
    (suite,) = [suite for suite in declarations.load(EXPECTATIONS) if suite.name == "landing_mix"]
    policy = duckdb.sql(
        f"select parameter, \"value\" from read_csv('{PROJECT_ROOT}/seeds/policy.csv', all_varchar = true)"
    ).fetchall()
    return suite.with_limits(Limits(AS_OF, "run", dict(policy), {})).query


def changed(query: str, now: Counts, expected: Counts, turned_over: float, releases: int = 5) -> set[str]:
    """The codes that the suite takes for changed."""
    rows = sum(now.values())
    codes: Sequence[str] = sorted({*now, *expected})
    with duckdb.connect() as connection:
        connection.execute(
            "create schema history; create schema intermediate;"
            "create table history.release_register (as_of_date date);"
            "create table intermediate.int_profile_changes (source_table varchar, column_name varchar, "
            "value_code varchar, row_count bigint, table_rows bigint, expected_rows double, "
            "turned_over_rows double, releases bigint)"
        )
        connection.executemany(
            "insert into intermediate.int_profile_changes values ('t', 'c', ?, ?, ?, ?, ?, ?)",
            [
                [code, now.get(code, 0), rows, expected.get(code, 0), turned_over * rows, releases]
                for code in codes
            ],
        )
        return {code for (_, _, code) in connection.execute(query).fetchall()}


def next_day(
    rng: np.random.Generator, mix: Mapping[str, float], rows: int, turned_over: float
) -> tuple[Counts, Counts]:
    """The same table before and after some of its rows were replaced by others of the same mix."""
    shares = list(mix.values())
    before = rng.multinomial(rows, shares)
    gone = rng.multivariate_hypergeometric(before, round(turned_over * rows))
    after = before - gone + rng.multinomial(gone.sum(), shares)
    return dict(zip(mix, after.tolist(), strict=True)), dict(zip(mix, before.tolist(), strict=True))


@pytest.mark.parametrize("rows", [50, 200, 5_000, 1_000_000])
@pytest.mark.parametrize("turned_over", [0.0, 0.01, 0.2, 1.0])
@pytest.mark.parametrize("mix", [ETHNICITIES, AGES], ids=["few codes", "many codes"])
def test_a_clean_mix_is_never_taken_for_changed(
    query: str, mix: Mapping[str, float], rows: int, turned_over: float
) -> None:
    rng = np.random.default_rng([rows, round(100 * turned_over), len(mix)])
    for _ in range(20):
        now, before = next_day(rng, mix, rows, turned_over)
        assert changed(query, now, before, turned_over) == set()


@pytest.mark.parametrize("rows", [2_000, 5_000, 1_000_000])
@pytest.mark.parametrize("turned_over", [0.0, 0.02])
def test_a_small_group_that_vanishes_is_seen(query: str, rows: int, turned_over: float) -> None:
    now, before = next_day(np.random.default_rng(rows), ETHNICITIES, rows, turned_over)
    drifted = {**now, "M1": 0, "O9": now["O9"] + now["M1"]}
    assert "M1" in changed(query, drifted, before, turned_over)


@pytest.mark.parametrize("rows", [200, 5_000, 1_000_000])
def test_a_quarter_of_a_large_group_filed_elsewhere_is_seen(query: str, rows: int) -> None:
    now, before = next_day(np.random.default_rng(rows), ETHNICITIES, rows, 0.01)
    moved = now["W1"] // 4
    drifted = {**now, "W1": now["W1"] - moved, "W9": now["W9"] + moved}
    assert {"W1", "W9"} <= changed(query, drifted, before, 0.01)


def test_a_code_that_nobody_has_used_is_seen(query: str) -> None:
    now, before = next_day(np.random.default_rng(1), ETHNICITIES, 5_000, 0.01)
    assert changed(query, {**now, "W1": now["W1"] - 60, "unknown": 60}, before, 0.01) == {"unknown"}


def test_many_small_changes_are_seen_together(query: str) -> None:
    now, before = next_day(np.random.default_rng(2), AGES, 100_000, 0.0)
    sloping = {code: round(rows * (0.8 if i % 2 else 1.2)) for i, (code, rows) in enumerate(now.items())}
    assert changed(query, sloping, before, 0.0) == set(AGES)


def test_rows_that_turned_over_may_have_another_mix(query: str) -> None:
    now, before = next_day(np.random.default_rng(3), ETHNICITIES, 10_000, 0.0)
    moved = round(0.02 * 10_000)
    drifted = {**now, "W1": now["W1"] - moved, "W9": now["W9"] + moved}
    assert changed(query, drifted, before, 0.0) == {"W1", "W9"}
    assert changed(query, drifted, before, 0.05) == set()


def test_there_is_nothing_to_compare_with_before_the_first_release(query: str) -> None:
    assert changed(query, {"W1": 100}, {"W2": 100}, 0.0, releases=0) == set()
