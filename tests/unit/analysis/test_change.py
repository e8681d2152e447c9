"""Changes between waves by hand, and tests taken together against scipy and statsmodels' rule."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.change import benjamini_hochberg, change, change_interval


def test_a_change_by_hand():
    found = change([7.0, 0.5], [0.3, 0.1], [7.5, 0.2], [0.4, 0.0])
    # sqrt(0.09 + 0.16) = 0.5; the second later estimate has no error to test with
    np.testing.assert_allclose(found.difference, [0.5, -0.3])
    np.testing.assert_allclose(found.se, [0.5, 0.1])
    np.testing.assert_allclose(found.z, [1.0, np.nan])
    np.testing.assert_allclose(found.p, [0.31731050786291415, np.nan])  # 2 Phi(-1)


def test_an_interval_for_a_change_is_square_and_add():
    # 0.6 (0.5 to 0.7) to 0.8 (0.4 to 0.9): 0.2 - sqrt(0.4^2 + 0.1^2), 0.2 + sqrt(0.1^2 + 0.1^2)
    lower, upper = change_interval(0.6, (0.5, 0.7), 0.8, (0.4, 0.9))
    assert (float(lower), float(upper)) == pytest.approx((0.2 - np.sqrt(0.17), 0.2 + np.sqrt(0.02)))


def test_newcombes_published_interval():
    """Newcombe (1998), table II, 56/70 against 48/80, method 10: 0.0524 to 0.3339, from Wilson's limits."""

    def wilson(x: int, n: int) -> tuple[float, float]:
        found = stats.binomtest(x, n).proportion_ci(method="wilson")
        return found.low, found.high

    lower, upper = change_interval(48 / 80, wilson(48, 80), 56 / 70, wilson(56, 70))
    assert (float(lower), float(upper)) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_adjusting_by_hand():
    # In order 0.01, 0.02, 0.03, 0.8: times 4/1, 4/2, 4/3, 4/4, and none above the next
    np.testing.assert_allclose(benjamini_hochberg([0.03, 0.01, 0.8, 0.02]), [0.04, 0.04, 0.8, 0.04])


def test_what_was_not_tested_does_not_count():
    np.testing.assert_allclose(benjamini_hochberg([np.nan, 0.01, np.nan, 0.04]), [np.nan, 0.02, np.nan, 0.04])
    assert benjamini_hochberg([]).shape == (0,)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50))
def test_adjusted_values_are_scipys(p):
    np.testing.assert_allclose(benjamini_hochberg(p), stats.false_discovery_control(p), rtol=1e-12)


@pytest.mark.parametrize("p", [[-0.1], [1.1], [[0.5]], 0.5])
def test_what_is_not_a_list_of_p_values_is_refused(p):
    with pytest.raises(ValueError, match="p values"):
        benjamini_hochberg(p)
