"""Profiles of a delivery: values under known codes alone, and what changed since the releases before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from harness import Project, Warehouse, replacing

AS_OF = date(2026, 9, 30)
DAY_BEFORE, EARLIER = date(2026, 9, 29), date(2026, 9, 28)

FLAGS: Sequence[dict[str, Any]] = [
    *(
        {"crime_ref": f"C{i}", "flag": "knife", "origin": "manual", "updated_at": "2020-01-01 10:00:00"}
        for i in range(8)
    ),
    {"crime_ref": "C8", "flag": " knife\t", "origin": "MANUAL", "updated_at": "2026-09-30 10:00:00"},
    {"crime_ref": "C9", "flag": "Jo Bloggs did it", "origin": None, "updated_at": "2026-09-30 11:00:00"},
]
REPORTS = [
    {"crime_ref": "C1", "recorded_at": "2026-09-30 09:30:00", "committed_from": "2026-09-28"},
    {"crime_ref": "C2", "recorded_at": "2026-10-01 00:10:00", "committed_from": "2026-10-02"},
    {"crime_ref": "C3", "recorded_at": "never", "committed_from": "2016-01-01"},
    {"crime_ref": "C4", "recorded_at": "2026-07-31 23:59:59", "committed_from": "2026-07-01"},
]


def profile(built: Warehouse, column: str) -> dict[str, int]:
    query = f"select value_code, row_count from assessment.table_profiles where column_name = '{column}'"
    return {row["value_code"]: row["row_count"] for row in built.rows(query)}


@pytest.fixture(scope="module")
def built(project: Project) -> Warehouse:
    earlier = {"run_id": "before", "source_table": "crime.crime_flag", "column_name": "flag"}
    history = {
        "release_register": [
            {"run_id": "before", "as_of_date": DAY_BEFORE, "published_at": DAY_BEFORE},
            {"run_id": "corrected", "as_of_date": EARLIER, "published_at": EARLIER},
            {"run_id": "correction", "as_of_date": EARLIER, "published_at": DAY_BEFORE},
            {"run_id": "later", "as_of_date": AS_OF, "published_at": AS_OF},
        ],
        "table_profiles": [
            {**earlier, "value_code": "knife", "row_count": 15},
            {**earlier, "value_code": "firearm", "row_count": 5},
            {**earlier, "run_id": "corrected", "value_code": "firearm", "row_count": 20},
            {**earlier, "run_id": "correction", "value_code": "knife", "row_count": 20},
        ],
    }
    wanted = ("table_profiles", "int_profile_changes", "int_text_forms", "int_compared_releases")
    return project.build(
        {"crime_flag": FLAGS, "crime_report": REPORTS}, AS_OF, wanted=wanted, history=history
    )


def test_codes_are_counted_and_no_text_of_a_record_is_kept(built: Warehouse) -> None:
    assert profile(built, "flag") == {"knife": 9, "unknown": 1}
    assert profile(built, "origin") == {"manual": 8, "unknown": 1, "missing": 1}
    assert "Bloggs" not in str(built.rows("assessment.table_profiles"))


def test_days_are_counted_by_their_distance_from_the_as_of_date(built: Warehouse) -> None:
    assert profile(built, "recorded_age") == {
        "0 to 29 days": 1, "later": 1, "60 to 89 days": 1, "unreadable": 1,
    }  # fmt: skip
    assert profile(built, "committed_age") == {
        "0 to 29 days": 1, "later": 1, "90 to 119 days": 1, "1800 days and more": 1,
    }  # fmt: skip
    assert profile(built, "recorded_day") == {"2026-09-30": 1}
    assert profile(built, "recording_delay") == {"2": 1, "negative": 1, "missing": 1, "8 to 31": 1}


def test_blanks_and_other_letters_are_told(built: Warehouse) -> None:
    forms = {row["column_name"]: row for row in built.rows("intermediate.int_text_forms")}
    assert (forms["flag"]["padded_rows"], forms["flag"]["other_case_rows"]) == (1, 0)
    assert (forms["origin"]["padded_rows"], forms["origin"]["other_case_rows"]) == (0, 1)


def test_a_delivery_is_compared_with_earlier_releases_as_corrected(built: Warehouse) -> None:
    compared = {row["run_id"] for row in built.rows("intermediate.int_compared_releases")}
    assert compared == {"before", "correction"}


def test_expected_rows_go_by_the_median_share_and_what_turned_over_is_counted(built: Warehouse) -> None:
    changes = {
        row["value_code"]: (row["row_count"], row["expected_rows"], row["turned_over_rows"], row["releases"])
        for row in built.rows("select * from intermediate.int_profile_changes where column_name = 'flag'")
    }
    assert changes == {
        "knife": (9, pytest.approx(8.75), 2, 2),
        "firearm": (0, pytest.approx(1.25), 2, 2),
        "unknown": (1, 0, 2, 2),
    }


@pytest.mark.parametrize(
    ("model", "old", "new", "column"),
    [
        ("int_profiled_values", "'unknown'", "days.delivered_value", "flag"),
        ("table_profiles", "when days_ago < 0 then 'later'", "", "recorded_age"),
    ],
)
def test_a_broken_profile_is_noticed(
    project: Project, built: Warehouse, model: str, old: str, new: str, column: str
) -> None:
    spoilt = project.build(
        {"crime_flag": FLAGS, "crime_report": REPORTS},
        AS_OF,
        wanted=("table_profiles",),
        mutate={model: replacing(old, new)},
    )
    assert profile(spoilt, column) != profile(built, column)
