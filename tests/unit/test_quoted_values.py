"""A build that fails on a person's own record does not write the record into dbt's logs."""

import json
from pathlib import Path

import duckdb
import pytest

from vha.errors import BuildError
from vha.settings import Settings
from vha.warehouse import dbt
from vha.warehouse.quoted_values import withhold

MARKED = "SYN-47114711, born 1987-06-05"


def _project(folder: Path) -> None:
    """One model, that reads a number where a record has something else."""
    record = folder / "record.parquet"
    (folder / "dbt_project").mkdir(parents=True)
    (folder / "models").mkdir()
    duckdb.sql(f"""copy (select 'it''s "{MARKED}"' as x) to '{record}' (format parquet)""")
    (folder / "models" / "people.sql").write_text(
        f"{{{{ config(materialized='table') }}}} select cast(x as integer) as x from '{record}'"
    )
    (folder / "dbt_project.yml").write_text(json.dumps({"name": "vha", "profile": "vha"}))
    output = {"type": "duckdb", "path": "{{ env_var('VHA_WAREHOUSE') }}"}
    profile = {"vha": {"target": "x", "outputs": {"x": output}}}
    (folder / "dbt_project" / "profiles.yml").write_text(json.dumps(profile))


def _files_that_name_the_person(folder: Path) -> set[str]:
    return {
        file.name for file in folder.rglob("*") if file.is_file() and MARKED.encode() in file.read_bytes()
    }


def test_what_is_kept_of_a_failed_build_quotes_no_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _project(tmp_path / "project")
    monkeypatch.setattr(dbt, "PROJECT_ROOT", tmp_path / "project")
    home, target = tmp_path / "home", tmp_path / "home" / "work" / "dbt"
    # Without the control, which is called by hand afterwards.
    monkeypatch.setattr(dbt, "withhold", lambda target: None)
    with pytest.raises(BuildError, match="model people could not be built") as told:
        dbt.run_dbt(
            Settings.from_environment({"VHA_HOME": str(home)}), "replay", home / "work" / "w.duckdb", target
        )
    assert MARKED not in str(told.value)
    assert {"run_results.json", "console.log", "dbt.log"} <= _files_that_name_the_person(home)

    withhold(target)
    assert _files_that_name_the_person(home) == set()
    assert "Conversion Error: (withheld" in (target / "console.log").read_text()
    (result,) = json.loads((target / "run_results.json").read_text())["results"]
    assert "people.sql" in result["message"]


def test_a_failed_build_is_cleaned_before_anybody_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cleaned: list[Path] = []
    monkeypatch.setattr(dbt, "PROJECT_ROOT", tmp_path)
    monkeypatch.setattr(dbt, "withhold", cleaned.append)
    (tmp_path / "home" / "work").mkdir(parents=True)
    target = tmp_path / "dbt"
    with pytest.raises(BuildError):
        dbt.run_dbt(
            Settings.from_environment({"VHA_HOME": str(tmp_path / "home")}),
            "replay",
            tmp_path / "w.duckdb",
            target,
        )
    assert cleaned == [target]
