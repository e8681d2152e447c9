"""Which state a figure is in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.grading import CRITERIA
from survey_app.presenters import band
from tests.releases import INDICATORS, MILL, NATIONAL, figure, hidden, not_asked


@pytest.mark.parametrize("number", range(5))
def test_a_likely_band_is_said(number: int) -> None:
    assert band.of_figure(figure(MILL, "safe", 38, 2.0 * number + 1, number)) is band.BANDS[number]


def test_every_other_state_has_its_own_name() -> None:
    states = {
        "unsure": band.of_figure(figure(MILL, "safe", 38, 5.1, None)),
        "unscored": band.of_figure(figure(MILL, "safe", 38, None, None)),
        "hidden": band.of_figure(hidden(MILL, "safe")),
        "not asked": band.of_figure(not_asked(MILL, "safe")),
    }
    assert list(states.values()) == [band.UNSURE, band.UNSCORED, band.HIDDEN, band.NOT_ASKED]
    assert len({str(state.words) for state in (*states.values(), *band.BANDS)}) == 9


def test_a_figure_the_release_is_silent_on_was_not_asked() -> None:
    assert band.of_figure(None) is band.NOT_ASKED


def test_no_national_figure_is_a_state_too() -> None:
    assert band.of_national(None) is band.NO_NATIONAL
    assert band.of_national(NATIONAL[0]) is band.BANDS[2]


def test_the_legend_has_the_limits_of_the_release() -> None:
    told = {standing.css: str(standing.explanation) for standing in band.legend((2.0, 4.0, 6.0, 8.0))}
    assert told["b0"] == "score below 2.0"
    assert told["b2"] == "score 4.0 to 6.0"
    assert told["b4"] == "score 8.0 or more"


def test_average_says_whose() -> None:
    by_code = {i.code: i for i in INDICATORS}
    assert "English districts" in band.average(by_code["life"])
    assert "this survey" in band.average(by_code["safe"])
    assert band.average(by_code["respect"]) == ""


def test_a_grade_is_said_in_words_and_an_unknown_one_as_it_is() -> None:
    assert band.grade("D").startswith("D: very rough")
    assert band.grade(None) == ""
    assert band.grade(replace(figure(MILL, "safe", 1, 1, 0), grade="E").grade) == "E"


def test_every_reason_for_a_lower_grade_has_words() -> None:
    assert set(band.REASONS) == set(CRITERIA)


def test_reasons_are_told_in_order_and_those_of_later_versions_are_left_out() -> None:
    assert band.reasons(("tie", "of-later-times", "effective_n")) == [
        "People who are hard to reach answer differently.",
        "Few people answered.",
    ]
    assert band.reasons(None) == []
