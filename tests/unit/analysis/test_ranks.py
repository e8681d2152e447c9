"""Ranks: by hand, by counting in plain Python, and by whether their ranges keep their promise."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from analysis.ranks import METHODS, RankError, ranks


def test_areas_far_apart_have_one_rank_each() -> None:
    for method in METHODS:
        found = ranks([5.0, 9.0, 7.0], [0.1, 0.1, 0.1], method=method)
        assert found.rank.tolist() == found.lower.tolist() == found.upper.tolist() == [3, 1, 2]
        lowest = ranks([5.0, 9.0, 7.0], [0.1, 0.1, 0.1], method=method, highest_first=False)
        assert lowest.rank.tolist() == [1, 3, 2]


def test_areas_that_cannot_be_told_apart_could_be_anywhere() -> None:
    for method in METHODS:
        found = ranks([7.0, 7.01, 7.02, 6.99], [0.5] * 4, method=method)
        assert found.lower.tolist() == [1] * 4
        assert found.upper.tolist() == [4] * 4


def test_areas_that_tie_share_the_better_rank() -> None:
    found = ranks([3.0, 5.0, 5.0, 1.0], [0.0] * 4)
    assert found.rank.tolist() == [3, 1, 1, 4]
    assert (found.lower[1], found.upper[1]) == (1, 2)


def test_simultaneous_ranges_are_those_of_counting_intervals() -> None:
    draw = np.random.default_rng(3)
    y, se = draw.normal(7, 0.5, 25), draw.uniform(0.05, 0.4, 25)
    z = NormalDist().inv_cdf(0.5 + 0.9 ** (1 / 25) / 2)
    ends = [(a - z * b, a + z * b) for a, b in zip(y, se, strict=True)]
    found = ranks(y, se, level=0.9)
    assert found.lower.tolist() == [1 + sum(other[0] > one[1] for other in ends) for one in ends]
    assert found.upper.tolist() == [25 - sum(other[1] < one[0] for other in ends) for one in ends]
    assert (found.method, found.level, found.seed) == ("simultaneous", 0.9, None)


@pytest.mark.parametrize("difference", [1.5, 2.2])
def test_simulated_ranges_of_two_areas_are_exact(difference: float) -> None:
    """The first of two areas is truly second with a chance of Phi(-difference / (error sqrt 2))."""
    chance = NormalDist().cdf(-difference / math.sqrt(2))
    for tail, worst in ((chance - 0.01, 2), (chance + 0.01, 1)):
        found = ranks([difference, 0.0], [1.0, 1.0], method="simulated", level=1 - 2 * tail)
        assert found.upper[0] == worst


def test_the_same_seed_gives_the_same_ranges_and_is_kept() -> None:
    draw = np.random.default_rng(5)
    y, se = draw.normal(size=30), np.full(30, 0.6)
    first, again = (ranks(y, se, method="simulated", seed=7) for _ in range(2))
    assert first.upper.tolist() == again.upper.tolist()
    assert first.seed == 7
    turned = ranks(y[::-1], se, method="simulated", seed=7)
    assert np.abs(turned.upper[::-1] - first.upper).max() <= 1


def test_simultaneous_ranges_hold_all_true_ranks_at_once() -> None:
    draw = np.random.default_rng(11)
    true = np.sort(draw.normal(7, 0.3, 15))[::-1]
    se = draw.uniform(0.1, 0.3, 15)
    held = {method: 0 for method in METHODS}
    width = {method: 0.0 for method in METHODS}
    for _ in range(300):
        y = true + se * draw.normal(size=15)
        for method in METHODS:
            found = ranks(y, se, method=method, draws=500)
            at = np.arange(1, 16)
            held[method] += bool(np.all((found.lower <= at) & (at <= found.upper)))
            width[method] += float(np.mean(found.upper - found.lower)) / 300
    assert held["simultaneous"] >= 0.95 * 300
    assert held["simulated"] < 0.9 * 300
    assert width["simulated"] < width["simultaneous"]


@pytest.mark.parametrize(
    ("estimates", "ses", "options", "said"),
    [
        ([1.0], [0.1], {}, "two areas or more"),
        ([1.0, math.nan], [0.1, 0.1], {}, "Rank only the areas that are shown"),
        ([1.0, 2.0], [0.1, -0.1], {}, "no standard error"),
        ([1.0, 2.0], [0.1, 0.1], {"method": "bare"}, "simultaneous, simulated"),
        ([1.0, 2.0], [0.1, 0.1], {"level": 95}, "between 0 and 1"),
    ],
)
def test_what_cannot_be_ranked_is_refused(estimates, ses, options, said) -> None:
    with pytest.raises(RankError, match=said):
        ranks(estimates, ses, **options)
