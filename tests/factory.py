"""Small worlds for tests: rows of the eight source tables, and the source systems that deliver them.

>>> world = World()
>>> world.nominal("SYN-1")
>>> world.report("C1", offence_code="5D")
>>> world.link("C1", "SYN-1", role="suspect")
>>> settings = settings_of(tmp_path / "home", world.write_sqlite(tmp_path))
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from postgres import Postgres, execute

from vha.extract.contract import TABLES, tables_of
from vha.settings import SYSTEMS, Settings

Row = dict[str, Any]

MARKER = {"generator_version": "test", "seed": 1, "reference_date": "2026-09-30"}


class World:
    """What the four source systems hold.

    Each method below adds a well-formed row and returns it; keywords change single columns. Nothing is added
    that was not asked for: whoever links a person adds the nominal too. :meth:`small` has rows of all.

    Attributes:
        tables: rows by table name, in the order they were added; a column that a row lacks is null.
        markers: the synthetic marker of each system; remove one, and that system has none.
    """

    def __init__(self) -> None:
        self.tables: dict[str, list[Row]] = {table.name: [] for table in TABLES}
        self.markers: dict[str, Mapping[str, Any]] = dict.fromkeys(SYSTEMS, MARKER)

    @classmethod
    def small(cls) -> World:
        """A world in which one person is a suspect three times; every table has at least one row."""
        world = cls()
        world.nominal("SYN-1")
        world.nominal("SYN-2", sex="F")
        for number in (1, 2, 3):
            world.report(f"C{number}")
            world.flag(f"C{number}")
            world.link(f"C{number}", "SYN-1")
            world.link(f"C{number}", "SYN-2", role="victim")
        world.intelligence("I1")
        world.subject("I1", "SYN-1")
        world.restriction("R1", "SYN-2", record_ref="C3")
        world.referral("SYN-2")
        return world

    def report(self, crime_ref: str, **changes: Any) -> Row:
        """A recorded crime, by default assault with injury in a public place in February 2026."""
        return self._add(
            "crime_report",
            changes,
            crime_ref=crime_ref,
            source_system="CONNECT",
            recorded_at="2026-02-03 09:30:00",
            committed_from="2026-02-02",
            offence_code="8N",
            record_status="live",
            location_kind="public",
            borough="Camden",
            updated_at="2026-02-03 09:30:00",
        )

    def flag(self, crime_ref: str, flag: str = "knife", **changes: Any) -> Row:
        return self._add(
            "crime_flag",
            changes,
            crime_ref=crime_ref,
            flag=flag,
            origin="manual",
            updated_at="2026-02-03 09:30:00",
        )

    def link(self, crime_ref: str, nominal_id: str, **changes: Any) -> Row:
        """A person's link to a recorded crime, by default as its suspect."""
        return self._add(
            "crime_person",
            changes,
            crime_ref=crime_ref,
            nominal_id=nominal_id,
            role="suspect",
            link_status="live",
            linked_at="2026-02-04 10:00:00",
            updated_at="2026-02-04 10:00:00",
        )

    def intelligence(self, intel_ref: str, **changes: Any) -> Row:
        """An intelligence report, by default of June 2026, in the 3x5x2 scheme and reliable."""
        return self._add(
            "intelligence_report",
            changes,
            intel_ref=intel_ref,
            submitted_at="2026-06-01 08:00:00",
            event_on="2026-05-30",
            category="knife_carrying",
            grading_scheme="3x5x2",
            source_grade="1",
            assessment_grade="A",
            handling_code="P",
            record_status="live",
            updated_at="2026-06-01 08:00:00",
        )

    def subject(self, intel_ref: str, nominal_id: str, **changes: Any) -> Row:
        return self._add(
            "intelligence_subject",
            changes,
            intel_ref=intel_ref,
            nominal_id=nominal_id,
            involvement="subject",
            updated_at="2026-06-01 08:00:00",
        )

    def nominal(self, nominal_id: str, **changes: Any) -> Row:
        """A person, by default an adult of 26 years at the reference date."""
        return self._add(
            "nominal",
            changes,
            nominal_id=nominal_id,
            date_of_birth="2000-01-31",
            sex="M",
            self_defined_ethnicity="W1",
            officer_observed_ethnicity="IC1",
            updated_at="2026-01-01 00:00:00",
        )

    def restriction(self, restriction_id: str, nominal_id: str, **changes: Any) -> Row:
        """A restriction, by default of the whole person and without an end."""
        return self._add(
            "restriction",
            changes,
            restriction_id=restriction_id,
            nominal_id=nominal_id,
            reason="accuracy_contested",
            starts_on="2026-01-01",
            updated_at="2026-01-01 00:00:00",
        )

    def referral(self, nominal_id: str, **changes: Any) -> Row:
        """A safeguarding referral, by default open since January 2026."""
        return self._add(
            "safeguarding",
            changes,
            nominal_id=nominal_id,
            kind="criminal_exploitation",
            opened_on="2026-01-15",
            updated_at="2026-01-15 00:00:00",
        )

    def write_sqlite(self, folder: Path) -> dict[str, str]:
        """Write ``folder/<system>.db`` anew and return the connection URL of each system."""
        folder.mkdir(parents=True, exist_ok=True)
        urls = {}
        for system in SYSTEMS:
            file = folder / f"{system}.db"
            file.unlink(missing_ok=True)
            urls[system] = f"sqlite:///{file}"
            alter_source(urls[system], "begin", *self._statements(system, native_types=False), "commit")
        return urls

    def write_postgres(self, server: Postgres) -> dict[str, str]:
        """Write new schemas with the contract's types and return the connection URL of each system."""
        schemas = {system: server.unused(system) for system in SYSTEMS}
        statements: list[str] = []
        for system, schema in schemas.items():
            statements += (f"create schema {schema}", f"set search_path to {schema}")
            statements += self._statements(system, native_types=True)
        execute(server.url(), *statements)
        return {system: server.url(schema=schema) for system, schema in schemas.items()}

    def _add(self, table: str, changes: Row, **defaults: Any) -> Row:
        row = {**defaults, **changes}
        unknown = row.keys() - {c.name for t in TABLES if t.name == table for c in t.columns}
        assert not unknown, f"{table} has no column {unknown}"
        self.tables[table].append(row)
        return row

    def _statements(self, system: str, *, native_types: bool) -> Iterator[str]:
        """SQL, the same for both engines, that makes and fills what one system holds."""
        for table in tables_of(system):
            columns = ", ".join(f"{c.name} {c.kind if native_types else 'text'}" for c in table.columns)
            yield f"create table {table.name} ({columns})"
            for start in range(0, len(self.tables[table.name]), 1000):
                rows = self.tables[table.name][start : start + 1000]
                values = (", ".join(_literal(row.get(c.name)) for c in table.columns) for row in rows)
                yield f"insert into {table.name} values ({'), ('.join(values)})"
        if system in self.markers:
            values = (f"{_literal(value)} as {name}" for name, value in self.markers[system].items())
            yield f"create table synthetic_marker as select {', '.join(values)}"


Deliver = Callable[[World], Settings]
"""Write a world to source systems, and return settings that name them."""


def settings_of(home: Path, urls: Mapping[str, str]) -> Settings:
    """Settings of an installation whose sources are `urls`, all else as by default."""
    variables = {f"VHA_{system.upper()}_URL": url for system, url in urls.items()}
    return Settings.from_environment({"VHA_HOME": str(home), **variables})


def alter_source(url: str, *statements: str) -> None:
    """Run statements on a source system, committed one by one."""
    if url.startswith("postgresql://"):
        execute(url, *statements)
    else:
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
            for statement in statements:
                connection.execute(statement)


def _literal(value: Any) -> str:
    if isinstance(value, int):
        return str(value)
    return "null" if value is None else "'{}'".format(str(value).replace("'", "''"))
