"""The 0-10 scale: a value set against a yardstick, with its interval and the chance of each band.

    z = polarity * (x - mean) / sd        S = 5 + k z, capped to 0..10

after the published outline of the Thriving Places Index. The index's own k is unknown: call the result
"TPI-style". Scores use only numbers that are published (rounded values and intervals), so that a score
printed to two decimals cannot be worked back to a value finer than the rounding of the value itself, and
any reader can check it.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

LOWEST, MIDDLE, HIGHEST = 0.0, 5.0, 10.0
SURE_ENOUGH = 0.8
"""The chance at which a band may be named (and coloured)."""
Z95 = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How a value becomes a score. `mean_error` is the standard error of the yardstick's mean, where
    known."""

    mean: float
    sd: float
    polarity: int
    k: float
    bands: tuple[float, ...]
    mean_error: float = 0.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.sd) and self.sd > 0):
            raise ValueError(f"a yardstick needs a standard deviation above 0, not {self.sd}")
        if self.polarity not in (1, -1):
            raise ValueError(f"polarity is 1 or -1, not {self.polarity}")
        if list(self.bands) != sorted(set(self.bands)):
            raise ValueError(f"bands must rise, not {self.bands}")

    def uncapped(self, value: float) -> float:
        """The score before capping."""
        return MIDDLE + self.k * self.polarity * (value - self.mean) / self.sd


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A score with its interval (capped, two decimals), and the likeliest band with its chance.

    `band` is None when no band is likely enough.
    """

    score: float
    lower: float
    upper: float
    uncapped: float
    band: int | None
    band_chance: float


def cap(score: float) -> float:
    """A score held to 0..10."""
    return min(HIGHEST, max(LOWEST, score))


def band(score: float, bands: Sequence[float]) -> int:
    """The half-open band [b[i-1], b[i]) a score is in: 0 is the lowest."""
    return bisect_right(bands, score)


def band_chances(score: float, error: float, bands: Sequence[float]) -> tuple[float, ...]:
    """The chance (normal) that the true score lies in each band. `error`: standard error in score points."""
    if error <= 0:
        at = band(score, bands)
        return tuple(float(i == at) for i in range(len(bands) + 1))
    normal = NormalDist(score, error)
    below = [0.0, *(normal.cdf(edge) for edge in bands), 1.0]
    return tuple(upper - lower for lower, upper in pairwise(below))


def score(value: float, lower: float, upper: float, scale: Scale, *, step: float = 0.0) -> Scored:
    """Score a published value with its published 95% interval, all in the yardstick's unit.

    `step` is what they were rounded to; its variance, step^2 / 12, is added. The interval goes through
    the same transformation as the value and is capped afterwards. The standard error of the score is k /
    sd * sqrt(SE_value^2 + SE_mean^2), with SE_value read off the interval.
    """
    middle = scale.uncapped(value)
    low, high = sorted((scale.uncapped(lower), scale.uncapped(upper)))
    spread = ((upper - lower) / (2 * Z95)) ** 2 + step**2 / 12 + scale.mean_error**2
    chances = band_chances(middle, scale.k / scale.sd * math.sqrt(spread), scale.bands)
    likeliest = max(range(len(chances)), key=lambda i: chances[i])
    return Scored(
        score=round(cap(middle), 2),
        lower=round(cap(low), 2),
        upper=round(cap(high), 2),
        uncapped=round(middle, 2),
        band=likeliest if chances[likeliest] >= SURE_ENOUGH else None,
        band_chance=round(chances[likeliest], 2),
    )
