"""One run of the assessment: its identity, and where its files are."""

from __future__ import annotations

import dataclasses
import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from vha.errors import ConfigurationError
from vha.files import write_whole
from vha.settings import Settings


def run_id_of(dag_run_id: str) -> str:
    """The run's name in paths and tables, from Airflow's: letters, digits, ``-``, ``_`` and ``.`` only.

    Raises:
        ConfigurationError: the name means something else where releases and the history are kept.
    """
    run_id = re.sub(r"[^A-Za-z0-9_.-]+", "-", dag_run_id).strip("-.")
    if run_id in ("", "0", "current"):
        raise ConfigurationError(f"A run cannot be called {dag_run_id!r}: give it another name.")
    return run_id


@dataclass(frozen=True)
class Acceptance:
    """What somebody answers for in one run: critical checks, as ``SUITE.CHECK``, that may fail in it."""

    checks: tuple[str, ...]
    by: str
    reason: str


@dataclass(frozen=True)
class Run:
    """What a run is about, decided once when it opens and kept in ``work/<run_id>/run.json``.

    Attributes:
        run_id: see :func:`run_id_of`.
        as_of: the as-of date ``D`` of the method, the run's only clock.
        synthetic: whether all four sources carry the synthetic marker (else none does: real data).
        started_by: the account that started the run, ``os:NAME`` or ``airflow:NAME``.
        correct: why a second release for the same date is made; None if it is not one.
        acceptance: which critical checks may fail, in this run alone; None for none.
    """

    run_id: str
    as_of: date
    synthetic: bool
    started_by: str
    correct: str | None = None
    acceptance: Acceptance | None = None

    def save(self, settings: Settings) -> None:
        paths = RunPaths(settings, self.run_id)
        paths.create_work()
        record = {**dataclasses.asdict(self), "as_of": self.as_of.isoformat()}
        write_whole(paths.run_file, json.dumps(record, indent=2) + "\n")

    @classmethod
    def load(cls, settings: Settings, run_id: str) -> Run:
        """Read the run back.

        Raises:
            ConfigurationError: there is no such run under this ``VHA_HOME``, or what says so is damaged.
        """
        try:
            record = json.loads(RunPaths(settings, run_id).run_file.read_text())
        except (FileNotFoundError, NotADirectoryError):
            raise ConfigurationError(
                f"There is no run {run_id!r} under {settings.home}: `ls {settings.home}/work` lists the runs."
            ) from None
        except ValueError:
            raise ConfigurationError(
                f"{RunPaths(settings, run_id).run_file} is cut short or damaged: start a new run."
            ) from None
        record["as_of"] = date.fromisoformat(record["as_of"])
        if accepted := record.get("acceptance"):
            record["acceptance"] = Acceptance(tuple(accepted["checks"]), accepted["by"], accepted["reason"])
        return cls(**record)


@dataclass(frozen=True)
class RunPaths:
    """Where a run's files are, all under ``VHA_HOME``."""

    settings: Settings
    run_id: str

    @property
    def landing(self) -> Path:
        """Immutable Parquet, ``<system>/<table>.parquet`` and ``landing.json``."""
        return self.settings.home / "landing" / self.run_id

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that dbt builds and the audit reads."""
        return self.settings.home / "work" / f"{self.run_id}.duckdb"

    @property
    def work(self) -> Path:
        """What the steps leave for each other and for inspection."""
        return self.settings.home / "work" / self.run_id

    def create_work(self) -> None:
        """Create the folder of all work files, which hold people, for this account alone; and this run's in it."""
        self.work.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.work.mkdir(exist_ok=True)

    @property
    def run_file(self) -> Path:
        return self.work / "run.json"

    @property
    def dbt_target(self) -> Path:
        """dbt's artefacts of this run: manifest.json, run_results.json, static_index.html."""
        return self.work / "dbt"

    @property
    def audit_results(self) -> Path:
        """JSON list of check results, the columns of ``quality_checks`` less ``run_id``."""
        return self.work / "audit.json"

    @property
    def audited(self) -> Path:
        """What the audit's results are of, see :mod:`vha.audit.binding`."""
        return self.work / "audited.json"

    @property
    def accepted_failures(self) -> Path:
        """JSON list of failures that somebody answers for, the columns of ``accepted_failures`` less ``run_id``."""
        return self.work / "accepted_failures.json"

    @property
    def data_docs(self) -> Path:
        return self.work / "data_docs"

    @property
    def candidate(self) -> Path:
        """The tree that is signed off: ``restricted/`` and ``public/``."""
        return self.work / "candidate"

    @property
    def candidate_file(self) -> Path:
        """``candidate.json``: the SHA-256 of every file of the candidate."""
        return self.work / "candidate.json"

    @property
    def release(self) -> Path:
        return self.settings.home / "releases" / self.run_id
