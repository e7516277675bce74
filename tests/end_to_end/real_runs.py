"""Real runs, one after another in one process, so that Airflow and Great Expectations are imported once.

A program, because Airflow is configured once in a process: `python real_runs.py HOME POSTGRESQL_URL` does the runs
below by the function of `vha run`, over tiny synthetic sources, and writes what each ended with and showed, and which
release was current after it, to HOME/results.json.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

sys.path.append(str(Path(__file__).parents[1]))

from factory import alter_source
from left_behind import MARK, PLANT

from vha.audit.binding import bind, work_file_hash
from vha.cli import main as vha
from vha.publish.candidate import file_hashes
from vha.publish.manifest import ASSESSMENT
from vha.run import Run, RunPaths
from vha.settings import PROJECT_ROOT, SYSTEMS, Settings
from vha.warehouse.connect import connect
from vha.warehouse.prepare import prepare

MISSING_DAYS = (
    "landing_days.crime_reports_of_every_day_are_there",
    "landing_days.crime_links_of_every_day_are_there",
)


def sqlite_urls(folder: Path) -> dict[str, str]:
    return {system: f"sqlite:///{folder}/{system}.db" for system in SYSTEMS}


def plant(urls: dict[str, str]) -> None:
    """Add the marked person to sources."""
    for system, statements in PLANT.items():
        alter_source(urls[system], *statements)


@contextmanager
def changed(file: Path, *statements: str) -> Iterator[None]:
    """A source database with statements done to it, as it was before afterwards."""
    before = file.read_bytes()
    with closing(sqlite3.connect(file)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    try:
        yield
    finally:
        file.write_bytes(before)


def shown(folder: Path, urls: dict[str, str], *arguments: str) -> dict[str, Any]:
    """Do `vha` with these arguments over these sources, its output and errors in files."""
    for system, url in urls.items():
        os.environ[f"VHA_{system.upper()}_URL"] = url
    folder.mkdir(parents=True)
    kept = [os.dup(1), os.dup(2)]
    for number, name in ((1, "out"), (2, "err")):
        with (folder / name).open("wb") as file:
            os.dup2(file.fileno(), number)
    try:
        code = vha(arguments)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        for number, original in zip((1, 2), kept, strict=True):
            os.dup2(original, number)
    releases = Path(os.environ["VHA_HOME"]) / "releases"
    current = releases / "current"
    return {
        "code": code,
        "out": (folder / "out").read_text(),
        "err": (folder / "err").read_text(),
        "current": str(current.readlink()) if current.is_symlink() else None,
        "current_files": file_hashes(current.resolve()) if current.is_symlink() else None,
    }


def bad_sources(
    home: Path, urls: dict[str, str]
) -> Iterator[tuple[str, dict[str, str], AbstractContextManager[None]]]:
    """Name, URLs and the change of each way in which a source can be unfit."""
    crime, person = home / "sources" / "crime.db", home / "sources" / "person.db"
    yield "down", {**urls, "crime": "postgresql://vha:secret@127.0.0.1:1/vha"}, nullcontext()
    yield "wrong_url", {**urls, "crime": "mysql://vha:secret@127.0.0.1/vha"}, nullcontext()
    yield "no_such_file", {**urls, "person": f"sqlite:///{home}/nowhere.db"}, nullcontext()
    yield "missing_table", urls, changed(crime, "drop table crime_flag")
    yield "missing_column", urls, changed(crime, "alter table crime_report drop column outcome_code")
    yield "extra_column", urls, changed(person, "alter table nominal add column surname text")
    yield "text_for_dates", urls, changed(crime, f"update crime_report set recorded_at = '{MARK}'")
    yield (
        "broken_text",
        urls,
        changed(
            person, f"update nominal set religion = cast(x'53594eff' as text) where nominal_id = '{MARK}'"
        ),
    )
    yield "empty_table", urls, changed(person, "delete from nominal")
    yield "mixed_markers", urls, changed(crime, "drop table synthetic_marker")
    yield (
        "renamed_column",
        urls,
        changed(crime, "alter table crime_person rename column linked_at to linked_on"),
    )


def broken_steps(first: str) -> Iterator[tuple[str, AbstractContextManager[object]]]:
    """Name of each step after extraction, and what makes it fail with an error that quotes the marked person.

    Args:
        first: the first run, whose build the later steps take over, since it would only be the same again.
    """
    yield "broken_build", broken_build()
    settings = Settings.from_environment()
    yield "broken_audit", broken_audit(settings, first)
    yield "broken_report", broken_report(settings, first)


@contextmanager
def broken_build() -> Iterator[None]:
    """A project with one more model, which reads everybody's number as a number."""
    with TemporaryDirectory() as folder:
        project = Path(folder)
        shutil.copy(PROJECT_ROOT / "dbt_project.yml", project)
        for part in ("dbt_project", "seeds"):
            shutil.copytree(PROJECT_ROOT / part, project / part)
        model = project / "dbt_project" / "models" / "staging" / "person" / "stg_person__numbers.sql"
        model.write_text(
            "{{ config(materialized='table') }}\n"
            "select cast(nominal_id as integer) as number from {{ source('landing', 'nominal') }} "
            "where nominal_id like 'SYN-M%'"
        )
        with (
            patch("vha.warehouse.dbt.PROJECT_ROOT", project),
            patch.dict(os.environ, {"DBT_FAIL_FAST": "true"}),
        ):
            yield


@contextmanager
def broken_audit(settings: Settings, first: str) -> Iterator[None]:
    """One more suite, with a check that cannot be evaluated for what it reads."""
    with TemporaryDirectory() as folder:
        shutil.copytree(PROJECT_ROOT / "expectations", folder, dirs_exist_ok=True)
        (Path(folder) / "numbers.yml").write_text(
            "suite: numbers\ntable: landing.nominal\nchecks:\n"
            "  - {name: are_numbers, severity: critical, meaning: Nothing., owner: nobody, "
            "rows: \"select * from {batch} where nominal_id like 'SYN-M%' and cast(nominal_id as integer) > 0\"}\n"
        )
        with (Path(folder) / "index.yml").open("a") as index:
            index.write("numbers: {critical: 1, warning: 0}\n")
        with built_before(settings, first), patch("vha.audit.EXPECTATIONS", Path(folder)):
            yield


@contextmanager
def broken_report(settings: Settings, first: str) -> Iterator[None]:
    """A site that reads everybody's number as a number."""

    def audit(settings: Settings, run: Run) -> dict[str, int]:
        paths, audited = RunPaths(settings, run.run_id), RunPaths(settings, first)
        shutil.copy(audited.audit_results, paths.audit_results)
        shutil.copytree(audited.data_docs, paths.data_docs)
        bind(paths, work_file_hash(paths))
        return {}

    def write(settings: Settings, run: Run, *_: object) -> None:
        with connect(
            settings, RunPaths(settings, run.run_id).candidate / ASSESSMENT, read_only=True
        ) as people:
            people.execute(
                "select cast(nominal_id as integer) from assessment_list where rank = 1"
            ).fetchall()

    with (
        built_before(settings, first),
        patch("vha.audit.audit", audit),
        patch("vha.report.site.write", write),
    ):
        yield


@contextmanager
def built_before(settings: Settings, first: str) -> Iterator[None]:
    """A build that takes over what the first run's left."""

    def build(settings: Settings, run: Run) -> dict[str, int]:
        paths, built = RunPaths(settings, run.run_id), RunPaths(settings, first)
        prepare(settings, run)
        shutil.copy(built.warehouse, paths.warehouse)
        shutil.copytree(built.dbt_target, paths.dbt_target)
        return {}

    with patch("vha.warehouse.build.build", build):
        yield


def main(home: Path, postgresql: str) -> None:
    os.environ["VHA_HOME"] = str(home)
    urls = sqlite_urls(home / "sources")
    results: dict[str, Any] = {}
    results["create"] = shown(
        home / "shown" / "create", {}, "sources", "create", "--scale", "tiny", "--seed", "3"
    )
    plant(urls)
    results["first"] = shown(home / "shown" / "first", urls, "run", "--as-of", "2026-09-30")
    results["again"] = shown(home / "shown" / "again", urls, "run")
    for name, bad_urls, change in bad_sources(home, urls):
        with change:
            results[name] = shown(home / "shown" / name, bad_urls, "run", "--correct", "a test")
    for name, broken in broken_steps(results["first"]["current"]):
        with broken:
            results[name] = shown(home / "shown" / name, urls, "run", "--correct", "a test")
    vha(["sources", "create", "--scale", "tiny", "--seed", "3", "--url", postgresql])
    everywhere = dict.fromkeys(SYSTEMS, postgresql)
    plant(everywhere)
    results["postgresql"] = shown(
        home / "shown" / "postgresql", everywhere, "run", "--correct", "The same from PostgreSQL"
    )
    # The sources end on 30 September: the days that are missing have to be answered for.
    accepting = [word for check in MISSING_DAYS for word in ("--accept", check)]
    results["a_week_later"] = shown(
        home / "shown" / "a_week_later", urls, "run", "--as-of", "2026-10-07", *accepting, "--by", "Head of data",
        "--reason", "The sources are known to end on 30 September.",
    )  # fmt: skip
    (home / "results.json").write_text(json.dumps(results))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
