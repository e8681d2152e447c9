"""Which cells of a table may be shown: small tables worked out by hand, random ones against an attacker."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.bounds import Bounds, BoundsError, Known
from analysis.breakdowns import NARROWEST, Breakdown, Rules, decide, group_rules, option_rules
from analysis.disclosure import Policy
from analysis.nesting import Nesting, nest
from tests.unit.analysis.samples import WARDS, areas

NESTING = nest(areas(), ("C", "North", "South", *WARDS))
OPTIONS = option_rules(Policy())


def table(wards: dict[str, list[int]], sums: tuple[int, ...] | None = None) -> Breakdown:
    """Options by area from those of the wards; everyone lives in a ward."""
    width = len(next(iter(wards.values())))
    counts = {code: np.array(wards.get(code, [0] * width)) for code in NESTING.codes}
    for code in WARDS:
        for above in NESTING.above[code]:
            counts[above] = counts[above] + counts[code]
    stacked = np.array([counts[code] for code in NESTING.codes])[:, :, None]
    columns = tuple(str(n) for n in range(width))
    return Breakdown(NESTING.codes, columns, stacked.astype(np.int64), sums or (0,) * width)


def cells(found: Breakdown, **given_: object) -> dict[str, list[int]]:
    """Area -> its shown columns."""
    settings_ = {"open_areas": NESTING.codes, "rules": OPTIONS, "least": 30} | given_
    shown = decide(found, NESTING, **settings_)
    return {code: [int(c) for c in np.flatnonzero(shown[at])] for at, code in enumerate(NESTING.codes)}


@pytest.mark.parametrize(("count", "shown"), [(0, True), (1, False), (9, False), (10, True), (11, True)])
def test_an_option_is_shown_when_nobody_or_enough_chose_it(count: int, shown: bool) -> None:
    assert bool(OPTIONS.safe(np.array([count]))) is shown


def test_a_group_needs_the_minimum_base_and_no_small_part() -> None:
    rules = group_rules(Policy())
    given_ = np.array([[29, 15, 14], [30, 15, 15], [30, 9, 21], [30, 0, 30], [0, 0, 0]])
    assert rules.safe(given_).tolist() == [False, True, False, True, True]


def test_one_small_option_takes_the_next_smallest_with_it() -> None:
    """40 + 30 + 20 + 4: alone, the 4 would be the area's answers minus the others."""
    assert cells(table({"N1": [40, 30, 20, 4]}), open_areas=["N1"])["N1"] == [0, 1]


def test_two_small_options_that_make_enough_together_need_no_third() -> None:
    assert cells(table({"N1": [40, 30, 6, 4]}), open_areas=["N1"])["N1"] == [0, 1]


def test_a_published_sum_of_options_is_a_row_of_its_own() -> None:
    """The share of options 0 and 1 together is known: with 1 hidden, 0 would tell it."""
    found = cells(table({"N1": [40, 4, 30, 20]}, sums=(0, 0, 1, 1)), open_areas=["N1"])
    assert found["N1"] == [2, 3]


def test_a_district_and_its_other_wards_do_not_tell_a_ward() -> None:
    wards = {"N1": [40, 40, 15, 15], "N2": [40, 40, 15, 15], "N3": [40, 40, 12, 2]}
    found = cells(table(wards), open_areas=["North", *wards])
    assert 3 not in found["N3"]
    assert [area for area in ("North", "N1", "N2") if 3 not in found[area]]


def test_areas_with_few_answers_are_not_broken_down() -> None:
    wards = {"N1": [60, 39], "N2": [60, 40]}
    assert cells(table(wards), open_areas=["N1", "N2"], least=100) == {
        code: [0, 1] if code == "N2" else [] for code in NESTING.codes
    }


def test_an_area_whose_own_figure_is_hidden_has_no_cells() -> None:
    assert cells(table({"N1": [60, 60]}), open_areas=[])["N1"] == []


def test_not_stated_is_never_a_column() -> None:
    assert cells(table({"N1": [60, 60, 60]}), open_areas=["N1"], never=["2"])["N1"] == [0, 1]


@settings(max_examples=40)
@given(
    st.lists(
        st.lists(st.sampled_from([0, 1, 2, 5, 9, 10, 14, 30, 80]), min_size=4, max_size=4),
        min_size=6,
        max_size=6,
    )
)
def test_nothing_small_can_be_solved_for(rows: list[list[int]]) -> None:
    """An attacker who knows every shown cell and every area's answers, and that everyone lives in a ward."""
    found = table(dict(zip(WARDS, rows, strict=True)))
    opened = [c for c, n in zip(NESTING.codes, found.counts.sum(axis=(1, 2)), strict=True) if n >= 30]
    shown = decide(found, NESTING, opened, OPTIONS, least=30)
    assert _exposed(found, NESTING, opened, shown) == []


def _exposed(found: Breakdown, nesting: Nesting, opened: list[str], shown: np.ndarray) -> list[str]:
    wards, width = list(WARDS), len(found.columns)

    def unknowns(code: str, columns: list[int]) -> np.ndarray:
        inside = [n for n, ward in enumerate(wards) if ward == code or code in nesting.above[ward]]
        return np.array(sorted(n * width + column for n in inside for column in columns), dtype=np.intp)

    whole = list(range(width))
    members, totals = [], []
    for at, code in enumerate(nesting.codes):
        if code in opened:
            members.append(unknowns(code, whole))
            totals.append(found.counts[at].sum())
        for column in np.flatnonzero(shown[at]):
            members.append(unknowns(code, [int(column)]))
            totals.append(found.counts[at, column, 0])
    solver = Bounds(Known(len(wards) * width, members, np.array(totals, dtype=float)))
    return [
        f"{code} {column}"
        for at, code in enumerate(nesting.codes)
        for column in range(width)
        if code in opened and not shown[at, column] and 0 < found.counts[at, column, 0] < OPTIONS.minimum
        if not solver.leaves(unknowns(code, [column]), float(found.counts[at, column, 0]), NARROWEST)
    ]


def test_bounds_of_a_small_table() -> None:
    """Two by two with margins 5 and 7, 4 and 8: the first cell can be anything from 0 to 4."""
    members = [np.array(m, dtype=np.intp) for m in ([0, 1], [2, 3], [0, 2], [1, 3])]
    solver = Bounds(Known(4, members, np.array([5.0, 7.0, 4.0, 8.0])))
    first = np.array([0], dtype=np.intp)
    assert (solver.least(first), solver.most(first)) == (0, 4)
    assert solver.leaves(first, 2, 4)
    assert not solver.leaves(first, 2, 5)


def test_bounds_without_a_limit_and_with_a_contradiction() -> None:
    one = np.array([0], dtype=np.intp)
    assert Bounds(Known(1, [], np.empty(0))).most(one) == np.inf
    with pytest.raises(BoundsError):
        Bounds(Known(1, [one, one], np.array([1.0, 2.0]))).most(one)


def test_rules_say_what_is_enough() -> None:
    assert group_rules(Policy()) == Rules(30, 10)
