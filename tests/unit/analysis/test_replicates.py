"""The jackknife by hand, and what it refuses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.raking import RakingError, margins
from analysis.replicates import deal, jackknife, jackknife_se

CELLS = pd.DataFrame({"age": ["young", "old"]})
TARGETS = {"age": {"young": 50, "old": 50}}


def test_ids_are_dealt_out_in_order_whatever_the_order_of_rows():
    assert deal(["d", "a", "c", "b", "e"], 2).tolist() == [1, 0, 0, 1, 0]
    assert deal(["e", "b"], 2).tolist() == [1, 0]


def test_every_replicate_is_raked_to_the_same_population():
    # old 3, young 2; leaving group 0 out leaves 2 old and 1 young, who weigh 5/2/2 and 5/2
    cell, group = np.array([0, 0, 1, 1, 1]), np.array([0, 1, 0, 1, 2])
    counts = np.array([2.0, 3.0])
    found = jackknife(group, cell, counts, np.array([1.25, 5 / 6]), margins(counts, CELLS, TARGETS))
    np.testing.assert_allclose(found.weight, [[2.5, 1.25], [2.5, 1.25], [1.25, 1.25]])


def test_without_raking_it_is_the_standard_error_of_a_mean():
    """Leaving people out one by one: sqrt(s^2 / n), with s^2 the usual variance, exactly."""
    values = np.array([3.0, 5.0, 6.0, 10.0])
    tally = pd.DataFrame({"area": "A", "cell": 0, "code": values, "n": 1, "group": range(4)})
    people = np.arange(4), np.zeros(4, dtype=np.int64)
    found = jackknife(*people, np.array([4.0]), np.array([1.0]), ())
    assert found.replicates == 4
    error = jackknife_se(tally, found, statistic="mean")
    assert error["A"] == pytest.approx(np.sqrt(values.var(ddof=1) / 4))


def test_an_area_of_one_group_has_no_error():
    tally = pd.DataFrame({"area": ["A", "A", "B"], "cell": 0, "code": [3.0, 5.0, 6.0], "n": 1})
    found = jackknife(np.array([0, 1, 1]), np.zeros(3, dtype=np.int64), np.array([3.0]), np.ones(1), ())
    error = jackknife_se(tally.assign(group=[0, 1, 1]), found, statistic="mean")
    assert error["A"] > 0
    assert np.isnan(error["B"])


def test_a_level_that_one_group_holds_is_named():
    counts = np.array([2.0, 3.0])
    prepared = margins(counts, CELLS, TARGETS)
    with pytest.raises(RakingError, match='age "young": Everyone in this category is in one group'):
        jackknife(np.array([0, 0, 0, 1, 1]), np.array([0, 0, 1, 1, 1]), counts, np.ones(2), prepared)


def test_a_single_group_cannot_be_left_out():
    with pytest.raises(RakingError, match="in one group, so none"):
        jackknife(np.zeros(3, dtype=np.int64), np.zeros(3, dtype=np.int64), np.array([3.0]), np.ones(1), ())
