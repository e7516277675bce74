"""The sign-off and the gate under the real scheduler and API server, over sources without the synthetic marker.

Two accounts of `vha serve` meet on loopback: the operator starts runs, the reviewer decides. The first run is
asked about again and again, and never published; the second is approved; the third fails its audit.
"""

from __future__ import annotations

import json
import signal
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing

import duckdb
import pytest
from factory import alter_source, settings_of
from left_behind import MARK, MARKS, PLANT, found_in, places
from served import (
    AS_OF,
    PATIENCE,
    Served,
    components_of,
    free_port,
    listening_addresses,
    processes_in,
    serve,
    until,
)

from vha.orchestrate.home import WORKERS, password_file
from vha.publish.candidate import file_hashes
from vha.run import RunPaths, run_id_of
from vha.settings import SYSTEMS, Settings
from vha.synthetic import create

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def real_sources(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("served")
    urls = {system: f"sqlite:///{folder}/{system}.db" for system in SYSTEMS}
    create("tiny", 1, urls)
    for system, url in urls.items():
        alter_source(url, "drop table synthetic_marker", *PLANT.get(system, ()))
    return settings_of(folder / "home", urls)


@pytest.fixture(scope="module")
def served(real_sources: Settings) -> Iterator[Served]:
    ports = free_port(), free_port()
    process = serve(real_sources, *ports)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"Airflow "), "vha serve did not start"
        served = Served(real_sources, process, *(f"http://127.0.0.1:{port}" for port in ports))
        until(lambda: listed(served), "the DAG to be listed")
        yield served
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)


def listed(served: Served) -> bool:
    try:
        return served.call("operator", "GET", "")["is_paused"] is False
    except urllib.error.HTTPError:
        return False


@pytest.fixture(scope="module")
def undecided_run(served: Served) -> str:
    return served.start(started_by="airflow:somebody-else")


def test_it_listens_on_loopback_only_with_few_workers(served: Served) -> None:
    processes = processes_in(components_of(served.process))
    assert listening_addresses([served.process.pid, *processes]) == {"0100007F"}
    assert sum("LocalExecutor" in command for command in processes.values()) == WORKERS
    assert password_file(served.settings).stat().st_mode & 0o077 == 0


def test_the_account_that_started_it_cannot_be_chosen(served: Served, undecided_run: str) -> None:
    run_file = served.settings.home / "work" / served.record(undecided_run).stem / "run.json"
    run = json.loads(run_file.read_text())
    assert (run["started_by"], run["synthetic"], run["as_of"]) == ("airflow:operator", False, AS_OF)


def test_who_started_it_cannot_approve_it(served: Served, undecided_run: str) -> None:
    served.ask_again(undecided_run)
    served.answer("operator", undecided_run, "Approve")
    assert served.finish(undecided_run) == "failed"
    assert served.state(undecided_run, "publish") == "upstream_failed"
    assert not served.record(undecided_run).exists()
    assert served.released() == []


def test_time_out_publishes_nothing(served: Served, undecided_run: str) -> None:
    """The deadline, 20 hours away, is put into the past where the scheduler looks for it."""
    served.ask_again(undecided_run)
    with closing(sqlite3.connect(served.settings.home / "airflow" / "airflow.db", timeout=60)) as metadata:
        changed = metadata.execute(
            "update task_instance set trigger_timeout = ? where state = 'awaiting_input'",
            ["2000-01-01 00:00:00.000000"],
        ).rowcount
        metadata.commit()
    assert changed == 1
    assert served.finish(undecided_run) == "failed"
    assert served.state(undecided_run, "publish") == "upstream_failed"
    assert served.released() == []


def test_marking_it_as_succeeded_publishes_nothing(served: Served, undecided_run: str) -> None:
    served.ask_again(undecided_run)
    served.mark(undecided_run, "success")
    assert served.wait(undecided_run, "publish", "failed", "success") == "failed"
    assert served.finish(undecided_run) == "failed"
    assert served.released() == []


def test_marking_it_as_skipped_publishes_nothing(served: Served, undecided_run: str) -> None:
    served.ask_again(undecided_run)
    served.mark(undecided_run, "skipped")
    assert served.wait(undecided_run, "publish", "skipped", "success") == "skipped"
    assert served.released() == []


def test_a_rejection_publishes_nothing_and_is_final(served: Served, undecided_run: str) -> None:
    served.ask_again(undecided_run)
    served.answer("reviewer", undecided_run, "Reject")
    assert served.finish(undecided_run) == "failed"
    record = json.loads(served.record(undecided_run).read_text())
    assert (record["decision"], record["account"]) == ("rejected", "airflow:reviewer")
    served.mark(undecided_run, "success")
    assert served.finish(undecided_run) == "failed"
    assert served.state(undecided_run, "publish") in ("failed", "upstream_failed")
    assert served.released() == []


def test_an_approval_by_somebody_else_publishes(served: Served) -> None:
    run = served.start()
    served.answer("reviewer", run, "Approve")
    assert served.finish(run) == "success"
    release = (served.settings.home / "releases" / "current").resolve()
    assert served.released() == [release.name] == [served.record(run).stem]
    sign_off = json.loads((release / "manifest.json").read_text())["sign_off"]
    assert (sign_off["kind"], sign_off["account"]) == ("approval", "airflow:reviewer")
    with urllib.request.urlopen(f"{served.site}/site/") as page:
        assert page.status == 200
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{served.site}/restricted/assessment.duckdb")


def test_a_critical_failure_stops_the_run_says_why_and_leaves_the_release_in_force(served: Served) -> None:
    """Every link of every person comes twice, those of the marked person among them."""
    current = served.settings.home / "releases" / "current"
    before = current.readlink(), file_hashes(current.resolve())
    doubled = "insert into crime_person select * from crime_person"
    alter_source(served.settings.source_urls["crime"], doubled)
    run = served.trigger(correct="A test.")
    assert served.finish(run) == "failed"
    states = {task: served.state(run, task) for task in ("build", "audit", "report", "sign_off", "publish")}
    assert states == {
        "build": "success",
        "audit": "failed",
        **dict.fromkeys(list(states)[2:], "upstream_failed"),
    }
    assert (current.readlink(), file_hashes(current.resolve())) == before

    paths = RunPaths(served.settings, run_id_of(run))
    assert paths.warehouse.exists()
    assert (paths.data_docs / "index.html").exists()
    assert not paths.release.exists()
    ended = json.loads((paths.work / "events.jsonl").read_text().splitlines()[-1])
    assert (ended["task"], ended["state"], ended["exit_code"]) == ("audit", "failed", 2)
    results = json.loads(paths.audit_results.read_text())
    blocking = [r for r in results if r["severity"] == "critical" and r["status"] != "passed"]
    assert "superseded_is_rare" in {result["check_name"] for result in blocking}
    log = served.log(run, "audit")
    for result in blocking:
        assert (
            f"{result['suite']}.{result['check_name']} failed for {result['unexpected']} of {result['evaluated']} "
            f"rows: {result['meaning'].rstrip('.')} (to be mended by {result['owner']})"
        ) in log
        assert f"{result['check_name']} failed" in ended["error"]


def test_no_person_is_in_the_scheduler_s_logs_and_database_or_anywhere_else(served: Served) -> None:
    """After a release and a failed audit: the logs of tasks, of the scheduler and of the API server, XCom."""
    restricted = served.settings.home / "releases" / "current" / "restricted" / "assessment.duckdb"
    with duckdb.connect(str(restricted), read_only=True) as people:
        [(rank, score)] = people.execute(
            "select rank, cast(total_score as varchar) from assessment_list where nominal_id = ?", [MARK]
        ).fetchall()
    assert rank == 1
    searched = list(places(served.settings.home))
    assert served.settings.home / "airflow" / "airflow.db" in searched
    assert any("task_id=audit" in str(path) for path in searched)
    assert found_in(searched, *MARKS, score) == ([], len(searched))


def test_it_takes_its_children_along(served: Served) -> None:
    components = components_of(served.process)
    assert len(processes_in(components)) > WORKERS
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(PATIENCE) == 0
    assert processes_in(components) == {}


def test_its_children_end_even_if_it_is_killed(real_sources: Settings) -> None:
    process = serve(real_sources, free_port(), free_port())
    until(lambda: len(processes_in(components_of(process))) > WORKERS, "the components to start")
    components = components_of(process)
    process.kill()
    process.wait(PATIENCE)
    until(lambda: processes_in(components) == {}, "the components to end")
