"""The list hash, against bytes written out by hand."""

import hashlib
from datetime import date
from decimal import Decimal

import duckdb

from vha.publish.list_hash import COLUMNS, list_hash

AS_OF = date(2026, 9, 30)

ROWS = [
    (
        AS_OF,
        1,
        "N1",
        Decimal("5430.1"),
        Decimal("5000"),
        Decimal("430.1000"),
        4,
        date(2026, 8, 1),
        17,
        True,
        False,
    ),
    (AS_OF, 2, "Ñ|2", Decimal("0.0001"), Decimal("0.0001"), Decimal("0"), 3, None, None, False, True),
]

LINES = (
    b"2026-09-30|1|N1|5430.1000|5000.0000|430.1000|4|2026-08-01|17|true|false\n"
    b"2026-09-30|2|\xc3\x91|2|0.0001|0.0001|0.0000|3|||false|true\n"
)


def test_the_lines_are_those_of_the_method() -> None:
    assert list_hash(ROWS) == hashlib.sha256(LINES).hexdigest()


def test_one_list_keeps_its_hash_for_ever() -> None:
    # printf '2026-09-30|1|N1|5430.1000|5000.0000|430.1000|4|2026-08-01|17|true|false\n' | sha256sum
    assert list_hash(ROWS[:1]) == "271946d8d9ec37196d21c04f172579dd3293d36ae67d30369729b5f043bdb470"


def test_an_empty_list_is_the_hash_of_nothing() -> None:
    assert list_hash([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_the_types_that_duckdb_returns_give_the_same_lines() -> None:
    with duckdb.connect() as connection:
        rows = connection.execute(
            """
            select date '2026-09-30', 1, 'N1', cast(5430.1 as decimal(38, 4)), cast(5000 as decimal(18, 4)),
                430.1000, cast(4 as hugeint), date '2026-08-01', cast(17 as smallint), true, false
            """
        ).fetchall()
    assert list_hash(rows) == list_hash(ROWS[:1])


def test_every_column_counts_and_order_counts() -> None:
    changed = (date(2026, 9, 29), 9, "N9", *[Decimal(9)] * 3, 9, date(2026, 8, 2), 9, False, True)
    hashes = {list_hash([(*ROWS[0][:i], changed[i], *ROWS[0][i + 1 :])]) for i in range(len(COLUMNS))}
    assert len(hashes | {list_hash(ROWS[:1])}) == len(COLUMNS) + 1
    assert list_hash(ROWS[::-1]) != list_hash(ROWS)
