"""What a source must not deliver, or cannot, ends in one sentence that says what, where, and what to do."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from factory import Deliver, World, alter_source, settings_of
from postgres import PASSWORD, USER, Postgres

from vha.errors import SourceError, SourceUnavailable
from vha.extract import extract_system, land, postgresql, sqlite
from vha.settings import SYSTEMS, Settings


def refusal(settings: Settings, system: str = "crime") -> SourceError:
    """The error that extraction of the system, or landing, ends with; nothing is landed."""
    with pytest.raises(SourceError) as caught:  # noqa: PT012
        for each in (system, *SYSTEMS):
            extract_system(settings, "r1", each)
        land(settings, "r1")
    assert not (settings.home / "landing/r1").exists()
    assert str(caught.value).count("\n") == 0
    assert str(caught.value).endswith(".")
    return caught.value


def settings_with(tmp_path: Path, url: str) -> Settings:
    """Settings of which the crime system has this URL."""
    return settings_of(tmp_path / "home", {**dict.fromkeys(SYSTEMS, "sqlite:///none"), "crime": url})


# ---- Against the contract ----


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("alter table crime_report drop column outcome_code", "crime/crime_report lacks column outcome_code"),
        (
            "alter table crime_person add column surname text",
            "crime/crime_person has a column surname that is not in the contract",
        ),
        (
            "alter table crime_flag rename column flag to marking",
            "crime/crime_flag lacks column flag, has a column marking that is not in the contract",
        ),
    ],
)
def test_a_table_with_other_columns_is_refused(deliver: Deliver, statement: str, sentence: str) -> None:
    settings = deliver(World.small())
    alter_source(settings.source_urls["crime"], statement)
    message = str(refusal(settings))
    assert message.startswith(sentence)
    assert "VHA_CRIME_URL" in message


def test_a_missing_table_is_refused(deliver: Deliver) -> None:
    settings = deliver(World.small())
    alter_source(settings.source_urls["crime"], "drop table crime_flag")
    error = refusal(settings)
    assert not isinstance(error, SourceUnavailable)
    for part in ("crime_flag", "the crime system", "VHA_CRIME_URL", "queries/crime/crime_flag.sql"):
        assert part in str(error)


@pytest.mark.parametrize(
    ("column", "type_name", "sentence"),
    [
        (
            "recorded_at",
            "timestamp with time zone",
            "recorded_at as timestamptz, not as timestamp without time zone",
        ),
        ("recorded_at", "text", "recorded_at as text, not as timestamp without time zone"),
        ("recorded_at", "date", "recorded_at as date, not as timestamp without time zone"),
        ("committed_from", "text", "committed_from as text, not as date"),
        ("committed_from", "timestamp", "committed_from as timestamp, not as date"),
        ("committed_to", "time", "committed_to as time, not as date"),
        ("borough", "jsonb", "borough as jsonb, not as text"),
        ("borough", "bytea", "borough as bytea, not as text"),
        ("borough", "integer", "borough as int4, not as text"),
        ("borough", "text[]", "borough as _text, not as text"),
    ],
)
def test_a_postgresql_column_of_another_type_is_refused(
    postgres: Postgres, tmp_path: Path, column: str, type_name: str, sentence: str
) -> None:
    settings = settings_with(tmp_path, World.small().write_postgres(postgres)["crime"])
    alter_source(
        settings.source_urls["crime"],
        f"alter table crime_report drop column {column}",
        f"alter table crime_report add column {column} {type_name}",
    )
    assert str(refusal(settings)).startswith(f"crime/crime_report has column {sentence}: correct")


def test_a_column_delivered_twice_is_refused(
    postgres: Postgres, tmp_path: Path, edited_query: Callable[[str, str], None]
) -> None:
    settings = settings_with(tmp_path, World.small().write_postgres(postgres)["crime"])
    edited_query("crime/crime_flag", "select *, flag from crime_flag")
    assert str(refusal(settings)).startswith("crime/crime_flag has column flag twice: correct")


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("recorded_at", "2026-02-03T09:30:00"),
        ("recorded_at", "2026-02-03"),
        ("committed_from", "02/03/2026"),
        ("committed_from", "2026-02-30"),
        ("committed_from", "20260203"),
        ("committed_from", "2026-02-03 00:00:00"),
        ("committed_to", "never"),
    ],
)
def test_a_date_column_of_which_no_value_can_be_read_is_refused(
    tmp_path: Path, column: str, values: str
) -> None:
    world = World.small()
    for row in world.tables["crime_report"]:
        row[column] = values
    error = refusal(settings_of(tmp_path / "home", world.write_sqlite(tmp_path)))
    assert str(error).startswith(f"crime/crime_report has no value in column {column} that is a date")
    assert values not in str(error)


@pytest.mark.parametrize("value", ["2026-02-03 09:30:00", " 2026-02-03 09:30:00\r\n"])
def test_a_single_value_that_can_be_read_is_enough(tmp_path: Path, value: str) -> None:
    world = World.small()
    for row in world.tables["crime_report"]:
        row |= {"recorded_at": "soon", "committed_to": " "}
    world.report("C9", recorded_at=value)
    settings = settings_of(tmp_path / "home", world.write_sqlite(tmp_path))
    for system in SYSTEMS:
        extract_system(settings, "r1", system)
    land(settings, "r1")


@pytest.mark.parametrize("table", ["crime_flag", "intelligence_report", "nominal"])
def test_an_empty_table_is_refused(deliver: Deliver, table: str) -> None:
    world = World.small()
    world.tables[table] = []
    assert f"/{table} is empty, which it may not be: correct the " in str(refusal(deliver(world)))


def test_restriction_and_safeguarding_may_be_empty(deliver: Deliver) -> None:
    world = World.small()
    world.tables |= {"restriction": [], "safeguarding": []}
    settings = deliver(world)
    for system in SYSTEMS:
        extract_system(settings, "r1", system)
    assert land(settings, "r1") == {"rows": 16}


def test_text_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "home", World.small().write_sqlite(tmp_path))
    alter_source(settings.source_urls["crime"], "update crime_report set borough = cast(x'ff' as text)")
    assert str(refusal(settings)).startswith(
        "crime/crime_report has text in column borough that is not UTF-8"
    )


# ---- Sources that cannot be read ----


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://vha:hunter2@db/crime", "VHA_CRIME_URL begins with mysql://: set it to sqlite:///FILE or"),
        ("hunter2", "VHA_CRIME_URL is no connection URL: set it to"),
        ("sqlite://crime.db", "VHA_CRIME_URL names no file: set it to"),
        ("sqlite:///", "VHA_CRIME_URL names no file: set it to"),
        (
            "sqlite:////nowhere/crime.db",
            "The crime system's database /nowhere/crime.db does not exist: correct",
        ),
        ("sqlite:////tmp", "The crime system's database /tmp is no file to be read: correct VHA_CRIME_URL"),
    ],
)
def test_a_url_that_names_no_database_is_refused(tmp_path: Path, url: str, sentence: str) -> None:
    error = refusal(settings_with(tmp_path, url))
    assert str(error).startswith(sentence)
    assert not isinstance(error, SourceUnavailable)
    assert "hunter2" not in str(error)


def test_missing_synthetic_sources_are_to_be_made(tmp_path: Path) -> None:
    error = refusal(Settings.from_environment({"VHA_HOME": str(tmp_path)}))
    assert str(error).endswith(
        "/sources/crime.db does not exist: make synthetic sources with `vha sources create`."
    )
    assert not list(tmp_path.rglob("*.db"))


def test_a_relative_path_starts_at_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    World.small().write_sqlite(tmp_path / "a folder? of 100%")
    monkeypatch.chdir(tmp_path)
    settings = settings_with(tmp_path, "sqlite:///a folder? of 100%/crime.db")
    assert extract_system(settings, "r1", "crime") == {"rows": 12}


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "crime.db").write_text("crime_ref,flag\n" * 100)
    error = refusal(settings_with(tmp_path, f"sqlite:///{tmp_path}/crime.db"))
    assert str(error).startswith("The file of the crime system (VHA_CRIME_URL) is not a SQLite database")


def test_a_locked_file_is_worth_another_try(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "_BUSY_MILLISECONDS", 50)
    settings = settings_of(tmp_path / "home", World.small().write_sqlite(tmp_path))
    lock = (
        "import sqlite3, sys\nconnection = sqlite3.connect(sys.argv[1])\n"
        "connection.execute('begin exclusive')\nprint('locked', flush=True)\ninput()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", lock, tmp_path / "crime.db"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout
        holder.stdout.readline()
        error = refusal(settings)
    finally:
        holder.communicate(b"\n")
    assert isinstance(error, SourceUnavailable)
    assert "locked: try again later" in str(error)
    assert extract_system(settings, "r1", "crime") == {"rows": 12}


@pytest.mark.parametrize(
    ("old", "new", "unavailable", "sentence"),
    [
        (f"{USER}:", f"{USER}:wrong", False, "refuses the user or the password: correct VHA_CRIME_URL."),
        (USER, "nobody", False, "refuses the user or the password: correct VHA_CRIME_URL."),
        ("/postgres", "/nowhere", False, "does not know the database: correct VHA_CRIME_URL."),
        (
            "@127.0.0.1",
            "@no-such-host.invalid",
            True,
            "does not answer: check that it runs and that VHA_CRIME",
        ),
        ("?", "?sslmode=require&", False, "and this machine do not agree on encryption (sslmode): correct"),
        ("?", "?colour=blue&", False, "VHA_CRIME_URL is no valid URL: set it to"),
        ("%2F", "/", False, "VHA_CRIME_URL is no valid URL: set it to"),
    ],
)
def test_a_refused_connection_is_told_without_the_password(
    postgres: Postgres, tmp_path: Path, old: str, new: str, unavailable: bool, sentence: str
) -> None:
    url = postgres.create_schema().replace(old, new, 1)
    error = refusal(settings_with(tmp_path, url))
    assert sentence in str(error)
    assert isinstance(error, SourceUnavailable) == unavailable
    told = "".join(traceback.format_exception(error))
    for secret in (url, *re.split("[/@]", PASSWORD)):
        assert secret not in told


def test_a_server_that_is_down_is_worth_another_try(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    error = refusal(settings_with(tmp_path, f"postgresql://vha:hunter2@127.0.0.1:{port}/crime"))
    assert isinstance(error, SourceUnavailable)
    assert str(error).startswith("The crime system's server does not answer: check that it runs")


def test_a_connection_that_breaks_off_is_worth_another_try(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_with(tmp_path, World.small().write_postgres(postgres)["crime"])
    check = postgresql.PostgresqlSource.check

    def check_and_break_off(source: postgresql.PostgresqlSource, table: object) -> None:
        check(source, table)  # type: ignore[arg-type]
        others = "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
        alter_source(postgres.url(), f"{others} and backend_type = 'client backend'")

    monkeypatch.setattr(postgresql.PostgresqlSource, "check", check_and_break_off)
    error = refusal(settings)
    assert isinstance(error, SourceUnavailable)
    assert str(error) == "The connection to the crime system (VHA_CRIME_URL) broke off: try again later."


# ---- Queries that cannot be run ----


@pytest.mark.parametrize("query", ["selec * from crime_flag", "select nonsense(flag) from crime_flag", ""])
def test_a_query_that_is_not_understood_is_named(
    deliver: Deliver, edited_query: Callable[[str, str], None], query: str
) -> None:
    edited_query("crime/crime_flag", query)
    error = refusal(deliver(World.small()))
    assert "src/vha/extract/queries/crime/crime_flag.sql cannot be run in the crime system" in str(error)
    assert not isinstance(error, SourceUnavailable)


def test_a_query_that_asks_for_an_unknown_column_is_told_which(
    deliver: Deliver, edited_query: Callable[[str, str], None]
) -> None:
    edited_query("crime/crime_flag", "select crime_ref, flag, source as origin, updated_at from crime_flag")
    assert "source" in str(refusal(deliver(World.small())))


def test_a_missing_query_is_told(
    deliver: Deliver, edited_query: Callable[[str, str], None], tmp_path: Path
) -> None:
    edited_query("crime/crime_flag", "")
    (tmp_path / "queries/crime/crime_flag.sql").unlink()
    assert "queries/crime/crime_flag.sql is missing: restore it" in str(refusal(deliver(World.small())))


def test_a_failing_query_tells_no_value_of_a_record(
    postgres: Postgres, tmp_path: Path, edited_query: Callable[[str, str], None]
) -> None:
    settings = settings_with(tmp_path, World.small().write_postgres(postgres)["crime"])
    edited_query(
        "crime/crime_person",
        "select crime_ref, cast(cast(nominal_id as integer) as text) as nominal_id, role, link_status, "
        "linked_at, updated_at from crime_person",
    )
    error = refusal(settings)
    assert (
        "crime_person.sql cannot be run in the crime system (VHA_CRIME_URL) (the server's log says why)"
        in str(error)
    )
    assert "SYN-1" not in "".join(traceback.format_exception(error))


def test_a_query_may_not_write(
    postgres: Postgres, tmp_path: Path, edited_query: Callable[[str, str], None]
) -> None:
    settings = settings_with(tmp_path, World.small().write_postgres(postgres)["crime"])
    alter_source(settings.source_urls["crime"], "create sequence readings")
    edited_query(
        "crime/crime_flag",
        "select crime_ref, nextval('readings')::text as flag, origin, updated_at from crime_flag",
    )
    assert "crime_flag.sql cannot be run in the crime system" in str(refusal(settings))
