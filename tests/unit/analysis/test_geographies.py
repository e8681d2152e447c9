"""Areas that overlap, in families that nest."""

from __future__ import annotations

from dataclasses import replace

from analysis.areas import Area, AreaSet
from analysis.geographies import NONE, geographies
from tests.unit.analysis.samples import LEVELS, WARDS, areas


def with_drawn(**places: tuple[str, ...]) -> AreaSet:
    """The sample's areas and some drawn by hand, of whole wards of one district or of several."""
    drawn = []
    for code, wards in places.items():
        around = {WARDS[ward] for ward in wards}
        parents = tuple(around) if len(around) == 1 else ("C",)
        drawn.append(Area(code=code, name=code, level="drawn", vintage="2026", parents=parents))
    inside = {ward: tuple(code for code, held in places.items() if ward in held) for ward in WARDS}
    return AreaSet([*(replace(a, parents=(*a.parents, *inside.get(a.code, ()))) for a in areas()), *drawn])


def found(places: AreaSet, levels: tuple[str, ...]):
    codes = [area.code for area in places if area.level in levels]
    return geographies(places, codes, levels)


def test_areas_that_nest_are_one_family() -> None:
    one = found(areas(), LEVELS)
    assert len(one.families) == 1
    assert not one.further
    assert set(one.codes) == {*WARDS, "North", "South", "C"}
    assert not any(one.cuts.values())


def test_a_level_that_cuts_the_first_is_a_family_of_its_own() -> None:
    two = found(with_drawn(P=("N1", "S1")), ("ward", "district", "drawn", "county"))
    assert two.further == {"P"}
    assert two.cuts["P"] == {"North", "South"}
    assert two.cuts["N1"] == frozenset()
    assert set(two.main.codes) == {*WARDS, "North", "South", "C"}, "the county nests with wards and districts"


def test_the_level_named_first_is_the_main_one() -> None:
    two = found(with_drawn(P=("N1", "S1")), ("drawn", "ward", "district"))
    assert set(two.main.codes) == {*WARDS, "P"}
    assert two.further == {"North", "South"}


def test_drawn_places_that_overlap_each_other_are_shared_out() -> None:
    three = found(with_drawn(P=("N1", "S1"), Q=("S1", "S2"), R=("N2", "N3")), ("ward", "district", "drawn"))
    families = [set(family.codes) for family in three.families]
    assert {"R", "Q"} <= families[0], "what nests with the main family is in it"
    assert families[1:] == [{"P"}]


def test_a_region_names_every_released_area_around_it_nearest_first() -> None:
    two = found(with_drawn(P=("N1", "S1")), ("ward", "district", "drawn", "county"))
    assert two.regions["N1"] == ("C", "N1", "North", "P")
    assert two.above["N1"] == ("North", "P", "C")
    assert two.above["C"] == ()


def test_nothing_released_is_no_family() -> None:
    assert geographies(areas(), [], LEVELS) == NONE
