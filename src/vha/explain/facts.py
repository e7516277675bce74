"""What is known about a person's place on a list: read from the release and, for grades, from the run's work file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from vha.errors import ConfigurationError
from vha.publish.manifest import ASSESSMENT, OVERSIGHT
from vha.publish.releases import Release, all_releases, current_release
from vha.run import RunPaths
from vha.settings import Settings
from vha.warehouse.connect import connect
from vha.warehouse.seeds import SCORING_SEEDS

Row = dict[str, Any]


@dataclass(frozen=True)
class Listing:
    """A row of ``assessment_list``."""

    as_of_date: date
    rank: int
    nominal_id: str
    total_score: Decimal
    crime_score: Decimal
    intelligence_score: Decimal
    crime_reports: int
    latest_offence_on: date
    age: int
    is_child: bool
    has_safeguarding_referral: bool
    first_listed_on: date
    review_due_on: date


@dataclass(frozen=True)
class Contribution:
    """A row of ``score_contributions``."""

    kind: str
    record_ref: str
    event_on: date | None
    offence_code: str | None
    category: str | None
    crime_area: str | None
    weight: Decimal | None
    weight_is_imputed: bool | None
    completed_years: int | None
    decay_factor: Decimal | None
    reliability: Decimal | None
    points: Decimal


@dataclass(frozen=True)
class Parameter:
    """A row of ``policy_register``."""

    parameter: str
    value: str
    unit: str | None
    basis: str
    source: str | None
    rationale: str | None
    policy_version: str


@dataclass(frozen=True)
class Facts:
    """All that an explanation is made from.

    Attributes:
        seeds: the release's own offences, weights, categories and reliabilities, by seed.
        grades: scheme, grade of the source and grade of the information of each intelligence report; None where
            the run's work file is no longer kept.
    """

    run_id: str
    listing: Listing
    contributions: tuple[Contribution, ...]
    policy: Mapping[str, Parameter]
    seeds: Mapping[str, list[Row]]
    grades: Mapping[str, tuple[str, str, str]] | None


def release_of(settings: Settings, run_id: str | None) -> Release:
    """The release of that run, or the current one.

    Raises:
        ConfigurationError: there is none.
    """
    if run_id is None:
        release = current_release(settings)
        if release is None:
            raise ConfigurationError(f"There is no release under {settings.home} yet: start with `vha run`.")
        return release
    for release in all_releases(settings):
        if release.run_id == run_id:
            return release
    raise ConfigurationError(
        f"There is no release {run_id!r} under {settings.home}: `ls {settings.home}/releases` lists them."
    )


def facts_of(settings: Settings, release: Release, nominal_id: str) -> Facts | None:
    """What the release knows about a person's place on its list; None for everybody who has none."""
    with closing(connect(settings, release.path / ASSESSMENT, read_only=True)) as assessment:
        listed = rows(assessment, *_selecting(Listing, "assessment_list", nominal_id))
        contributed = rows(assessment, *_selecting(Contribution, "score_contributions", nominal_id))
    if not listed:
        return None
    listing = Listing(**listed[0])
    contributions = tuple(Contribution(**row) for row in contributed)
    work = RunPaths(settings, release.run_id).warehouse
    grades = None
    if work.exists():
        with closing(connect(settings, work, read_only=True)) as warehouse:
            grades = _grades(warehouse, contributions)
    policy, seeds = policy_of(settings, release), _seeds(settings, release)
    return Facts(release.run_id, listing, contributions, policy, seeds, grades)


def policy_of(settings: Settings, release: Release) -> dict[str, Parameter]:
    """The policy that a release went by, by parameter."""
    with closing(connect(settings, release.path / OVERSIGHT, read_only=True)) as oversight:
        register = rows(oversight, f"select {_columns(Parameter)} from policy_register order by parameter")
    return {row["parameter"]: Parameter(**row) for row in register}


def rows(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: list[Any] | dict[str, Any] | None = None
) -> list[Row]:
    """What a query finds, a mapping a row."""
    found = connection.execute(query, parameters)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


_SEEDS = ("offences", "harm_weights", "intelligence_categories", "intelligence_reliability")
_NUMBERS = frozenset({"weight", "base_points", "reliability"})


def _seeds(settings: Settings, release: Release) -> dict[str, list[Row]]:
    """The seeds that the release was made with, as its ``policy_content`` has kept them."""
    found: dict[str, dict[str, Row]] = {name: {} for name in _SEEDS}
    with closing(connect(settings, release.path / OVERSIGHT, read_only=True)) as oversight:
        content = oversight.execute(
            "select seed, row_key, column_name, value from policy_content where list_contains(?, seed) order by all",
            [list(_SEEDS)],
        ).fetchall()
    for seed, key, column, value in content:
        row = found[seed].setdefault(key, dict(zip(SCORING_SEEDS[seed], key.split("|"), strict=True)))
        row[column] = Decimal(value) if column in _NUMBERS else value
    return {name: list(of_seed.values()) for name, of_seed in found.items()}


def _grades(
    warehouse: duckdb.DuckDBPyConnection, contributions: Sequence[Contribution]
) -> dict[str, tuple[str, str, str]]:
    graded = warehouse.execute(
        "select intel_ref, grading_scheme, source_grade, assessment_grade "
        "from intermediate.int_intelligence_reports_judged where list_contains(?, intel_ref)",
        [[row.record_ref for row in contributions if row.kind == "intelligence"]],
    ).fetchall()
    return {intel_ref: (scheme, source, information) for intel_ref, scheme, source, information in graded}


def _columns(kind: type) -> str:
    return ", ".join(f'"{name}"' for name in kind.__dataclass_fields__)  # type: ignore[attr-defined]


def _selecting(kind: type, table: str, nominal_id: str) -> tuple[str, list[Any]]:
    return f"select {_columns(kind)} from {table} where nominal_id = ? order by all", [nominal_id]
