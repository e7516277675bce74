"""The sign-off under the real scheduler and API server, over sources without the synthetic marker.

Two accounts of `vha serve` meet on loopback: the operator starts runs, the reviewer decides. The first run is
asked about again and again, and never published; the second is approved.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from factory import alter_source, settings_of
from left_behind import MARK, MARKS, PLANT, found_in, places

from vha.orchestrate.home import DAG_ID, WORKERS, password_file
from vha.settings import SYSTEMS, Settings
from vha.synthetic import create

pytestmark = pytest.mark.slow

AS_OF = "2026-09-30"
PATIENCE = 600
"""Seconds to wait for anything: far more than it takes on a busy machine."""


@dataclass(frozen=True)
class Served:
    """`vha serve` at work, and its REST API."""

    settings: Settings
    process: subprocess.Popen[bytes]
    airflow: str
    site: str

    def call(self, account: str, method: str, path: str, body: object = None) -> Any:
        """What the API answers an account, which logs in for it."""
        password = json.loads(password_file(self.settings).read_text())[account]
        login = {"username": account, "password": password}
        token = request("POST", f"{self.airflow}/auth/token", login)["access_token"]
        return request(method, f"{self.airflow}/api/v2/dags/{DAG_ID}{path}", body, token)

    def start(self, **conf: str) -> str:
        """Start a run as the operator, and wait until it asks for its sign-off; returns its id."""
        run = self.call(
            "operator", "POST", "/dagRuns", {"logical_date": None, "conf": {"as_of": AS_OF, **conf}}
        )
        self.wait(run["dag_run_id"], "sign_off", "awaiting_input")
        return run["dag_run_id"]

    def ask_again(self, run: str) -> None:
        """Clear the sign-off and what follows, unless it is being asked for."""
        if self.state(run, "sign_off") != "awaiting_input":
            self.call("operator", "POST", "/clearTaskInstances", {
                "dry_run": False, "dag_run_id": run, "task_ids": ["sign_off"], "include_downstream": True,
                "only_failed": False, "reset_dag_runs": True,
            })  # fmt: skip
            self.wait(run, "sign_off", "awaiting_input")

    def answer(self, account: str, run: str, choice: str) -> None:
        """Answer, once the scheduler knows of the question: Airflow fails a task that goes on any earlier."""
        for _ in range(2):
            last = self.heartbeat()
            until(lambda last=last: self.heartbeat() != last, "the scheduler to go round")
        body = {"chosen_options": [choice], "params_input": {"note": "A test."}}
        self.call(account, "PATCH", f"/dagRuns/{run}/taskInstances/sign_off/-1/hitlDetails", body)

    def heartbeat(self) -> str:
        health = request("GET", f"{self.airflow}/api/v2/monitor/health")
        return health["scheduler"]["latest_scheduler_heartbeat"]

    def mark(self, run: str, state: str) -> None:
        """Set the state of the sign-off by hand, as the operator may."""
        self.call("operator", "PATCH", f"/dagRuns/{run}/taskInstances/sign_off", {"new_state": state})

    def state(self, run: str, task: str) -> str | None:
        return self.call("operator", "GET", f"/dagRuns/{run}/taskInstances/{task}")["state"]

    def wait(self, run: str, task: str, *states: str) -> str | None:
        until(lambda: self.state(run, task) in states, f"{task} to be {states}")
        return self.state(run, task)

    def finish(self, run: str) -> str:
        """Wait for the run's end; returns its state."""
        state = lambda: self.call("operator", "GET", f"/dagRuns/{run}")["state"]  # noqa: E731
        until(lambda: state() in ("success", "failed"), "the run's end")
        return state()

    def record(self, run: str) -> Path:
        return self.settings.home / "sign_off" / f"{run.replace(':', '-').replace('+', '-')}.json"

    def released(self) -> list[str]:
        releases = self.settings.home / "releases"
        return sorted(path.name for path in releases.glob("manual__*"))


def request(method: str, url: str, body: object = None, token: str | None = None) -> Any:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    call = urllib.request.Request(url, data=data, headers=headers, method=method)
    with urllib.request.urlopen(call, timeout=PATIENCE) as answer:
        return json.loads(answer.read() or b"null")


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited {PATIENCE} s for {what}"
        time.sleep(0.5)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(settings: Settings, *ports: int) -> subprocess.Popen[bytes]:
    urls = {f"VHA_{system.upper()}_URL": url for system, url in settings.source_urls.items()}
    return subprocess.Popen(
        [
            Path(sys.executable).with_name("vha"),
            "serve",
            "--airflow-port",
            str(ports[0]),
            "--site-port",
            str(ports[1]),
        ],
        env={**os.environ, "VHA_HOME": str(settings.home), **urls},
        stdout=subprocess.PIPE,
    )


def components_of(process: subprocess.Popen[bytes]) -> set[int]:
    """Process ids of what `vha serve` started, each of which leads a session of its own."""
    children = Path(f"/proc/{process.pid}/task").glob("*/children")
    return {int(pid) for file in children for pid in file.read_text().split()}


def processes_in(sessions: set[int]) -> dict[int, str]:
    """Command lines by process id of all that belong to these sessions, whoever their parent is by now."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, session = (process / "stat").read_text().rpartition(")")[2].split()[:4]
            if int(session) in sessions and state != "Z":
                found[int(process.name)] = (process / "cmdline").read_text().replace("\0", " ")
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def listening_addresses(pids: Iterable[int]) -> set[str]:
    """Local addresses, as the kernel writes them, on which these processes accept connections."""
    sockets = set()
    for pid in pids:
        for descriptor in Path(f"/proc/{pid}/fd").glob("*"):
            try:
                sockets.add(str(descriptor.readlink()).removeprefix("socket:[").rstrip("]"))
            except FileNotFoundError:
                continue
    lines = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    return {line[1].split(":")[0] for line in lines if line[3] == "0A" and line[9] in sockets}


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


def test_no_person_is_in_the_scheduler_s_logs_and_database_or_anywhere_else(served: Served) -> None:
    """After its runs, of which one was released: the logs of tasks, of the scheduler and of the API server, XCom."""
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
