"""What an attacker can work out of a hidden count: the least and the most it can be, given what is published.

Linear programming over the people nobody has published: every published count is a known sum of them. The
attacker is taken to know published counts exactly, though they are rounded and weighted. Solved by HiGHS
(Huangfu and Hall 2018), each answer starting from the one before.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]


class BoundsError(Exception):
    """The linear programme could not be solved, so nothing is known to be safe."""


@dataclass(frozen=True)
class Known:
    """What is published of `size` unknown counts, each 0 or more: sums over some of them.

    members: of each sum, the positions of the unknowns in it. totals: (sums,) their values.
    """

    size: int
    members: Sequence[Positions]
    totals: Floats


class Bounds:
    """Answers questions about one set of published sums."""

    def __init__(self, known: Known) -> None:
        lengths = [len(members) for members in known.members]
        problem = highspy.HighsLp()
        problem.num_col_, problem.num_row_ = known.size, len(known.members)
        problem.col_cost_ = np.zeros(known.size)
        problem.col_lower_ = np.zeros(known.size)
        problem.col_upper_ = np.full(known.size, highspy.kHighsInf)
        problem.row_lower_ = problem.row_upper_ = known.totals
        problem.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        problem.a_matrix_.start_ = np.cumsum([0, *lengths])
        problem.a_matrix_.index_ = np.concatenate([*known.members, np.empty(0, dtype=np.intp)])
        problem.a_matrix_.value_ = np.ones(sum(lengths))
        self._size = known.size
        self._solver = highspy.Highs()
        self._solver.setOptionValue("output_flag", False)
        self._solver.setOptionValue("presolve", "off")  # so that an answer can start from the last
        self._solver.passModel(problem)

    def least(self, target: Positions) -> float:
        """The least that the unknowns of `target` can sum to. Raises BoundsError."""
        return self._end(target, 1.0)

    def most(self, target: Positions) -> float:
        """The most that they can sum to: inf where nothing limits it. Raises BoundsError."""
        return self._end(target, -1.0)

    def leaves(self, target: Positions, truth: float, room: float) -> bool:
        """Whether the target can lie `room` or more apart. `truth`: what it is, which is always possible."""
        most = self.most(target)
        return most - truth >= room - CLOSE or most - self.least(target) >= room - CLOSE

    def _end(self, target: Positions, sign: float) -> float:
        cost = np.zeros(self._size)
        np.add.at(cost, target, sign)
        self._solver.changeColsCost(self._size, np.arange(self._size, dtype=np.int32), cost)
        self._solver.run()
        status = self._solver.getModelStatus()
        if status == highspy.HighsModelStatus.kUnbounded:
            return math.inf
        if status != highspy.HighsModelStatus.kOptimal:
            raise BoundsError(f"the bounds of a hidden count could not be found: {status}")
        return sign * float(self._solver.getInfo().objective_function_value)


CLOSE = 1e-6
