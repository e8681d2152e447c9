"""Areas: what lies inside what, with several parents."""

from __future__ import annotations

import pytest

from analysis.areas import Area, AreaSet, AreasRefusedError, covering, sorted_by_place, within
from tests.unit.analysis.samples import LEVELS, areas


def area(code: str, level: str = "ward", *parents: str) -> Area:
    return Area(code=code, name=code.title(), level=level, vintage="2024", parents=parents)


def test_an_area_may_have_several_parents_nearest_first() -> None:
    places = AreaSet(
        [area("c", "county"), area("d", "district", "c"), area("p", "pcn", "c"), area("w", "ward", "d", "p")]
    )
    assert [a.code for a in places.ancestors("w")] == ["d", "p", "c"]
    assert [a.code for a in places.descendants("c")] == ["d", "p", "w"]
    assert places.inside("w", "w")
    assert places.inside("w", "c")
    assert not places.inside("c", "w")
    assert [a.code for a in places.at_level("ward")] == ["w"]


def test_circles_repeats_and_unknown_parents_are_all_reported() -> None:
    with pytest.raises(AreasRefusedError) as refused:
        AreaSet([area("a", "ward", "nowhere"), area("b"), area("b")])
    assert len(refused.value.reasons) == 2
    with pytest.raises(AreasRefusedError, match="lies inside itself") as circle:
        AreaSet(
            [area("a", "ward", "b"), area("b", "ward", "c"), area("c", "ward", "a"), area("d", "ward", "a")]
        )
    assert len(circle.value.reasons) == 3, "d is not in the circle, only under it"


def test_a_person_counts_at_their_place_and_above_never_below() -> None:
    places = areas()
    assert places.placed_at("N1", LEVELS) == ("N1", "North", "C")
    assert places.placed_at("North", LEVELS) == ("North", "C")
    assert places.placed_at("N1", ("county",)) == ("C",)


def test_a_survey_speaks_for_larger_areas_only_when_it_covers_their_parts() -> None:
    places = areas()
    assert within(places, ("North",), LEVELS) == ("N1", "N2", "N3", "North")
    assert within(places, ("North", "South"), ("district", "county")) == ("North", "South", "C")
    assert within(places, (), ("county",)) == ("C",)
    with pytest.raises(KeyError):
        within(places, ("Atlantis",), LEVELS)


def test_areas_inside_another_chosen_area_add_nothing() -> None:
    assert covering(areas(), ("N1", "North", "S1")) == ("North", "S1")


def test_neighbours_stand_side_by_side() -> None:
    places = areas({"Z": "North", "A": "South", "B": "North"})
    assert sorted_by_place(places, ("A", "B", "Z")) == ("B", "Z", "A")
