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


def test_a_net_is_the_mean_of_one_minus_one_and_nought():
    answers = tally("A 0 5 6\nA 0 3 3\nA 0 1 1")
    found = estimate(answers, np.ones(1), total_n=10, statistic="net", codes=[4, 5], negative=[1, 2]).loc[0]
    assert found["estimate"] == pytest.approx(0.5)
    # 6 x 0.5^2 + 3 x 0.5^2 + 1 x 1.5^2 = 4.5; 4.5 x 10/9 / 100
    assert found["se"] == pytest.approx(np.sqrt(0.05))


def test_a_net_of_people_who_all_agree_is_not_a_point():
    found = estimate(tally("A 0 5 4"), np.ones(1), total_n=9, statistic="net", codes=[5], negative=[1]).loc[0]
    assert (found["estimate"], found["se"], found["upper"]) == (1, 0, 1)
    # Wilson for 4 of 4 with t(3) = 3.1824: lower 4/(4 + t^2), stretched to -1 to 1
    assert found["lower"] == pytest.approx(2 * 4 / (4 + 3.182446**2) - 1, rel=1e-6)


def test_bands_take_what_is_from_one_end_to_below_the_other():
    answers = tally("A 0 4 1\nA 0 5 2\nA 0 6 3\nA 0 7 4")
    found = estimate(answers, np.ones(1), total_n=10, statistic="band", codes=(5, 7)).loc[0]
    assert found["estimate"] == pytest.approx(0.5)


def test_clusters_by_hand():
    """Sums of each cluster about the mean, squared: people who answer alike count for less."""
    frame = tally("A 0 2 2\nA 0 6 2\nB 0 1 1").assign(cluster=[0, 1, 1])
    found = estimate(frame, np.ones(1), total_n=5, statistic="mean", total_clusters=3).set_index("area")
    # mean 4; sums -4 and 4; 3/2 x 32 / 4^2
    assert found.loc["A", "se"] == pytest.approx(np.sqrt(3))
    assert found["clusters"].to_dict() == {"A": 2, "B": 1}
    # one cluster says nothing of how they differ
    assert found.loc["B", "se"] == 0
    assert np.isnan(found.loc["B", "lower"])
    alone = estimate(frame.drop(columns="cluster"), np.ones(1), total_n=5, statistic="mean").set_index("area")
    assert alone.loc["A", "se"] < found.loc["A", "se"]


def test_clusters_that_are_not_counted_are_refused():
    with pytest.raises(ValueError, match="how many clusters"):
        estimate(TALLY.assign(cluster=0), WEIGHTS, total_n=18, statistic="mean")


@given(people, cell_weights, st.lists(st.sampled_from([0.5, 1.0, 4.0]), min_size=60, max_size=60))
def test_sums_of_design_weights_give_what_cells_for_each_give(rows, weights, design):
    """A tally may keep sum d and sum d^2 in each cell, or have a cell for each design weight."""
    frame = pd.DataFrame(rows, columns=["area", "cell", "code"]).assign(d=design[: len(rows)])
    summed = (
        frame.assign(n=1, design=frame["d"], design_squares=frame["d"] ** 2)
        .groupby(["area", "cell", "code"])[["n", "design", "design_squares"]]
        .sum()
        .reset_index()
    )
    apart = frame.assign(cell=frame["cell"] * 3 + frame["d"].map({0.5: 0, 1.0: 1, 4.0: 2}), n=1)
    g = np.array(weights)
    one = estimate(summed, g, total_n=len(rows), statistic="mean")
    other = estimate(apart, np.outer(g, [0.5, 1.0, 4.0]).ravel(), total_n=len(rows), statistic="mean")
    pd.testing.assert_frame_equal(one, other, rtol=1e-7, atol=1e-9)


def test_answers_that_are_alike_have_no_error_at_all():
    """Not one of 1e-16, which a test of a change would take for certainty."""
    answers = pd.DataFrame({"area": "A", "cell": [0, 1, 2], "code": 21.33, "n": [3, 1, 7]})
    found = estimate(answers, np.array([0.1, 0.7, 1.3]), total_n=11, statistic="mean")
    assert found["se"].item() == 0
