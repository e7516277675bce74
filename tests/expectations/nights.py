"""Nightly deliveries through the real models and the real gate, in one process and without a start of dbt."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from vha.audit import EXPECTATIONS, declarations, gate
from vha.audit.declarations import Suite
from vha.audit.gate import CheckResult
from vha.audit.limits import Limits
from vha.disclosure.gate import write_audit
from vha.extract.contract import TABLES, Table
from vha.extract.landing import write_parquet
from vha.files import sha256_of_file
from vha.publish.history import add_anchors, add_release
from vha.publish.releases import read_release
from vha.report.databases import write_databases
from vha.run import Run, RunPaths
from vha.settings import PROJECT_ROOT, Settings
from vha.synthetic.injected.earlier import as_it_was
from vha.synthetic.world import REFERENCE_DATE
from vha.warehouse.connect import connect, options
from vha.warehouse.prepare import lay_out

sys.path.append(str(PROJECT_ROOT / "tests" / "dbt"))

from harness import Project
from harness import compile_project as compile_project

Tables = Mapping[str, pa.Table]
Suites = Sequence[Suite]

NIGHTS = tuple(REFERENCE_DATE - timedelta(days=ago) for ago in (5, 4, 3, 2, 1))
"""The five nights before the last, each with a release."""

_READ = re.compile(r"\b(?:staging|intermediate|assessment|oversight)\.(\w+)")
"""The models that a declaration names."""


@dataclass(frozen=True)
class Night:
    """One night's run, all of whose files are in a folder of its own."""

    settings: Settings
    run: Run

    @classmethod
    def at(cls, home: Path, as_of: date) -> Night:
        settings = Settings.from_environment({"VHA_HOME": str(home)})
        return cls(settings, Run(f"night-{as_of}", as_of, synthetic=True, started_by="os:somebody"))

    @property
    def paths(self) -> RunPaths:
        return RunPaths(self.settings, self.run.run_id)


def release(night: Night, project: Project, tables: Tables, history: Path, suites: Suites = ()) -> None:
    """Build and release one night of the world, in full or as far as some suites are concerned.

    It is audited by one suite only: of earlier results nothing is compared, they are but shown.
    """
    add_anchors(night.settings, history)
    land(night, earlier(tables, night.run.as_of))
    build(night, project, history, suites)
    volumes = [suite for suite in declarations.load(EXPECTATIONS) if suite.name == "landing_volumes"]
    publish(night, history, judge(night, volumes))


def earlier(tables: Tables, day: date) -> dict[str, pa.Table]:
    """What the sources held on an earlier evening."""
    return {table.name: as_it_was(tables, table.name, np.datetime64(day)) for table in TABLES}


def land(night: Night, tables: Tables, which: Sequence[Table] = TABLES) -> None:
    """Land tables, all or some, without a source system to extract them from."""
    for table in which:
        file = night.paths.landing / f"{table.path}.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        write_parquet(tables[table.name].to_batches(), table, file)


def build(night: Night, project: Project, history: Path, suites: Suites = ()) -> None:
    """Build what a release holds over the night's landing, or just what some suites read."""
    paths = night.paths
    lay_out(night.settings, night.run, paths.warehouse, paths.landing, history)
    wanted = _READ.findall(str(suites)) if suites else {m.schema for m in project.models.values()}
    with connect(night.settings, paths.warehouse) as connection:
        project.build_in(connection, sorted({*wanted} - {"retrospect"}))
        if suites:
            nothing = "select * exclude (run_id) from history.disclosure_audit where false"
            connection.execute(f"create table run.disclosure_audit as {nothing}")
        else:
            write_audit(connection)


def judge(night: Night, suites: Suites = ()) -> list[CheckResult]:
    """Evaluate some suites, or all that are declared, by Great Expectations on the night's work file."""
    from vha.audit import validation

    with connect(night.settings, night.paths.warehouse, read_only=True) as warehouse:
        limits = Limits.read(warehouse, night.run.as_of, night.run.run_id)
    limited = [suite.with_limits(limits) for suite in suites or declarations.load(EXPECTATIONS)]
    findings = validation.validate(night.paths.warehouse, options(night.settings), limited)
    return gate.settle(limited, findings)


def publish(night: Night, history: Path, results: Sequence[CheckResult]) -> None:
    """Add the night to the history by way of its own databases and manifest, as publishing does."""
    paths = night.paths
    paths.create_work()
    paths.audit_results.write_text(json.dumps([dataclasses.asdict(result) for result in results]))
    write_databases(night.settings, night.run)
    shutil.move(paths.candidate, paths.release)
    manifest = {
        "run_id": night.run.run_id,
        "as_of": night.run.as_of.isoformat(),
        "published_at": f"{night.run.as_of + timedelta(days=1)}T03:00:00.000000+00:00",
        "git_commit": "0" * 40,
        "inputs": {table.path: _landed(paths.landing / f"{table.path}.parquet") for table in TABLES},
        "list_hash": "0" * 64,
        "sign_off": {"kind": "automatic_synthetic"},
        "policy_version": "0" * 12,
    }
    (paths.release / "manifest.json").write_text(json.dumps(manifest))
    add_release(night.settings, read_release(paths.release), history)


def _landed(file: Path) -> dict[str, object]:
    return {"rows": pq.read_metadata(file).num_rows, "sha256": sha256_of_file(file)}
