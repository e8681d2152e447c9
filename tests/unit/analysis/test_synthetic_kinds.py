"""Synthetic people answer every kind of item, with what the item takes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from analysis import synthetic
from analysis.synthetic import Parameters, SyntheticResponse
from questionnaires import answering, loading
from questionnaires.answers import Missing
from questionnaires.model import Questionnaire

FOLDER = Path(__file__).parents[1] / "questionnaires"


@pytest.fixture(scope="module")
def asked() -> Questionnaire:
    found = loading.load(FOLDER / "every-kind" / "questionnaire.yaml", FOLDER / "frameworks")
    plain = (replace(s, items=tuple(replace(i, margin=None) for i in s.items)) for s in found.sections)
    return replace(found, margins=(), sections=tuple(plain))


@pytest.fixture(scope="module")
def responses(asked: Questionnaire) -> list[SyntheticResponse]:
    places, margins = synthetic.demo_places(), synthetic.demo_margins()
    return synthetic.generate(asked, places, margins, 300, 4, parameters=Parameters(items={}))


def test_they_are_finished_and_can_be_counted(
    asked: Questionnaire, responses: list[SyntheticResponse]
) -> None:
    for response in responses:
        assert answering.finish(asked, response.answers) == response.answers
        assert tuple(answering.snapshot_row(asked, response.answers)) == answering.snapshot_columns(asked)


def test_every_item_is_answered_by_somebody_with_what_it_takes(
    asked: Questionnaire, responses: list[SyntheticResponse]
) -> None:
    given = {
        item.code: [a for r in responses if not isinstance(a := r.answers[item.code], Missing)]
        for item in answering.kept_items(asked)
    }
    assert {code for code, answers in given.items() if not answers} == set()
    assert all(len(answer) == 2 for answer in given["best"])  # type: ignore[arg-type]
    assert all(str(day) >= "2000-01-01" for day in given["visit"])
    assert all(0 <= int(str(hours)) <= 240 for hours in given["sleep"])
    assert all(int(str(year)) >= 1900 for year in given["born"])
