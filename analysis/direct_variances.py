"""Sampling variances of areas' direct estimates, smoothed before a model takes them as known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.area_level import SmallAreaError
from analysis.raking import Floats

FEWEST = 2.0
"""Effective answers an area needs for its own variance to say something."""


@dataclass(frozen=True, slots=True)
class Smoothed:
    """variance = unit_variance / n: variance times n is the same everywhere."""

    variance: Floats  # (m,); not a number where n is 0
    unit_variance: float
    areas: int  # that said something about it


def smoothed(variance: ArrayLike, n: ArrayLike) -> Smoothed:
    """variance: (m,) linearised, not a number where there is none; n: (m,) effective answers.

    The variance of a mean of 20 answers is itself known to a third at best, and where all 20 agree it is 0:
    an area-level model that took it as known would believe such an area without reserve. So one variance of
    a single answer, unit_variance = sum n^2 variance / sum (n-1), serves all areas: the pooled variance,
    since a linearised variance divides by n, not n - 1. It is a generalised variance function with one
    parameter (Wolter 2007, chapter 7; Rao and Molina 2015, 6.4.1). Raises SmallAreaError when no area has
    FEWEST answers, or all agree everywhere.
    """
    variance, n = np.broadcast_arrays(np.asarray(variance, dtype=float), np.asarray(n, dtype=float))
    known = np.isfinite(variance) & (n >= FEWEST)
    freedom = n[known] - 1
    if not known.any():
        raise SmallAreaError([f"No area has {FEWEST:g} answers, so no variance is known. Ask more people."])
    unit = float(np.sum(n[known] ** 2 * variance[known]) / np.sum(freedom))
    if unit <= 0:
        raise SmallAreaError(["Every answer is the same in every area. There is nothing to model."])
    return Smoothed(np.divide(unit, n, out=np.full(n.shape, np.nan), where=n > 0), unit, int(known.sum()))
