"""A linear program whose objective changes again and again, solved by HiGHS from where it was left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import highspy
import numpy as np

INFINITY = float("inf")

_ANSWERS = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)


class Program:
    """Variables with bounds and rows over them; solved from the first call of :meth:`greatest` on."""

    def __init__(self) -> None:
        self._low: list[float] = []
        self._high: list[float] = []
        self._row_low: list[float] = []
        self._row_high: list[float] = []
        self._starts: list[int] = [0]
        self._columns: list[int] = []
        self._values: list[float] = []
        self._solver: Any = None

    def variable(self, low: float = 0, high: float = INFINITY) -> int:
        self._low.append(low)
        self._high.append(high)
        return len(self._low) - 1

    def row(self, low: float, high: float, terms: Mapping[int, float]) -> int:
        self._row_low.append(low)
        self._row_high.append(high)
        self._columns += terms.keys()
        self._values += terms.values()
        self._starts.append(len(self._columns))
        return len(self._row_low) - 1

    def relax(self, rows: Iterable[int]) -> None:
        """Let rows hold whatever comes."""
        for row in rows:
            self._loaded().changeRowBounds(row, -INFINITY, INFINITY)

    def tighten(self, rows: Iterable[int]) -> None:
        """Take back a :meth:`relax`."""
        for row in rows:
            self._loaded().changeRowBounds(row, self._row_low[row], self._row_high[row])

    def greatest(self, weights: Mapping[int, float]) -> np.ndarray | None:
        """A solution in which a weighted sum of variables is greatest.

        Returns:
            The value of every variable; None if nothing satisfies the rows.

        Raises:
            ArithmeticError: the solver cannot tell.
        """
        solver = self._loaded()
        cost = np.zeros(len(self._low))
        cost[list(weights)] = [-weight for weight in weights.values()]
        solver.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
        solver.run()
        status = solver.getModelStatus()
        if status not in _ANSWERS:
            # Rounding errors pile up in a basis that many objectives have changed: once more, from none.
            solver.clearSolver()
            solver.run()
            status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            return np.asarray(solver.getSolution().col_value)
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        raise ArithmeticError(f"HiGHS ended with {solver.modelStatusToString(status)}")

    def _loaded(self) -> Any:
        if self._solver is None:
            model = highspy.HighsLp()
            model.num_col_, model.num_row_ = len(self._low), len(self._row_low)
            model.col_cost_ = np.zeros(len(self._low))
            model.col_lower_, model.col_upper_ = np.array(self._low), np.array(self._high)
            model.row_lower_, model.row_upper_ = np.array(self._row_low), np.array(self._row_high)
            model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
            model.a_matrix_.start_ = np.array(self._starts)
            model.a_matrix_.index_ = np.array(self._columns)
            model.a_matrix_.value_ = np.array(self._values, dtype=float)
            self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
            self._solver.setOptionValue("output_flag", False)
            self._solver.setOptionValue("threads", 1)
            # Only the objective changes, so that the last solution stays feasible: primal simplex, a fifth of the time.
            self._solver.setOptionValue("simplex_strategy", 4)
            self._solver.passModel(model)
        return self._solver
