"""Checking answers: every kind in words of the page's language."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale

from questionnaires.answers import Answer, Missing
from survey_app.presenters.questions import Asking
from survey_app.presenters.summary import Row, summary
from tests.unit.presenters.test_questions import ANSWERS


def rows(asking: Asking, answers: dict[str, Answer | Missing]) -> dict[str, Row]:
    sections = [(section, section.items) for section in asking.translated.sections]
    return {row.code: row for part in summary(asking, sections, answers) for row in part.rows}


def said(row: Row) -> list[str]:
    return [words.text for words in row.answers]


def test_every_kind_is_summed_up(pages: Flask, asking: Asking) -> None:
    found = rows(asking, ANSWERS)
    assert {
        code: said(found[code]) for code in ("warm", "heating", "likes", "sleep", "visited", "moved")
    } == {
        "warm": ["No"],
        "heating": ["Something else", "Peat & <wood>"],
        "likes": ["The parks", "Something else", "Birds"],
        "sleep": ["7.5 hours"],
        "visited": ["7 March 2026"],
        "moved": ["November 2019"],
    }
    assert {code: said(found[code]) for code in ("built", "town", "happy", "email", "postcode")} == {
        "built": ["1964"],
        "town": ["Harlow"],
        "happy": ["0"],
        "email": ["ada@example.org"],
        "postcode": ["CM1 1GT"],
    }


def test_a_ranking_is_in_its_order_and_says_so(pages: Flask, asking: Asking) -> None:
    row = rows(asking, ANSWERS)["best"]
    assert (said(row), row.ordered) == (["Somewhere to meet", "Buses and trains"], True)


def test_the_rows_of_a_grid_say_what_they_belong_to(pages: Flask, asking: Asking) -> None:
    found = rows(asking, ANSWERS)
    assert [found[code].over.text for code in ("belonging", "trusting", "agreeing")] == [
        "How much do you agree?",
        "How much do you agree?",
        "",
    ]
    assert found["trusting"].missing is Missing.PREFER_NOT_TO_SAY


def test_what_is_only_read_or_worked_out_is_left_out(pages: Flask, asking: Asking) -> None:
    assert not {"welcome", "household"} & rows(asking, ANSWERS).keys()


def test_words_beside_an_answer_no_longer_chosen_are_not_shown(pages: Flask, asking: Asking) -> None:
    found = rows(asking, {"heating": 1, "heating-other": Missing.NOT_ANSWERED})
    assert said(found["heating"]) == ["Gas"]


@pytest.mark.parametrize(
    ("language", "day", "month", "hours"),
    [
        ("pl", "7 marca 2026", "listopad 2019", "7,5 hours"),
        ("ro", "7 martie 2026", "noiembrie 2019", "7,5 hours"),
        ("ur", "7 مارچ 2026", "نومبر 2019", "7.5 hours"),
    ],
)
def test_dates_and_numbers_are_written_as_in_the_language(
    pages: Flask, asking: Asking, language: str, day: str, month: str, hours: str
) -> None:
    with force_locale(language):
        found = rows(asking, ANSWERS)
        assert [said(found[code])[0] for code in ("visited", "moved", "sleep")] == [day, month, hours]
