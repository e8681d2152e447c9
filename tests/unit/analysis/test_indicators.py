"""Indicators: bases, parts and estimates from tallies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from analysis.disclosure import Policy, safe
from analysis.indicators import counts, dominated, estimates, local_indicators
from analysis.tallies import count, roll_up
from questionnaires.framework import Indicator, Statistic
from questionnaires.model import Score, ScoreMethod
from tests.unit.analysis.samples import COLD, LEVELS, SATISFIED, areas, frame, framework, questionnaire

ROWS = [
    ("N1", "web", "old", 8, 1),
    ("N1", "web", "old", 6, 2),
    ("N2", "web", "young", -2, 3),  # no answer; don't know
    ("S1", "paper", "young", 10, 2),
]


def rolled():
    return roll_up(count(frame(ROWS), ["age"]), areas(), LEVELS)


def test_what_the_questionnaire_asks_and_what_it_does_not() -> None:
    found = {local.code: local for local in local_indicators(framework(), questionnaire())}
    assert list(found) == ["satisfied", "cold", "elsewhere"], "a national-only indicator is not local"
    assert found["satisfied"].asked
    assert found["satisfied"].question == "How is life?"
    assert not found["elsewhere"].asked
    assert found["cold"].outside == {3}
    assert found["cold"].subdomain.code == "life"


def test_scores_and_options_of_a_multiple_choice_are_columns_too() -> None:
    scored = replace(
        questionnaire(), scores=(Score(code="sum", method=ScoreMethod.SUM, items=("life",), title="T"),)
    )
    asked = framework(
        Indicator(code="a", title="A", polarity=1, item="sum"),
        Indicator(
            code="b", title="B", polarity=1, item="warm__3", statistic=Statistic.PROPORTION, codes=(1,)
        ),
        Indicator(
            code="c", title="C", polarity=1, item="warm__9", statistic=Statistic.PROPORTION, codes=(1,)
        ),
    )
    found = {local.code: local for local in local_indicators(asked, scored)}
    assert [found[code].asked for code in "abc"] == [True, True, False]
    assert found["a"].question == "T"
    assert found["b"].outside == frozenset(), "codes of an option column are 0 and 1"


def test_bases_leave_out_missing_answers_and_dont_know() -> None:
    found = counts(rolled(), local_indicators(framework(), questionnaire()), ("N1", "N2", "North", "C"))
    assert {area: list(c) for area, c in found["satisfied"].items()} == {
        "N1": [2, 14, 1, 3],
        "N2": [0, 0, 0, 0],
        "North": [2, 14, 1, 3],
        "C": [3, 24, 3, 3],
    }, "base, sum, and the steps of two from 6 and from 10, the lowest and highest answers"
    assert list(found["cold"]["C"]) == [3, 2, 1, 2], "base, numerator, then the two parts"
    assert "elsewhere" not in found


def test_proportions_of_one_item_are_cut_into_the_finest_parts() -> None:
    """% 8-10 and % 10 together tell % 8-9: parts are the codes below 8, 8-9, and 10."""
    high = replace(COLD, code="high", item="life", codes=(8, 9, 10))
    top = replace(COLD, code="top", item="life", codes=(10,))
    found = counts(rolled(), local_indicators(framework(SATISFIED, high, top), questionnaire()), ("C",))
    assert list(found["high"]["C"][:2]) == [3, 2]
    assert list(found["top"]["C"][:2]) == [3, 1]
    assert sorted(found["high"]["C"][2:5]) == sorted(found["top"]["C"][2:5]) == [1, 1, 1]


LIVES = {10: 40, 9: 25, 2: 5}


def of_lives(lives: Mapping[int, int], *indicators: Indicator) -> dict[str, dict[str, list[int]]]:
    rows = [("N1", "web", "old", life, 1) for life, n in lives.items() for _ in range(n)]
    tallied = roll_up(count(frame(rows), ["age"]), areas(), LEVELS)
    found = counts(tallied, local_indicators(framework(*indicators), questionnaire()), ("N1",))
    return {code: list(map(int, by_area["N1"])) for code, by_area in found.items()}


def test_a_mean_beside_shares_of_the_same_item_is_also_cut_into_steps_within_them() -> None:
    """Of 2, 9 and 10 a mean and the share of 10 tell everything: the five who said 2 among it."""
    alone = of_lives(LIVES, SATISFIED)["satisfied"]
    assert alone == [70, 635, 25 + 40, 25 + 8 * 5], "8 from 2 to 10 is one step of 7 at least"
    top = replace(COLD, code="top", item="life", codes=(10,))
    assert of_lives(LIVES, top)["top"] == [70, 40, 30, 40]
    both = of_lives(LIVES, SATISFIED, top)
    assert both["top"] == [70, 40, 30, 40, 25, 5], "5 is few: the share is hidden as well"
    assert both["satisfied"] == [*alone, 25, 5]


@pytest.mark.parametrize(
    ("lives", "safe_"),
    [({10: 50}, True), ({10: 50, 9: 4}, False), ({10: 50, 9: 10}, True), ({0: 50, 1: 9}, False)],
)
def test_a_mean_near_an_end_tells_of_the_few_who_are_not_there(lives: Mapping[int, int], safe_: bool) -> None:
    assert safe(np.array(of_lives(lives, SATISFIED)["satisfied"]), Policy()) is safe_


@pytest.mark.parametrize(
    ("lives", "told"),
    [
        ({0: 50, 10: 1, 2: 1}, True),  # whoever said 2 knows that another said 10
        ({0: 50, 10: 1, 2: 1, 1: 1}, False),  # 11 or 10, to them: no longer within a tenth
        ({0: 50, 10: 2}, True),
        ({0: 50, 10: 3}, False),
        ({3: 52}, False),  # nobody is above the lowest answer
        ({0: 1, 10: 50}, False),
    ],
)
def test_one_answer_that_makes_up_nearly_all_of_a_mean_is_found(lives: Mapping[int, int], told: bool) -> None:
    rows = [("N1", "web", "old", life, 1) for life, n in lives.items() for _ in range(n)]
    rows += [("N2", "web", "old", life, 1) for life in (0, 5, 6, 7)] if 0 in lives else []
    tallied = roll_up(count(frame(rows), ["age"]), areas(), ("ward",))
    found = dominated(tallied, local_indicators(framework(SATISFIED, COLD), questionnaire()))
    assert found == {"satisfied": frozenset({"N1"} if told else ())}


def test_an_item_nobody_reached_counts_nothing() -> None:
    other = replace(SATISFIED, item="age_band")
    found = counts(rolled(), local_indicators(framework(other), questionnaire()), ("C",))
    assert list(found["satisfied"]["C"]) == [0, 0, 0, 0]
    assert estimates(rolled(), local_indicators(framework(other), questionnaire()), np.ones(3), 4) == {}


def test_estimates_are_weighted_and_say_how_many_gave_no_answer() -> None:
    """Weights old 1, young 3: (8 + 6 + 3 x 10) / 5 = 8.8; cold (1 + 3) / (2 + 3) = 0.8."""
    tallied = rolled()
    weights = np.array([{"old": 1.0, "young": 3.0}[age] for age in tallied.cells["age"]])
    found = estimates(tallied, local_indicators(framework(), questionnaire()), weights, 4)
    assert found["satisfied"].loc["C", "estimate"] == pytest.approx(8.8)
    assert found["satisfied"].loc["C", "missing"] == pytest.approx(1 / 4)
    assert found["cold"].loc["C", "estimate"] == pytest.approx(0.8)
    assert found["cold"].loc["C", "missing"] == pytest.approx(1 / 4), "don't know is no answer in the base"
    assert "N2" not in found["satisfied"].index


def test_a_redefined_indicator_has_another_signature() -> None:
    one, two = local_indicators(framework(COLD, replace(COLD, code="other", codes=(1, 2))), questionnaire())
    assert one.signature != two.signature
