"""The project's models as dbt compiles them."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vha.settings import PROJECT_ROOT


@dataclass(frozen=True)
class Model:
    """A model as dbt compiled it.

    Attributes:
        columns: name and type of each column where a contract is enforced, otherwise nothing.
        needs: names of the models that it reads.
    """

    schema: str
    name: str
    materialized: str
    columns: tuple[tuple[str, str], ...]
    needs: frozenset[str]
    sql: str


def compiled_manifest(cache: Path) -> dict[str, Any]:
    """dbt's manifest, compiled once for each state of its files, however many test processes ask for it."""
    state = _state_of_the_project()
    with (cache / "compiled_state").open("a+") as compiled:
        fcntl.flock(compiled, fcntl.LOCK_EX)
        compiled.seek(0)
        if compiled.read() != state:
            compiled.truncate(0)
            _compile(cache)
            compiled.write(state)
        manifest: dict[str, Any] = json.loads((cache / "manifest.json").read_text())
        return manifest


def _state_of_the_project() -> str:
    files = [PROJECT_ROOT / "dbt_project.yml", *(PROJECT_ROOT / "seeds").glob("*.yml")]
    files += [file for file in (PROJECT_ROOT / "dbt_project").rglob("*") if file.suffix in (".sql", ".yml")]
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(str(file.relative_to(PROJECT_ROOT)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _compile(folder: Path) -> None:
    dbt = str(Path(sys.executable).with_name("dbt"))
    places = ["--project-dir", str(PROJECT_ROOT), "--target-path", str(folder), "--log-path", str(folder)]
    result = subprocess.run(
        [dbt, "--quiet", "compile", "--select", "resource_type:model", *places],
        env={
            **os.environ,
            "DBT_PROFILES_DIR": str(PROJECT_ROOT / "dbt_project"),
            "VHA_WAREHOUSE": ":memory:",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def model_of(node: Mapping[str, Any]) -> Model:
    """A model of dbt's manifest."""
    enforced = node["config"]["contract"]["enforced"]
    return Model(
        schema=node["schema"],
        name=node["name"],
        materialized=node["config"]["materialized"],
        columns=tuple((c["name"], c["data_type"]) for c in node["columns"].values()) if enforced else (),
        needs=frozenset(
            need.rsplit(".", 1)[1] for need in node["depends_on"]["nodes"] if need.startswith("model.")
        ),
        # Without the name of the database that was compiled for: files have other names.
        sql=node["compiled_code"].replace('"memory".', ""),
    )
