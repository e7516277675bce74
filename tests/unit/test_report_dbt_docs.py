"""dbt's page is published without anything of the machine that made it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from vha.errors import PublishError
from vha.report.dbt_docs import scrub

SECRET_USER = "leaked-user-name"
HTML_IN_A_TEXT = "</script><script>window.injected = true</script>"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("machine") / "leaked-folder"


@pytest.fixture(scope="module")
def page(project: Path) -> str:
    """What dbt itself writes for a project that shows paths and names wherever it can."""
    (project / "models").mkdir(parents=True)
    (project / "seeds").mkdir()
    (project / "seeds" / "codes.csv").write_text("code\n1\n")
    (project / "models" / "people.sql").write_text(f"select 1 as x, '{project}/landing/x.parquet' as path")
    text = f"Read from {project}/landing. {HTML_IN_A_TEXT}"
    column = {"name": "x", "description": text}
    models = {"version": 2, "models": [{"name": "people", "description": text, "columns": [column]}]}
    (project / "models" / "people.yml").write_text(json.dumps(models))
    settings = {"name": "vha", "profile": "vha", "models": {"vha": {"+persist_docs": {"relation": True}}}}
    (project / "dbt_project.yml").write_text(json.dumps(settings))
    output = {"type": "duckdb", "path": str(project / "work.duckdb")}
    (project / "profiles.yml").write_text(json.dumps({"vha": {"target": "x", "outputs": {"x": output}}}))
    code = (
        "from dbt.cli.main import dbtRunner\n"
        "dbtRunner().invoke(['build'])\n"
        "assert dbtRunner().invoke(['docs', 'generate', '--static']).success\n"
    )
    environment = {**os.environ, "DBT_PROFILES_DIR": str(project), "DBT_ENV_CUSTOM_ENV_WHO": SECRET_USER}
    subprocess.run(
        [sys.executable, "-c", code], cwd=project, env=environment, check=True, capture_output=True
    )
    return (project / "target" / "static_index.html").read_text()


def cleaned(page: str, project: Path) -> str:
    return scrub(page, re.compile(re.escape(str(project))))


def artefacts(page: str) -> list[dict]:
    starts = re.finditer(r'\{"metadata": \{"dbt_schema_version"', page)
    return [json.JSONDecoder().raw_decode(page, start.start())[0] for start in starts]


def test_dbt_s_own_page_gives_the_machine_away(page: str, project: Path) -> None:
    assert str(project) in page
    assert SECRET_USER in page


def test_paths_user_environment_and_invocation_are_gone(page: str, project: Path) -> None:
    result = cleaned(page, project)
    assert "leaked" not in result
    for content in artefacts(result):
        assert set(content["metadata"]) == {
            "dbt_schema_version",
            "dbt_version",
            "project_name",
            "adapter_type",
        }
    for key in ("root_path", "compiled_path", "build_path", "invocation_id", "user_id"):
        assert f'"{key}"' not in result


def test_the_models_stay(page: str, project: Path) -> None:
    manifest, catalog = artefacts(cleaned(page, project))
    model = manifest["nodes"]["model.vha.people"]
    assert model["description"] == f"Read from …/landing. {HTML_IN_A_TEXT}"
    assert model["raw_code"] == "select 1 as x, '…/landing/x.parquet' as path"
    assert catalog["nodes"]["model.vha.people"]["columns"]["x"]["type"] == "INTEGER"


def test_the_page_works_without_any_request(
    page: str, project: Path, browser: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "index.html"
    file.write_text(cleaned(page, project))
    sent: list[str] = []
    tab = browser.new_page()
    tab.on("request", lambda request: sent.append(request.url))
    tab.goto(f"{file.as_uri()}#!/model/model.vha.people")
    tab.get_by_role("heading", name="people").first.wait_for(timeout=20_000)
    assert tab.evaluate("window.injected") is None
    assert [url for url in sent if not url.startswith(("file:", "data:"))] == []


@pytest.mark.parametrize("other", ["<html><head></head></html>", '<head></head>manifest: {"metadata": {}}'])
def test_a_page_of_another_form_is_refused(other: str) -> None:
    with pytest.raises(PublishError, match="not built as expected"):
        scrub(other, re.compile("nothing"))
