"""Fixtures for tests that read source systems."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from factory import Deliver, World, settings_of

from vha.extract import source
from vha.settings import Settings


@pytest.fixture(params=["sqlite", "postgresql"])
def deliver(request: pytest.FixtureRequest, tmp_path: Path) -> Deliver:
    """Write a world to source systems, on each engine in turn, and return settings that name them."""

    def write(world: World) -> Settings:
        if request.param == "sqlite":
            urls = world.write_sqlite(tmp_path / "sources")
        else:
            urls = world.write_postgres(request.getfixturevalue("postgres"))
        return settings_of(tmp_path / "home", urls)

    return write


@pytest.fixture
def edited_query(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Replace the extraction query of one table (``system/table``), as a data engineer would."""
    copy = tmp_path / "queries"
    shutil.copytree(source.QUERIES, copy)
    monkeypatch.setattr(source, "QUERIES", copy)
    return lambda table, query: (copy / f"{table}.sql").write_text(query) and None
