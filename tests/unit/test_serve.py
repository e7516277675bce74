"""`vha serve` starts nothing where something is at work already."""

from __future__ import annotations

import socket
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
