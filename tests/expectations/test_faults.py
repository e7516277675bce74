"""Injected faults meet the real models and the real gate; clean sources pass it, night after night."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from harness import Project
from nights import NIGHTS, Night, build, judge, land, release
from postgres import Postgres

from vha.audit import EXPECTATIONS, declarations, gate
from vha.audit.declarations import Suite
from vha.errors import QualityBlocked, SourceError
from vha.extract import landing
from vha.settings import SYSTEMS, Settings
from vha.synthetic import create, generate
from vha.synthetic.injected import ANY_CHECK, FAULTS, LAND, Fault, inject
from vha.synthetic.world import REFERENCE_DATE

TODAY = np.datetime64(REFERENCE_DATE)
WORLD = 7
SEEDS = range(20)

AT_THE_GATE = [fault for fault in FAULTS.values() if fault.caught_by not in (LAND, ANY_CHECK)]
AT_LANDING = [fault for fault in FAULTS.values() if fault.caught_by == LAND]
VARIATIONS = [fault for fault in FAULTS.values() if fault.caught_by == ANY_CHECK]


@pytest.fixture(scope="module")
def tables() -> dict[str, pa.Table]:
    return generate("tiny", WORLD)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory, project: Project, tables: dict[str, pa.Table]) -> Path:
    """That of five releases of the same world, each a night later."""
    home = tmp_path_factory.mktemp("nights")
    for as_of in NIGHTS:
        release(Night.at(home, as_of), project, tables, history_in(home))
    return history_in(home)


def history_in(home: Path) -> Path:
    history = home / "history"
    history.mkdir(exist_ok=True)
    return history


def of_deliveries() -> list[Suite]:
    """The suites that look at deliveries rather than at what is made of them."""
    return [
        suite
        for suite in declarations.load(EXPECTATIONS)
        if suite.name.startswith(("landing_", "quarantine_"))
    ]


def suites_with(check: str) -> list[Suite]:
    """The suite of one check, with that check alone."""
    name, _, check_name = check.partition(".")
    return [
        dataclasses.replace(suite, checks=tuple(c for c in suite.checks if c.name == check_name))
        for suite in declarations.load(EXPECTATIONS)
        if suite.name == name
    ]


def seed_of(fault: Fault) -> int:
    """Any number, and always the same one: magnitudes vary from fault to fault."""
    return sum(fault.name.encode())


def ids(fault: Fault) -> str:
    return fault.name


@pytest.mark.parametrize("fault", AT_THE_GATE, ids=ids)
def test_every_fault_names_a_check_that_is_declared(fault: Fault) -> None:
    declared = [(c.name, c.severity) for suite in suites_with(fault.caught_by) for c in suite.checks]
    assert declared == [(fault.caught_by.partition(".")[2], fault.severity)]


@pytest.mark.slow
@pytest.mark.parametrize("fault", AT_THE_GATE, ids=ids)
def test_every_fault_is_caught_by_its_check(
    fault: Fault, project: Project, tables: dict[str, pa.Table], history: Path, tmp_path: Path
) -> None:
    spoilt, said = inject(fault.name, tables, seed_of(fault), TODAY)
    night, suites = Night.at(tmp_path, REFERENCE_DATE), suites_with(fault.caught_by)
    land(night, spoilt)
    build(night, project, history, suites)
    results = judge(night, suites)
    assert [(result.severity, result.status) for result in results] == [(fault.severity, "failed")], said
    if fault.severity == "critical":
        with pytest.raises(QualityBlocked):
            gate.decide(results, docs="index.html")


@pytest.mark.slow
@pytest.mark.parametrize("fault", VARIATIONS, ids=ids)
def test_every_variation_is_caught_by_some_check(
    fault: Fault, project: Project, tables: dict[str, pa.Table], history: Path, tmp_path: Path
) -> None:
    spoilt, said = inject(fault.name, tables, seed_of(fault), TODAY)
    night = Night.at(tmp_path, REFERENCE_DATE)
    suites = of_deliveries()
    land(night, spoilt)
    build(night, project, history, suites)
    assert any(result.status == "failed" for result in judge(night, suites)), said


@pytest.mark.slow
@pytest.mark.parametrize("fault", AT_LANDING, ids=ids)
def test_a_fault_of_form_is_refused_before_anything_is_built(fault: Fault, tmp_path: Path) -> None:
    settings = delivered(tmp_path, f"sqlite:///{tmp_path}/sources.db", fault.name)
    with pytest.raises(SourceError, match=r"person/nominal"):
        extract(Night(settings, Night.at(tmp_path, REFERENCE_DATE).run))


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
@pytest.mark.parametrize("name", ["feed_doubled", "trailing_spaces"])
def test_a_fault_is_the_same_by_way_of_a_database(
    name: str, engine: str, project: Project, history: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if engine == "sqlite":
        url = f"sqlite:///{tmp_path}/sources.db"
    else:
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.create_database()
    night = Night(delivered(tmp_path, url, name), Night.at(tmp_path, REFERENCE_DATE).run)
    extract(night)
    suites = suites_with(FAULTS[name].caught_by)
    build(night, project, history, suites)
    (result,) = judge(night, suites)
    assert result.status == "failed"


@pytest.mark.slow
def test_the_sixth_night_of_a_clean_world_raises_nothing(
    project: Project, tables: dict[str, pa.Table], history: Path, tmp_path: Path
) -> None:
    assert raised(project, tables, history, tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_clean_sources_raise_nothing(seed: int, project: Project, tmp_path: Path) -> None:
    world, history = generate("tiny", seed), history_in(tmp_path)
    release(Night.at(tmp_path, NIGHTS[seed % len(NIGHTS)]), project, world, history, of_deliveries())
    in_full = seed % 5 == 0  # the rest of the audit, and of the build, costs twice as much again
    assert raised(project, world, history, tmp_path, () if in_full else of_deliveries()) == []


def raised(
    project: Project, tables: dict[str, pa.Table], history: Path, home: Path, suites: Sequence[Suite] = ()
) -> list[str]:
    """The checks that do not pass on the last night."""
    night = Night.at(home, REFERENCE_DATE)
    land(night, tables)
    build(night, project, history, suites)
    return [f"{r.suite}.{r.check_name} {r.status}" for r in judge(night, suites) if r.status != "passed"]


def delivered(home: Path, url: str, fault: str) -> Settings:
    """Settings that name sources with a fault."""
    urls = dict.fromkeys(SYSTEMS, url)
    create("tiny", WORLD, urls, fault=fault)
    return Settings.from_environment(
        {"VHA_HOME": str(home), **{f"VHA_{system.upper()}_URL": url for system, url in urls.items()}}
    )


def extract(night: Night) -> None:
    for system in SYSTEMS:
        landing.extract_system(night.settings, night.run.run_id, system)
    landing.land(night.settings, night.run.run_id)
