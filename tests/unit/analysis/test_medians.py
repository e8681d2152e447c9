"""Weighted medians and their intervals, on answers one can look at."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.estimates import estimate


def medians(answers: dict[str, list[tuple[float, float]]]) -> pd.DataFrame:
    """Medians of (answer, weight) by area, each person in a cell of their own."""
    rows = [(area, code, w) for area, given in answers.items() for code, w in given]
    frame = pd.DataFrame(rows, columns=["area", "code", "weight"])
    frame = frame.assign(cell=range(len(frame)), n=1)
    weights = frame["weight"].to_numpy()
    return estimate(frame, weights, total_n=len(frame), statistic="median").set_index("area")


@pytest.mark.parametrize(
    ("answers", "median"),
    [
        ([(3, 1), (7, 1), (9, 1)], 7),
        ([(3, 1), (7, 1)], 3),  # half of the weight is at or below 3
        ([(0, 8), (5, 2)], 0),  # R's survey 4.1 says 5, see tests/scenarios/r_survey
        ([(9, 1), (2, 1.5), (5, 1.2)], 5),  # 1.5 of 3.7 is less than half
        ([(4, 1)], 4),
    ],
)
def test_a_median_by_hand(answers, median):
    assert medians({"A": answers}).loc["A", "estimate"] == median


def test_every_area_has_its_own():
    found = medians({"B": [(1, 1), (2, 1), (3, 1)], "A": [(8, 1), (8, 1), (10, 1)]})
    assert found["estimate"].to_dict() == {"A": 8, "B": 2}


def test_the_interval_is_about_one_half_and_not_about_the_median():
    """48 of 100 say up to 6 and 17 say 7: the median is 7, and could easily be 6, but not 8."""
    answers = [(5.0, 1.0)] * 20 + [(6.0, 1.0)] * 28 + [(7.0, 1.0)] * 17 + [(9.0, 1.0)] * 35
    found = medians({"A": answers}).loc["A"]
    assert found["estimate"] == 7
    # Wilson about one half of 100: 0.402 to 0.598. R's is about 0.65: 0.555 to 0.745.
    assert (found["lower"], found["upper"]) == (6, 7)
    assert (found["woodruff_lower"], found["woodruff_upper"]) == (7, 9)


def test_few_people_have_a_wide_interval_and_one_has_all():
    assert medians({"A": [(2.0, 1), (8.0, 1), (9.0, 1)]}).loc["A", ["lower", "upper"]].tolist() == [2, 9]
    one = medians({"A": [(4.0, 1.0)], "B": [(1.0, 1.0)] * 5}).loc["A"]
    assert one[["estimate", "lower", "upper"]].tolist() == [4, 4, 4]
    assert np.isnan(one["woodruff_lower"])


@given(
    st.lists(st.tuples(st.integers(0, 10), st.floats(0.1, 9)), min_size=1, max_size=30),
    st.randoms(use_true_random=False),
)
def test_half_of_the_weight_is_on_each_side_in_any_order(answers, random):
    found = medians({"A": answers}).loc["A"]
    code, weight = (np.array(part, dtype=float) for part in zip(*answers, strict=True))
    assert weight[code <= found["estimate"]].sum() >= 0.5 * weight.sum() * (1 - 1e-9)
    assert weight[code < found["estimate"]].sum() <= 0.5 * weight.sum() * (1 + 1e-9)
    assert found["lower"] <= found["estimate"] <= found["upper"]
    random.shuffle(answers)
    again = medians({"A": answers}).loc["A"]
    assert again["estimate"] == found["estimate"]
