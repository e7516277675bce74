"""What a process and all it starts cost: CPU, time, and the most memory that was resident at once."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Cost:
    """Seconds of CPU (user and system) and of time, and megabytes, of a process with its descendants."""

    cpu: float
    wall: float
    peak_mb: float


def measure(command: Sequence[str], env: Mapping[str, str], output: Path, timeout: float) -> tuple[Cost, int]:
    """Run a command to its end.

    Args:
        output: gets what it prints, errors too.
        timeout: seconds, after which it is ended.

    Returns:
        The cost, and the exit status.
    """
    peak = 0
    ended = threading.Event()
    started = time.monotonic()
    with output.open("w") as file:
        process = subprocess.Popen(command, env=env, stdout=file, stderr=subprocess.STDOUT)

        def watch() -> None:
            nonlocal peak
            while not ended.wait(0.1):
                processes = family(process.pid)
                peak = max(peak, sum(map(_resident, processes)), *map(_most_resident, processes))
                if time.monotonic() - started > timeout:
                    for pid in family(process.pid):
                        with suppress(ProcessLookupError):
                            os.kill(pid, signal.SIGKILL)

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        # Unlike the accounts of this process, those of wait4 are of one child, with all that it waited for.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        ended.set()
        watcher.join()
    wall = time.monotonic() - started
    # Its ru_maxrss says nothing: until a new process becomes the command, it has the memory of the one that starts it.
    return Cost(usage.ru_utime + usage.ru_stime, wall, peak / 2**20), process.returncode


def family(pid: int) -> list[int]:
    """A process and all its descendants."""
    found = [pid]
    for parent in found:
        try:
            for task in Path(f"/proc/{parent}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
        except OSError:  # it has ended meanwhile
            continue
    return found


def _resident(pid: int) -> int:
    """Resident memory less what is shared with others: a server's buffers would count once for each session."""
    try:
        size = Path(f"/proc/{pid}/statm").read_text().split()
    except OSError:
        return 0
    return (int(size[1]) - int(size[2])) * _PAGE


def _most_resident(pid: int) -> int:
    """The most that was ever resident of one process, shared pages included: no peak between two looks is missed."""
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0
