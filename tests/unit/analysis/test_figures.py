"""Figures as printed: rounding, grades, the survey's own yardstick, margin rows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.disclosure import Policy
from analysis.figures import (
    Estimated,
    hidden,
    rounded_weighting,
    scored,
    shown,
    standing,
    survey_yardstick,
)
from analysis.grading import Quality
from analysis.indicators import local_indicators
from analysis.release import Figure, Marker, Yardstick
from tests.unit.analysis.samples import LEVELS, WARDS, areas, framework, questionnaire

SATISFIED, COLD, _ = local_indicators(framework(), questionnaire())
POLICY = Policy()


def estimated(**changes: float) -> Estimated:
    return Estimated(
        **(
            {"n": 132, "effective_n": 101.0, "estimate": 0.5, "lower": 0.4, "upper": 0.6, "missing": 0}
            | changes
        )
    )


def test_means_have_one_decimal_and_bases_are_to_the_nearest_five() -> None:
    found = shown("N1", SATISFIED, estimated(estimate=7.349, lower=6.951, upper=7.749), 0, 1.0, POLICY)
    assert (found.value, found.lower, found.upper) == (7.3, 7.0, 7.7)
    assert (found.base, found.effective_base) == (130, 100)


def test_the_grade_is_the_worst_of_what_is_known() -> None:
    given = ("N1", SATISFIED, estimated(), 0)
    assert shown(*given, 1.0, POLICY).grade == "A"
    assert shown(*given, 1.6, POLICY).grade == "B"
    assert shown(*given, 1.0, POLICY, Quality(tie=1.3)).grade == "B"
    assert shown(*given, 2.5, POLICY, Quality(tie=1.3)).grade == "C"


@pytest.mark.parametrize(
    ("estimate", "numerator", "value"),
    [(0.444, 60, 44), (0.003, 10, 1), (0.0, 0, 0), (0.998, 122, 99), (1.0, 132, 100)],
)
def test_shares_are_whole_percentages_never_falsely_nothing_or_all(
    estimate: float, numerator: int, value: int
) -> None:
    found = shown("N1", COLD, estimated(estimate=estimate, lower=0, upper=1), numerator, 1.0, POLICY)
    assert found.value == value


def test_an_effective_base_is_never_shown_above_the_base() -> None:
    found = shown("N1", COLD, estimated(n=132, effective_n=132.5), 60, 1.0, POLICY)
    assert found.effective_base == found.base == 130


def figure(area: str, value: float) -> Figure:
    return Figure(
        area=area, indicator="cold", marker=Marker.SHOWN, value=value, lower=value - 1.96, upper=value + 1.96
    )


@pytest.mark.parametrize(("count", "there"), [(4, False), (5, True), (6, True)])
def test_a_yardstick_of_the_survey_needs_five_shown_areas(count: int, there: bool) -> None:
    figures = [figure(ward, 10.0 * i) for i, ward in enumerate(list(WARDS)[:count])]
    figures += [hidden(ward, "cold") for ward in list(WARDS)[count:]]
    assert (survey_yardstick(figures, areas(), LEVELS) is not None) is there


def test_a_yardstick_of_the_survey_is_the_mean_and_deviation_of_shown_areas() -> None:
    """10, 20, 30, 40, 50: mean 30, sd sqrt(1000 / 4). Standard error 1 each: sqrt(5) / 5 for the mean."""
    found = survey_yardstick([figure(w, 10.0 * i) for i, w in enumerate(list(WARDS)[:5], 1)], areas(), LEVELS)
    assert found is not None
    yardstick, error = found
    assert (yardstick.mean, yardstick.areas) == (30, 5)
    assert yardstick.sd == pytest.approx(250**0.5)
    assert error == pytest.approx(5**0.5 / 5, rel=1e-4)


def test_areas_that_do_not_differ_give_no_yardstick() -> None:
    assert survey_yardstick([figure(w, 10.0) for w in WARDS], areas(), LEVELS) is None


def test_a_hidden_figure_is_not_scored_and_a_standing_one_is_scored_anew() -> None:
    yardstick = Yardstick(mean=20, sd=10, areas=9, relative_to="national")
    assert scored(hidden("N1", "cold"), COLD, framework(), yardstick, 0.0, POLICY) == hidden("N1", "cold")
    old = replace(figure("N1", 30.0), score=9.0, band=4, band_chance=0.9)
    bare = standing(old, 3)
    assert (bare.value, bare.score, bare.band, bare.stands_from) == (30.0, None, None, 3)
    assert scored(bare, COLD, framework(), yardstick, 0.0, POLICY).score == 3.0


def row(level: str, respondents: int) -> dict[str, object]:
    return {
        "margin": "age",
        "level": level,
        "respondents": respondents,
        "target_share": 0.3333,
        "unweighted_share": respondents / 200,
        "weighted_share": 0.3333,
    }


@pytest.mark.parametrize(("few", "left_out"), [(0, set()), (9, {"a", "b"}), (10, set()), (11, set())])
def test_a_margin_level_with_few_people_is_left_out_with_one_other(few: int, left_out: set[str]) -> None:
    found = rounded_weighting([row("a", few), row("b", 60), row("c", 140 - few)], POLICY)
    assert {r["level"] for r in found if r["sample"] is None} == left_out
    assert {r["level"] for r in found if r["weighted"] is None} == left_out
    assert [r["target"] for r in found] == [33, 33, 33]


def test_how_many_did_not_state_is_not_given_away_by_a_target() -> None:
    found = rounded_weighting([row("", 60), row("a", 140)], POLICY)
    assert found[0]["target"] is None
    assert found[0]["sample"] == 30


def test_levels_left_out_are_together_enough_people() -> None:
    """Two and five left out alone would be seven people, whom the rest of the margin tells of."""
    found = rounded_weighting([row("a", 2), row("b", 5), row("c", 30), row("d", 163)], POLICY)
    assert [r["level"] for r in found if r["sample"] is None] == ["a", "b", "c"]
    found = rounded_weighting([row("a", 4), row("b", 7), row("c", 30), row("d", 159)], POLICY)
    assert [r["level"] for r in found if r["sample"] is None] == ["a", "b"]
