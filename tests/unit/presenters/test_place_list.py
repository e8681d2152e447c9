"""The list of places."""

from __future__ import annotations

from survey_app.presenters import place_list
from survey_app.presenters.place_list import PlacesPage
from survey_app.services.results import ReleaseIndex
from tests.releases import ALLIANCE, AREAS, MILL, NORTH, PARK, QUAY, SOUTH, WHOLE, area, release

INDEX = ReleaseIndex(release())
EVERYWHERE = frozenset(INDEX.areas)


def page(**asked: str) -> PlacesPage:
    return place_list.build(INDEX, EVERYWHERE, found=EVERYWHERE, **asked)


def test_neighbourhoods_are_listed_under_their_district_by_name() -> None:
    assert [(g.name, [row.code for row in g.rows]) for g in page().groups] == [
        ("Northfield", [MILL, PARK]),
        ("Southmere", [QUAY]),
    ]


def test_wider_areas_come_first_from_wide_to_near() -> None:
    assert [row.code for row in page().wider] == [WHOLE, ALLIANCE, NORTH, SOUTH]


def test_a_row_counts_standings_and_has_its_base() -> None:
    mill, park = page().groups[0].rows
    assert (mill.base, mill.better, mill.worse, mill.few) == ("about 210", 1, 1, 1)
    assert (park.base, park.better, park.worse, park.few) == ("", 0, 0, 6)


def test_a_search_leaves_only_what_was_found() -> None:
    found = place_list.build(INDEX, EVERYWHERE, found={QUAY})
    assert [row.code for group in found.groups for row in group.rows] == [QUAY]
    assert found.found == 1


def test_one_district_only() -> None:
    assert [row.code for group in page(within=SOUTH).groups for row in group.rows] == [QUAY]
    assert page(within="NOWHERE").found == 3, "an unknown container is no filter"


def test_nothing_out_of_reach_is_listed() -> None:
    made = place_list.build(INDEX, {QUAY, SOUTH, WHOLE}, found=EVERYWHERE)
    assert [row.code for group in made.groups for row in group.rows] == [QUAY]
    assert [row.code for row in made.wider] == [WHOLE, SOUTH]


def test_more_than_a_page_holds_is_listed_by_district() -> None:
    many = tuple(area(f"L{n:03}", f"Lane {n}", "lsoa", MILL, NORTH, WHOLE) for n in range(201))
    index = ReleaseIndex(release(areas=(*AREAS, *many)))
    everywhere = frozenset(index.areas)
    assert place_list.default_level(index, everywhere) == "ward"
    all_of_them = place_list.build(index, everywhere, found=everywhere, level="lsoa")
    assert [(group.name, group.count, group.rows) for group in all_of_them.groups] == [
        ("Northfield", 201, ())
    ]
    fewer = place_list.build(
        index, everywhere, found={code for code in everywhere if code < "L200"}, level="lsoa"
    )
    assert len(fewer.groups[0].rows) == 200


def test_a_survey_of_districts_only_lists_districts() -> None:
    index = ReleaseIndex(release(areas=tuple(a for a in AREAS if a.level in {"icb", "lad"})))
    made = place_list.build(index, frozenset(index.areas), found=frozenset(index.areas))
    assert [row.code for group in made.groups for row in group.rows] == [NORTH, SOUTH]
    assert [row.code for row in made.wider] == [WHOLE]


def test_how_people_answered_is_said() -> None:
    assert page().responses == "12,000"
    assert page().modes == ("3,000 on paper", "9,000 online")
