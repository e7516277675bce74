"""Where the synthetic sources are written: into databases of their own, never over anything else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import adbc_driver_postgresql.dbapi
import pytest
from postgres import Postgres, execute
from test_synthetic import digests, judged, sqlite_urls

from vha.errors import ConfigurationError, SourceUnavailable
from vha.extract.contract import TABLES
from vha.settings import SYSTEMS
from vha.synthetic import create, generate


def test_a_database_with_tables_of_another_origin_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "person.db")) as connection:
        connection.execute("create table nominal (nominal_id text)")
    before = digests(tmp_path)
    with pytest.raises(ConfigurationError, match=r"person\.db holds tables .* nothing was written"):
        create("tiny", 7, sqlite_urls(tmp_path))
    assert digests(tmp_path) == before


def test_a_table_beside_synthetic_ones_is_refused_too(tmp_path: Path) -> None:
    create("tiny", 7, sqlite_urls(tmp_path))
    with closing(sqlite3.connect(tmp_path / "crime.db")) as connection:
        connection.execute("create table notes (note text)")
    with pytest.raises(ConfigurationError, match=r"crime\.db holds tables"):
        create("tiny", 7, sqlite_urls(tmp_path))


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "crime.db").write_text("These are somebody's notes, not a database.\n" * 100)
    with pytest.raises(SourceUnavailable, match=r"crime\.db cannot be reached or written"):
        create("tiny", 7, sqlite_urls(tmp_path))
    assert [file.name for file in tmp_path.iterdir()] == ["crime.db"]


def test_a_wrong_scale_seed_or_url_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="choose one of tiny, london"):
        create("huge", 7, sqlite_urls(tmp_path))
    with pytest.raises(ConfigurationError, match="seed is -1"):
        create("tiny", -1, sqlite_urls(tmp_path))
    with pytest.raises(ConfigurationError, match="scheme 'oracle'"):
        create("tiny", 7, dict.fromkeys(SYSTEMS, "oracle://user:secret@host/db"))
    with pytest.raises(SourceUnavailable, match=r"127\.0\.0\.1:1/db cannot be reached") as caught:
        create("tiny", 7, dict.fromkeys(SYSTEMS, "postgresql://user:secret@127.0.0.1:1/db"))
    assert "secret" not in str(caught.value)


def test_one_sqlite_file_can_hold_all_four_systems(tmp_path: Path) -> None:
    report = create("tiny", 7, dict.fromkeys(SYSTEMS, f"sqlite:///{tmp_path}/all.db"))
    assert report == create("tiny", 7, sqlite_urls(tmp_path))
    with closing(sqlite3.connect(tmp_path / "all.db")) as connection:
        names = {name for (name,) in connection.execute("select name from sqlite_master")}
    assert names == {"synthetic_marker", *(table.name for table in TABLES)}


def test_postgresql_holds_the_same_in_native_types(postgres: Postgres) -> None:
    rows = {name: table.to_pylist() for name, table in generate("tiny", 7).items()}
    url = postgres.create_schema("synthetic")
    for _ in range(2):  # the second replaces the first
        create("tiny", 7, dict.fromkeys(SYSTEMS, url))
    native = _postgres_rows(url)
    assert sorted(judged(native)) == sorted(judged(rows))
    for table in TABLES:
        dates = table.names_of("date", "timestamp")
        assert len(native[table.name]) == len(rows[table.name])
        for row, text in zip(native[table.name], rows[table.name], strict=True):
            for column in row:
                assert row[column] == text[column] or (row[column] is None and column in dates)


def test_a_postgresql_database_with_other_tables_is_refused(postgres: Postgres) -> None:
    url = postgres.create_schema("real")
    execute(url, "create table nominal (nominal_id text)")
    with pytest.raises(ConfigurationError, match="holds tables") as caught:
        create("tiny", 7, dict.fromkeys(SYSTEMS, url))
    assert "secret" not in str(caught.value)


def test_real_tables_in_another_schema_of_the_search_path_are_safe(postgres: Postgres) -> None:
    real, empty = postgres.create_schema("real"), postgres.create_schema("empty")
    execute(real, "create table nominal (nominal_id text)")
    both = f"{empty},{real.rpartition('%3D')[2]}"
    with pytest.raises(ConfigurationError, match="holds tables"):
        create("tiny", 7, dict.fromkeys(SYSTEMS, both))


def _postgres_rows(url: str) -> dict[str, list[dict[str, str | None]]]:
    rows = {}
    with adbc_driver_postgresql.dbapi.connect(url) as connection, connection.cursor() as cursor:
        for table in TABLES:
            columns = ", ".join(f"{column.name}::text as {column.name}" for column in table.columns)
            cursor.execute(f"select {columns} from {table.name}")
            rows[table.name] = cursor.fetch_arrow_table().to_pylist()
    return rows
