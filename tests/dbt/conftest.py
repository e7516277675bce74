"""Fixtures of the models' tests."""

from __future__ import annotations

import pytest
from harness import Project, compile_project


@pytest.fixture(scope="session")
def project(request: pytest.FixtureRequest) -> Project:
    """The dbt project, compiled."""
    return compile_project(request.config.cache.mkdir("dbt"))
