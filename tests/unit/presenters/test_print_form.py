"""Every kind of question on paper, and as a worker keys it."""

from __future__ import annotations

import pytest
from flask import Flask

from questionnaires import answering
from questionnaires.answering import Policy
from questionnaires.answers import Missing
from questionnaires.model import (
    Case,
    Compare,
    Compute,
    ComputeMethod,
    Item,
    Never,
    Purpose,
    Questionnaire,
    Section,
)
from survey_app.forms.paper import FAULTS as PAPER_FAULTS
from survey_app.forms.paper import fault_words
from survey_app.presenters.keying import keyed_names, sheet, valid_words
from survey_app.presenters.print_form import PrintItem, item_numbers, print_form
from survey_app.presenters.questions import Asking
from survey_app.presenters.routing_words import condition_words
from survey_app.presenters.words import Voice


@pytest.fixture
def printed(pages: Flask, asking: Asking) -> dict[str, PrintItem]:
    """The items of the form, by their text."""
    return {item.words.text: item for section in print_form(asking).sections for item in section.items}


def test_ways_to_reach_someone_and_sums_are_not_on_paper(
    printed: dict[str, PrintItem], specimen: Questionnaire
) -> None:
    numbers = item_numbers(specimen)
    assert not {"email", "phone", "household", "welcome"} & numbers.keys()
    assert sorted(numbers.values()) == list(range(1, len(numbers) + 1))
    assert [item.number for item in printed.values() if item.number] == sorted(numbers.values())
    assert not any("email" in text for text in printed)
    assert any(item.number == 0 for item in printed.values()), "information is printed without a number"


def test_boxes_of_each_kind(printed: dict[str, PrintItem]) -> None:
    date = printed["When were you last in the park?"]
    assert (date.comb, date.parts) == ((2, 2, 4), ("Day", "Month", "Year"))
    month = printed["When did you move to this address?"]
    assert (month.comb, month.parts) == ((2, 4), ("Month", "Year"))
    ranking = printed["Which of these matter most to you?"]
    assert (ranking.layout, ranking.ranks, len(ranking.boxes), ranking.several) == ("ranking", 3, 4, False)
    hours = printed["How many hours did you sleep last night?"]
    assert (hours.range, hours.decimals, [box.number for box in hours.boxes]) == ((0, 24), 1, [25])
    heating = printed["How do you heat your home?"]
    assert [box.number for box in heating.boxes if box.says_what] == [4]
    assert [box.number for box in heating.boxes] == [1, 2, 3, 4, 5, 6], "in the order written, for everyone"


def test_a_long_list_of_places_is_written_and_found_by_the_worker(
    printed: dict[str, PrintItem], asking: Asking
) -> None:
    town = printed["Which town is nearest to you?"]
    assert (town.layout, [box.number for box in town.boxes]) == ("line", [17])
    lines = {line.id: line for part in sheet(asking, {}, {}, {}) for line in part.lines}
    assert len(lines["q-town"].listed) == 17
    assert lines["q-town"].listed[12].words.text == "Harlow"
    assert lines["q-heating"].listed == ()


def test_the_heading_of_a_grid_stands_over_its_first_row_only(printed: dict[str, PrintItem]) -> None:
    rows = [printed["I feel that I belong here"], printed["People here can be trusted"]]
    assert [row.heading.words.text if row.heading else "" for row in rows] == ["How much do you agree?", ""]


def test_people_are_sent_past_several_questions_at_once(printed: dict[str, PrintItem]) -> None:
    crowded = printed["Do you have room enough in your town?"]
    assert crowded.route == (
        "Answer questions 21 to 22 only if the sum of your answers to questions 19 and 20 is 3 or more. "
        "If not, you have finished."
    )
    assert printed["Shall we write to you about the results?"].route == ""


def test_what_is_keyed_is_read_by_the_same_rules(pages: Flask, specimen: Questionnaire) -> None:
    keyed = {
        "visited": "7 3 2026",
        "moved": "11/2019",
        "built": "1964",
        "best": "3 1",
        "sleep": "7,5",
        "town": "13",
        "heating": "4",
        "heating-other": "Peat",
        "belonging": "2",
        "trusting": "1 2",
        "warm": "/",
    }
    assert keyed.keys() <= set(keyed_names(specimen))
    assert not {"email", "phone", "household", "welcome"} & set(keyed_names(specimen))
    raw = {code: [value] for code, value in keyed.items()}
    reading = answering.read(specimen.items(), raw, Policy.AS_WRITTEN)
    assert reading.problems == ()
    assert {code: reading.answers[code] for code in keyed} == {
        "visited": "2026-03-07",
        "moved": "2019-11",
        "built": 1964,
        "best": (3, 1),
        "sleep": 75,
        "town": 13,
        "heating": 4,
        "heating-other": "Peat",
        "belonging": 2,
        "trusting": Missing.INVALID_MARK,
        "warm": Missing.INVALID_MARK,
    }


@pytest.mark.parametrize(
    ("code", "typed"),
    [
        ("visited", "31 2 2026"),
        ("visited", "7 3"),
        ("visited", "_ 3 2026"),
        ("visited", "1 1 1999"),
        ("moved", "1 2999"),
        ("moved", "3 2150"),
        ("built", "x"),
        ("best", "9"),
        ("best", "9@1"),
        ("sleep", "7.25"),
        ("sleep", "x"),
        ("sleep", "30"),
        ("town", "99"),
        ("heating-other", "x" * 5000),
    ],
)
def test_every_slip_in_keying_has_words(pages: Flask, specimen: Questionnaire, code: str, typed: str) -> None:
    raw = {code: [typed], "heating": ["4"]}
    problems = answering.read(specimen.items(), raw, Policy.AS_WRITTEN).problems
    assert problems
    for fault in problems:
        assert fault.fault in PAPER_FAULTS
        words = fault_words(fault, valid_words(specimen.item(fault.item)))
        assert words.endswith(".")
        assert "%(" not in words


YES = Compare(item="a", operator="in", values=(1,))
BIG = Compare(item="n", operator="at-least", values=(5,))


def computed(condition: Compare | Never, compute: Compute) -> str:
    items = (
        Item(code="a", kind="yes_no", text="A", purpose=Purpose.CONTEXT),
        Item(code="n", kind="integer", text="N", purpose=Purpose.CONTEXT, minimum=0, maximum=9),
        Item(code="m", kind="integer", text="M", purpose=Purpose.CONTEXT, minimum=0, maximum=9),
        Item(code="c", kind="computed", text="C", purpose=Purpose.CONTEXT, compute=compute),
    )
    whole = Questionnaire(
        id="q",
        version="1",
        title="Q",
        language="en",
        framework="f",
        sections=(Section(code="s", title="S", items=items),),
    )
    return condition_words(condition, whole, item_numbers(whole))


CASES = Compute(
    method=ComputeMethod.CASES, cases=(Case(when=YES, value=1), Case(when=BIG, value=2)), otherwise=0
)
SUM = Compute(method=ComputeMethod.SUM, items=("n", "m"))


@pytest.mark.parametrize(
    ("condition", "compute", "words"),
    [
        (Compare(item="c", operator="in", values=(1,)), CASES, "you answered 1 at question 1"),
        (
            Compare(item="c", operator="in", values=(2,)),
            CASES,
            "your answer to question 2 is 5 or more and you did not answer 1 at question 1",
        ),
        (
            Compare(item="c", operator="at-least", values=(1,)),
            CASES,
            "you answered 1 at question 1 or your answer to question 2 is 5 or more",
        ),
        (
            Compare(item="c", operator="in", values=(0,)),
            CASES,
            "you did not answer 1 at question 1 and your answer to question 2 is less than 5, "
            "or you left it blank",
        ),
        (
            Compare(item="c", operator="at-most", values=(4,)),
            SUM,
            "the sum of your answers to questions 2 and 3 is 4 or less",
        ),
        (
            Never(condition=Compare(item="c", operator="at-least", values=(4,))),
            SUM,
            "the sum of your answers to questions 2 and 3 is less than 4",
        ),
        (
            Compare(item="c", operator="at-least", values=(2,)),
            Compute(method=ComputeMethod.COUNT, items=("n", "m"), codes=(3,)),
            "you answered 3 at 2 or more of questions 2 and 3",
        ),
    ],
)
def test_a_sum_nobody_sees_is_said_by_what_it_is_made_of(
    pages: Flask, condition: Compare | Never, compute: Compute, words: str
) -> None:
    assert computed(condition, compute) == words


def test_nothing_piped_is_left_in_braces_on_paper(pages: Flask, asking: Asking) -> None:
    spoken = Asking(asking.translated, asking.original, Voice("en", "en"))
    texts = [item.words.text for section in print_form(spoken).sections for item in section.items]
    assert not any("{" in text for text in texts)
    lines = [line.words.text for part in sheet(spoken, {}, {}, {}) for line in part.lines]
    assert not any("{" in text for text in lines)
