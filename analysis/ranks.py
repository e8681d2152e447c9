"""Ranks of areas with what is not known about them. There is no rank without its range.

Two areas whose estimates differ by less than their errors could stand in either order, and with 25 areas
that is most of them: a bare league table is mostly chance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from analysis.raking import Floats

Ints = NDArray[np.int_]
DRAWS = 10_000
SEED = 1


class RankError(ValueError):
    """The areas cannot be ranked; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """Ranks from 1, each (m,), in the order of the areas given. Areas that tie share the better rank."""

    rank: Ints
    lower: Ints  # the best rank the area could have
    upper: Ints  # the worst
    method: str  # a key of METHODS
    level: float
    seed: int | None  # None where nothing is drawn


def ranks(
    estimates: ArrayLike,
    ses: ArrayLike,
    *,
    method: str = "simultaneous",
    level: float = 0.95,
    highest_first: bool = True,
    seed: int = SEED,
    draws: int = DRAWS,
) -> Ranks:
    """estimates, ses: (m,) of areas that are shown; their errors are taken as normal and independent.

    "simultaneous": with probability `level` every area's true rank is within its range, all at once (Klein,
    Wright and Wieczorek 2020). "simulated": each area's own range, from `draws` draws of all true values
    about their estimates (Goldstein and Spiegelhalter 1996): shorter, and it promises nothing of the areas
    together. The same seed gives the same ranges.

    Raises RankError for fewer than two areas, values that are not numbers, negative errors, an unknown
    method, or a level outside 0 to 1.
    """
    y, se = np.asarray(estimates, dtype=float), np.asarray(ses, dtype=float)
    if y.ndim != 1 or y.shape != se.shape or len(y) < 2:
        raise RankError("Ranks need an estimate and a standard error of two areas or more.")
    if not (np.all(np.isfinite(y)) and np.all(np.isfinite(se) & (se >= 0))):
        raise RankError("An area has no estimate or no standard error. Rank only the areas that are shown.")
    if method not in METHODS:
        raise RankError(f'Unknown method "{method}". Use one of {", ".join(METHODS)}.')
    if not 0 < level < 1:
        raise RankError(f"{level} is not a level. Use a number between 0 and 1, such as 0.95.")
    y = y if highest_first else -y
    rank = 1 + np.sum(y > y[:, np.newaxis], axis=1)
    drawn = METHODS[method].drawn
    lower, upper = METHODS[method].find(y, se, level, np.random.default_rng(seed), draws)
    return Ranks(
        rank, np.minimum(lower, rank), np.maximum(upper, rank), method, level, seed if drawn else None
    )


def _simultaneous(
    y: Floats, se: Floats, level: float, draw: np.random.Generator, draws: int
) -> tuple[Ints, Ints]:
    """An area's rank is at least 1 + the areas wholly above it, at most m - the areas wholly below it.

    Intervals of all areas together hold at `level` when each holds at level^(1/m), being independent.
    """
    half = stats.norm.ppf(0.5 + level ** (1 / len(y)) / 2) * se
    low, high = y - half, y + half
    above = np.sum(low > high[:, np.newaxis], axis=1)
    below = np.sum(high < low[:, np.newaxis], axis=1)
    return 1 + above, len(y) - below


def _simulated(
    y: Floats, se: Floats, level: float, draw: np.random.Generator, draws: int
) -> tuple[Ints, Ints]:
    values = y + se * draw.standard_normal((draws, len(y)))
    drawn = np.empty(values.shape, dtype=int)
    np.put_along_axis(
        drawn, np.argsort(-values, axis=1, kind="stable"), np.arange(1, len(y) + 1)[np.newaxis], axis=1
    )
    tail = 0.5 - level / 2
    lower = np.quantile(drawn, tail, axis=0, method="inverted_cdf")
    upper = np.quantile(drawn, 1 - tail, axis=0, method="inverted_cdf")
    return lower.astype(int), upper.astype(int)


@dataclass(frozen=True, slots=True)
class Method:
    find: Callable[[Floats, Floats, float, np.random.Generator, int], tuple[Ints, Ints]]
    drawn: bool  # whether it draws random numbers


METHODS: Mapping[str, Method] = {
    "simultaneous": Method(_simultaneous, drawn=False),
    "simulated": Method(_simulated, drawn=True),
}
