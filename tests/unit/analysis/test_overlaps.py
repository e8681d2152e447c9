"""What published areas that overlap tell together, against trying every sum and difference."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.overlaps import exposing, exposing_changes

AREAS = ("A", "B", "C", "D", "E")
BASE, FEW = 30, 10


@st.composite
def surveys(draw):
    """Counts of the regions that five areas cut people into: at most eight regions, no two alike."""
    held = draw(
        st.lists(
            st.sets(st.sampled_from(AREAS), min_size=1).map(lambda codes: tuple(sorted(codes))),
            min_size=1,
            max_size=8,
            unique=True,
        )
    )
    people = st.sampled_from([1, 5, 9, 12, 20, 29, 31, 45, 80])
    found = {}
    for region in held:
        yes, no = draw(people), draw(people)
        found[region] = np.array([yes + no, yes, yes, no])
    return found


def smallest_told(regions, shown, layer: int) -> int | None:
    """The fewest people that adding and subtracting the areas, each at most once, singles out."""
    order = sorted(shown)
    rows = np.array([[code in held for held in regions] for code in order], dtype=int)
    counts = np.array([counts[layer] for counts in regions.values()])
    best = None
    for signs in product((-1, 0, 1), repeat=len(order)):
        chosen = np.array(signs) @ rows
        if chosen.any() and ((chosen == 0) | (chosen == 1)).all():
            people = int(chosen @ counts)
            best = people if best is None else min(best, people)
    return best


@given(surveys(), st.sets(st.sampled_from(AREAS), min_size=1))
@settings(max_examples=150, deadline=None)
def test_whatever_sums_and_differences_single_out_is_found(regions, shown) -> None:
    told = [
        fewest is not None and 0 < fewest < least
        for layer, least in ((0, BASE), (2, FEW), (3, FEW))
        for fewest in (smallest_told(regions, shown, layer),)
    ]
    found = exposing(shown, regions, BASE, FEW)
    if any(told):
        assert found
    for number, areas in enumerate(found):
        assert areas <= shown
        assert not any(areas & other for other in found[:number])


def test_two_areas_that_differ_by_a_few_people_are_named() -> None:
    regions = {("A", "B"): np.array([60, 20]), ("A",): np.array([7, 2]), ("C",): np.array([50, 20])}
    assert exposing({"A", "B", "C"}, regions, BASE, FEW) == [{"A", "B"}]
    assert exposing({"A", "C"}, regions, BASE, FEW) == []


def test_a_region_that_nothing_singles_out_is_safe() -> None:
    """Four regions of two by two areas: a few may be moved round the square and no sum changes."""
    square = {
        ("A", "C"): np.array([40, 9]),
        ("A", "D"): np.array([5, 1]),
        ("B", "C"): np.array([45, 9]),
        ("B", "D"): np.array([60, 9]),
    }
    assert exposing(set("ABCD"), square, BASE, FEW) == []


def test_few_people_who_came_since_are_found_whichever_areas_told_of_them() -> None:
    """B and C now are A as it was shown then: seven people came."""
    regions = [("A", "B"), ("A", "C"), ("D",)]
    now = {"B": np.array([50, 9]), "C": np.array([60, 9]), "D": np.array([70, 9])}
    assert exposing_changes({"B", "C", "D"}, now, {"A": 103}, regions, FEW) == {"B", "C"}
    assert exposing_changes({"B", "C", "D"}, now, {"A": 95}, regions, FEW) is None
    assert exposing_changes({"B", "C", "D"}, now, {"A": 110}, regions, FEW) is None, "nobody came"


def test_when_people_have_gone_every_new_figure_gives_way() -> None:
    now = {"B": np.array([50, 9])}
    assert exposing_changes({"B"}, now, {"A": 60}, [("A", "B")], FEW) == {"B"}
