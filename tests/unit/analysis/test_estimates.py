"""Estimates from counts are those from the rows the counts were made of."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.estimates import COLUMNS, estimate, everywhere


def tally(rows: str) -> pd.DataFrame:
    """Counts from an ASCII table with columns area, cell, code, n."""
    parsed = [line.split() for line in rows.strip().splitlines()]
    frame = pd.DataFrame(parsed, columns=["area", "cell", "code", "n"])
    return frame.astype({"cell": int, "code": int, "n": int})


TALLY = tally("""
    A 0  4  3
    A 1  9  1
    B 0  5  2
    A 0 -2  7
    B 1 -1  4
    C 1 -2  1
""")
WEIGHTS = np.array([0.5, 2.0])


def test_a_mean_by_hand():
    found = estimate(TALLY, WEIGHTS, total_n=18, statistic="mean").set_index("area")
    a = found.loc["A"]
    # weights: 3 x 0.5 on 4, 1 x 2 on 9: W = 3.5, mean = (6 + 18) / 3.5
    mean = 24 / 3.5
    assert (a["n"], a["weighted_n"], a["estimate"]) == pytest.approx((4, 3.5, mean))
    # Kish: 3.5^2 / (3 x 0.25 + 1 x 4)
    assert a["effective_n"] == pytest.approx(3.5**2 / 4.75)
    squares = (0.75 * (4 - mean) ** 2 + 4 * (9 - mean) ** 2) * 18 / 17
    assert a["se"] == pytest.approx(np.sqrt(squares) / 3.5)
    assert a["weighted_variance"] == pytest.approx((1.5 * (4 - mean) ** 2 + 2 * (9 - mean) ** 2) / 3.5)


def test_a_proportion_by_hand():
    found = estimate(TALLY, WEIGHTS, total_n=18, statistic="proportion", codes=[9, 5]).set_index("area")
    # A: 2 of 3.5 weighted; B: everybody
    assert found.loc["A", "estimate"] == pytest.approx(2 / 3.5)
    assert found.loc["B", ["estimate", "se", "upper"]].tolist() == [1, 0, 1]
    assert found.loc["B", "lower"] < 1


def test_missing_reasons_are_not_answers_and_an_area_without_answers_has_no_row():
    found = estimate(TALLY, WEIGHTS, total_n=18, statistic="mean")
    assert list(found["area"]) == ["A", "B"]
    assert list(found["n"]) == [4, 2]
    assert list(found.columns) == COLUMNS


def test_everywhere_is_one_area():
    found = estimate(everywhere(TALLY), WEIGHTS, total_n=18, statistic="mean")
    assert list(found["area"]) == ["all"]
    # 3 x 0.5 x 4 + 2 x 9 + 2 x 0.5 x 5 over 3.5 + 1
    assert found["estimate"].item() == pytest.approx(29 / 4.5)


def test_no_answers_at_all_is_an_empty_table():
    found = estimate(TALLY[:0], WEIGHTS, total_n=18, statistic="mean")
    assert found.empty
    assert list(found.columns) == COLUMNS


def test_a_single_person_weighted_alone_has_no_standard_error():
    found = estimate(tally("A 0 4 1"), np.array([1.0]), total_n=1, statistic="mean")
    assert np.isnan(found["se"].item())
    assert found["estimate"].item() == 4


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"statistic": "mode"}, "unknown statistic"),
        ({"statistic": "proportion"}, "need at least one"),
        ({"statistic": "mean", "codes": [1]}, "codes are for proportions"),
    ],
)
def test_what_it_cannot_estimate_is_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        estimate(TALLY, WEIGHTS, total_n=18, **arguments)


def test_a_cell_without_a_weight_is_refused():
    with pytest.raises(ValueError, match="answers in cell 1"):
        estimate(TALLY, WEIGHTS[:1], total_n=18, statistic="mean")


people = st.lists(
    st.tuples(st.sampled_from("ABC"), st.integers(0, 3), st.integers(0, 10)), min_size=2, max_size=60
)
cell_weights = st.lists(st.floats(0.1, 5), min_size=4, max_size=4)


@given(people, cell_weights)
def test_counts_give_what_rows_give(rows, weights):
    frame = pd.DataFrame(rows, columns=["area", "cell", "code"])
    counted = frame.groupby(["area", "cell", "code"]).size().reset_index(name="n")
    found = estimate(counted, np.array(weights), total_n=len(rows), statistic="mean").set_index("area")
    for area, part in frame.groupby("area"):
        w, y = np.array(weights)[part["cell"]], part["code"].to_numpy(dtype=float)
        mean = np.average(y, weights=w)
        se = np.sqrt(len(rows) / (len(rows) - 1) * (w**2 * (y - mean) ** 2).sum()) / w.sum()
        assert found.loc[area, "n"] == len(part)
        assert found.loc[area, "estimate"] == pytest.approx(mean, rel=1e-9, abs=1e-12)
        assert found.loc[area, "se"] == pytest.approx(se, rel=1e-7, abs=1e-7)
        assert found.loc[area, "effective_n"] == pytest.approx(w.sum() ** 2 / (w**2).sum(), rel=1e-9)


@given(people, cell_weights, st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(rows, weights, random):
    counted = pd.DataFrame(rows, columns=["area", "cell", "code"]).assign(n=1)
    shuffled = counted.sample(frac=1, random_state=random.randrange(1000))
    options = {"total_n": len(rows), "statistic": "proportion", "codes": [7, 8, 9, 10]}
    first = estimate(counted, np.array(weights), **options)
    pd.testing.assert_frame_equal(first, estimate(shuffled, np.array(weights), **options), rtol=1e-9)
