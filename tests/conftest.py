"""Fixtures for all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from postgres import Postgres, running_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of this test process (under xdist each worker has its own)."""
    with running_server() as server:
        yield server
