"""What an attacker can work out of a hidden count: the least and the most it can be, given what is published.

Linear programming over the people nobody has published: every published count is a known sum of them. The
attacker is taken to know published counts exactly, though they are rounded and weighted. Solved by HiGHS
(Huangfu and Hall 2018), each answer starting from the one before.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
NARROWEST = 3
"""A hidden small count must be left this much room by what is published: less would as good as tell it."""
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

    def forget(self, sums: Sequence[int]) -> None:
        """These published sums (positions) are published no more. Answers go on from where they were."""
        for at in sums:
            self._solver.changeRowBounds(at, -highspy.kHighsInf, highspy.kHighsInf)

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

    def below(self, targets: Positions, enough: float) -> Iterator[int]:
        """Each of the unknowns `targets` that is certainly less than `enough`. Raises BoundsError."""
        left = [int(target) for target in targets]
        while left:  # one way to fill many of them at once spares asking about each
            filled = self._filled(left, enough)
            short = [target for target in left if filled[target] < enough - CLOSE]
            if len(short) == len(left):
                break
            left = short
        for target in left:
            if self.most(np.array([target])) < enough - CLOSE:
                yield target

    def binding(self) -> list[int]:
        """Of the last answer of `least` or `most`: the published sums that it follows from."""
        duals = np.asarray(self._solver.getSolution().row_dual)
        return [int(at) for at in np.flatnonzero(np.abs(duals) > CLOSE)]

    def _filled(self, targets: Sequence[int], enough: float) -> Floats:
        """Possible values of the unknowns, with as much in `targets` as counts up to `enough` each."""
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.passModel(self._solver.getLp())
        for number, target in enumerate(targets):
            solver.addCol(-1.0, 0.0, enough, 0, np.empty(0, dtype=np.int32), np.empty(0))
            solver.addRow(
                -highspy.kHighsInf,
                0.0,
                2,
                np.array([self._size + number, target], dtype=np.int32),
                np.array([1.0, -1.0]),
            )
        solver.changeColsCost(self._size, np.arange(self._size, dtype=np.int32), np.zeros(self._size))
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise BoundsError(f"no possible counts could be found: {solver.getModelStatus()}")
        return np.asarray(solver.getSolution().col_value)[: self._size]

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
