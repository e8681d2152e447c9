"""Trimmed weights, and how they are described."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.raking import RakingError, Reason, rake
from analysis.weights import cell_weights

CELLS = pd.DataFrame({"age": ["young", "old", "young", "old"], "sex": ["F", "F", "M", "M"]})
TARGETS = {"age": {"young": 30, "old": 70}, "sex": {"F": 50, "M": 50}}


def test_without_a_cap_they_are_the_raked_weights():
    counts = np.array([5.0, 40.0, 5.0, 50.0])
    found = cell_weights(counts, CELLS, TARGETS, cap=None)
    np.testing.assert_array_equal(found.weight, rake(counts, CELLS, TARGETS))
    assert found.trimmed_share == 0


def test_kish_design_effect_by_hand():
    # one margin, 20 young and 80 old made equal: weights 2.5 and 0.625
    counts = np.array([20.0, 80.0])
    found = cell_weights(counts, CELLS[:2], {"age": {"young": 1, "old": 1}})
    # sum w^2 = 20 * 6.25 + 80 * 0.390625 = 156.25; 100 * 156.25 / 100^2 = 1.5625
    assert found.design_effect == pytest.approx(1.5625)
    assert found.effective_n == pytest.approx(64)
    assert found.largest == pytest.approx(2.5)


def test_the_report_has_shares_before_and_after():
    counts = np.array([20.0, 70.0, 10.0])
    cells = pd.DataFrame({"age": ["young", "old", ""]})
    found = cell_weights(counts, cells, {"age": {"young": 1, "old": 1}})
    rows = {
        r.level: (r.respondents, r.unweighted_share, r.target_share, r.weighted_share) for r in found.report
    }
    assert rows["young"] == pytest.approx((20, 0.2, 0.45, 0.45))
    assert rows["old"] == pytest.approx((70, 0.7, 0.45, 0.45))
    assert rows[""] == pytest.approx((10, 0.1, 0.1, 0.1))


def test_trimming_that_the_margins_allow_keeps_the_margins():
    # A young man would weigh 8.0, but young women can carry more instead: both margins and the cap hold.
    counts = np.array([30.0, 100.0, 5.0, 65.0])
    free = cell_weights(counts, CELLS, {"age": {"young": 35, "old": 65}, "sex": {"F": 50, "M": 50}}, cap=None)
    cap = 0.9 * free.largest
    found = cell_weights(counts, CELLS, {"age": {"young": 35, "old": 65}, "sex": {"F": 50, "M": 50}}, cap=cap)
    assert found.largest == pytest.approx(cap, rel=1e-6)
    assert found.trimmed_share == pytest.approx(5 / 200)
    for row in found.report:
        assert row.weighted_share == pytest.approx(row.target_share, rel=1e-6)
    assert found.design_effect < free.design_effect


def test_when_the_margins_cannot_be_kept_the_cap_is_and_the_report_shows_it():
    counts = np.array([2.0, 98.0])
    found = cell_weights(counts, CELLS[:2], {"age": {"young": 40, "old": 60}}, cap=5)
    # 2 young people of weight 5 are 10 of 100; the old share the other 90
    np.testing.assert_allclose(found.weight, [5, 90 / 98])
    young = found.report[0]
    assert (young.target_share, young.weighted_share) == pytest.approx((0.4, 0.1))
    assert found.trimmed_share == pytest.approx(0.02)


def test_no_weight_is_trimmed_at_the_cap_itself():
    counts = np.array([10.0, 90.0])
    found = cell_weights(counts, CELLS[:2], {"age": {"young": 50, "old": 50}}, cap=5)
    np.testing.assert_allclose(found.weight, [5, 50 / 90])


@pytest.mark.parametrize("cap", [1.0, 0.5, float("nan"), -3.0])
def test_a_cap_at_or_below_the_mean_is_refused(cap):
    with pytest.raises(ValueError, match="more than 1"):
        cell_weights(np.array([1.0, 1.0]), CELLS[:2], {"age": {"young": 1, "old": 1}}, cap=cap)


def test_raking_that_fails_is_not_hidden_by_trimming():
    with pytest.raises(RakingError):
        cell_weights(np.array([1.0, 0.0]), CELLS[:2], {"age": {"young": 1, "old": 1}})


@given(
    st.lists(st.integers(1, 300), min_size=4, max_size=4),
    st.integers(1, 99),
    st.integers(1, 99),
    st.floats(1.05, 8),
)
def test_the_cap_and_the_mean_always_hold(counts, young, women, cap):
    people = np.array(counts, dtype=float)
    targets = {"age": {"young": young, "old": 100 - young}, "sex": {"F": women, "M": 100 - women}}
    found = cell_weights(people, CELLS, targets, cap=cap)
    assert found.weight.max() <= cap * (1 + 1e-9)
    assert people @ found.weight == pytest.approx(people.sum(), rel=1e-9)
    assert 1 - 1e-12 <= found.design_effect <= cap + 1e-9


def test_raking_starts_from_design_weights():
    # one margin: 10 old asked at chance 1/3, 10 at 1, and 20 young; old and young are to weigh alike
    cells = pd.DataFrame({"age": ["old", "old", "young"]})
    counts, design = np.array([10.0, 10.0, 20.0]), np.array([3.0, 1.0, 1.0])
    found = cell_weights(counts, cells, {"age": {"old": 50, "young": 50}}, cap=None, design=design)
    np.testing.assert_allclose(found.weight, [1.5, 0.5, 1.0])
    scaled = cell_weights(counts, cells, {"age": {"old": 50, "young": 50}}, cap=None, design=design * 7)
    np.testing.assert_allclose(scaled.weight, found.weight)


def test_the_not_stated_keep_their_share_of_the_design_weights():
    cells = pd.DataFrame({"age": ["old", "young", ""]})
    counts, design = np.array([4.0, 4.0, 2.0]), np.array([1.0, 1.0, 6.0])
    found = cell_weights(counts, cells, {"age": {"old": 1, "young": 1}}, cap=None, design=design)
    # 12 of 20 design weights did not say: 6 of 10 people's weight is theirs
    assert counts @ (found.weight * [0, 0, 1]) == pytest.approx(6)


@pytest.mark.parametrize("design", [[1.0, 0.0], [1.0, -2.0], [1.0, np.nan], [1.0]])
def test_design_weights_that_are_none_are_refused(design):
    with pytest.raises(ValueError, match="design weights"):
        cell_weights(
            np.ones(2), CELLS[:2], {"age": {"young": 1, "old": 1}}, design=np.array(design, dtype=float)
        )


@given(
    st.lists(st.integers(0, 40), min_size=12, max_size=12),
    st.lists(st.integers(0, 9), min_size=3, max_size=3),
    st.lists(st.integers(0, 9), min_size=4, max_size=4),
)
def test_weights_reproduce_the_margins_or_the_error_names_one(counts, ages, tenures):
    """1e-8 relative to each level; an error names a margin, and its level where it is about one."""
    levels = [(a, t) for a in ("young", "middle", "old") for t in ("own", "rent", "social", "")]
    cells = pd.DataFrame(levels, columns=["age", "tenure"])
    targets = {
        "age": dict(zip(("young", "middle", "old"), map(float, ages), strict=True)),
        "tenure": dict(zip(("own", "rent", "social", "squat"), map(float, tenures), strict=True)),
    }
    people = np.array(counts, dtype=float)
    refused: tuple[Reason, ...] = ()
    try:
        found = cell_weights(people, cells, targets, cap=None)
    except RakingError as error:
        refused = error.reasons
    if refused:
        assert not people.sum() or all(reason.margin in targets and reason.level for reason in refused)
        return
    for row in found.report:
        assert row.weighted_share == pytest.approx(row.target_share, rel=1e-8, abs=1e-15)
    assert (found.weight[people > 0] > 0).all()
