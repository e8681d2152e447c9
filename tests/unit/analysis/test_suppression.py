"""What may be shown of one column by area, at the thresholds and around the total."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.planned_items import PlannedItem
from analysis.suppression import hidden_areas, suppressed

MEAN = PlannedItem("life_sat", "q", "mean")
YES = PlannedItem("yes", "q", "proportion", (1.0,))
HIGH = PlannedItem("high", "q", "proportion", (4.0, 5.0))
HIGHEST = PlannedItem("highest", "q", "proportion", (5.0,))


def counts(**areas: dict[int, int]) -> pd.DataFrame:
    rows = [(area.strip("_"), code, n) for area, codes in areas.items() for code, n in codes.items()]
    return pd.DataFrame(rows, columns=["area", "code", "n"])


@pytest.mark.parametrize(("n", "hidden"), [(29, True), (30, False), (31, False)])
def test_the_minimum_base(n, hidden):
    found = hidden_areas(counts(A={3: n}, B={3: 500}, C={3: 40}), [MEAN])
    assert ("A" in found) == hidden


@pytest.mark.parametrize(("yes", "hidden"), [(0, False), (1, True), (9, True), (10, False)])
def test_small_numerators_and_complements(yes, hidden):
    numerator = counts(A={1: yes, 0: 90}, B={1: 50, 0: 50}, C={1: 50, 0: 50})
    complement = counts(A={1: 90, 0: yes}, B={1: 50, 0: 50}, C={1: 50, 0: 50})
    assert ("A" in hidden_areas(numerator, [YES])) == hidden
    assert ("A" in hidden_areas(complement, [YES])) == hidden


def test_two_proportions_of_one_column_do_not_subtract_to_a_small_count():
    answers = counts(A={1: 50, 4: 3, 5: 40}, B={1: 50, 4: 30, 5: 40}, C={1: 50, 4: 30, 5: 40})
    assert hidden_areas(answers, [HIGH]) == set()
    # high - highest = 3 people
    assert "A" in hidden_areas(answers, [HIGH, HIGHEST])


def test_one_hidden_area_takes_the_next_smallest_with_it():
    assert hidden_areas(counts(A={3: 12}, B={3: 60}, C={3: 90}), [MEAN]) == {"A", "B"}


def test_several_hidden_areas_protect_each_other_when_together_large_enough():
    answers = counts(A={3: 20}, B={3: 20}, C={3: 90})
    assert hidden_areas(answers, [MEAN]) == {"A", "B"}
    assert hidden_areas(counts(A={3: 10}, B={3: 10}, C={3: 90}, D={3: 95}), [MEAN]) == {"A", "B", "C"}


def test_people_of_no_known_area_count_as_hidden():
    assert hidden_areas(counts(_={3: 2}, B={3: 60}, C={3: 90}), [MEAN]) == {"B"}


def test_a_small_total_is_hidden():
    assert hidden_areas(counts(A={3: 10}, B={3: 10}), [MEAN]) == {"A", "B", "all"}


def test_a_total_that_is_one_hidden_area_is_hidden():
    assert hidden_areas(counts(A={1: 3, 0: 60}), [YES]) == {"A", "all"}


def test_a_single_area_and_its_total_may_be_shown():
    assert hidden_areas(counts(A={1: 30, 0: 60}), [YES]) == set()


areas = st.dictionaries(
    st.sampled_from(["", "A", "B", "C", "D", "E"]),
    st.dictionaries(st.integers(1, 5), st.integers(1, 80), min_size=1),
    min_size=1,
)


@given(areas, st.sampled_from([[MEAN], [HIGH], [HIGH, HIGHEST]]))
def test_nothing_shown_and_nothing_left_over_is_small(table, items):
    """Checked a second way: by adding up every count a reader could get from totals minus areas."""
    rows = [(area, code, n) for area, codes in table.items() for code, n in codes.items()]
    frame = pd.DataFrame(rows, columns=["area", "code", "n"])
    hidden = hidden_areas(frame, items)
    shown = [area for area in table if area and area not in hidden]
    groups = [table[area] for area in shown]
    if "all" not in hidden:
        groups.append(_sum(table.values()))
        rest = [codes for area, codes in table.items() if area not in shown]
        if rest:
            groups.append(_sum(rest))
    for group in groups:
        assert sum(group.values()) >= 30
        for item in items:
            numerator = sum(n for code, n in group.items() if code in item.codes)
            if item.statistic == "proportion":
                assert numerator not in range(1, 10)
                assert sum(group.values()) - numerator not in range(1, 10)


def _sum(groups) -> dict[int, int]:
    total: dict[int, int] = {}
    for group in groups:
        for code, n in group.items():
            total[code] = total.get(code, 0) + n
    return total


def test_shown_numbers_are_rounded_and_intervals_outwards():
    rows = [("A", "life_sat", 152, 7.04, 0.11, 6.86, 7.22), ("A", "yes", 152, 0.404, 0.0400001, 0.329, 0.481)]
    columns = ["area", "item", "n", "estimate", "se", "lower", "upper"]
    exact = pd.DataFrame(rows, columns=columns).assign(wave="all", effective_n=121.0)
    mean = PlannedItem("life_sat", "life_sat", "mean")
    answers = counts(A={1: 61, 0: 91})
    both = pd.concat([answers.assign(column=c, wave="all") for c in ("life_sat", "q")])
    found = suppressed(exact, both, [mean, YES]).set_index("item")
    assert list(found["n"]) == [150, 150]
    assert list(found["effective_n"]) == [120, 120]
    numbers = ["estimate", "se", "lower", "upper"]
    assert found.loc["life_sat", numbers].tolist() == pytest.approx([7.0, 0.2, 6.8, 7.3])
    assert found.loc["yes", numbers].tolist() == pytest.approx([0.40, 0.05, 0.32, 0.49])
