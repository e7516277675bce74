"""A PostgreSQL server for the tests: Debian's own, started in a temporary directory."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import quote

import adbc_driver_postgresql.dbapi
import pytest

USER = "vha"
PASSWORD = "hunter2/tr0ub@dor"
"""With characters that must be percent-encoded in a URL."""


class Postgres:
    """A running server; each test makes databases or schemas of its own in it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._numbers = count(1)

    def url(self, database: str = "postgres", schema: str | None = None) -> str:
        """The connection URL of a database, or of one schema in it: all that is seen of it then."""
        options = f"?options=-csearch_path%3D{schema}" if schema else ""
        password = quote(PASSWORD, safe="")
        return f"postgresql://{USER}:{password}@127.0.0.1:{self.port}/{database}{options}"

    def unused(self, name: str) -> str:
        """A name that nothing in this server has yet."""
        return f"{name}_{next(self._numbers)}"

    def create_database(self, name: str = "test", encoding: str = "UTF8") -> str:
        """Create an empty database and return its URL."""
        database = self.unused(name)
        execute(self.url(), f"create database {database} template template0 encoding '{encoding}'")
        return self.url(database)

    def create_schema(self, name: str = "test") -> str:
        """Create an empty schema and return its URL: as good as a database mostly, and much faster."""
        schema = self.unused(name)
        execute(self.url(), f"create schema {schema}")
        return self.url(schema=schema)


def execute(url: str, *statements: str) -> None:
    """Run statements, committed one by one."""
    with adbc_driver_postgresql.dbapi.connect(url, autocommit=True) as connection:
        for statement in ("set client_encoding to 'UTF8'", *statements):
            with connection.cursor() as cursor:
                cursor.execute(statement)


@contextmanager
def running_server() -> Iterator[Postgres]:
    """Start a server that listens on loopback and forgets everything when it stops."""
    binaries = _binaries()
    # PostgreSQL refuses to run as root.
    account = pwd.getpwnam("postgres") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    directory = Path(tempfile.mkdtemp(prefix="vha-postgres-"))
    password_file = directory / "password"
    password_file.write_text(PASSWORD)
    for path in (directory, password_file):
        os.chown(path, account.pw_uid, account.pw_gid)

    def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [binaries / program, "-D", directory / "data", *arguments],
            cwd=directory,
            user=account.pw_uid if os.geteuid() == 0 else None,
            group=account.pw_gid if os.geteuid() == 0 else None,
            extra_groups=[] if os.geteuid() == 0 else None,
            # Files, not pipes: the server inherits them, and a pipe would not end before the server does.
            stdout=(directory / "output").open("a"),
            stderr=subprocess.STDOUT,
            text=True,
        )

    def start() -> int:
        for _ in range(5):  # another process may take the port first
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
            options = (
                f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={directory} "
                "-c fsync=off -c full_page_writes=off -c shared_buffers=32MB -c max_connections=20"
            )
            if run("pg_ctl", "start", "--wait", "--options", options).returncode == 0:
                return int(port)
        pytest.fail(f"PostgreSQL does not start:\n{(directory / 'output').read_text()}")

    try:
        settings = ("--username", USER, "--pwfile", str(password_file), "--auth", "scram-sha-256")
        if run("initdb", *settings, "--encoding", "UTF8", "--locale", "C", "--no-sync").returncode:
            pytest.fail(f"initdb fails:\n{(directory / 'output').read_text()}")
        port = start()
        try:
            yield Postgres(port)
        finally:
            run("pg_ctl", "stop", "--mode", "immediate")
    finally:
        shutil.rmtree(directory)


def _binaries() -> Path:
    """The folder of ``initdb`` and ``pg_ctl``; Debian keeps it off the PATH."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not folders:
        pytest.fail("These tests need PostgreSQL's server programs: `apt-get install postgresql-15`.")
    return folders[-1]
