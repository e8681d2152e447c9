"""Change between two waves that asked different people, its test, and tests taken together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from analysis.raking import Floats


@dataclass(frozen=True, slots=True)
class Change:
    """Arrays of one shape, an entry for each comparison."""

    difference: Floats  # later minus earlier
    se: Floats
    z: Floats  # difference / se; not a number where it cannot be tested
    p: Floats  # two-sided, of a standard normal


def change(earlier: ArrayLike, earlier_se: ArrayLike, later: ArrayLike, later_se: ArrayLike) -> Change:
    """later - earlier, for estimates of separate samples; shapes as the inputs, which broadcast.

    se = sqrt(se_1^2 + se_2^2); z = difference / se; p = 2 Phi(-|z|): R's `svycontrast(..., c(-1, 1))` of
    two independent designs, and `2 * pnorm(-abs(z))`. Its interval: `change_interval`. Where a standard
    error is 0 (all answers alike) or not a number nothing is tested: z and p are not a number, since such an
    estimate is not known without error.
    """
    first, first_se, second, second_se = np.broadcast_arrays(
        *(np.asarray(a, dtype=float) for a in (earlier, earlier_se, later, later_se))
    )
    difference = second - first
    se = np.sqrt(first_se**2 + second_se**2)
    tested = (first_se > 0) & (second_se > 0)
    z = np.divide(difference, se, out=np.full(difference.shape, np.nan), where=tested)
    return Change(difference, se, z, np.asarray(2 * stats.norm.sf(np.abs(z)), dtype=float))


def change_interval(
    earlier: ArrayLike,
    earlier_interval: tuple[ArrayLike, ArrayLike],
    later: ArrayLike,
    later_interval: tuple[ArrayLike, ArrayLike],
) -> tuple[Floats, Floats]:
    """An interval for later - earlier from the interval of each; shapes as the inputs.

    difference - sqrt((later - its lower)^2 + (earlier's upper - earlier)^2) and likewise upwards: Newcombe's
    square-and-add (1998, method 10, with the intervals given), MOVER in general (Zou and Donner 2008). So a
    change is as honest about few people as the two figures are, and wider than +-1.96 se where they are.
    """
    first, low, high, second, later_low, later_high = np.broadcast_arrays(
        *(np.asarray(a, dtype=float) for a in (earlier, *earlier_interval, later, *later_interval))
    )
    difference = second - first
    lower = difference - np.sqrt((second - later_low) ** 2 + (high - first) ** 2)
    upper = difference + np.sqrt((later_high - second) ** 2 + (first - low) ** 2)
    return lower, upper


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """p values (T,) adjusted for being shown together, so that of those below 0.05 about 5% are false.

    Benjamini and Hochberg (1995): R's `p.adjust(p, method = "BH")`. Entries that are not a number were not
    tested: they stay so and do not count. Raises ValueError for a p below 0 or above 1, or another shape.
    """
    given = np.asarray(p, dtype=float)
    if given.ndim != 1:
        raise ValueError(f"p values have {given.ndim} dimensions, but must be one list")
    tested = np.flatnonzero(~np.isnan(given))
    values = given[tested]
    if ((values < 0) | (values > 1)).any():
        raise ValueError("p values lie from 0 to 1")
    falling = np.argsort(-values, kind="stable")
    rank = np.arange(len(values), 0, -1)
    adjusted = np.full(given.shape, np.nan)
    steps = np.minimum.accumulate(values[falling] * len(values) / rank)
    adjusted[tested[falling]] = np.minimum(steps, 1.0)
    return adjusted
