"""Extraction lands what the sources held at one moment, unchanged, and lands it for good."""

from __future__ import annotations

import hashlib
import json
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from factory import MARKER, Deliver, World, alter_source, settings_of
from postgres import Postgres

from vha.errors import SourceError
from vha.extract import extract_system, land, landing
from vha.extract.contract import TABLES, tables_of
from vha.extract.source import text_schema
from vha.run import Run
from vha.settings import SYSTEMS, Settings


def extract_all(settings: Settings, run_id: str = "r1") -> Path:
    """Extract and land; return the landing's folder."""
    for system in SYSTEMS:
        extract_system(settings, run_id, system)
    land(settings, run_id)
    return settings.home / "landing" / run_id


def rows_of(folder: Path, table: str) -> list[dict[str, Any]]:
    return list(pq.read_table(folder / f"{table}.parquet").to_pylist())


def hashes_of(folder: Path) -> dict[str, str]:
    files = sorted(folder.rglob("*.parquet"))
    return {str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def in_another_process(url: str, *statements: str) -> None:
    """Alter a source as another program would: within one process, SQLite's locks may not hold."""
    code = "import sys; from factory import alter_source; alter_source(*sys.argv[1:])"
    tests = Path(__file__).parents[1]
    subprocess.run([sys.executable, "-c", code, url, *statements], cwd=tests, check=True)


# ---- What is landed ----


def test_every_table_is_landed_as_text_in_the_contracts_order(deliver: Deliver) -> None:
    world = World.small()
    folder = extract_all(deliver(world))
    for table in TABLES:
        schema = pq.read_schema(folder / f"{table.path}.parquet")
        assert schema.names == ["landing_row", *(column.name for column in table.columns)]
        assert [str(kind) for kind in schema.types] == ["int64"] + ["string"] * len(table.columns)
        landed = rows_of(folder, table.path)
        assert landed == [
            {"landing_row": number, **{column.name: row.get(column.name) for column in table.columns}}
            for number, row in enumerate(world.tables[table.name], start=1)
        ]


def test_rows_are_counted_from_1_across_row_groups(deliver: Deliver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landing, "ROW_GROUP", 4)
    world = World.small()
    for number in range(10, 19):
        world.report(f"C{number}")
    folder = extract_all(deliver(world))
    assert [row["landing_row"] for row in rows_of(folder, "crime/crime_report")] == list(range(1, 13))
    assert pq.read_metadata(folder / "crime/crime_report.parquet").num_row_groups == 3


def test_text_is_neither_trimmed_nor_translated(deliver: Deliver) -> None:
    values = [" Camden\t", "", "Ynys Môn", 'O\'Neill \\ "quoted"', "日本 👮", None]
    world = World.small()
    world.tables["crime_report"] = []
    for number, value in enumerate(values):
        world.report(f"C{number}", borough=value)
    folder = extract_all(deliver(world))
    assert [row["borough"] for row in rows_of(folder, "crime/crime_report")] == values


def test_a_column_that_begins_with_many_nulls_is_landed_whole(deliver: Deliver) -> None:
    values = [None] * 20_000 + ["2026-01-01 00:00:00"]
    world = World.small()
    world.tables["crime_flag"] = []
    for value in values:
        world.flag("C1", updated_at=value)
    rows = rows_of(extract_all(deliver(world)), "crime/crime_flag")
    assert [row["updated_at"] for row in rows] == values


def test_sqlite_values_of_any_type_are_landed_as_the_text_they_show_as(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "home", World.small().write_sqlite(tmp_path))
    alter_source(
        settings.source_urls["crime"],
        "drop table crime_flag",
        "create table crime_flag (crime_ref, flag, origin, updated_at)",
        "insert into crime_flag values (17, 2.5, x'6869', null), ('a', 'b', 'c', '2026-01-01 00:00:00')",
    )
    first = rows_of(extract_all(settings), "crime/crime_flag")[0]
    assert list(first.values()) == [1, "17", "2.5", "hi", None]


def test_a_postgresql_fraction_of_a_second_is_cut_off(postgres: Postgres, tmp_path: Path) -> None:
    world = World.small()
    world.report("C9", recorded_at="2026-03-29 23:59:59.999999")
    folder = extract_all(settings_of(tmp_path, world.write_postgres(postgres)))
    assert rows_of(folder, "crime/crime_report")[-1]["recorded_at"] == "2026-03-29 23:59:59"


def test_postgresql_text_may_be_of_any_text_type_and_encoding(postgres: Postgres, tmp_path: Path) -> None:
    settings = settings_of(tmp_path, World.small().write_postgres(postgres))
    partnership = postgres.create_database("latin1", encoding="LATIN1")
    alter_source(
        partnership,
        "create type kind as enum ('café')",
        "create domain day as date",
        "create table safeguarding (nominal_id char(8), kind kind, opened_on day, closed_on date, "
        "updated_at timestamp(0))",
        "insert into safeguarding values ('SYN-1', 'café', '2026-01-02', null, '2026-01-02 03:04:05')",
        f"create table synthetic_marker as select 'test'::varchar(9) as generator_version, "
        f"{MARKER['seed']} as seed, date '{MARKER['reference_date']}' as reference_date",
    )
    settings = settings_of(tmp_path, {**settings.source_urls, "partnership": partnership})
    (row,) = rows_of(extract_all(settings), "partnership/safeguarding")
    assert list(row.values()) == [1, "SYN-1", "café", "2026-01-02", None, "2026-01-02 03:04:05"]


def test_a_query_may_map_other_tables(deliver: Deliver, edited_query: Any) -> None:
    settings = deliver(World.small())
    alter_source(settings.source_urls["crime"], "alter table crime_flag rename column flag to marking")
    alter_source(settings.source_urls["crime"], "alter table crime_flag rename to markings")
    edited_query(
        "crime/crime_flag",
        "-- Ours are called markings.\n"
        "with ours as (select * from markings)\n"
        "select updated_at, origin, marking as flag, crime_ref -- in another order\nfrom ours;\n",
    )
    rows = rows_of(extract_all(settings), "crime/crime_flag")
    assert list(rows[0].items())[1:4] == [("crime_ref", "C1"), ("flag", "knife"), ("origin", "manual")]


# ---- One moment, the same bytes ----


def test_all_tables_of_a_system_are_of_one_moment(deliver: Deliver, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = deliver(World.small())
    url = settings.source_urls["crime"]
    if url.startswith("sqlite"):
        alter_source(url, "pragma journal_mode = wal")
    undisturbed = extract_all(settings, "undisturbed")

    def write_and_disturb(*arguments: Any) -> int:
        rows = write(*arguments)
        in_another_process(
            url,
            "update crime_person set role = 'witness'",
            "delete from crime_flag",
            "update synthetic_marker set seed = 2",
        )
        monkeypatch.setattr(landing, "write_parquet", write)
        return rows

    write = landing.write_parquet
    monkeypatch.setattr(landing, "write_parquet", write_and_disturb)
    disturbed = extract_all(settings, "disturbed")
    assert hashes_of(disturbed) == hashes_of(undisturbed)

    extract_system(settings, "afterwards", "crime")
    afterwards = settings.home / "landing" / ".afterwards.partial"
    assert rows_of(afterwards, "crime/crime_flag") == []
    assert {row["role"] for row in rows_of(afterwards, "crime/crime_person")} == {"witness"}


def test_the_same_source_gives_the_same_bytes_on_both_engines(postgres: Postgres, tmp_path: Path) -> None:
    world = World.small()
    sqlite = settings_of(tmp_path / "sqlite", world.write_sqlite(tmp_path))
    postgresql = settings_of(tmp_path / "postgresql", world.write_postgres(postgres))
    landings = [extract_all(sqlite), extract_all(sqlite, "r2"), extract_all(postgresql)]
    assert hashes_of(landings[0]) == hashes_of(landings[1]) == hashes_of(landings[2])


def test_the_bytes_do_not_depend_on_how_the_rows_arrive(tmp_path: Path) -> None:
    (table,) = (table for table in TABLES if table.name == "crime_flag")
    column = pa.array([f"{number:060}" for number in range(40_000)])
    rows = pa.Table.from_arrays([column] * len(table.columns), schema=text_schema(table))
    files = [tmp_path / "few.parquet", tmp_path / "many.parquet"]
    for file, size in zip(files, (40_000, 997), strict=True):
        assert landing.write_parquet(rows.to_batches(size), table, file) == 40_000
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_source_is_left_as_it_was(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "home", World.small().write_sqlite(tmp_path / "sources"))
    before = {file: file.read_bytes() for file in (tmp_path / "sources").iterdir()}
    extract_all(settings)
    assert {file: file.read_bytes() for file in (tmp_path / "sources").iterdir()} == before


# ---- The landing ----


def test_landing_json_says_what_was_landed(deliver: Deliver) -> None:
    folder = extract_all(deliver(World.small()))
    record = json.loads((folder / "landing.json").read_text())
    assert (record["run_id"], record["synthetic"], record["marker"]) == ("r1", True, MARKER)
    assert set(record["tables"]) == {table.path for table in TABLES}
    for path, table in record["tables"].items():
        file = folder / f"{path}.parquet"
        assert table == {
            "rows": pq.read_metadata(file).num_rows,
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            "bytes": file.stat().st_size,
        }


def test_extract_and_land_count_their_rows(deliver: Deliver) -> None:
    world = World.small()
    settings = deliver(world)
    for system in SYSTEMS:
        rows = sum(len(world.tables[table.name]) for table in tables_of(system))
        assert extract_system(settings, "r1", system) == {"rows": rows}
    assert land(settings, "r1") == {"rows": sum(map(len, world.tables.values()))}


def test_a_landing_is_read_only_and_private(tmp_path: Path) -> None:
    folder = extract_all(settings_of(tmp_path / "home", World.small().write_sqlite(tmp_path)))
    for path in (folder, *folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o440), path


def test_a_landing_without_the_marker_is_real(tmp_path: Path) -> None:
    world = World.small()
    world.markers.clear()
    folder = extract_all(settings_of(tmp_path / "home", world.write_sqlite(tmp_path)))
    record = json.loads((folder / "landing.json").read_text())
    assert (record["synthetic"], record["marker"]) == (False, None)


def test_a_repetition_replaces_what_its_own_system_left(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "home", World.small().write_sqlite(tmp_path))
    for system in SYSTEMS:
        extract_system(settings, "r1", system)
    alter_source(settings.source_urls["crime"], "delete from crime_flag where crime_ref <> 'C1'")
    alter_source(settings.source_urls["person"], "delete from restriction")
    extract_system(settings, "r1", "crime")
    land(settings, "r1")
    assert len(rows_of(settings.home / "landing/r1", "crime/crime_flag")) == 1
    assert len(rows_of(settings.home / "landing/r1", "person/restriction")) == 1


def test_a_failure_midway_leaves_no_landing_and_the_next_attempt_succeeds(
    deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = deliver(World.small())

    def full_disk(batches: Any, table: Any, path: Path) -> int:
        if table.name == "crime_person":
            next(batches)
            raise OSError(28, "No space left on device")
        return write(batches, table, path)

    write = landing.write_parquet
    monkeypatch.setattr(landing, "write_parquet", full_disk)
    with pytest.raises(OSError, match="No space left"):
        extract_system(settings, "r1", "crime")
    monkeypatch.undo()
    for system in SYSTEMS[1:]:
        extract_system(settings, "r1", system)
    with pytest.raises(SourceError, match="Run r1 has not extracted crime yet"):
        land(settings, "r1")
    assert not (settings.home / "landing/r1").exists()
    folder = extract_all(settings)
    assert sorted(path.name for path in folder.iterdir()) == sorted([*SYSTEMS, "landing.json"])


def test_landing_again_after_breaking_off_before_the_rename(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(tmp_path / "home", World.small().write_sqlite(tmp_path))
    rename = Path.rename

    def broken(path: Path, target: Path) -> Path:
        if target.name == "r1":
            raise OSError("power cut")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", broken)
    with pytest.raises(OSError, match="power cut"):
        extract_all(settings)
    assert not (settings.home / "landing/r1").exists()
    monkeypatch.undo()
    extract_all(settings)


def test_once_landed_the_sources_are_not_read_again(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "home", World.small().write_sqlite(tmp_path / "sources"))
    before = hashes_of(extract_all(settings))
    for file in (tmp_path / "sources").iterdir():
        file.unlink()
    assert hashes_of(extract_all(settings)) == before
    assert extract_system(settings, "r1", "crime") == {"rows": 12}


@pytest.mark.parametrize("change", ["altered", "removed"])
def test_a_changed_landing_is_refused(tmp_path: Path, change: str) -> None:
    settings = settings_of(tmp_path / "home", World.small().write_sqlite(tmp_path))
    file = extract_all(settings) / "person/restriction.parquet"
    content = file.read_bytes()
    file.unlink()
    if change == "altered":
        file.write_bytes(content + b" ")
    with pytest.raises(SourceError, match=r"restriction\.parquet is not what was landed"):
        land(settings, "r1")


def test_sources_that_turn_real_after_the_run_opened_are_refused(tmp_path: Path) -> None:
    world = World.small()
    world.markers.clear()
    settings = settings_of(tmp_path / "home", world.write_sqlite(tmp_path))
    Run("r1", date(2026, 9, 30), synthetic=True, started_by="os:tester").save(settings)
    with pytest.raises(SourceError, match="The sources changed between synthetic and real after run r1"):
        extract_all(settings)
