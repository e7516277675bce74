"""A PostgreSQL server for one measurement: a child of the process that is measured, so that its CPU counts there."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import adbc_driver_manager as adbc
import adbc_driver_postgresql.dbapi
from adbc_driver_manager import dbapi

from benchmarks.measure import family

START_SECONDS = 30


@dataclass(frozen=True)
class Server:
    """A running server: the URL of its database, and its first process."""

    url: str
    pid: int

    @contextmanager
    def cursor(self) -> Iterator[dbapi.Cursor]:
        """A cursor of a session of its own, in which each statement commits."""
        connected = adbc_driver_postgresql.dbapi.connect(self.url, autocommit=True)
        with connected as connection, connection.cursor() as cursor:
            yield cursor


def binaries() -> Path:
    """The folder of ``postgres``; Debian keeps it off the PATH."""
    found = shutil.which("postgres")
    folders = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not folders:
        raise FileNotFoundError("PostgreSQL's server programs are needed: `apt-get install postgresql-15`.")
    return folders[-1]


@contextmanager
def running(memory: str) -> Iterator[Server]:
    """Start a server in a temporary directory, with settings for one large query at a time.

    Args:
        memory: for example ``2GB``: a quarter of it for pages, a quarter for each sort or hash of the query.
    """
    account = pwd.getpwnam("postgres") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    directory = Path(tempfile.mkdtemp(prefix="vha-benchmark-"))
    os.chown(directory, account.pw_uid, account.pw_gid)
    # PostgreSQL refuses to run as root.
    who: dict[str, Any] = {}
    if os.geteuid() == 0:
        who = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    quarter = f"{int(memory.removesuffix('GB')) * 256}MB"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {
        "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": directory, "fsync": "off",
        "full_page_writes": "off", "max_wal_size": "8GB", "autovacuum": "off", "jit": "off",
        "shared_buffers": quarter, "work_mem": quarter, "hash_mem_multiplier": 1,
        "max_parallel_workers_per_gather": 1,
    }  # fmt: skip
    settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    data = directory / "data"
    try:
        subprocess.run(
            [binaries() / "initdb", "-D", data, "--username", "vha", "--auth", "trust", "--encoding", "UTF8",
             "--locale", "C", "--no-sync"],
            check=True, cwd=directory, stdout=subprocess.DEVNULL, **who,
        )  # fmt: skip
        process = subprocess.Popen(
            [binaries() / "postgres", "-D", data, *settings],
            cwd=directory, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **who,
        )  # fmt: skip
        try:
            url = f"postgresql://vha@127.0.0.1:{port}/postgres"
            _wait(process, url)
            yield Server(url, process.pid)
        finally:
            process.terminate()
            process.wait()  # or its CPU would not be counted
    finally:
        shutil.rmtree(directory)


def used_cpu(pid: int) -> float:
    """Seconds of CPU of a server, with the sessions that are open and those that have ended."""
    ticks = 0
    for process in family(pid):
        after_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(map(int, after_name[11:15] if process == pid else after_name[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    ends = time.monotonic() + START_SECONDS
    while True:
        try:
            adbc_driver_postgresql.dbapi.connect(url).close()
            return
        except adbc.Error:
            if process.poll() is not None or time.monotonic() > ends:
                raise
            time.sleep(0.1)
