"""Straight lines: what is one, what cannot be told."""

from __future__ import annotations

from pathlib import Path

import pytest

from questionnaires import carefulness, loading

CORE = loading.load(Path(loading.LIBRARY) / "thriving-places-core" / "1.0" / "questionnaire.yaml")


def test_runs_are_neighbours_with_the_same_answers():
    assert carefulness.runs(CORE) == (("life_sat", "worthwhile", "happy", "anxious"),)


RUN = ("a", "b", "c", "d", "e")


@pytest.mark.parametrize(
    ("answers", "straight"),
    [
        ({"a": 3, "b": 3, "c": 3, "d": 3, "e": 3}, True),
        ({"a": 3, "b": 3, "c": 3, "d": 3, "e": 4}, False),
        ({"a": 3, "b": 3, "c": 3, "d": 3}, True),  # four answers are enough
        ({"a": 3, "b": 3, "c": 3, "d": {"missing": "not-answered"}}, None),
        ({"a": 0, "b": 0, "c": 0, "d": 0, "e": {"missing": "prefer-not-to-say"}}, True),
        ({}, None),
    ],
)
def test_one_answer_all_the_way_down(answers, straight):
    assert carefulness.straight_lined(RUN, answers) is straight
