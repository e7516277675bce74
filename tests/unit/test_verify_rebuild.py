"""A release is recomputed from its landing, its seeds and the history that its run knew, through dbt itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from factory import World, settings_of
from harness import Project
from scratch_run import CHECKS, STATIC_DOCS, approve, tree_of

from vha.audit.binding import bind, work_file_hash
from vha.disclosure.gate import write_audit
from vha.extract import extract_system, land
from vha.publish.release import publish
from vha.report import assemble
from vha.run import Run, RunPaths
from vha.settings import PROJECT_ROOT, SYSTEMS, Settings
from vha.verify import verify_command
from vha.warehouse import seeds
from vha.warehouse.build import build
from vha.warehouse.connect import connect
from vha.warehouse.prepare import prepare

pytestmark = pytest.mark.slow

JUNE, SEPTEMBER = date(2026, 6, 30), date(2026, 9, 30)


def release(
    settings: Settings,
    run_id: str,
    as_of: date,
    correct: str | None = None,
    models: Project | None = None,
) -> None:
    """A real run but for its audit; given the compiled models, but for dbt too."""
    run = Run(run_id, as_of, synthetic=True, started_by="os:starter", correct=correct)
    run.save(settings)
    for system in SYSTEMS:
        extract_system(settings, run_id, system)
    land(settings, run_id)
    paths = RunPaths(settings, run_id)
    if models:
        build_in_memory(settings, run, models)
    else:
        build(settings, run)
    paths.audit_results.write_text(json.dumps(CHECKS))
    paths.data_docs.mkdir()
    (paths.data_docs / "index.html").write_text("<p>Checks</p>")
    bind(paths, work_file_hash(paths))
    assemble(settings, run)
    approve(settings, run)
    publish(settings, run)


def build_in_memory(settings: Settings, run: Run, models: Project) -> None:
    """What dbt would build of a release whose own tables nobody recomputes, without a start of dbt."""
    paths = RunPaths(settings, run.run_id)
    prepare(settings, run)
    with connect(settings, paths.warehouse) as connection:
        models.build_in(connection, ("assessment", "oversight"))
        write_audit(connection)
    paths.dbt_target.mkdir(parents=True)
    (paths.dbt_target / "static_index.html").write_text(STATIC_DOCS)


@pytest.fixture(scope="module")
def settings(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """June, September, and then June once more: September's movements and spells are told from the first June."""
    folder = tmp_path_factory.mktemp("releases")
    world = World.small()
    for report in world.tables["crime_report"]:
        report["offence_code"] = "1"
    settings = settings_of(folder / "home", world.write_sqlite(folder))
    release(settings, "june", JUNE, models=project)
    release(settings, "september", SEPTEMBER)
    world.nominal("SYN-3")
    for number in (1, 2, 3):
        world.link(f"C{number}", "SYN-3")
    world.write_sqlite(folder)
    release(settings, "june-corrected", JUNE, "A person was missing", project)
    return settings


def test_a_release_is_recomputed_to_the_same_hashes_and_nothing_is_touched(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with connect(settings, settings.home / "releases/september/restricted/assessment.duckdb") as assessment:
        movements = assessment.execute("select nominal_id, movement from list_movements").fetchall()
    assert movements == [("SYN-1", "kept")], "the release does go on from the one before"
    before = tree_of(settings.home)
    assert verify_command(settings) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "All that could be compared is equal."
    assert tree_of(settings.home) == before


def test_without_the_landing_the_seeds_are_still_compared(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    landing = RunPaths(settings, "september").landing
    landing.rename(settings.home / "elsewhere")
    try:
        assert verify_command(settings) == 0
        said = capsys.readouterr().out
        assert "landing/september/ is no longer kept" in said
        assert "The tables are not recomputed" in said
    finally:
        (settings.home / "elsewhere").rename(landing)


def verified_in(checkout: Path, settings: Settings, run_id: str) -> subprocess.CompletedProcess[str]:
    """What another checkout of the project says of a release."""
    shutil.copy(PROJECT_ROOT / "dbt_project.yml", checkout)
    for name in ("dbt_project", "seeds", "src"):
        if not (checkout / name).exists():
            # Another test's process may be compiling a module: Python writes it under a name that does not stay.
            unfinished = shutil.ignore_patterns("*.pyc.*")
            shutil.copytree(PROJECT_ROOT / name, checkout / name, ignore=unfinished)
    return subprocess.run(
        [sys.executable, "-c", "import sys; from vha.cli import main; sys.exit(main())", "verify", run_id],
        env={**os.environ, "VHA_HOME": str(settings.home), "PYTHONPATH": str(checkout / "src")},
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_changed_byte_of_a_seed_is_named_with_all_that_comes_of_it(
    settings: Settings, tmp_path: Path
) -> None:
    shutil.copytree(seeds.SEEDS, tmp_path / "seeds")
    labels = tmp_path / "seeds" / "age_bands.csv"
    labels.write_text(labels.read_text().replace("10", "11", 1))
    policy = tmp_path / "seeds" / "policy.csv"
    policy.write_text(policy.read_text().replace("review_interval_days,90,", "review_interval_days,80,"))
    result = verified_in(tmp_path, settings, "september")
    assert (result.returncode, result.stderr) == (1, "")
    differing = {line.partition(": expected")[0] for line in result.stdout.splitlines() if "expected" in line}
    assert differing >= {
        "seeds policy_version",
        "seeds/age_bands",
        "seeds/policy",
        "recomputed restricted/assessment.duckdb table assessment_list",
        "recomputed public/oversight.duckdb table policy_content",
        "recomputed public/oversight.duckdb table policy_register",
        "recomputed public/oversight.duckdb table special_category_breakdown",
    }, result.stdout
    assert not {name for name in differing if "list hash" in name or "score_contributions" in name}, differing


def test_a_model_that_gives_another_list_is_named_and_the_other_commit_is_said(
    settings: Settings, tmp_path: Path
) -> None:
    shutil.copytree(PROJECT_ROOT / "dbt_project", tmp_path / "dbt_project")
    model = tmp_path / "dbt_project/models/intermediate/score/int_ranked_lists.sql"
    model.write_text(
        model.read_text().replace("people.crime_reports,", "people.crime_reports + 1 as crime_reports,")
    )
    result = verified_in(tmp_path, settings, "september")
    assert (result.returncode, result.stderr) == (1, "")
    differing = {line.partition(": expected")[0] for line in result.stdout.splitlines() if "expected" in line}
    assert differing == {
        "recomputed list hash",
        "recomputed restricted/assessment.duckdb table assessment_list",
    }, result.stdout
    assert "and this is unknown" in result.stdout


def test_seeds_that_no_run_can_go_by_end_in_a_sentence(settings: Settings, tmp_path: Path) -> None:
    shutil.copytree(seeds.SEEDS, tmp_path / "seeds")
    offences = tmp_path / "seeds" / "offences.csv"
    offences.write_text(offences.read_text().replace("always", "often", 1))
    result = verified_in(tmp_path, settings, "september")
    assert result.returncode == 1
    assert result.stderr.startswith("vha: In seeds/offences.csv")


def test_a_model_that_cannot_be_built_is_named(settings: Settings, tmp_path: Path) -> None:
    shutil.copytree(PROJECT_ROOT / "dbt_project", tmp_path / "dbt_project")
    (tmp_path / "dbt_project/models/intermediate/score/int_ranked_lists.sql").write_text("select nothing")
    result = verified_in(tmp_path, settings, "september")
    assert (result.returncode, result.stderr) == (1, "")
    assert "model int_ranked_lists could not be built" in result.stdout.splitlines()[-2]
    assert not list(settings.home.glob(".verify-*"))
