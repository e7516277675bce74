"""What somebody who watches ``vha run`` sees: a line for each task. Imports Airflow: configure it first."""

from __future__ import annotations

import signal
import time
from typing import Any, TextIO

from airflow.listeners import hookimpl

from vha.errors import SignOffMissing, Unexpected, VhaError
from vha.orchestrate.interrupts import interrupt

LINE = "{name:<22} {state:<10} {seconds:>8} {rows:>17}"


class Progress:
    """An Airflow listener that writes to the terminal, and keeps what went wrong.

    Attributes:
        errors: the errors that tasks ended with, in order.
        running: id of the task at work; empty before the first.
        ended: ids of the tasks that ended, a mapped one once for each system.
    """

    def __init__(self, terminal: TextIO) -> None:
        self.terminal = terminal
        self.errors: list[BaseException] = []
        self.running = ""
        self._since = 0.0
        self.ended: list[str] = []

    @hookimpl
    def on_task_instance_running(self, task_instance: Any) -> None:
        self.running, self._since = task_instance.task_id, time.monotonic()
        # Airflow gives each task a handler of SIGTERM that keeps the process alive.
        signal.signal(signal.SIGTERM, interrupt)
        if self.terminal.isatty():
            self.terminal.write(LINE.format(name=task_instance.task_id, state="running", seconds="", rows=""))

    @hookimpl
    def on_task_instance_success(self, task_instance: Any) -> None:
        result = task_instance.xcom_pull(task_ids=task_instance.task_id, map_indexes=task_instance.map_index)
        rows = result.get("rows") if isinstance(result, dict) else None
        self._line(task_instance, "success", "" if rows is None else f"{rows:,} rows")

    @hookimpl
    def on_task_instance_failed(self, task_instance: Any, error: BaseException | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            raise error  # or the tasks that do not depend on this one would still run
        self.errors.append(error or RuntimeError("the task could not be started"))
        self._line(task_instance, "waiting" if isinstance(error, SignOffMissing) else "failed", "")

    def not_run(self, task_ids: list[str]) -> None:
        """Write a line for each of these tasks that did not end."""
        for task_id in task_ids:
            if task_id not in self.ended:
                self.terminal.write(
                    LINE.format(name=task_id, state="not run", seconds="", rows="").rstrip() + "\n"
                )

    def sentences(self) -> list[str]:
        """What went wrong, a sentence each; of what is no error of the user's, only its kind: its text might
        quote a record."""
        return [
            str(error)
            if isinstance(error, VhaError | Unexpected)
            else f"A task failed with {type(error).__name__}, which is not expected: see the log."
            for error in self.errors
        ]

    def exit_code(self) -> int:
        return next((error.exit_code for error in self.errors if isinstance(error, VhaError)), 1)

    def _line(self, task_instance: Any, state: str, rows: str) -> None:
        self.ended.append(task_instance.task_id)
        name = " ".join(filter(None, (task_instance.task_id, task_instance.rendered_map_index)))
        seconds = time.monotonic() - self._since
        line = LINE.format(name=name, state=state, seconds=f"{seconds:.1f} s", rows=rows).rstrip()
        self.terminal.write(("\r\x1b[K" if self.terminal.isatty() else "") + line + "\n")
