"""`vha serve` at work: its REST API, and the processes that it consists of."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vha.orchestrate.home import DAG_ID, password_file
from vha.run import run_id_of
from vha.settings import Settings

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

    def trigger(self, **conf: str) -> str:
        """Start a run as the operator; returns its id."""
        body = {"logical_date": None, "conf": {"as_of": AS_OF, **conf}}
        return self.call("operator", "POST", "/dagRuns", body)["dag_run_id"]

    def start(self, **conf: str) -> str:
        """Start a run as the operator, and wait until it asks for its sign-off; returns its id."""
        run = self.trigger(**conf)
        self.wait(run, "sign_off", "awaiting_input")
        return run

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

    def log(self, run: str, task: str) -> str:
        """What the API shows of the log of a task's first try."""
        return json.dumps(self.call("operator", "GET", f"/dagRuns/{run}/taskInstances/{task}/logs/1"))

    def wait(self, run: str, task: str, *states: str) -> str | None:
        until(lambda: self.state(run, task) in states, f"{task} to be {states}")
        return self.state(run, task)

    def finish(self, run: str) -> str:
        """Wait for the run's end; returns its state."""
        state = lambda: self.call("operator", "GET", f"/dagRuns/{run}")["state"]  # noqa: E731
        until(lambda: state() in ("success", "failed"), "the run's end")
        return state()

    def record(self, run: str) -> Path:
        return self.settings.home / "sign_off" / f"{run_id_of(run)}.json"

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
