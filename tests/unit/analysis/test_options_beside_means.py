"""Where a mean is shown, two hidden options would follow from it."""

from __future__ import annotations

import numpy as np

from analysis.options_beside_means import hide_beside_means

COUNTS = np.array([[40, 30, 20, 12, 6], [40, 30, 20, 12, 6]])
SHOWN = np.array([[True, True, True, False, False]] * 2)
TOGETHER = (0,) * 5


def hide(shown=SHOWN, sums=TOGETHER, averaged=(True, False), counts=COUNTS) -> list[list[bool]]:
    return hide_beside_means(counts, shown, sums, np.array(averaged)).tolist()


def test_a_third_option_is_hidden_where_the_mean_is_shown_and_only_there() -> None:
    assert hide() == [[True, True, False, False, False], [True, True, True, False, False]]


def test_every_known_sum_takes_one_more() -> None:
    """The share of the last two is shown as well: with three and four hidden, all would still be told."""
    assert hide(sums=(0, 0, 0, 1, 1))[0] == [True, False, False, False, False]


def test_where_nothing_is_hidden_or_nobody_chose_it_nothing_more_is() -> None:
    everything = np.ones((2, 5), dtype=bool)
    assert hide(shown=everything) == everything.tolist()
    nobody = COUNTS * [1, 1, 1, 0, 0]
    assert hide(counts=nobody)[0] == [True, True, True, False, False]


def test_where_all_options_are_too_few_to_leave_anything_open_none_is_shown() -> None:
    three = np.array([[60, 40, 5]])
    assert hide_beside_means(
        three, np.array([[True, False, False]]), (0, 0, 0), np.array([True])
    ).tolist() == [[False, False, False]]
