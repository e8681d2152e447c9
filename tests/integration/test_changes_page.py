"""What readers see of change and of ranks: in words, with what chance could do, and only in their reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from analysis.comparisons import ChangeFigure, Changes, RankRange
from analysis.release import Release
from survey_app.db import transaction
from survey_app.services import released
from survey_app.store import waves
from tests.integration.test_results import Site, publish, site, text
from tests.releases import MILL, NORTH, PARK, QUAY, WHOLE, figure, release

__all__ = ["publish", "site"]  # fixtures

FIGURES = (
    figure(MILL, "safe", 38, 2.9, 0),
    figure(MILL, "damp", 22, 5.1, None),
    figure(MILL, "life", 7.8, 7.4, 4),
    figure(PARK, "safe", 50, 4.0, 1),
    figure(QUAY, "damp", 30, 4.0, 1),
    figure(NORTH, "safe", 52, 4.0, 1),
)


def change(
    area: str, indicator: str, difference: float, lower: float, upper: float, **more: Any
) -> ChangeFigure:
    given = {"p": 0.5, "q": 0.5, "moved": False} | more
    return ChangeFigure(
        area=area, indicator=indicator, difference=difference, lower=lower, upper=upper, **given
    )


CHANGES = Changes(
    wave="spring",
    wave_title="Spring 2026",
    number=2,
    opened="2026-03-02",
    closed="2026-05-31",
    figures=(
        change(MILL, "safe", -12, -20, -4, p=0.001, q=0.004, moved=True),
        change(MILL, "damp", 3, -7, 13),
        change(MILL, "life", 0.4, -0.1, 0.9),
        change(PARK, "safe", 0, -6, 6),
        change(QUAY, "damp", -15, -22, -8, p=0.001, q=0.004, moved=True),
        change(NORTH, "safe", 9, 4, 14, p=0.001, q=0.001, moved=True),
    ),
    uncompared={"respect": "worded-otherwise", "cold": "not-asked-before"},
)
RANKS = tuple(
    RankRange(area=area, indicator="safe", rank=rank, lower=lower, upper=upper, among=6)
    for area, rank, lower, upper in ((MILL, 5, 3, 6), (PARK, 2, 1, 6), (NORTH, 1, 1, 1))
)
AUTUMN = release(
    wave="autumn",
    wave_title="Autumn 2026",
    number=1,
    opened="2026-09-01",
    closed="2026-11-30",
    figures=FIGURES,
    changes=CHANGES,
    ranks=RANKS,
)


@pytest.fixture
def two(site: Site, publish: Callable[..., Release]) -> Site:
    """Spring and autumn, both published."""
    publish(release())
    publish(AUTUMN, opens_on=date(2026, 9, 1))
    return site


def withdraw(site: Site) -> None:
    with transaction(site.database.engine) as session:
        spring = waves.by_slug(session, "spring")
        assert spring is not None
        released.withdraw(session, spring, 2, "The margins were those of 2011.", actor="test")


def test_a_place_says_what_changed_and_whether_it_is_more_than_chance(two: Site) -> None:
    reader = two.reader()
    said = text(reader.get(f"/results/{MILL}").text)
    since = "Since March – May 2026: "
    assert f"{since}down 12 percentage points (4 to 20). That is more than chance would bring." in said
    assert f"{since}up 3 percentage points (7 down to 13 up). That may be chance." in said
    assert f"{since}up 0.4 (0.1 down to 0.9 up). That may be chance." in said
    assert said.count(since) == 3, "each change once"
    assert f"{since}the same (6 down to 6 up). That may be chance." in text(
        reader.get(f"/results/{PARK}").text
    )


def test_a_rank_comes_with_its_range(two: Site) -> None:
    reader = two.reader()
    assert "Wards from best to worst: between number 3 and number 6 of 6." in text(
        reader.get(f"/results/{MILL}").text
    )
    assert "anywhere from 1 to 6. They differ too little to rank." in text(
        reader.get(f"/results/{PARK}").text
    )
    assert "Districts from best to worst: number 1 of 6." in text(reader.get(f"/results/{NORTH}").text)
    assert "from best to worst" not in text(reader.get(f"/results/{MILL}?wave=spring").text)


def test_the_page_says_what_moved_where_how_many_were_compared_and_what_chance_does(two: Site) -> None:
    reader = two.reader()
    assert 'href="/results/changes"' in reader.get("/results/").text
    page = reader.get("/results/changes")
    said = text(page.text)
    assert "What changed since March – May 2026" in said
    assert "Wards: 5 figures can be compared. 2 changed by more than chance would bring." in said
    assert "Mill End 50% 38% Worse: down 12 percentage points (4 to 20)" in said
    assert "Quay 45% 30% Better: down 15 percentage points (8 to 22)" in said, "less damp is better"
    assert "Parkside" not in said
    assert "Life satisfaction" not in said
    assert "Treated with respect at any age: the words, their order or who was asked differ" in said
    assert "Cannot keep warm at home: not asked then" in said
    assert "Compared with release 2 of Spring 2026." in said
    district = text(reader.get("/results/changes?level=lad").text)
    assert "Districts: 1 figure can be compared. 1 changed by more than chance would bring." in district
    assert "Wards: 2 of 5 changed Show" in district, "the other level, to choose"
    assert "Northfield 43% 52% Better: up 9 percentage points (4 to 14)" in district


def test_a_reader_of_one_place_sees_what_changed_there(two: Site) -> None:
    said = text(two.reader(QUAY).get("/results/changes?level=ward").text)
    assert "Wards: 1 figure can be compared" in said
    assert "Quay" in said
    assert "Mill End" not in said


def test_once_the_earlier_release_is_withdrawn_no_change_is_shown(two: Site) -> None:
    withdraw(two)
    reader = two.reader()
    assert "Since March" not in text(reader.get(f"/results/{MILL}").text)
    assert "/results/changes" not in reader.get("/results/").text
    said = text(reader.get("/results/changes").text)
    assert "There is nothing to compare these results with" in said
    assert "Mill End" not in said
    assert "between number 3 and number 6" in text(reader.get(f"/results/{MILL}").text), "ranks are of now"


def test_a_wave_without_an_earlier_one_says_so(two: Site) -> None:
    said = text(two.reader().get("/results/changes?wave=spring").text)
    assert "There is nothing to compare these results with" in said


def test_nothing_compared_is_not_a_list_of_nothing(site: Site, publish: Callable[..., Release]) -> None:
    publish(release())
    publish(replace(AUTUMN, changes=replace(CHANGES, figures=())), opens_on=date(2026, 9, 1))
    said = text(site.reader().get("/results/changes").text)
    assert "No figure is shown in both surveys" in said
    assert "Cannot keep warm at home: not asked then" in said
    assert "Since March" not in text(site.reader(WHOLE).get(f"/results/{MILL}").text)
