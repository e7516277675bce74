"""Runs the DAG by `vha run`'s function again and again, over task bodies that do nothing or fail.

A program, because Airflow is configured once in a process: `python in_process_runs.py HOME` writes what each
run ended with and showed to HOME/results.json.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

from vha.errors import ConfigurationError, QualityBlocked, SourceUnavailable, VhaError
from vha.orchestrate.home import only_one
from vha.orchestrate.in_process import run_in_process
from vha.publish import sign_off
from vha.publish.candidate import read_seal, seal
from vha.run import Acceptance, Run, RunPaths, run_id_of
from vha.settings import Settings
from vha.warehouse.connect import connect

SECRET = "SYN-SECRET-4711"


class Bodies(ModuleType):
    """Stands in for `vha.pipeline`, as far as the DAG can tell.

    Attributes:
        synthetic: what the sources are.
        faults: what a task does instead of succeeding, by its name.
        called: the tasks that were called.
    """

    def __init__(self, settings: Settings, *, synthetic: bool = True, **faults: Callable[[], object]) -> None:
        super().__init__("vha.pipeline")
        self.settings, self.synthetic, self.faults = settings, synthetic, faults
        self.called: list[str] = []

    def open_run(
        self,
        dag_run_id: str,
        as_of: str | None,
        started_by: str,
        correct: str | None,
        *,
        acceptance: Acceptance | None,
    ) -> str:
        self._call("open_run")
        day = date.fromisoformat(as_of or "2026-09-30")
        run = Run(run_id_of(dag_run_id), day, self.synthetic, started_by, correct, acceptance)
        run.save(self.settings)
        return run.run_id

    def extract(self, run_id: str, system: str) -> dict[str, Any]:
        return self._call(f"extract_{system}")

    def land(self, run_id: str) -> dict[str, Any]:
        return self._call("land")

    def build(self, run_id: str) -> dict[str, Any]:
        return self._call("build")

    def audit(self, run_id: str) -> dict[str, Any]:
        return self._call("audit")

    def report(self, run_id: str) -> dict[str, Any]:
        paths = RunPaths(self.settings, run_id)
        public = paths.candidate / "public"
        public.mkdir(parents=True)
        checks = [("passed", "critical"), ("failed", "warning")]
        paths.audit_results.write_text(json.dumps([{"status": s, "severity": v} for s, v in checks]))
        with connect(self.settings, public / "oversight.duckdb") as oversight:
            oversight.execute("create table quarantine_counts (run_id text, reason text, row_count int)")
            oversight.execute(
                "insert into quarantine_counts values ($1, 'bad_date', 2), ($1, 'bad_date', 3)", [run_id]
            )
        seal(self.settings, Run.load(self.settings, run_id))
        return self._call("report")

    def publish(self, run_id: str) -> dict[str, Any]:
        run, paths = Run.load(self.settings, run_id), RunPaths(self.settings, run_id)
        sign_off.check(self.settings, run, read_seal(self.settings, run).candidate_sha256)
        paths.release.parent.mkdir(exist_ok=True)
        paths.candidate.rename(paths.release)
        counts = {"listed": 1307, "added": 12, "removed": 3, "kept": 1295}
        (paths.release / "manifest.json").write_text(json.dumps({"counts": counts, "accepted_failures": []}))
        return self._call("publish")

    def _call(self, name: str) -> dict[str, Any]:
        self.called.append(name)
        self.faults.get(name, lambda: None)()
        return {"rows": 1234567}


def raising(error: BaseException) -> Callable[[], None]:
    def fault() -> None:
        raise error

    return fault


def signalled(number: int) -> Callable[[], None]:
    def fault() -> None:
        os.kill(os.getpid(), number)
        time.sleep(300)

    return fault


def shown(bodies: Bodies, folder: Path, **arguments: str) -> dict[str, Any]:
    """Run once with standard output and error of the process in files, and tell how it went."""
    sys.modules["vha.pipeline"] = bodies
    import vha

    vha.pipeline = bodies  # type: ignore[attr-defined]
    folder.mkdir(parents=True)
    kept = [os.dup(1), os.dup(2)]
    for number, name in ((1, "out"), (2, "err")):
        with (folder / name).open("wb") as file:
            os.dup2(file.fileno(), number)
    started = time.monotonic()
    try:
        code = run_in_process(bodies.settings, **arguments)
    except VhaError as error:
        code = f"{type(error).__name__}: {error}"
    finally:
        for number, original in zip((1, 2), kept, strict=True):
            os.dup2(original, number)
    return {
        "code": code,
        "seconds": time.monotonic() - started,
        "out": (folder / "out").read_text(),
        "err": (folder / "err").read_text(),
        "called": bodies.called,
        "states": states(),
    }


def states() -> dict[str, str | None]:
    """State of the last DAG run as `run`, and of its tasks."""
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session

    with create_session() as session:
        run = session.query(DagRun).order_by(DagRun.id.desc()).first()
        if run is None:
            return {}
        return {"run": run.state, **{t.task_id: t.state for t in run.get_task_instances(session=session)}}


def main(home: Path) -> None:
    # As a process inherits it that a script started in its background.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    settings = Settings.from_environment({"VHA_HOME": str(home)})
    scenarios: dict[str, Bodies] = {
        "released": Bodies(settings),
        "blocked": Bodies(settings, audit=raising(QualityBlocked("The check has failed: mend it."))),
        "unavailable": Bodies(
            settings, extract_crime=raising(SourceUnavailable("crime is down: call its owner."))
        ),
        "mixed": Bodies(settings, open_run=raising(ConfigurationError("A mixture: mend it."))),
        "unexpected": Bodies(settings, build=raising(ValueError(f"{SECRET} is no date"))),
        "real": Bodies(settings, synthetic=False),
        "interrupted": Bodies(settings, build=signalled(signal.SIGINT)),
        "terminated": Bodies(settings, extract_crime=signalled(signal.SIGTERM)),
    }
    results = {name: shown(bodies, home / "shown" / name) for name, bodies in scenarios.items()}
    results["as_of"] = shown(
        Bodies(settings), home / "shown" / "as_of", as_of="2026-06-30", correct="A reason"
    )
    with only_one(settings):
        results["second"] = shown(Bodies(settings), home / "shown" / "second")
    (home / "results.json").write_text(json.dumps(results))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
