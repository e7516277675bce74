"""The candidate: what is in it, what is not, and that making it again makes the same."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from scratch_run import CHECKS, MARKED_PERSON, make_release, make_run, settings_at

from vha.audit.binding import bind, work_file_hash
from vha.errors import PublishError
from vha.files import sha256_of
from vha.publish.history_tables import QUARTERLY
from vha.report import assemble
from vha.run import Run, RunPaths
from vha.settings import PROJECT_ROOT, Settings

Q3_END = date(2026, 9, 30)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_at(tmp_path / "home")


@pytest.fixture
def run(settings: Settings) -> Run:
    return make_run(settings, "r1", Q3_END)


@pytest.fixture
def candidate(settings: Settings, run: Run) -> Path:
    assemble(settings, run)
    return RunPaths(settings, run.run_id).candidate


def tables(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every table with its rows, in the order in which they are stored."""
    with duckdb.connect(str(database), read_only=True) as connection:
        names = connection.execute("select table_name from duckdb_tables()").fetchall()
        return {name: connection.execute(f"from {name}").fetchall() for (name,) in names}


def test_the_candidate_has_the_files_of_a_release(candidate: Path) -> None:
    files = {path.relative_to(candidate).as_posix() for path in candidate.rglob("*") if path.is_file()}
    assert {file for file in files if not file.startswith("public/site/")} == {
        "restricted/assessment.duckdb",
        "public/oversight.duckdb",
        "public/data_docs/index.html",
        "public/data_docs/suites/nominal.html",
        "public/dbt_docs/index.html",
    }
    assert {"public/site/index.html", "public/site/feed.xml", "public/site/transparency.json"} <= files


def test_the_databases_have_the_tables_of_the_interface_and_no_other(candidate: Path) -> None:
    assert set(tables(candidate / "restricted/assessment.duckdb")) == {
        "assessment_list", "score_contributions", "list_movements", "review_queue", "quarantine",
        "group_counts", "table_profiles",
    }  # fmt: skip
    assert set(tables(candidate / "public/oversight.duckdb")) == {
        "code_labels", "disclosure_audit", "policy_register", "policy_content", "quality_checks", "quality_trend",
        "quarantine_counts", "release_register", "accepted_failures", "disproportionality_flags", *QUARTERLY,
    }  # fmt: skip


def test_rows_are_in_order_types_are_kept_and_comments_carried_over(candidate: Path) -> None:
    database = candidate / "restricted/assessment.duckdb"
    assert [row[1] for row in tables(database)["assessment_list"]] == [1, 2]
    with duckdb.connect(str(database), read_only=True) as connection:
        assert connection.execute(
            "select comment from duckdb_tables() where table_name = 'assessment_list'"
        ).fetchone() == ("A row is a person's place",)
        assert connection.execute(
            "select data_type, comment from duckdb_columns() "
            "where table_name = 'assessment_list' and column_name in ('nominal_id', 'total_score') order by 1"
        ).fetchall() == [("DECIMAL(18,4)", None), ("VARCHAR", "The person")]


def test_every_column_of_the_quality_tables_is_described(candidate: Path) -> None:
    with duckdb.connect(str(candidate / "public/oversight.duckdb"), read_only=True) as connection:
        assert (
            connection.execute(
                "select table_name, column_name from duckdb_columns() "
                "where table_name like 'quality%' and comment is null"
            ).fetchall()
            == []
        )


def test_the_audit_s_results_are_published_under_the_run(candidate: Path) -> None:
    checks = tables(candidate / "public/oversight.duckdb")["quality_checks"]
    assert [row[:7] for row in checks] == [
        (
            "r1",
            *(check[key] for key in ("suite", "check_name", "severity", "status", "evaluated", "unexpected")),
        )
        for check in CHECKS
    ]


def test_the_seal_names_every_file_and_gives_the_candidate_s_hash(settings: Settings, run: Run) -> None:
    result = assemble(settings, run)
    paths = RunPaths(settings, "r1")
    text = paths.candidate_file.read_text()
    assert result == {"candidate": sha256_of(text)}
    content = json.loads(text)
    assert (content["run_id"], content["as_of"]) == ("r1", "2026-09-30")
    assert len(content["files"]) == sum(path.is_file() for path in paths.candidate.rglob("*"))
    for name, digest in content["files"].items():
        assert hashlib.sha256((paths.candidate / name).read_bytes()).hexdigest() == digest


def test_making_it_again_makes_the_same_and_leaves_nothing_of_before(
    settings: Settings, run: Run, candidate: Path
) -> None:
    before = {
        name: tables(candidate / name) for name in ("restricted/assessment.duckdb", "public/oversight.duckdb")
    }
    page = (candidate / "public/site/index.html").read_bytes()
    (candidate / "public/left_over.html").touch()
    assemble(settings, run)
    assert {name: tables(candidate / name) for name in before} == before
    assert (candidate / "public/site/index.html").read_bytes() == page
    assert not (candidate / "public/left_over.html").exists()


def test_a_work_file_that_was_changed_after_the_audit_is_refused(settings: Settings, run: Run) -> None:
    with duckdb.connect(str(RunPaths(settings, "r1").warehouse)) as work:
        work.execute("update assessment.assessment_list set rank = rank + 1")
    with pytest.raises(PublishError, match="changed after the audit"):
        assemble(settings, run)


def test_results_of_an_audit_of_another_build_are_refused(settings: Settings) -> None:
    """The build that failed its audit is given the results, the pages and the binding of one that passed."""
    failing = [{**CHECKS[0], "status": "failed"}]
    good, bad = make_run(settings, "r1", Q3_END), make_run(settings, "r2", Q3_END, checks=failing)
    passed, failed = RunPaths(settings, good.run_id), RunPaths(settings, bad.run_id)
    for name in ("audit_results", "audited"):
        shutil.copy(getattr(passed, name), getattr(failed, name))
    shutil.rmtree(failed.data_docs)
    shutil.copytree(passed.data_docs, failed.data_docs)
    with pytest.raises(PublishError, match="nobody has judged what would be published"):
        assemble(settings, bad)
    assert not failed.candidate_file.exists()
    assemble(settings, good)


def test_data_docs_that_were_changed_after_the_audit_are_refused(settings: Settings, run: Run) -> None:
    (RunPaths(settings, "r1").data_docs / "index.html").write_text("<p>All is well</p>")
    with pytest.raises(PublishError, match="changed after the audit"):
        assemble(settings, run)


def test_until_the_report_is_whole_there_is_no_seal(
    settings: Settings, run: Run, candidate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vha.report.site.write", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        assemble(settings, run)
    assert not RunPaths(settings, "r1").candidate_file.exists()


@pytest.mark.parametrize(
    ("needed", "task"),
    [("warehouse", "build"), ("dbt_target", "build"), ("audit_results", "audit"), ("data_docs", "audit")],
)
def test_what_an_earlier_step_left_out_is_named(settings: Settings, run: Run, needed: str, task: str) -> None:
    path: Path = getattr(RunPaths(settings, "r1"), needed)
    path.rename(path.with_name("elsewhere"))
    with pytest.raises(PublishError, match=f"run the task `{task}` first"):
        assemble(settings, run)


def test_a_released_run_is_not_reported_again(settings: Settings) -> None:
    run = make_release(settings, "r1", Q3_END)
    with pytest.raises(PublishError, match="a release never changes"):
        assemble(settings, run)


def planted_paths(settings: Settings) -> Iterator[str]:
    yield f"{settings.home}/landing/r1/crime/crime_report.parquet"
    yield f"{PROJECT_ROOT}/seeds/policy.csv"
    yield f"{Path.home()}/.bashrc"


def test_a_path_of_the_machine_stops_the_report(settings: Settings, run: Run) -> None:
    paths = RunPaths(settings, "r1")
    page = paths.data_docs / "suites" / "nominal.html"
    for path in planted_paths(settings):
        page.write_text(f"<p>read_parquet('{path}')</p>")
        bind(paths, work_file_hash(paths))
        with pytest.raises(
            PublishError, match=r"public/data_docs/suites/nominal.html of the candidate holds a path"
        ):
            assemble(settings, run)
    page.write_text(f"<p>shop{settings.home}s and {PROJECT_ROOT}-other are other places.</p>")
    bind(paths, work_file_hash(paths))
    assemble(settings, run)


def test_the_marked_person_is_where_people_belong_and_nowhere_else(candidate: Path) -> None:
    assert MARKED_PERSON in str(tables(candidate / "restricted/assessment.duckdb"))
    assert "MARKED" not in str(tables(candidate / "public/oversight.duckdb"))
    for path in (candidate / "public").rglob("*"):
        assert path.is_dir() or b"MARKED" not in path.read_bytes()
