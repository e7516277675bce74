"""dbt's unit tests hold the models to the method, and each rule of the method has its own."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from harness import Project

from vha.extract.contract import TABLES
from vha.run import Run, RunPaths
from vha.settings import PROJECT_ROOT, Settings
from vha.warehouse.connect import connect
from vha.warehouse.dbt import environment
from vha.warehouse.prepare import prepare

DBT = Path(sys.executable).with_name("dbt")
MODELS = PROJECT_ROOT / "dbt_project" / "models"
RULES: dict[str, dict[str, list[str]]] = yaml.safe_load(Path(__file__).with_name("rules.yml").read_text())
"""The unit tests of each rule, by section of the method."""


def test_the_models_keep_every_rule(project: Project, compiled: Path, tmp_path: Path) -> None:
    settings = Settings.from_environment({"VHA_HOME": str(tmp_path), "VHA_THREADS": "1"})
    run = Run("unit", date(2026, 9, 30), synthetic=True, started_by="os:test")
    run.save(settings)
    paths = RunPaths(settings, run.run_id)
    _land_nothing(paths)
    prepare(settings, run)
    with connect(settings, paths.warehouse) as connection:
        project.build_in(connection, sorted({model.schema for model in project.models.values()}))
    places = ["--target-path", str(paths.dbt_target), "--log-path", str(paths.dbt_target)]
    paths.dbt_target.mkdir(parents=True)
    shutil.copy(compiled / "partial_parse.msgpack", paths.dbt_target)
    console = subprocess.run(
        [DBT, "test", "--select", "test_type:unit", *places, "--log-level-file", "none"],
        env=environment(settings, paths.warehouse),
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    try:
        results = json.loads((paths.dbt_target / "run_results.json").read_text())["results"]
    except FileNotFoundError:
        pytest.fail(f"dbt did not come as far as its unit tests:\n{console}")
    statuses = {result["unique_id"].split(".")[-1]: result for result in results}
    broken = {name: result["message"] for name, result in statuses.items() if result["status"] != "pass"}
    assert not broken, "\n\n".join(f"{name}: {message}" for name, message in broken.items())
    assert statuses.keys() == {test["name"] for test in _unit_tests()}


def test_every_rule_has_a_unit_test_and_every_unit_test_a_rule() -> None:
    listed = {name for rules in RULES.values() for tests in rules.values() for name in tests}
    assert listed == {test["name"] for test in _unit_tests()}
    assert all(tests for rules in RULES.values() for tests in rules.values())


def test_every_unit_test_is_named_after_its_rule_alone() -> None:
    names = [test["name"] for test in _unit_tests()]
    assert sorted(names) == sorted(set(names))


def test_every_reason_of_the_seeds_has_a_rule() -> None:
    removals = [row["reason"] for row in _seed("removal_reasons")]
    limits = [row["parameter"] for row in _seed("policy")]
    quarantine = [name.removeprefix("quarantine_limit_") for name in limits if "quarantine_limit_" in name]
    assert [reason for reason in removals if reason not in ", ".join(RULES["movements"])] == []
    assert [reason for reason in quarantine if reason not in ", ".join(RULES["bad rows"])] == []


def _seed(name: str) -> list[dict[str, str]]:
    with (PROJECT_ROOT / "seeds" / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def _unit_tests() -> list[dict[str, Any]]:
    files = MODELS.rglob("_*_unit_tests.yml")
    return [test for file in files for test in yaml.safe_load(file.read_text())["unit_tests"]]


def _land_nothing(paths: RunPaths) -> None:
    """Every table of the contract without a row: dbt takes from it the columns that a test leaves out."""
    for table in TABLES:
        file = paths.landing / f"{table.path}.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        columns = [("landing_row", pa.int64()), *((column.name, pa.string()) for column in table.columns)]
        pq.write_table(pa.schema(columns).empty_table(), file)
