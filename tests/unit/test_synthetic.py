"""The synthetic sources: deterministic, realistic where it matters, faulty in just the numbers reported."""

from __future__ import annotations

import hashlib
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from reference.judging import Records
from reference.policy import Policy, read_seeds

from vha.extract.contract import TABLES
from vha.settings import SYSTEMS
from vha.synthetic import Report, create, generate

# Every kind of bad row of the method, and the tables it is planted in.
KINDS = {
    "missing_key": {
        "crime_report", "crime_flag", "crime_person", "intelligence_report", "intelligence_subject",
        "nominal", "safeguarding",
    },
    "bad_date": {
        "crime_report", "crime_flag", "crime_person", "intelligence_report", "intelligence_subject",
        "nominal", "safeguarding",
    },
    "unknown_offence": {"crime_report"},
    "unknown_nominal": {"crime_person", "intelligence_subject", "nominal"},
    "unknown_record": {
        "crime_report", "crime_flag", "crime_person", "intelligence_report", "intelligence_subject",
    },
    "merge_cycle": {"nominal"},
    "committed_after_recorded": {"crime_report"},
    "invalid_role": {"crime_person", "intelligence_subject"},
    "invalid_grading": {"intelligence_report"},
    "invalid_code": {"crime_report", "crime_flag", "crime_person", "intelligence_report", "safeguarding"},
    "suspect_contradicts_outcome": {"crime_person"},
    "invalid_characteristic": {"crime_report", "nominal"},
    "superseded": {table.name for table in TABLES},
}  # fmt: skip


def sqlite_urls(folder: Path) -> dict[str, str]:
    return {system: f"sqlite:///{folder}/{system}.db" for system in SYSTEMS}


def digests(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


def rows_of(folder: Path) -> dict[str, list[dict[str, str | None]]]:
    rows = {}
    for table in TABLES:
        with closing(sqlite3.connect(folder / f"{table.system}.db")) as connection:
            connection.row_factory = sqlite3.Row
            rows[table.name] = [dict(row) for row in connection.execute(f"select * from {table.name}")]
    return rows


def judged(rows: dict[str, list[dict[str, str | None]]]) -> list[tuple[str, str, str, str]]:
    """The quarantine that the reference implementation of the method makes of these rows."""
    return Records(rows, Policy(read_seeds())).quarantine


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sources")


@pytest.fixture(scope="module")
def report(folder: Path) -> Report:
    return create("tiny", 7, sqlite_urls(folder))


@pytest.fixture(scope="module")
def rows(folder: Path, report: Report) -> dict[str, list[dict[str, str | None]]]:
    return rows_of(folder)


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    return generate("tiny", 7)


def test_the_same_seed_gives_the_same_bytes(folder: Path, report: Report, tmp_path: Path) -> None:
    again = create("tiny", 7, sqlite_urls(tmp_path))
    assert digests(tmp_path) == digests(folder)
    assert again == report


def test_sources_made_over_older_ones_are_as_good_as_new(
    folder: Path, report: Report, tmp_path: Path
) -> None:
    create("tiny", 8, sqlite_urls(tmp_path))
    assert digests(tmp_path) != digests(folder)
    create("tiny", 7, sqlite_urls(tmp_path))
    assert digests(tmp_path) == digests(folder)


def test_another_seed_gives_other_rows_in_every_table(tables: dict[str, pa.Table]) -> None:
    other = generate("tiny", 8)
    assert all(tables[table.name] != other[table.name] for table in TABLES)


def test_the_databases_hold_what_is_generated(
    rows: dict[str, list[dict[str, str | None]]], tables: dict[str, pa.Table], report: Report
) -> None:
    for table in TABLES:
        assert rows[table.name] == tables[table.name].to_pylist()
        assert tables[table.name].column_names == [column.name for column in table.columns]
        assert report.rows[f"{table.system}.{table.name}"] == len(rows[table.name])


def test_every_database_carries_the_same_marker(folder: Path, report: Report) -> None:
    markers = set()
    for system in SYSTEMS:
        with closing(sqlite3.connect(folder / f"{system}.db")) as connection:
            markers.update(connection.execute("select * from synthetic_marker"))
    assert len(markers) == 1
    assert markers.pop()[1:] == ("7", "2026-09-30")


def test_the_planted_bad_rows_are_all_the_bad_rows(
    rows: dict[str, list[dict[str, str | None]]], report: Report
) -> None:
    found = Counter((source_table, reason) for source_table, _, reason, _ in judged(rows))
    assert found == report.planted


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_they_are_with_any_seed(seed: int, tmp_path: Path) -> None:
    report = create("tiny", seed, sqlite_urls(tmp_path))
    found = Counter((source_table, reason) for source_table, _, reason, _ in judged(rows_of(tmp_path)))
    assert found == report.planted


def test_every_kind_of_bad_row_is_planted_thrice_at_least(report: Report) -> None:
    planted: dict[str, set[str]] = {}
    for (source_table, reason), count in report.planted.items():
        assert count >= 3
        planted.setdefault(reason, set()).add(source_table.partition(".")[2])
    assert planted == KINDS


def test_bad_rows_stay_below_the_limits_of_the_quality_gate(report: Report) -> None:
    limits = {
        row["parameter"]: float(row["value"]) for row in read_seeds()["policy"] if row["value"][0].isdigit()
    }
    for (source_table, reason), count in report.planted.items():
        assert count / report.rows[source_table] < limits[f"quarantine_limit_{reason}"], (
            source_table,
            reason,
        )


def test_nothing_is_planted_that_fails_the_quality_gate_by_itself(
    rows: dict[str, list[dict[str, str | None]]],
) -> None:
    quarantine = judged(rows)
    in_circles = {key for _, key, reason, _ in quarantine if reason == "merge_cycle"}
    suspects = {row["nominal_id"] for row in rows["crime_person"] if row["role"] in ("suspect", "accused")}
    subjects = {row["nominal_id"] for row in rows["intelligence_subject"] if row["involvement"] == "subject"}
    assert not in_circles & (suspects | subjects)
    for source_table, key, reason, _ in quarantine:
        if source_table == "crime.crime_flag" and "|domestic" in key:
            assert reason == "superseded"


def test_the_report_is_a_text_that_names_what_is_planted(report: Report) -> None:
    text = str(report)
    assert "scale tiny, seed 7, up to 2026-09-30" in text
    for (source_table, reason), count in report.planted.items():
        assert any(line.split() == [source_table, str(count), reason] for line in text.splitlines())


def test_records_end_with_the_reference_date() -> None:
    tables = generate("tiny", 7, date(2023, 6, 30))
    last = pc.max(
        pc.filter(tables["crime_report"]["recorded_at"], _dated(tables["crime_report"]["recorded_at"]))
    )
    assert last.as_py()[:10] <= "2023-06-30"
    assert pc.all(pc.equal(tables["crime_report"]["source_system"], "CONNECT")).as_py() is False
    assert (
        tables["crime_report"].filter(pc.equal(tables["crime_report"]["source_system"], "CONNECT")).num_rows
        == 0
    )


def test_rows_are_updated_after_they_are_recorded_and_not_after_the_reference_date(
    tables: dict[str, pa.Table],
) -> None:
    for table, column in (
        ("crime_report", "recorded_at"),
        ("crime_person", "linked_at"),
        ("intelligence_report", "submitted_at"),
    ):
        recorded, updated = tables[table][column], tables[table]["updated_at"]
        both = pc.and_(_dated(recorded), _dated(updated))
        late = pc.less(pc.filter(updated, both), pc.filter(recorded, both))
        # Older versions of a row that was sent twice may be older than the row's own date.
        assert pc.sum(late).as_py() <= 3
        assert pc.max(pc.filter(updated, both)).as_py() <= "2026-09-30 23:59:59"


def _dated(column: pa.ChunkedArray) -> pa.ChunkedArray:
    good = pc.match_substring_regex(column, r"^20[12]\d-(0\d|1[0-2])-\d\d \d\d:\d\d:\d\d$")
    return pc.fill_null(good, False)


def share(condition: pa.ChunkedArray) -> float:
    return float(np.mean(condition.fill_null(False).to_numpy()))


def test_about_an_eighth_of_reports_are_domestic(tables: dict[str, pa.Table]) -> None:
    flags = tables["crime_flag"]
    domestic = flags.filter(pc.equal(flags["flag"], "domestic"))["crime_ref"]
    assert (
        0.10
        < share(pc.is_in(tables["crime_report"]["crime_ref"], value_set=domestic.combine_chunks()))
        < 0.15
    )


def test_manual_and_derived_flags_disagree(tables: dict[str, pa.Table]) -> None:
    flags = tables["crime_flag"].filter(pc.equal(tables["crime_flag"]["flag"], "knife"))
    by_origin = [
        set(flags.filter(pc.equal(flags["origin"], origin))["crime_ref"].to_pylist())
        for origin in ("manual", "derived")
    ]
    agreement = len(by_origin[0] & by_origin[1]) / len(by_origin[0] | by_origin[1])
    assert 0.5 < agreement < 0.95


@pytest.mark.parametrize(
    ("column", "least", "most"),
    [
        ("date_of_birth", 0.003, 0.02),
        ("sex", 0.002, 0.03),
        ("self_defined_ethnicity", 0.07, 0.14),
        ("officer_observed_ethnicity", 0.02, 0.06),
        ("religion", 0.5, 0.8),
        ("disability", 0.5, 0.8),
        ("sexual_orientation", 0.6, 0.9),
        ("merged_into", 0.97, 0.995),
        ("deceased_on", 0.97, 0.999),
    ],
)
def test_characteristics_are_missing_as_they_are_in_life(
    tables: dict[str, pa.Table], column: str, least: float, most: float
) -> None:
    assert least < share(tables["nominal"][column].is_null()) < most


def test_a_few_people_are_suspected_of_much_public_violence(report: Report) -> None:
    assert report.facts["suspects of public violence, 3 or more"] >= 48


def test_the_world_has_what_the_rules_are_about(report: Report) -> None:
    assert len(report.facts) >= 12
    assert all(count >= 3 for count in report.facts.values())


def test_every_nominal_is_known_to_be_synthetic(rows: dict[str, list[dict[str, str | None]]]) -> None:
    named = [row["nominal_id"] for row in rows["nominal"] if (row["nominal_id"] or "").strip()]
    assert all(str(nominal_id).startswith("SYN-") for nominal_id in named)


def test_nobody_is_a_suspect_after_their_death(rows: dict[str, list[dict[str, str | None]]]) -> None:
    died = {row["nominal_id"]: row["deceased_on"] for row in rows["nominal"] if row["deceased_on"]}
    committed = {row["crime_ref"]: row["committed_from"] for row in rows["crime_report"]}
    late = [
        row
        for row in rows["crime_person"]
        if row["role"] in ("suspect", "accused")
        and (died.get(row["nominal_id"]) or "9999") < (committed.get(row["crime_ref"]) or "0000")
    ]
    assert len(died) >= 20
    assert len(late) <= 10  # planted bad dates apart, nobody


# CPU seconds, because the machine may be shared; the peak from /proc, because getrusage would count the memory of the
# test process that starts this one.
LONDON = """
import re, sys, time
from pathlib import Path
from vha.settings import SYSTEMS
from vha.synthetic import create

print(create("london", 1, {system: f"sqlite:///{sys.argv[1]}/{system}.db" for system in SYSTEMS}))
print(time.process_time(), re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.slow
def test_london_takes_less_than_a_minute_and_two_gigabytes(tmp_path: Path) -> None:
    printed = subprocess.check_output([sys.executable, "-c", LONDON, tmp_path], text=True)
    *report, measured = printed.splitlines()
    seconds, kilobytes = map(float, measured.split())
    assert seconds < 60
    assert kilobytes < 2 * 1024**2
    assert "suspects of public violence, 3 or more" in "\n".join(report)
