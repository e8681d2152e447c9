"""The scorecard of one area."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from analysis.release import IndexFigure
from survey_app.presenters import band, scorecard
from survey_app.presenters.scorecard import Branch, Row, Scorecard
from survey_app.presenters.words import Words
from survey_app.services.results import ReleaseIndex
from tests.releases import ALLIANCE, FIGURES, MILL, NORTH, PARK, QUAY, SOUTH, WHOLE, release

INDEX = ReleaseIndex(release())
EVERYWHERE = frozenset(INDEX.areas)


def card(code: str = MILL, reach: frozenset[str] = EVERYWHERE) -> Scorecard:
    return scorecard.build(INDEX, code, reach)


def said(titles: Iterable[Words]) -> tuple[str, ...]:
    return tuple(title.text for title in titles)


def rows(made: Scorecard) -> dict[str, Row]:
    found: dict[str, Row] = {}

    def walk(branches: tuple[Branch, ...]) -> None:
        for branch in branches:
            found.update({row.code: row for row in branch.rows})
            walk(branch.branches)

    walk(made.branches)
    return found


def test_it_opens_with_what_stands_out_how_many_answered_and_when() -> None:
    opening = card().opening
    assert opening.startswith("In Mill End people’s answers are better than average on “Life satisfaction”, ")
    assert "and worse than average on “Feel safe after dark”" in opening
    assert "based on about 210 answers" in opening
    assert "2026" in opening


def test_an_area_with_nothing_to_show_says_so_and_no_number() -> None:
    made = card(PARK)
    assert made.opening == "Too few people in Parkside &amp; St Mary’s have answered to say anything yet."
    assert made.base == ""
    assert made.too_few == 6


def test_only_a_likely_band_makes_a_strength_or_a_concern() -> None:
    made = card()
    assert [row.code for row in made.strengths] == ["life"]
    assert [row.code for row in made.concerns] == ["safe"]


def test_strengths_keep_the_order_of_the_framework_whatever_their_scores() -> None:
    better = tuple(
        replace(f, score=9.9 if f.indicator == "life" else 6.0, band=4 if f.indicator == "life" else 3)
        if f.area == MILL and f.score is not None
        else f
        for f in FIGURES
    )
    made = scorecard.build(ReleaseIndex(release(figures=better)), MILL, EVERYWHERE)
    assert [row.code for row in made.strengths] == ["safe", "damp", "life", "anxiety"]


def test_every_state_has_its_row() -> None:
    standing = {code: row.standing for code, row in rows(card()).items()}
    assert standing["safe"] is band.BANDS[0]
    assert standing["damp"] is band.UNSURE
    assert standing["cold"] is band.HIDDEN
    assert standing["jobs"] is band.NOT_ASKED
    assert standing["respect"] is band.UNSCORED


def test_a_hidden_figure_shows_no_number_anywhere() -> None:
    row = rows(card())["cold"]
    assert (row.value, row.share, row.score, row.base, row.grade) == ("", "", "", "", "")
    assert (row.strip.dot, row.strip.low, row.strip.high) == (None, None, None)


def test_a_value_always_has_its_base_beside_it() -> None:
    for area in INDEX.areas:
        for row in rows(card(area)).values():
            assert bool(row.value) == bool(row.base)
            assert all(bool(one.value) == bool(one.base) for one in row.compared)


def test_a_national_figure_is_inherited_from_the_district_by_name() -> None:
    national = rows(card(MILL))["life"].national
    assert national is not None
    assert (national.place, national.inherited, national.value) == ("Northfield", True, "7.4 out of 10")
    own = rows(card(NORTH))["life"].national
    assert own is not None
    assert not own.inherited
    assert INDEX.national(WHOLE, "life") is None, "a district's figure is not the whole area's"
    assert INDEX.national(QUAY, "life") is None, "nor another district's"
    assert "life" not in rows(card(QUAY)), "neither asked there nor known nationally: named as a gap instead"


def test_the_source_of_a_national_figure_is_named_or_else_its_layer() -> None:
    told = ReleaseIndex(release(sources={"ons": "Office for National Statistics"}))
    for index, source in ((told, "Office for National Statistics"), (INDEX, "ons")):
        national = rows(scorecard.build(index, MILL, EVERYWHERE))["life"].national
        assert national is not None
        assert national.source == source


def test_the_strip_has_the_national_mark_also_where_nothing_was_asked() -> None:
    strip = rows(card())["jobs"].strip
    assert (strip.dot, strip.tick) == (None, 7.0)
    assert "Northfield: national score 7.0" in strip.title


def test_gaps() -> None:
    made = card()
    assert said(made.only_here) == ("Safety", "Housing", "Age")
    assert made.no_data == ()
    assert said(card(QUAY).no_data) == ("Housing", "Transport", "Mental health", "Mortality", "Age")


def test_what_has_no_figure_is_named_under_what_it_belongs_to() -> None:
    local, equality = card(QUAY).branches
    assert equality.rows == equality.branches == ()
    assert said(equality.missing) == ("Age",)
    assert said(local.missing) == ("Mental health", "Mortality"), "an empty domain has no heading of its own"


def test_wider_areas_stand_beside_it_nearest_first() -> None:
    compared = rows(card())["safe"].compared
    assert [one.name for one in compared] == ["Mill End", "Northfield", "Mid Shire", "Whole Shire"]
    assert compared[1].base == "about 1,840"
    assert compared[2].standing is band.UNSURE


def test_parents_lead_from_wide_to_near_and_siblings_share_the_district() -> None:
    made = card()
    assert [place.code for place in made.parents] == [WHOLE, ALLIANCE, NORTH]
    assert made.group is not None
    assert made.group.code == NORTH
    assert [place.code for place in made.siblings] == [PARK]
    assert card(NORTH).inside == 2


def test_nothing_out_of_reach_is_named() -> None:
    made = card(MILL, frozenset({MILL, NORTH}))
    assert [place.code for place in made.parents] == [NORTH]
    assert made.siblings == ()
    assert [one.name for one in rows(made)["safe"].compared] == ["Mill End", "Northfield"]


def test_a_figure_kept_from_an_earlier_release_says_so() -> None:
    assert rows(card())["life"].stands_from == 1
    assert rows(card())["safe"].stands_from is None


def test_an_unknown_area_is_refused() -> None:
    with pytest.raises(KeyError):
        card("NOWHERE")


def overall(area: str, node: str, value: float, **more: str) -> IndexFigure:
    given = {
        "layer": "hi",
        "index": "Health Index",
        "title": "Overall",
        "period": "2021",
        "scale": "100 = then",
    }
    return IndexFigure(area=area, node=node, value=value, **(given | more))


def with_index(*figures: IndexFigure) -> ReleaseIndex:
    return ReleaseIndex(release(index=figures, sources={"hi": "Its publisher, OGL v3"}))


def test_the_scores_of_an_index_stand_beside_its_part_as_published_with_whose_they_are() -> None:
    index = with_index(
        overall(NORTH, "", 101.25),
        overall(NORTH, "safety", 98.0, title="Crime"),
        overall(SOUTH, "safety", 3.0),
    )
    made = scorecard.build(index, MILL, EVERYWHERE)
    [whole] = made.scores
    assert (whole.index, whole.title, whole.value, whole.scale) == (
        "Health Index",
        "Overall",
        "101.25",
        "100 = then",
    )
    assert (whole.place, whole.inherited, whole.period) == ("Northfield", True, "2021")
    assert not scorecard.build(index, NORTH, EVERYWHERE).scores[0].inherited
    local = made.branches[0].branches[0].branches[0]
    assert (local.title.text, [score.value for score in local.scores]) == ("Safety", ["98.0"])
    assert rows(made)["safe"].score == rows(card())["safe"].score, "nothing is blended"
    assert made.index_sources == (("Its publisher, OGL v3", "2021"),)
    assert scorecard.build(index, WHOLE, EVERYWHERE).scores == (), "a district's score is not the whole's"


def test_the_nearest_areas_own_score_is_taken_before_a_wider_ones() -> None:
    made = scorecard.build(with_index(overall(WHOLE, "", 90.0), overall(NORTH, "", 110.0)), MILL, EVERYWHERE)
    assert [score.value for score in made.scores] == ["110.0"]


def test_a_part_that_only_an_index_tells_of_is_no_gap_and_not_only_ours() -> None:
    made = scorecard.build(
        with_index(overall(SOUTH, "mortality", 95.0), overall(NORTH, "safety", 98.0)), QUAY, EVERYWHERE
    )
    assert "Mortality" not in said(made.no_data)
    north = scorecard.build(with_index(overall(NORTH, "safety", 98.0)), MILL, EVERYWHERE)
    assert "Safety" not in said(north.only_here)
