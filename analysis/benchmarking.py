"""Modelled areas made to add up to the larger area's direct estimate.

Rao and Molina (2015), 6.4.6. The larger area's estimate needs no model, so it also guards against a wrong
one: a large adjustment says that the model does not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.area_level import SmallAreaError
from analysis.raking import Floats


@dataclass(frozen=True, slots=True)
class Benchmarked:
    """What was done, so that it can be said and undone."""

    method: str  # a key of METHODS
    values: Floats  # (m,)
    adjustment: Floats  # (m,) values less the modelled ones
    target: float  # the larger area's direct estimate
    before: float  # what the modelled areas came to


def benchmarked(modelled: ArrayLike, share: ArrayLike, target: float, method: str) -> Benchmarked:
    """modelled: (m,) values; share: (m,) of the larger area's people, any scale; target: its estimate.

    With "difference" or "ratio", sum share values / sum share = target. Raises SmallAreaError for another
    method, shares that are negative or all 0, or a ratio to nothing.
    """
    modelled, share = np.asarray(modelled, dtype=float), np.asarray(share, dtype=float)
    if method not in METHODS:
        raise SmallAreaError([f'Unknown benchmark "{method}". Use one of {", ".join(METHODS)}.'])
    if not np.all(share >= 0) or not share.sum() > 0:
        raise SmallAreaError(["The areas have no people to weight them by. Give their shares."])
    before = float(share @ modelled / share.sum())
    values = METHODS[method](modelled, before, target)
    return Benchmarked(method, values, values - modelled, float(target), before)


def benchmarked_mse(mse: ArrayLike, adjustment: ArrayLike) -> Floats:
    """mse + adjustment^2, (m,): the posterior mean squared error of a benchmarked value.

    You, Rao and Dick (2004): E[(theta - benchmarked)^2 | y] = Var(theta | y) + (benchmarked - mean)^2.
    """
    return np.asarray(np.asarray(mse, dtype=float) + np.asarray(adjustment, dtype=float) ** 2, dtype=float)


def benchmarked_interval(
    modelled: ArrayLike, lower: ArrayLike, upper: ArrayLike, mse: ArrayLike, adjustment: ArrayLike
) -> tuple[Floats, Floats, Floats]:
    """(mse, lower, upper) of benchmarked values: each end as far from its value as before, times as much as
    the root of the mean squared error grew. All (m,)."""
    modelled, lower, upper, mse, adjustment = (
        np.asarray(a, dtype=float) for a in (modelled, lower, upper, mse, adjustment)
    )
    now = benchmarked_mse(mse, adjustment)
    wider = np.sqrt(np.divide(now, mse, out=np.ones(len(mse)), where=np.isfinite(mse)))
    values = modelled + adjustment
    return now, values - (modelled - lower) * wider, values + (upper - modelled) * wider


def _difference(modelled: Floats, before: float, target: float) -> Floats:
    return modelled + (target - before)


def _ratio(modelled: Floats, before: float, target: float) -> Floats:
    if before == 0:
        raise SmallAreaError(['The modelled areas come to 0, so there is no ratio. Use "difference".'])
    return modelled * (target / before)


def _none(modelled: Floats, before: float, target: float) -> Floats:
    return modelled.copy()


METHODS: Mapping[str, Callable[[Floats, float, float], Floats]] = {
    "difference": _difference,
    "ratio": _ratio,
    "none": _none,
}
