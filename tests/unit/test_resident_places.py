"""Places to choose from, grouped by the district they lie in."""

from __future__ import annotations

from survey_app.services.places import grouped
from survey_app.store.areas import AreaRow


def row(code: str, level: str, *parents: str) -> AreaRow:
    return AreaRow(code, "2024", level, f"Name of {code}", parents)


ROWS = [
    row("W2", "ward", "D1"),
    row("W1", "ward", "D1", "P1"),
    row("W3", "ward", "M3"),
    row("M3", "msoa", "D2"),
    row("W9", "ward", "D9"),
    row("W0", "ward", "P1"),
    row("D1", "lad", "I1"),
    row("D2", "lad", "I1"),
    row("D9", "lad"),
    row("P1", "pcn", "I1"),
    row("I1", "icb"),
]


def shape(level: str, covered: list[str]) -> list[tuple[str, list[str]]]:
    return [
        (district.code, [place.code for place in district.places])
        for district in grouped(ROWS, level, covered)
    ]


def test_places_stand_under_their_district_directly_or_through_others_and_last_those_with_none() -> None:
    assert shape("ward", ["I1"]) == [("D1", ["W1", "W2"]), ("D2", ["W3"]), ("", ["W0"])]


def test_only_places_inside_the_survey_are_offered() -> None:
    assert shape("ward", ["D2"]) == [("D2", ["W3"])]
    assert shape("ward", ["W2"]) == [("D1", ["W2"])]
    assert [code for code, _places in shape("ward", [])] == ["D1", "D2", "D9", ""]


def test_districts_themselves_can_be_the_choice() -> None:
    assert shape("lad", ["I1"]) == [("", ["D1", "D2"])]
