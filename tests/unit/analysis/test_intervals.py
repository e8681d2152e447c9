"""Intervals at ordinary values, by hand, and at the edges where formulas divide by zero."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.intervals import logit_interval, mean_interval, proportion_interval, wald_interval


def t(df: float) -> float:
    return float(stats.t.ppf(0.975, df))


def test_proportion_uses_the_smaller_effective_sample_size():
    # p(1-p)/v = 0.25/0.01 = 25, and Kish says 40: n = 25
    by_variance = proportion_interval(0.5, 0.01, 40)
    assert by_variance == proportion_interval(0.5, 0.25 / 25, 25)
    # Kish says 20: n = 20
    assert proportion_interval(0.5, 0.01, 20) == proportion_interval(0.5, 1e-9, 20)
    # Wilson by hand for p = 0.5: half-width = t sqrt(0.25/n + t^2/4n^2) / (1 + t^2/n)
    n, q = 25, t(24)
    half = q * math.sqrt(0.25 / n + q**2 / (4 * n**2)) / (1 + q**2 / n)
    assert by_variance == pytest.approx((0.5 - half, 0.5 + half), rel=1e-12)


def test_nobody_or_everybody_is_never_a_point():
    n, q = 50, t(49)
    assert proportion_interval(0, 0, n) == pytest.approx((0, q**2 / (n + q**2)))
    lower, upper = proportion_interval(1, 0, n)
    assert upper == 1
    assert lower == pytest.approx(1 - q**2 / (n + q**2))


def test_one_answer_says_nothing_about_a_proportion():
    for p in (0.0, 1.0, 0.4):
        assert proportion_interval(p, 0, 1) == (0, 1)
    assert proportion_interval(0.0, 0.0, 1.0000001) == pytest.approx((0, 1))


def test_mean_uses_the_larger_standard_error():
    # Kish: sqrt(4 / (17 - 1)) = 0.5
    assert mean_interval(7, 0.3, 4, 17) == pytest.approx((7 - 0.5 * t(16), 7 + 0.5 * t(16)))
    assert mean_interval(7, 0.8, 4, 17) == pytest.approx((7 - 0.8 * t(16), 7 + 0.8 * t(16)))


def test_one_answer_gives_no_interval_for_a_mean():
    assert np.isnan(mean_interval(7, 0, 0, 1)).all()
    lower, upper = mean_interval([7, 7], [0, 0.1], [0, 1], [1, 30])
    assert np.isnan(lower[0])
    assert lower[1] < 7 < upper[1]


def test_level_widens():
    narrow, wide = (
        proportion_interval(0.3, 0.002, 90, level=0.8),
        proportion_interval(0.3, 0.002, 90, level=0.99),
    )
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_shapes_follow_the_inputs():
    lower, upper = proportion_interval(np.full((2, 3), 0.5), 0.01, 20)
    assert lower.shape == upper.shape == (2, 3)


def test_logit_by_hand():
    p, se, df = 0.2, 0.05, 30
    centre, half = math.log(0.25), t(df) * se / 0.16
    wanted = tuple(1 / (1 + math.exp(-(centre + sign * half))) for sign in (-1, 1))
    assert logit_interval(p, se**2, df) == pytest.approx(wanted, rel=1e-12)


def test_logit_and_wald_have_no_value_where_r_has_none():
    assert np.isnan(logit_interval([0, 1, 0.5], [0, 0, 0.01], [10, 10, 0])).all()
    assert np.isnan(wald_interval([3.0, 0.5], [0.1, 0.1], [0, -1])).all()


def test_wald_by_hand():
    assert wald_interval(5, 0.04, 10) == pytest.approx((5 - 0.2 * t(10), 5 + 0.2 * t(10)))


@given(st.floats(0, 1), st.floats(0, 0.25), st.floats(0, 1e6))
def test_a_proportion_interval_holds_its_estimate_and_stays_within_0_and_1(p, variance, kish_n):
    lower, upper = proportion_interval(p, variance, kish_n)
    assert 0 <= lower <= p + 1e-12
    assert p - 1e-12 <= upper <= 1
    assert lower < upper


@given(st.integers(0, 64).map(lambda p: p / 64), st.floats(1e-6, 0.25), st.floats(2, 1e5))
def test_a_proportion_interval_mirrors(p, variance, kish_n):
    lower, upper = proportion_interval(p, variance, kish_n)
    mirrored = proportion_interval(1 - p, variance, kish_n)
    np.testing.assert_allclose((1 - upper, 1 - lower), mirrored, atol=1e-9)


def test_coverage_where_the_usual_interval_fails():
    """30 answers, true share 0.05, weights of 1 and 4: Wald covers about 0.7, this at least 0.93."""
    rng = np.random.default_rng(7)
    runs, n, truth = 4000, 30, 0.05
    weight = np.where(rng.random((runs, n)) < 0.25, 4.0, 1.0)
    y = (rng.random((runs, n)) < truth).astype(float)
    total = weight.sum(axis=1)
    p = (weight * y).sum(axis=1) / total
    variance = n / (n - 1) * (weight**2 * (y - p[:, None]) ** 2).sum(axis=1) / total**2
    kish = total**2 / (weight**2).sum(axis=1)
    lower, upper = proportion_interval(p, variance, kish)
    wald_lower, wald_upper = wald_interval(p, variance, np.full(runs, n - 1))
    assert ((wald_lower <= truth) & (truth <= wald_upper)).mean() < 0.85
    assert ((lower <= truth) & (truth <= upper)).mean() > 0.93
