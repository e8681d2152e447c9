"""Answers inside texts, random order, computed values, and every text a translator gets."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from questionnaires import computing, loading, messages, ordering, piping
from questionnaires.answers import Missing
from questionnaires.model import Case, Compare, Compute, ComputeMethod, Item, Option, Purpose

HERE = Path(__file__).parent
EVERY_KIND = loading.load(HERE / "every-kind" / "questionnaire.yaml", HERE / "frameworks")
NO, DECLINED, NOT_ASKED = Missing.NOT_ANSWERED, Missing.PREFER_NOT_TO_SAY, Missing.NOT_ASKED


@pytest.mark.parametrize(
    ("text", "answers", "expected"),
    [
        ("No braces", {}, "No braces"),
        ("In {town|your town}?", {"town": 1}, "In Chelmsford?"),
        ("In {town|your town}?", {"town": NO}, "In your town?"),
        ("In {town|your town}?", {}, "In your town?"),
        ("In {town}?", {}, "In ?"),
        ("In {town|here}?", {"town": 4, "town-other": "Ely"}, "In \u2068Ely\u2069?"),
        ("In {town|here}?", {"town": 4, "town-other": NO}, "In Somewhere else?"),
        ("{likes|it}", {"likes": (1, 3)}, "Parks, Shops"),
        ("{best|it}", {"best": (3, 1)}, "Shops, Parks"),
        ("{sleep} hours", {"sleep": 65}, "6.5 hours"),
        ("All {at_home}", {"at_home": 3}, "All 3"),
        ("On {visit|a day}", {"visit": "2024-02-03"}, "On 3 February 2024"),
        ("On {visit|a day}", {"visit": DECLINED}, "On a day"),
        ("Since {moved_in|then}", {"moved_in": "2024-02"}, "Since February 2024"),
        ("Hello {first_name|friend}", {"first_name": "<b>{town}</b>"}, "Hello \u2068<b>{town}</b>\u2069"),
        ("{nothing} {} {a b} {Town}", {}, "{nothing} {} {a b} {Town}"),
    ],
)
def test_an_answer_in_a_text(text, answers, expected):
    assert piping.piped(text, EVERY_KIND, answers).replace("\u202f", " ") == expected


def test_dates_in_a_text_are_in_its_language():
    polish = replace(EVERY_KIND, language="pl")
    assert piping.piped("{visit|x}", polish, {"visit": "2024-02-03"}) == "3 lutego 2024"
    easy = replace(EVERY_KIND, language="en-easy")
    assert piping.piped("{visit|x}", easy, {"visit": "2024-02-03"}) == "3 February 2024"


def test_placeholders_are_the_codes_a_translation_must_keep():
    assert piping.placeholders("{a|some {words}} {b} {a}") == ("words", "b", "a")
    assert piping.placeholders("{town|Twoje miasto} {town}") == ("town", "town")
    assert piping.without_fallback("{a} {b|c} {d|}") == ("a",)


OPTIONS = tuple(Option(code=n, text=str(n), exclusive=n == 6, fixed=n == 2) for n in range(1, 7))
MIXED = Item(
    code="mixed", kind="multiple_choice", text="?", purpose=Purpose.CONTEXT, options=OPTIONS, order="random"
)


def test_a_random_order_is_the_same_for_one_person_and_differs_between_people():
    assert ordering.shown(MIXED, "a") == ordering.shown(MIXED, "a")
    orders = {ordering.shown(MIXED, str(n)) for n in range(500)}
    assert len(orders) == 24  # four that move: every order of them
    assert all(order[1] == 2 and order[5] == 6 and set(order) == set(range(1, 7)) for order in orders)
    assert ordering.shown(replace(MIXED, order=""), "a") == (1, 2, 3, 4, 5, 6)


def test_every_option_comes_first_as_often_as_another():
    first = Counter(ordering.shown(MIXED, str(n))[0] for n in range(4000))
    assert set(first) == {1, 3, 4, 5}
    chi_squared = sum((count - 1000) ** 2 / 1000 for count in first.values())
    assert chi_squared < 16.27  # the 0.1% point of chi-squared with 3 degrees of freedom


def test_two_items_are_shuffled_apart():
    other = replace(MIXED, code="other")
    assert any(ordering.shown(MIXED, str(n)) != ordering.shown(other, str(n)) for n in range(5))


def computed(method, *items, codes=(), **more):
    compute = Compute(method=ComputeMethod(method), items=items, codes=codes, **more)
    return Item(code="x", kind="computed", text="X", purpose=Purpose.CONTEXT, compute=compute, maximum=100)


AT_LEAST_5 = Compare(item="a", operator="at-least", values=(5,))
CASES = {"cases": (Case(when=AT_LEAST_5, value=2),)}


@pytest.mark.parametrize(
    ("item", "answers", "expected"),
    [
        (computed("sum", "a", "b"), {"a": 2, "b": 3}, 5),
        (computed("sum", "a", "b"), {"a": 2, "b": NO}, NO),
        (computed("sum", "a", "b"), {"a": 2, "b": DECLINED}, DECLINED),
        (computed("sum", "a", "b", "c"), {"a": NO, "b": DECLINED, "c": 1}, DECLINED),
        (computed("sum", "a", "b"), {"a": 2}, 2),  # b was not asked
        (computed("sum", "a", "b"), {}, NOT_ASKED),
        (computed("sum", "a", "b"), {"a": 99, "b": 3}, NO),  # above the maximum
        (computed("difference", "a", "b"), {"a": 5, "b": 3}, 2),
        (computed("difference", "a", "b"), {"a": 3, "b": 5}, NO),  # below the minimum
        (computed("difference", "a", "b"), {"a": 3}, NOT_ASKED),
        (computed("product", "a", "b"), {"a": 5, "b": 3}, 15),
        (computed("product", "a", "b"), {"a": 0, "b": 3}, 0),
        (computed("smallest", "a", "b"), {"a": 5, "b": 3}, 3),
        (computed("largest", "a", "b"), {"a": 5, "b": 3}, 5),
        (computed("count", "a", "b", codes=(1,)), {"a": 1, "b": (1, 2)}, 2),
        (computed("count", "a", "b", codes=(1,)), {"a": 1}, 1),
        (computed("count", "a", "b", codes=(1,)), {"a": 2, "b": 2}, 0),
        (computed("cases", **CASES, otherwise=0), {"a": 5}, 2),
        (computed("cases", **CASES, otherwise=0), {"a": 4}, 0),
        (computed("cases", **CASES, otherwise=0), {}, 0),
        (computed("cases", **CASES), {"a": 4}, NO),
    ],
)
def test_a_computed_value(item, answers, expected):
    found = computing.value(item, answers)
    assert found == expected
    assert type(found) is type(expected)


def test_every_text_can_be_translated_and_stands_under_one_context():
    found = messages.of_questionnaire(EVERY_KIND)
    texts = {message.context: message.text for message in found}
    assert len(texts) == len(found)
    for context, text in {
        "next": "We add up the answers in spring and show them on our website.",
        "glossary.fuel_poverty.term": "Fuel poverty",
        "glossary.damp.text": "Wet walls or mould.",
        "support.1.contact": "Call 116 123, free, at any time",
        "tenure.help": "If you part-own it, choose own.",
        "tenure.media.1": "The question in British Sign Language",
        "children.checks.2": "Look at this number again.",
        "town.options.1.group": "Mid",
        "lonely.text": "How often do you feel like this?",
        "lonely.options.2": "Some of the time",
        "left_out.text": "Left out",
        "room.options.1": "Yes",
    }.items():
        assert texts[context] == text
    assert "left_out.options.2" not in texts

    asked: list[str] = []
    copy = messages.word_questionnaire(
        EVERY_KIND, "xx", lambda context, text: asked.append(context) or text.upper()
    )
    assert {context for context in texts} <= set(asked)
    assert {message.context: message.text for message in messages.of_questionnaire(copy)} == {
        context: text.upper() for context, text in texts.items()
    }
    rows = [item for item in copy.items() if item.kind == "grid"]
    assert {row.grid.text for row in rows} == {"HOW OFTEN DO YOU FEEL LIKE THIS?"}
    assert rows[1].options[1].text == "SOME OF THE TIME"
