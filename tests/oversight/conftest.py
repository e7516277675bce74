"""The site of each shape of the world, made once, and the windows to look at it with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext
from published import RUN, SHAPES, Made, write

from vha.report import site
from vha.settings import Settings


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A shape's site, by the shape's name: the folder ``site`` with ``oversight.duckdb`` beside it."""
    sites: dict[str, Path] = {}

    def make(name: str) -> Path:
        if name not in sites:
            public = tmp_path_factory.mktemp(name)
            settings = Settings.from_environment(
                {"VHA_HOME": str(public / "home"), "VHA_MEMORY_LIMIT": "512MB"}
            )
            write(public / "oversight.duckdb", SHAPES[name])
            site.write(settings, RUN, public / "oversight.duckdb", public / "site")
            sites[name] = public / "site"
        return sites[name]

    return make


@pytest.fixture
def usual(made: Made) -> Path:
    """The site of a release as it usually is."""
    return made("usual")


@pytest.fixture(scope="module")
def offline(browser: Browser) -> Iterator[BrowserContext]:
    """A wide window with the network off."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    yield context
    context.close()


@pytest.fixture(scope="module")
def narrow(browser: Browser) -> Iterator[BrowserContext]:
    """A window of 320 pixels, as a page of 1280 is when it is enlarged four times."""
    context = browser.new_context(viewport={"width": 320, "height": 800}, offline=True)
    yield context
    context.close()
