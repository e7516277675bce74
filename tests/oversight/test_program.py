"""The linear program answers though its solver gave up once, and never with a guess."""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
import pytest

from vha.disclosure.program import Program


class Weary:
    """A solver that gives up until it is cleared so many times."""

    def __init__(self, solver: Any, gives_up: int) -> None:
        self._solver, self._gives_up = solver, gives_up

    def __getattr__(self, name: str) -> Any:
        return getattr(self._solver, name)

    def getModelStatus(self) -> highspy.HighsModelStatus:  # noqa: N802
        return highspy.HighsModelStatus.kUnknown if self._gives_up > 0 else self._solver.getModelStatus()

    def clearSolver(self) -> None:  # noqa: N802
        self._gives_up -= 1
        self._solver.clearSolver()


@pytest.fixture
def program() -> Program:
    """Two numbers from nothing up that make ten at most together, of which the first is three at most."""
    program = Program()
    first, second = program.variable(high=3), program.variable()
    program.row(0, 10, {first: 1, second: 1})
    return program


@pytest.mark.parametrize("gives_up", [0, 1])
def test_the_greatest_is_found_though_the_solver_gives_up_once(program: Program, gives_up: int) -> None:
    program._solver = Weary(program._loaded(), gives_up)
    assert np.allclose(program.greatest({0: 2, 1: 1}), [3, 7])
    assert np.allclose(program.greatest({0: -1, 1: 1}), [0, 10])


def test_a_solver_that_gives_up_twice_is_an_error_and_no_bound(program: Program) -> None:
    program._solver = Weary(program._loaded(), 2)
    with pytest.raises(ArithmeticError, match="HiGHS ended with"):
        program.greatest({0: 1})


def test_rows_that_cannot_hold_together_have_no_solution(program: Program) -> None:
    program.row(5, 10, {0: 1})
    assert program.greatest({0: 1}) is None
