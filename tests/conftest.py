"""Fixtures for all tests, and the order in which they run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import Project, compile_project
from playwright.sync_api import Browser, sync_playwright
from postgres import Postgres, running_server

CHROMIUM = Path("/usr/bin/chromium")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Modules with slow tests first: otherwise one of two processes would still be at work on the last of them."""
    slow = {item.path for item in items if any(map(item.get_closest_marker, ("slow", "spark")))}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of this test process (under xdist each worker has its own)."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def compiled(request: pytest.FixtureRequest) -> Path:
    """The folder of what dbt makes of the project when it compiles it."""
    return request.config.cache.mkdir("dbt")


@pytest.fixture(scope="session")
def project(compiled: Path) -> Project:
    """The dbt project, compiled."""
    return compile_project(compiled)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser of this module: while one is open, no other can be opened, nor an event loop be run."""
    if not CHROMIUM.exists():
        pytest.fail(
            f"{CHROMIUM} is missing: install the Debian package chromium, which these tests need.",
            pytrace=False,
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
