"""``vha serve``: Airflow with its UI, and the public part of the current release, on loopback only."""

from __future__ import annotations

import ctypes
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from vha.errors import ConfigurationError
from vha.orchestrate.home import airflow_home, configure, only_one, password_file
from vha.orchestrate.interrupts import interruptible
from vha.publish.serve import serve_public
from vha.settings import Settings

# Neither scheduler nor triggerer serves its logs: they would do so on all interfaces, and the API server
# reads the files.
COMPONENTS = {
    "api-server": ["api-server"],
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "dag-processor": ["dag-processor"],
    "triggerer": ["triggerer", "--skip-serve-logs"],
}
ACCOUNTS = ("operator", "reviewer")  # two, because nobody signs off what they started
START_SECONDS = 120
STOP_SECONDS = 15
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36

_libc = ctypes.CDLL(None)

GUARD = """
import os, signal, sys, time
from pathlib import Path

sys.stdin.read()
time.sleep(float(sys.argv[1]))
for process in Path("/proc").glob("[0-9]*"):
    try:
        if (process / "stat").read_text().rpartition(")")[2].split()[3] in sys.argv[2:]:
            os.kill(int(process.name), signal.SIGKILL)
    except (FileNotFoundError, ProcessLookupError):
        pass
"""
"""What outlives this process: it waits for its end, then kills the sessions that it is given."""


def serve(settings: Settings, airflow_port: int = 8080, site_port: int = 8081) -> int:
    """Serve until interrupted, or until a part of Airflow ends; no process outlives this one.

    Returns:
        The exit code: 0 interrupted, 1 a part of Airflow ended by itself.

    Raises:
        ConfigurationError: a port is taken, this ``VHA_HOME`` is in use, or Airflow's database is unusable.
    """
    with only_one(settings), interruptible():
        for port in (airflow_port, site_port):
            _must_be_free(port)
        configure(settings, airflow_port)
        _make_passwords(password_file(settings))
        site = serve_public(settings, site_port)
        try:
            Thread(target=site.serve_forever, daemon=True).start()
            logs = airflow_home(settings) / "logs" / "serve"
            components = _start(logs)
            fault = "did not come up"
            with _guarded(components):
                if _healthy(airflow_port, components):
                    print(
                        f"Airflow   http://127.0.0.1:{airflow_port}  (accounts {' and '.join(ACCOUNTS)}, "
                        f"passwords in {password_file(settings)})\n"
                        f"Oversight http://127.0.0.1:{site_port}  (public part of the current release)\n"
                        "Ctrl-C ends both.",
                        flush=True,
                    )
                    while _alive(components):
                        time.sleep(0.5)
                    ended = [name for name, component in components.items() if component.poll() is not None]
                    fault = f"has lost its {' and '.join(ended)}"
            print(f"vha: Airflow {fault}: see {logs}.", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            return 0
        finally:
            site.server_close()
            _end_children()


def _start(logs: Path) -> dict[str, subprocess.Popen[bytes]]:
    """Start Airflow's components, each to end when this process does, however it ends."""
    logs.mkdir(parents=True, exist_ok=True)
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1)  # what the components leave behind becomes a child of this process
    prepare = "from vha.orchestrate.home import prepare_metadata; prepare_metadata()"
    with (logs / "metadata.log").open("ab") as log:
        if subprocess.run([sys.executable, "-c", prepare], stdout=log, stderr=log).returncode:
            raise ConfigurationError(f"Airflow's database cannot be prepared: see {log.name}.")
    components = {}
    for name, command in COMPONENTS.items():
        with (logs / f"{name}.log").open("ab") as log:
            components[name] = subprocess.Popen(
                [sys.executable, "-m", "airflow", *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for this process alone
                preexec_fn=_end_with_parent,
            )
    return components


@contextmanager
def _guarded(components: dict[str, subprocess.Popen[bytes]]) -> Iterator[None]:
    """Have a process of its own kill what is left of the components some time after this process was killed.

    One that is asked to end while it starts its workers may wait for them for ever.
    """
    sessions = [str(component.pid) for component in components.values()]
    guard = subprocess.Popen(
        [sys.executable, "-c", GUARD, str(STOP_SECONDS), *sessions],
        stdin=subprocess.PIPE,  # which ends when this process does, however it ends
        start_new_session=True,
    )
    try:
        yield
    finally:
        guard.kill()
        guard.wait()


def _end_with_parent() -> None:
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _healthy(port: int, components: dict[str, subprocess.Popen[bytes]]) -> bool:
    """Wait until all components report health; False if one ends first, or it takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and _alive(components):
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{port}/api/v2/monitor/health", timeout=5
            ) as answer:
                parts = json.load(answer)
            if all(part["status"] == "healthy" for part in parts.values()):
                return True
        except OSError:
            pass  # not listening yet
        time.sleep(0.5)
    return False


def _alive(components: dict[str, subprocess.Popen[bytes]]) -> bool:
    return all(component.poll() is None for component in components.values())


def _end_children() -> None:
    """Ask all children to end, then kill them and what they leave, down to the last."""
    for pid in _children():
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while _children():
        if time.monotonic() > deadline:
            for pid in _children():
                os.kill(pid, signal.SIGKILL)
        os.waitpid(-1, os.WNOHANG)
        time.sleep(0.1)


def _children() -> list[int]:
    return [
        int(pid) for file in Path("/proc/self/task").glob("*/children") for pid in file.read_text().split()
    ]


def _make_passwords(file: Path) -> None:
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(json.dumps({account: secrets.token_urlsafe(16) for account in ACCOUNTS}) + "\n")


def _must_be_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise ConfigurationError(f"Port {port} of 127.0.0.1 is taken: end what listens there.") from None
