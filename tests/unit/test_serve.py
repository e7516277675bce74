"""`vha serve` starts nothing where something is at work already, and leaves nothing behind."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from vha.errors import ConfigurationError
from vha.orchestrate.home import only_one
from vha.orchestrate.serve import serve
from vha.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environment({"VHA_HOME": str(tmp_path)})


def test_a_port_that_is_taken_is_named(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ConfigurationError, match=rf"Port {port} of 127\.0\.0\.1 is taken"):
            serve(settings, airflow_port=port)


def test_one_at_a_time_works_in_a_home(settings: Settings) -> None:
    with only_one(settings), pytest.raises(ConfigurationError, match="Another `vha run` or `vha serve`"):
        serve(settings)


def test_a_component_that_does_not_listen_is_killed_after_whoever_serves_was_killed() -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(600)"
    program = f"""
import subprocess, sys, time
from vha.orchestrate import serve
serve.STOP_SECONDS = 1
component = subprocess.Popen(
    [sys.executable, "-c", {deaf!r}], stdout=subprocess.PIPE, start_new_session=True,
    preexec_fn=serve._end_with_parent,
)
component.stdout.readline()
with serve._guarded({{"deaf": component}}):
    print(component.pid, flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        component = int(process.stdout.readline())
        process.kill()
    deadline = time.monotonic() + 300
    while _is_alive(component):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
