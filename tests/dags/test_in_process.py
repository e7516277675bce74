"""`vha run`: what it shows, what it ends with, and what it leaves in Airflow."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from in_process_runs import SECRET

from vha.orchestrate.home import DAG_ID

pytestmark = pytest.mark.slow

LINE = re.compile(
    r"^(?P<task>\w+)( (?P<system>\w+))? +(?P<state>success|failed|waiting|not run)"
    r"( +\d+\.\d s)?( +[\d,]+ rows)?$"
)

Results = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    program = Path(__file__).with_name("in_process_runs.py")
    subprocess.run([sys.executable, str(program), str(home)], check=True, timeout=1200)
    return home


@pytest.fixture(scope="module")
def results(home: Path) -> Results:
    return json.loads((home / "results.json").read_text())


def lines(result: dict[str, Any]) -> list[tuple[str, str | None, str]]:
    """Task, system and state of each line shown, to the empty line before the summary."""
    matches = [LINE.match(line) for line in result["out"].split("\n\n")[0].splitlines()]
    assert all(matches), result["out"]
    return [(match["task"], match["system"], match["state"]) for match in matches if match]


def test_a_release_is_shown_line_by_line_and_summed_up(results: Results, home: Path) -> None:
    result = results["released"]
    assert (result["code"], result["err"]) == (0, "")
    shown = lines(result)
    assert sorted(shown[1:5]) == [
        ("extract", system, "success") for system in ("crime", "intelligence", "partnership", "person")
    ]
    assert [task for task, _, _ in shown[:1] + shown[5:]] == [
        "open_run",
        "land",
        "build",
        "audit",
        "report",
        "sign_off",
        "publish",
    ]
    assert "1,234,567 rows" in result["out"]
    summary = result["out"].split("\n\n")[1].splitlines()
    assert summary[:3] == [
        "people       1,307 listed, 12 added, 3 removed",
        "checks       1 passed, 1 warned, 0 failed",
        "quarantined  5 bad_date",
    ]
    assert re.fullmatch(rf"release      {home}/releases/manual__[\w.-]+", summary[3])
    assert result["states"]["run"] == "success"


def test_airflow_itself_writes_to_a_file(results: Results, home: Path) -> None:
    logs = list((home / "airflow" / "logs" / "in_process").glob("*.log"))
    assert len(logs) == len(results) - 1  # the second of two at a time did not come that far
    assert any(DAG_ID in log.read_text() for log in logs)


@pytest.mark.parametrize(
    ("name", "code", "sentence", "last"),
    [
        ("blocked", 2, "vha: The check has failed: mend it.", ("audit", None, "failed")),
        ("unavailable", 1, "vha: crime is down: call its owner.", ("extract", "crime", "failed")),
        ("mixed", 1, "vha: A mixture: mend it.", ("open_run", None, "failed")),
        ("unexpected", 1, "vha: A task failed with ValueError", ("build", None, "failed")),
    ],
)
def test_a_failure_ends_in_a_sentence_and_its_exit_code(
    results: Results, name: str, code: int, sentence: str, last: tuple[str, str | None, str]
) -> None:
    result = results[name]
    assert result["code"] == code
    assert result["err"].startswith(sentence)
    assert last in lines(result)
    assert ("publish", None, "not run") in lines(result)
    assert result["states"]["run"] == "failed"
    assert "publish" not in result["called"]


def test_an_unexpected_error_is_not_quoted(results: Results) -> None:
    """Its text might hold a value from a person's record."""
    assert SECRET not in results["unexpected"]["out"] + results["unexpected"]["err"]


def test_nobody_waits_for_retries(results: Results) -> None:
    assert results["unavailable"]["seconds"] < 240
    assert results["unavailable"]["called"].count("extract_crime") == 1
    assert "extract_person" in results["unavailable"]["called"]


def test_real_data_end_at_the_sign_off(results: Results) -> None:
    result = results["real"]
    assert result["code"] == 3
    assert ("sign_off", None, "waiting") in lines(result)
    assert re.search(
        r"another account than os:\w+ do `vha sign-off manual__\S+ --approve --note …`", result["err"]
    )
    assert "publish" not in result["called"]


@pytest.mark.parametrize(("name", "during"), [("interrupted", "build"), ("terminated", "extract")])
def test_an_interrupted_run_ends_at_once_and_for_good(results: Results, name: str, during: str) -> None:
    """No task starts after the signal, and a scheduler would find nothing to go on with."""
    result = results[name]
    assert result["code"] == 1
    assert result["err"] == f"vha: interrupted during {during}: start again with `vha run`.\n"
    assert result["seconds"] < 240
    assert result["called"][-1].startswith(during)
    assert set(result["states"].values()) <= {"success", "failed"}
    assert result["states"]["run"] == "failed"


def test_the_arguments_reach_the_run(results: Results, home: Path) -> None:
    run_id = results["as_of"]["out"].rsplit("/", 1)[1].strip()
    run = json.loads((home / "work" / run_id / "run.json").read_text())
    assert (run["as_of"], run["correct"]) == ("2026-06-30", "A reason")
    assert run["started_by"].startswith("os:")


def test_a_second_run_at_a_time_is_refused(results: Results) -> None:
    result = results["second"]
    assert result["code"].startswith("ConfigurationError: Another `vha run` or `vha serve` is at work under")
    assert result["called"] == []
