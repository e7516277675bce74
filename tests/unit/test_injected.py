"""Injected faults: each does one thing, to one place, in the same way again."""

from __future__ import annotations

import ast
import dataclasses
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import fault_table
import numpy as np
import pyarrow as pa
import pytest

from vha import cli
from vha.errors import ConfigurationError
from vha.extract.contract import TABLES, Table, tables_of
from vha.settings import PROJECT_ROOT, SYSTEMS
from vha.synthetic import create, generate
from vha.synthetic.injected import ANY_CHECK, FAULTS, LAND, Fault, inject
from vha.synthetic.injected.earlier import as_it_was
from vha.synthetic.injected.edits import dates, moments

TODAY = np.datetime64("2026-09-30")
Tables = Mapping[str, pa.Table]


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    return generate("tiny", 7)


def differences(before: Tables, after: Tables) -> Iterator[str]:
    """``table.column`` of every column that changed; ``table`` where rows or columns came or went."""
    assert before.keys() == after.keys()
    for name, rows in before.items():
        other = after[name]
        if (rows.num_rows, rows.column_names) != (other.num_rows, other.column_names):
            yield name
        else:
            yield from (f"{name}.{column}" for column in rows.column_names if rows[column] != other[column])


def is_allowed(difference: str, touches: str) -> bool:
    table = difference.partition(".")[0]
    return touches in (difference, table) or table in {of.name for of in tables_of(touches)}


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=lambda fault: fault.name)
def test_a_fault_changes_what_it_says_and_nothing_else(fault: Fault, seed: int, tables: Tables) -> None:
    spoilt, _ = inject(fault.name, tables, seed, TODAY)
    found = list(differences(tables, spoilt))
    assert found
    if fault.touches == "anything":
        assert len({difference.partition(".")[0] for difference in found}) == 1
    else:
        assert all(is_allowed(difference, fault.touches) for difference in found), found


def test_a_fault_that_changed_more_would_be_noticed(tables: Tables) -> None:
    spoilt = dict(tables)
    spoilt["nominal"] = spoilt["nominal"].set_column(2, "sex", pa.array(["X"] * len(spoilt["nominal"])))
    (found,) = differences(tables, spoilt)
    assert not is_allowed(found, "nominal.date_of_birth")
    assert not is_allowed(found, "crime")
    assert is_allowed(found, "person")


@pytest.mark.parametrize("name", FAULTS)
def test_the_same_seed_does_the_same_and_another_something_else(name: str, tables: Tables) -> None:
    first, said = inject(name, tables, 3, TODAY)
    again, said_again = inject(name, tables, 3, TODAY)
    assert said == said_again
    assert not list(differences(first, again))
    if FAULTS[name].magnitude.low < FAULTS[name].magnitude.high:
        assert len({inject(name, tables, seed, TODAY)[1] for seed in range(4)}) > 1


@pytest.mark.parametrize("name", ["day_dropped", "outcomes_blank"])
def test_a_magnitude_that_is_given_is_the_magnitude(name: str, tables: Tables) -> None:
    size = FAULTS[name].magnitude.high
    assert f"{name}, {size:g} {FAULTS[name].magnitude.unit}" in inject(name, tables, 3, TODAY, size)[1]


def test_all_of_the_rows_are_all_of_the_rows(tables: Tables) -> None:
    spoilt, _ = inject("outcomes_blank", tables, 3, TODAY, 1.0)
    assert spoilt["crime_report"]["outcome_code"].null_count == spoilt["crime_report"].num_rows
    half, _ = inject("outcomes_blank", tables, 3, TODAY, 0.5)
    had = tables["crime_report"].num_rows - tables["crime_report"]["outcome_code"].null_count
    lost = half["crime_report"]["outcome_code"].null_count - tables["crime_report"]["outcome_code"].null_count
    assert lost == pytest.approx(0.5 * had, rel=0.05)


@pytest.mark.parametrize("magnitude", [0.1, 1.5, float("nan")])
def test_a_magnitude_that_the_fault_cannot_have_is_refused(magnitude: float, tables: Tables) -> None:
    with pytest.raises(ConfigurationError, match=r"magnitude of outcomes_blank is .*: use 0\.5 to 1 of"):
        inject("outcomes_blank", tables, 3, TODAY, magnitude)


def test_days_are_whole(tables: Tables) -> None:
    with pytest.raises(ConfigurationError, match=r"magnitude of day_dropped is 1\.5"):
        inject("day_dropped", tables, 3, TODAY, 1.5)


def test_the_dropped_day_is_gone_from_all_that_the_system_delivers(tables: Tables) -> None:
    spoilt, _ = inject("day_dropped", tables, 3, TODAY, 4)
    for name, column in (("crime_report", "recorded_at"), ("crime_person", "linked_at")):
        days = moments(spoilt[name][column]).astype("datetime64[D]")
        assert not (days == TODAY - 4).any()
        assert (days == TODAY - 3).any()


def test_thirty_faults_have_a_check_of_their_own_and_ten_have_none() -> None:
    caught_by = [fault.caught_by for fault in FAULTS.values()]
    assert len([check for check in caught_by if check not in (LAND, ANY_CHECK)]) >= 30
    assert caught_by.count(ANY_CHECK) == 10


def test_faults_know_nothing_of_checks() -> None:
    folder = PROJECT_ROOT / "src" / "vha" / "synthetic" / "injected"
    known = ("vha.errors", "vha.synthetic")
    for file in folder.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [node.module] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert all(name.startswith(known) for name in names if name and name.startswith("vha")), file.name


def test_what_is_said_of_a_fault_is_sentences() -> None:
    for fault in FAULTS.values():
        for text in (fault.story, fault.harm):
            assert text[0].isupper(), fault.name
            assert text.endswith("."), fault.name
            assert ". " not in text, fault.name


def test_the_table_of_faults_is_current() -> None:
    assert fault_table.FILE.read_text() == fault_table.page(), (
        "run tests/fault_table.py and commit what it writes"
    )


def test_what_was_tried_and_is_kept_raised_nothing_clean_and_missed_no_fault() -> None:
    clean = [*fault_table.kept("clean", "tiny"), *fault_table.kept("clean", "london")]
    assert len(clean) == 21
    assert {(night["raised"], night["gate"]) for night in clean} == {("", "released")}
    faulty = fault_table.kept("faults", "london")
    assert {night["fault"] for night in faulty} <= FAULTS.keys()
    assert {night["as_it_must"] for night in faulty} == {"True"}


def test_the_table_notices_a_new_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    other = dataclasses.replace(FAULTS["day_dropped"], name="another")
    monkeypatch.setattr(fault_table, "FAULTS", {**FAULTS, "another": other})
    assert fault_table.FILE.read_text() != fault_table.page()


def test_sources_are_made_with_the_fault(tables: Tables, tmp_path: Path) -> None:
    urls = {system: f"sqlite:///{tmp_path}/{system}.db" for system in SYSTEMS}
    report = create("tiny", 7, urls, fault="column_added")
    assert "nominal has a column postcode, which nobody asked for" in str(report)
    with closing(sqlite3.connect(tmp_path / "person.db")) as connection:
        names = [row[1] for row in connection.execute("pragma table_info(nominal)")]
    assert names == [*tables["nominal"].column_names, "postcode"]


def test_an_unknown_fault_is_one_sentence_with_the_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    create_with = ["sources", "create", "--scale", "tiny", "--out", str(tmp_path)]
    assert cli.main([*create_with, "--fault", "no_such"]) == 1
    message = capsys.readouterr().err
    assert message.startswith("vha: There is no fault 'no_such': choose one of birth_dates_lost, ")
    assert cli.main([*create_with, "--magnitude", "2"]) == 1
    assert capsys.readouterr().err == "vha: A magnitude is that of a fault: name one with --fault.\n"
    assert not list(tmp_path.iterdir())


def test_every_fault_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["sources", "faults"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(FAULTS)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_an_earlier_evening_holds_nothing_that_came_later(table: Table, tables: Tables) -> None:
    name = table.name
    day = TODAY - 30
    rows = as_it_was(tables, name, day)
    key = rows.column_names[0]
    assert rows.num_rows <= tables[name].num_rows
    assert set(rows[key].to_pylist()) <= set(tables[name][key].to_pylist())
    updated = moments(rows["updated_at"])
    assert not ((updated >= day + 1) & (updated < np.datetime64("2900-01-01"))).any()


def test_yesterday_is_nearly_today(tables: Tables) -> None:
    for table in TABLES:
        lacking = tables[table.name].num_rows - as_it_was(tables, table.name, TODAY - 1).num_rows
        assert 0 <= lacking <= 0.01 * tables[table.name].num_rows
    reports = as_it_was(tables, "crime_report", TODAY - 1)
    assert reports.num_rows < tables["crime_report"].num_rows


def test_nobody_has_died_of_a_day_that_is_yet_to_come(tables: Tables) -> None:
    died = dates(as_it_was(tables, "nominal", TODAY - 300)["deceased_on"])
    assert not ((died > TODAY - 300) & (died < np.datetime64("2900-01-01"))).any()
    assert (dates(tables["nominal"]["deceased_on"]) > TODAY - 300).any()
