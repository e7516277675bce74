"""The settings of this installation: one frozen object, read from the environment here and nowhere else."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vha.errors import ConfigurationError

SYSTEMS = ("crime", "intelligence", "person", "partnership")

PROJECT_ROOT = Path(__file__).resolve().parents[2]

_UNITS = {"KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40}
_PYTHON = 800e6
"""Bytes that Python, dbt and what DuckDB does not count take beside DuckDB's own memory."""
_THREAD = 500e6
"""Bytes that a thread of DuckDB needs: with less, joins of the size of England do not end, however they spill."""


@dataclass(frozen=True)
class Settings:
    """Where things are and how much of the machine may be used.

    Attributes:
        home: absolute folder of everything a run writes (``VHA_HOME``, default ``./data``).
        source_urls: connection URL of each system in ``SYSTEMS`` (``VHA_CRIME_URL`` …; default: the synthetic
            SQLite sources under ``home/sources``).
        sources_configured: whether any of the ``VHA_*_URL`` variables is set.
        threads: threads at most, of DuckDB and of Spark (``VHA_THREADS``, default 2).
        memory_limit: the most memory that a process should take, in DuckDB's notation (``VHA_MEMORY_LIMIT``, default
            ``2GB``).
        spark_is_here: whether Spark runs on this machine: neither ``SPARK_REMOTE`` nor ``VHA_SPARK_METHOD`` leads
            to a cluster.
        spark_memory: how much memory Spark's Java takes here, in its notation (``VHA_SPARK_MEMORY``, default ``2g``).
        sign_off_key_file: key of the sign-off records (``VHA_SIGN_OFF_KEY_FILE``, default ``home/sign_off/key``).
    """

    home: Path
    source_urls: Mapping[str, str]
    sources_configured: bool
    threads: int
    memory_limit: str
    spark_is_here: bool
    spark_memory: str
    sign_off_key_file: Path

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings.

        Raises:
            ConfigurationError: only some of the source URLs are set, ``VHA_THREADS`` is no positive number, or
                ``VHA_MEMORY_LIMIT`` or ``VHA_SPARK_MEMORY`` no size.
        """
        home = Path(environ.get("VHA_HOME") or "data").resolve()
        given = {system: environ.get(f"VHA_{system.upper()}_URL", "") for system in SYSTEMS}
        missing = [f"VHA_{system.upper()}_URL" for system, url in given.items() if not url]
        if missing and len(missing) < len(SYSTEMS):
            raise ConfigurationError(
                f"Only some source systems are configured: set {', '.join(missing)} too, "
                "or unset all four to use the synthetic sources."
            )
        threads = environ.get("VHA_THREADS", "2")
        if not threads.isdecimal() or int(threads) < 1:
            raise ConfigurationError(f"VHA_THREADS is {threads!r}: set it to a whole number of at least 1.")
        memory_limit = environ.get("VHA_MEMORY_LIMIT", "2GB")
        if not _bytes(memory_limit):
            raise ConfigurationError(
                f"VHA_MEMORY_LIMIT is {memory_limit!r}: set it to a number and a unit, such as 2GB or 500MB."
            )
        spark_memory = environ.get("VHA_SPARK_MEMORY", "2g")
        if not re.fullmatch("[1-9][0-9]*[kmgt]", spark_memory):
            raise ConfigurationError(
                f"VHA_SPARK_MEMORY is {spark_memory!r}: set it to a whole number and a unit, such as 2g or 500m."
            )
        return cls(
            home=home,
            source_urls={s: given[s] or f"sqlite:///{home}/sources/{s}.db" for s in SYSTEMS},
            sources_configured=not missing,
            threads=int(threads),
            memory_limit=memory_limit,
            spark_is_here=environ.get("VHA_SPARK_METHOD", "session") == "session"
            and "SPARK_REMOTE" not in environ,
            spark_memory=spark_memory,
            sign_off_key_file=Path(
                environ.get("VHA_SIGN_OFF_KEY_FILE") or home / "sign_off" / "key"
            ).resolve(),
        )

    @property
    def duckdb_memory(self) -> str:
        """What DuckDB may take of ``memory_limit``, in its notation: what Python leaves, and half at the least."""
        return f"{self._duckdb_bytes:.0f}B"

    @property
    def duckdb_threads(self) -> int:
        """As many of ``threads`` as there is memory for."""
        return max(1, min(self.threads, int(self._duckdb_bytes // _THREAD)))

    @property
    def _duckdb_bytes(self) -> float:
        most = _bytes(self.memory_limit)
        return max(most - _PYTHON, most / 2)


def _bytes(size: str) -> float:
    """The bytes of a size in DuckDB's notation; 0 for what is none."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]I?B)\s*", size.upper())
    return float(found[1]) * _UNITS[found[2]] if found else 0.0
