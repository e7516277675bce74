"""The command line itself: what becomes of what a user caused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from vha import cli
from vha.errors import ConfigurationError, QualityBlocked, SignOffMissing, VhaError
from vha.settings import Settings


@pytest.mark.parametrize(
    ("error", "code"), [(ConfigurationError, 1), (QualityBlocked, 2), (SignOffMissing, 3)]
)
def test_an_error_is_one_sentence_and_its_exit_code(
    error: type[VhaError],
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object) -> int:
        raise error("This happened: do that.")

    monkeypatch.setattr(cli, "_check_sources", fail)
    assert cli.main(["sources", "check"]) == code
    assert capsys.readouterr() == ("", "vha: This happened: do that.\n")


def test_an_unknown_scale_is_refused_with_the_known_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VHA_HOME", str(tmp_path))
    assert cli.main(["sources", "create", "--scale", "paris"]) == 1
    error = capsys.readouterr().err
    assert "paris" in error
    assert "tiny" in error
    assert not list(tmp_path.iterdir())


def test_some_sources_configured_and_some_not_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VHA_CRIME_URL", "sqlite:///crime.db")
    monkeypatch.delenv("VHA_PERSON_URL", raising=False)
    assert cli.main(["sources", "check"]) == 1
    assert "VHA_PERSON_URL" in capsys.readouterr().err


@pytest.mark.parametrize("threads", ["0", "two", "-1", "1.5"])
def test_threads_that_are_no_number_are_refused(threads: str) -> None:
    with pytest.raises(ConfigurationError, match="VHA_THREADS"):
        Settings.from_environment({"VHA_THREADS": threads})


@pytest.mark.parametrize("size", ["", "lots", "2", "-1GB", "0GB", "2 GBs"])
def test_a_memory_limit_that_is_no_size_is_told(size: str) -> None:
    with pytest.raises(ConfigurationError, match="VHA_MEMORY_LIMIT"):
        Settings.from_environment({"VHA_MEMORY_LIMIT": size})


@pytest.mark.parametrize("size", ["", "lots", "2", "-1g", "0g", "2GB"])
def test_a_memory_of_spark_that_is_no_size_is_told(size: str) -> None:
    with pytest.raises(ConfigurationError, match="VHA_SPARK_MEMORY"):
        Settings.from_environment({"VHA_SPARK_MEMORY": size})


@pytest.mark.parametrize(
    ("limit", "duckdb"), [("2GB", 1_200_000_000), ("1 gib", 536_870_912), ("256MB", 128_000_000)]
)
def test_duckdb_leaves_python_some_of_the_memory(limit: str, duckdb: int) -> None:
    assert Settings.from_environment({"VHA_MEMORY_LIMIT": limit}).duckdb_memory == f"{duckdb}B"


@pytest.mark.parametrize(("limit", "threads"), [("500MB", 1), ("1GB", 1), ("2GB", 2), ("3GB", 4), ("8GB", 4)])
def test_duckdb_has_no_more_threads_than_it_has_memory_for(limit: str, threads: int) -> None:
    settings = Settings.from_environment({"VHA_MEMORY_LIMIT": limit, "VHA_THREADS": "4"})
    assert settings.duckdb_threads == threads


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    """As in `vha explain … | head`: the other end of the pipe is closed."""
    program = (
        "import sys; from vha import cli; cli._check_sources = lambda *_: print('x' * 1_000_000) or 0; "
        "sys.exit(cli.main(['sources', 'check']))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
