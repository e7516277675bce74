"""A process that is asked to end is interrupted, however it was started."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from vha.orchestrate.interrupts import ENDING, interruptible


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """Those of this process, whatever a test sets."""
    before = {number: signal.getsignal(number) for number in ENDING}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", ENDING, ids=lambda number: number.name)
def test_each_signal_that_asks_for_the_end_interrupts(number: signal.Signals) -> None:
    signal.signal(number, signal.SIG_DFL)
    with pytest.raises(KeyboardInterrupt), interruptible():
        signal.raise_signal(number)
    assert signal.getsignal(number) is signal.SIG_DFL


def test_an_interrupt_that_came_to_be_ignored_interrupts_all_the_same() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with pytest.raises(KeyboardInterrupt), interruptible():
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_the_end_of_a_terminal_is_ignored_where_somebody_meant_it() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with interruptible():
        signal.raise_signal(signal.SIGHUP)
