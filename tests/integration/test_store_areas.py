"""Areas, postcodes, margins and national layers in the store, on both databases."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from survey_app.store import areas, margins, national, postcodes
from survey_app.tables import (
    Area,
    AreaParent,
    AreaShape,
    NationalValue,
    NationalYardstick,
    PopulationMargin,
    Postcode,
)
from tests.integration import samples


def codes(found: list[Area]) -> list[str]:
    return [area.code for area in found]


def test_ancestors_follow_every_way_up_once(session: Session) -> None:
    samples.place_tree(session)
    assert sorted(codes(areas.ancestors(session, "L1"))) == ["A1", "D1", "M1", "W1"]
    assert areas.ancestors(session, "A1") == []
    assert areas.ancestors(session, "unknown") == []


def test_descendants_may_be_of_one_level(session: Session) -> None:
    samples.place_tree(session)
    assert sorted(codes(areas.descendants(session, "D1"))) == ["L1", "L2", "L3", "M1", "W1", "W2"]
    assert codes(areas.descendants(session, "A1", level="lsoa")) == ["L1", "L2", "L3"]
    assert codes(areas.children(session, "D1")) == ["W2", "M1", "W1"]  # by name
    assert codes(areas.children(session, "D1", level="ward")) == ["W2", "W1"]
    assert codes(areas.parents(session, "L1")) == ["M1", "W1"]


def test_a_cycle_ends(session: Session) -> None:
    tree = samples.place_tree(session)
    session.add(AreaParent(child_id=tree["A1"].id, parent_id=tree["L1"].id))
    session.flush()
    assert "A1" in codes(areas.ancestors(session, "L1"))
    assert "L1" not in codes(areas.ancestors(session, "L1"))


def test_the_latest_vintage_answers_unless_one_is_asked_for(session: Session) -> None:
    session.add_all(
        Area(code="W9", vintage=year, level="ward", name=year) for year in ("2019", "2024", "2021")
    )
    session.flush()
    assert areas.by_code(session, "W9").name == "2024"
    assert areas.by_code(session, "W9", "2019").name == "2019"
    assert areas.by_code(session, "W9", "1999") is None
    assert areas.by_codes(session, ["W9", "nowhere"])["W9"].name == "2024"


@pytest.mark.parametrize(
    ("area", "inside", "expected"),
    [
        ("L1", ["D1"], True),
        ("L1", ["L1"], True),
        ("L1", ["X1"], False),
        ("X1", [], True),
        ("L1", ["X1", "A1"], True),
    ],
)
def test_covered(session: Session, area: str, inside: list[str], expected: bool) -> None:
    tree = samples.place_tree(session)
    assert areas.covered(session, tree[area], inside) is expected


@pytest.mark.parametrize("typed", ["leigh on sea", "LEIGH-ON-SEA", " Leigh  on Sea", "Leigh", "leigh"])
def test_a_name_is_found_however_it_is_typed(session: Session, typed: str) -> None:
    tree = samples.place_tree(session)
    tree["W2"].aliases = ["Leigh"]
    session.flush()
    assert codes(areas.find_by_name(session, typed)) == ["W2"]


def test_names_with_apostrophes_and_ampersands(session: Session) -> None:
    samples.place_tree(session)
    assert codes(areas.find_by_name(session, "St Mary’s")) == ["W1"]
    assert codes(areas.find_by_name(session, "North and East")) == ["A1"]
    assert areas.find_by_name(session, "St Mary's", level="lad") == []
    assert areas.find_by_name(session, "  ") == []


def test_rows_keep_what_is_inside_and_what_contains(session: Session) -> None:
    samples.place_tree(session)
    found = {row.code: row for row in areas.rows(session, ["W1"])}
    assert set(found) == {"W1", "L1", "L2", "M1", "D1", "A1"}
    assert found["L1"].parents == ("M1", "W1")
    assert len(areas.rows(session)) == 9
    assert areas.levels(session) == {"alliance": 1, "lad": 2, "lsoa": 3, "msoa": 1, "ward": 2}


def test_rows_of_a_named_area_are_of_its_latest_vintage(session: Session) -> None:
    samples.place_tree(session)
    session.add(Area(code="W1", vintage="2011", level="ward", name="As it was"))
    session.flush()
    assert [row.vintage for row in areas.rows(session, ["W1"]) if row.code == "W1"] == ["2024"]


def test_shapes_by_level(session: Session) -> None:
    tree = samples.place_tree(session)
    square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    session.add(AreaShape(area_id=tree["W1"].id, geometry=square))
    session.flush()
    assert areas.shapes(session, "ward") == {"W1": square}
    assert areas.shape(session, "W1") == square
    assert areas.shape(session, "W2") is None


@pytest.mark.parametrize("typed", ["CM1 1AB", "cm11ab", " Cm1  1aB "])
def test_a_postcode_is_found_however_it_is_typed(session: Session, typed: str) -> None:
    tree = samples.place_tree(session)
    session.add(Postcode(postcode="CM11AB", area_id=tree["L1"].id))
    session.flush()
    assert postcodes.area_of(session, typed).code == "L1"
    assert postcodes.area_of(session, "CM1 1AC") is None
    assert postcodes.count(session) == 1


def test_margins_of_areas_and_of_everything_inside_them(session: Session) -> None:
    tree = samples.place_tree(session)
    for code, count in {"L1": 10, "L2": 20, "X1": 99}.items():
        session.add(
            PopulationMargin(area_id=tree[code].id, margin="sex", level="F", count=count, source="census")
        )
    session.flush()
    assert [(row.area_code, row.count) for row in margins.for_areas(session, ["L1", "D1"])] == [("L1", 10)]
    assert [(row.area_code, row.count) for row in margins.within(session, ["D1"])] == [("L1", 10), ("L2", 20)]
    assert len(margins.within(session, [])) == 3
    assert margins.within(session, ["D1"], margins=["age"]) == []
    assert margins.names(session) == {"sex": ["F"]}


def test_national_layers(session: Session) -> None:
    common = {"indicator": "Happiness", "period": "2022", "polarity": 1, "source": "ONS"}
    for layer, area, value in (("ons", "E1", 7.1), ("ons", "E2", 7.5), ("other", "E1", 3.0)):
        session.add(NationalValue(layer=layer, area_code=area, area_name=area, value=value, **common))
    session.add(NationalYardstick(layer="ons", mean=7.3, sd=0.28, areas=2, **common))
    session.flush()
    assert national.layers(session) == {"ons": 2, "other": 1}
    assert [row.value for row in national.values(session, ["ons"], ["E2"])] == [7.5]
    assert [row.value for row in national.values(session)] == [7.1, 7.5, 3.0]
    assert [(row.mean, row.areas) for row in national.yardsticks(session, ["ons"])] == [(7.3, 2)]
    assert national.yardsticks(session, ["other"]) == []
