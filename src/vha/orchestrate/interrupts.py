"""What ends ``vha run`` and ``vha serve``: the signals that ask a process to end, all taken as Ctrl-C is."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def interrupt(signal_number: int, frame: FrameType | None) -> None:
    """A signal handler that raises KeyboardInterrupt."""
    raise KeyboardInterrupt


@contextmanager
def interruptible() -> Iterator[None]:
    """Make SIGINT, SIGTERM and SIGHUP interrupt this process, in its main thread, as Ctrl-C does.

    A process that a script starts in its background inherits that SIGINT is ignored: nobody meant that. Whoever has
    SIGHUP ignored, by ``nohup``, does mean it.
    """
    spared = {signal.SIGHUP} if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else set()
    before = {number: signal.signal(number, interrupt) for number in ENDING if number not in spared}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
