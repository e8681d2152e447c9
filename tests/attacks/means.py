"""Means as one more sum: what they tell beside the options of the same question."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from tests.attacks.attacks import (
    CODES,
    FEW,
    QUESTIONS,
    ROOM,
    WARDS,
    Outcome,
    Puzzle,
    broken_down,
    counted,
    fresh,
    learn_figures,
    shown,
    total,
)
from tests.attacks.survey import Published


def solve_options_with_means(published: Published) -> Outcome:
    """Every shown option, share and mean of a question that has a mean, as one puzzle."""
    outcome = Outcome()
    release, truth = broken_down(published)
    means = [(code, question) for code, question in QUESTIONS.items() if not question.codes]
    for indicator, question in means:
        counts, kinds = counted(truth, question.item), [str(code) for code in question.base]
        puzzle = Puzzle(kinds)
        seen = {(s.area, str(s.option)) for s in release.breakdowns.shares if s.item == question.item}
        for area, option in seen:
            puzzle.learn(area, [option], total(counts, area, [option]))
        learn_figures(puzzle, release, question.item, counts)
        size = len(WARDS) * len(kinds)
        sums = [np.isin(np.arange(size), members).astype(float) for members in puzzle.members]
        totals = list(puzzle.totals)
        for name, area in shown(release):
            if name == indicator and fresh(release, name, area):
                values = np.zeros(size)
                for kind in kinds:
                    values[puzzle.cells(area, [kind])] = int(kind)
                sums.append(values)
                totals.append(float(sum(int(kind) * total(counts, area, [kind]) for kind in kinds)))
        for area in CODES:
            for option in kinds:
                few = total(counts, area, [option])
                if (area, option) in seen or not 0 < few < FEW:
                    continue
                outcome.tried += 1
                target = np.isin(np.arange(size), puzzle.cells(area, [option])).astype(float)
                low, high = (linprog(sign * target, A_eq=np.array(sums), b_eq=totals) for sign in (1, -1))
                if low.status or high.status not in (0, 3):
                    raise AssertionError(f"the attacker's own sums cannot be: {low.message}")
                if high.status == 0 and -high.fun - low.fun < ROOM - 1e-6:
                    outcome.recovered.append(f"{indicator} {area} {option}: {few}")
    return outcome
