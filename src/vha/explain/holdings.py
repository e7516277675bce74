"""What is held on a person: in the landing kept for a run, in its release, and in the history of releases.

Only the person's own rows, and the reports that these name, are read; of a report's other people nothing is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb

from vha.explain.facts import Row, rows
from vha.extract.contract import TABLES, Table
from vha.publish.manifest import ASSESSMENT
from vha.publish.releases import Release, all_releases
from vha.run import RunPaths
from vha.settings import Settings
from vha.warehouse.connect import connect

_OF_THE_PERSON = "list_contains($people, nominal_id)"
_REPORTS_OF_THE_PERSON: Mapping[str, tuple[str, str]] = {
    "crime_report": ("crime_ref", "crime/crime_person"),
    "crime_flag": ("crime_ref", "crime/crime_person"),
    "intelligence_report": ("intel_ref", "intelligence/intelligence_subject"),
}
"""The tables that name no person: the column by which a row hangs on a table that does, and that table."""

_ANOTHER = "[another person's identifier]"


@dataclass(frozen=True)
class Holdings:
    """What is held on a person.

    Attributes:
        people: the identifier asked about, and those that the run took for the same person.
        identity_is_resolved: whether it is still known what the run took for the same person.
        sources: rows delivered, as text, by ``system/table``; None where the run's landing is no longer kept.
        quarantine: the release's rows of ``quarantine`` about those rows.
        lists, contributions: the person's rows of every published list, and the contributions to them.
        movements, review_queue: the person's rows of every release.
    """

    people: tuple[str, ...]
    identity_is_resolved: bool
    sources: Mapping[str, list[Row]] | None
    quarantine: list[Row]
    lists: list[Row]
    contributions: list[Row]
    movements: list[Row]
    review_queue: list[Row]

    def is_anything(self) -> bool:
        """Whether there is anything at all."""
        found = [self.quarantine, self.lists, self.contributions, self.movements, self.review_queue]
        return any(found) or any((self.sources or {}).values())


def holdings_of(settings: Settings, release: Release, nominal_id: str) -> Holdings:
    """Everything that is held on the person as of a release, and nothing about anybody else."""
    paths = RunPaths(settings, release.run_id)
    same = _same_person(settings, paths.warehouse, nominal_id)
    people = same or (nominal_id,)
    sources = _delivered(settings, paths.landing, people) if paths.landing.exists() else None
    with closing(connect(settings, release.path / ASSESSMENT, read_only=True)) as assessment:
        quarantine = rows(assessment, "from quarantine order by all")
    return Holdings(
        people=people,
        identity_is_resolved=same is not None,
        sources=sources,
        quarantine=[row for row in quarantine if _is_about(row, people, sources or {})],
        lists=_of_the_history(settings, "assessment_list", people),
        contributions=_of_the_history(settings, "score_contributions", people),
        movements=_of_the_releases(settings, "list_movements", people),
        review_queue=_of_the_releases(settings, "review_queue", people),
    )


def _same_person(settings: Settings, warehouse: Path, nominal_id: str) -> tuple[str, ...] | None:
    """The identifiers that the run took for one person, the one asked about first; None where not kept."""
    if not warehouse.exists():
        return None
    with closing(connect(settings, warehouse, read_only=True)) as work:
        merged = work.execute(
            "select nominal_id from intermediate.int_survivors where survivor_id = "
            "(select survivor_id from intermediate.int_survivors where nominal_id = $1) "
            "and nominal_id <> $1 order by nominal_id",
            [nominal_id],
        ).fetchall()
    return (nominal_id, *(other for (other,) in merged))


def _delivered(settings: Settings, landing: Path, people: Sequence[str]) -> dict[str, list[Row]]:
    """The rows delivered about the person, every version of them, as text without the spaces around it."""
    found: dict[str, list[Row]] = {}
    with closing(connect(settings, Path(":memory:"))) as connection:
        for table in TABLES:
            if table.name not in _REPORTS_OF_THE_PERSON:
                found[table.path] = _rows_with(connection, table, landing, "nominal_id", people)
        for table in TABLES:
            if table.name in _REPORTS_OF_THE_PERSON:
                column, links = _REPORTS_OF_THE_PERSON[table.name]
                named = [row[column] for row in found[links] if row[column]]
                found[table.path] = _rows_with(connection, table, landing, column, named)
    for row in found["person/nominal"]:
        if row["merged_into"] is not None and row["merged_into"] not in people:
            row["merged_into"] = _ANOTHER
    return {table.path: found[table.path] for table in TABLES}


def _rows_with(
    connection: duckdb.DuckDBPyConnection, table: Table, landing: Path, column: str, values: Sequence[str]
) -> list[dict[str, str | None]]:
    file = _quoted(landing / f"{table.path}.parquet")
    trimmed = ", ".join(
        f"nullif(trim({name}, chr(32) || chr(9) || chr(10) || chr(13)), '') as {name}"
        for name in (column.name for column in table.columns)
    )
    return rows(
        connection,
        f"with delivered as (select {trimmed} from read_parquet({file})) "
        f"select distinct * from delivered where list_contains($values, {column}) order by all",
        {"values": list(values)},
    )


def _of_the_history(settings: Settings, table: str, people: Sequence[str]) -> list[Row]:
    """Rows of the history about the person; only a release in the register counts."""
    files, register = (
        _quoted(settings.home / "history" / name / "*.parquet") for name in (table, "release_register")
    )
    with closing(connect(settings, Path(":memory:"))) as connection:
        return rows(
            connection,
            f"from read_parquet({files}) where {_OF_THE_PERSON} "
            f"and run_id in (select register.run_id from read_parquet({register}) as register) order by all",
            {"people": list(people)},
        )


def _of_the_releases(settings: Settings, table: str, people: Sequence[str]) -> list[Row]:
    """Rows about the person of a table that is in the releases only, in their order."""
    found: list[Row] = []
    for release in all_releases(settings):
        with closing(connect(settings, release.path / ASSESSMENT, read_only=True)) as assessment:
            query = f"from {table} where {_OF_THE_PERSON} order by all"
            found += [
                {"run_id": release.run_id, **row} for row in rows(assessment, query, {"people": list(people)})
            ]
    return found


def _is_about(quarantined: Row, people: Sequence[str], sources: Mapping[str, list[Row]]) -> bool:
    """Whether a quarantined row is the person's: its key names the person, or one of the person's records."""
    path = quarantined["source_table"].replace(".", "/")
    [key] = (table.primary_key for table in TABLES if table.path == path)
    named = dict(zip(key, quarantined["record_key"].split("|"), strict=False))
    if "nominal_id" in named:
        return named["nominal_id"] in people
    return any(
        all((row[name] or "") == value for name, value in named.items()) for row in sources.get(path, ())
    )


def _quoted(path: Path) -> str:
    return "'{}'".format(str(path).replace("'", "''"))
