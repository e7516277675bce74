"""One good warehouse for all tests of the audit, and Great Expectations imported once."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from marked import PLANT, RAISING
from warehouse import AS_OF, RUN_ID, build

import vha.audit
from vha.audit import EXPECTATIONS, declarations
from vha.audit.declarations import Suite
from vha.audit.limits import Limits
from vha.run import Run, RunPaths
from vha.settings import Settings
from vha.warehouse.connect import connect


@pytest.fixture(scope="session")
def good_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A work file in which every check passes; copy it before changing it."""
    path = tmp_path_factory.mktemp("warehouse") / "good.duckdb"
    build(path)
    return path


@pytest.fixture(scope="session")
def suites(good_warehouse: Path) -> dict[str, Suite]:
    """The declared suites with their limits, by name."""
    with connect(Settings.from_environment({}), good_warehouse, read_only=True) as connection:
        limits = Limits.read(connection, AS_OF, RUN_ID)
    return {suite.name: suite.with_limits(limits) for suite in declarations.load(EXPECTATIONS)}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environment({"VHA_HOME": str(tmp_path / "home")})


@pytest.fixture
def run(settings: Settings, good_warehouse: Path) -> Run:
    """A run whose work file is a copy of the good warehouse."""
    run = Run(RUN_ID, AS_OF, synthetic=True, started_by="os:somebody")
    run.save(settings)
    RunPaths(settings, RUN_ID).warehouse.write_bytes(good_warehouse.read_bytes())
    return run


@pytest.fixture
def broken(run: Run, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunPaths:
    """The run with the marked person in its work file, and checks that raise."""
    folder = tmp_path / "expectations"
    shutil.copytree(EXPECTATIONS, folder)
    (folder / "raising.yml").write_text(RAISING)
    with (folder / "index.yml").open("a") as index:
        index.write("raising: {critical: 0, warning: 2}\n")
    monkeypatch.setattr(vha.audit, "EXPECTATIONS", folder)
    paths = RunPaths(settings, run.run_id)
    with duckdb.connect(str(paths.warehouse)) as connection:
        connection.execute(PLANT)
    return paths
