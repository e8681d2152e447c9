"""Options beside a mean: how many of a question must stay hidden where its mean is shown too.

An area's answers to a question add up to a known base, and with a mean to a known sum of codes. Of two hidden
options both follow from these; so a third is hidden with them, or as many as leave something open.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


def hide_beside_means(
    counts: NDArray[np.int64], shown: Mask, sums: Sequence[int], averaged: NDArray[np.bool_]
) -> Mask:
    """`shown` (areas, options), with more hidden in areas whose mean is shown (`averaged`, by area).

    counts: (areas, options). sums: options with the same number have a published sum, as in
    `breakdowns.Breakdown`. Every published sum takes away one hidden option, and the mean another: one must
    be left, or nobody have chosen any. The option that fewest chose goes first.
    """
    found = shown.copy()
    numbers = np.array(sums)
    for area in np.flatnonzero(averaged & shown.any(axis=1)):
        row, people = found[area], counts[area]
        while (people[~row] > 0).any() and row.any() and _open(row, numbers) < 1:
            able = np.flatnonzero(row & (people > 0))
            if not len(able):
                able = np.flatnonzero(row)
            row[able[np.argmin(people[able])]] = False
    return found


def _open(row: Mask, numbers: NDArray[np.int64]) -> int:
    """How many hidden options could be chosen freely before all sums and the mean tell the others."""
    hidden = numbers[~row]
    return len(hidden) - len(set(hidden.tolist())) - 1
