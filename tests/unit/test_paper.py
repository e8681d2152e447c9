"""Paper forms without a database: serials, totals, numbers in words, routing in words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.model import (
    Compare,
    Every,
    Item,
    Never,
    Option,
    Purpose,
    Questionnaire,
    Scale,
    Section,
    Some,
)
from survey_app.presenters.keying import valid_words
from survey_app.presenters.print_form import item_numbers
from survey_app.presenters.routing_words import condition_words
from survey_app.services import serials
from survey_app.services.paper import Totals, last_day, takes_paper
from survey_app.tables import Wave


@pytest.mark.parametrize(
    ("typed", "serial"),
    [
        ("a0012", "A0012"),
        (" A-00 12 ", "A0012"),
        ("A–0012", "A0012"),
        ("۰۰۱۲", "0012"),
        ("ＡＢ１", "AB1"),
        ("x" * 32, "X" * 32),
        ("x" * 33, None),
        ("", None),
        (" - ", None),
        ("A#1", None),
        ("é1", None),
        ("ا1", None),
        ("1\u20e3", None),
    ],
)
def test_a_serial_has_one_spelling(typed: str, serial: str | None) -> None:
    assert serials.normalised(typed) == serial


@given(st.text(max_size=40))
def test_a_serial_read_again_is_the_same(typed: str) -> None:
    once = serials.normalised(typed)
    assert once is None or serials.normalised(once) == once


@pytest.mark.parametrize(
    ("serial", "after"),
    [
        ("A0001", "A0002"),
        ("A0099", "A0100"),
        ("999", "1000"),
        ("7B", None),
        ("B", None),
        ("A" * 31 + "9", None),
        ("12A05", "12A06"),
    ],
)
def test_the_next_serial_is_one_more_at_the_same_width(serial: str, after: str | None) -> None:
    assert serials.following(serial) == after


def test_totals_reconcile() -> None:
    totals = Totals(returned=10, handed_out=25, keyed=5, no_consent=1, outside_area=1, spoilt=1)
    assert (totals.done, totals.left, totals.over, totals.not_returned) == (8, 2, 0, 15)
    assert (Totals(returned=2, keyed=3).left, Totals(returned=2, keyed=3).over) == (0, 1)
    assert Totals(returned=2).not_returned is None


@pytest.mark.parametrize(
    ("status", "day", "taken"),
    [
        ("draft", date(2026, 3, 15), False),
        ("open", date(2026, 2, 28), False),
        ("open", date(2026, 3, 1), True),
        ("closed", date(2026, 3, 20), True),
        ("closed", date(2026, 4, 28), True),
        ("open", date(2026, 4, 29), False),
    ],
)
def test_when_a_wave_takes_paper(status: str, day: date, taken: bool) -> None:
    wave = Wave(
        slug="s",
        title="S",
        questionnaire_id="q",
        questionnaire_version="1",
        status=status,
        opens_on=date(2026, 3, 1),
        closes_on=date(2026, 3, 31),
    )
    assert takes_paper(wave, day) is taken
    assert last_day(wave) == date(2026, 4, 28)


def item(code: str, kind: str = "single_choice", **given: object) -> Item:
    options = tuple(Option(code=n, text=t) for n, t in enumerate(("Yes", "No", "Not sure"), 1))
    fields = {"options": options} if kind.endswith("choice") else {}
    return Item(code=code, kind=kind, text=code, purpose=Purpose.CONTEXT, **(fields | given))


WORK = item("work")
DAYS = item("days", "integer", minimum=0, maximum=7)
ASKED = Questionnaire(
    id="q",
    version="1",
    title="Q",
    language="en",
    framework="f",
    sections=(
        Section(code="a", title="A", items=(WORK, DAYS)),
        Section(code="b", title="B", items=(item("last"),)),
    ),
)

YES = Compare(item="work", operator="in", values=(1,))
YES_OR_NO = Compare(item="work", operator="in", values=(1, 2))
BUSY = Compare(item="days", operator="at-least", values=(5,))
IDLE = Compare(item="days", operator="at-most", values=(1,))
NOT_NO = Compare(item="work", operator="not-in", values=(2,))
SAID = Compare(item="work", operator="answered")


def test_items_are_numbered_through_the_whole_form() -> None:
    assert item_numbers(ASKED) == {"work": 1, "days": 2, "last": 3}


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (YES, "you answered “Yes” at question 1"),
        (YES_OR_NO, "you answered “Yes” or “No” at question 1"),
        (NOT_NO, "you answered question 1, but not with “No”"),
        (BUSY, "your answer to question 2 is 5 or more"),
        (IDLE, "your answer to question 2 is 1 or less"),
        (SAID, "you answered question 1"),
        (Never(condition=YES), "you did not answer “Yes” at question 1"),
        (Never(condition=NOT_NO), "you answered “No” at question 1, or left it blank"),
        (Never(condition=BUSY), "your answer to question 2 is less than 5, or you left it blank"),
        (Never(condition=IDLE), "your answer to question 2 is more than 1, or you left it blank"),
        (Never(condition=SAID), "you left question 1 blank"),
        (Never(condition=Never(condition=SAID)), "you answered question 1"),
        (
            Every(conditions=(YES, BUSY)),
            "you answered “Yes” at question 1 and your answer to question 2 is 5 or more",
        ),
        (
            Never(condition=Every(conditions=(YES, SAID))),
            "you did not answer “Yes” at question 1 or you left question 1 blank",
        ),
        (
            Never(condition=Some(conditions=(YES, SAID))),
            "you did not answer “Yes” at question 1 and you left question 1 blank",
        ),
    ],
)
def test_routing_in_words(condition: Compare | Every | Some | Never, words: str) -> None:
    assert condition_words(condition, ASKED, item_numbers(ASKED)) == words


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (WORK, "1 to 3"),
        (item("w", prefer_not_to_say=True), "1 to 4"),
        (DAYS, "0 to 7"),
        (
            item("s", "scale", scale=Scale(low=0, high=10, low_label="", high_label="")),
            "0 to 10",
        ),
        (
            item("o", options=(Option(code=1, text="A"), Option(code=9, text="B"))),
            "1 or 9",
        ),
        (
            item("o", options=tuple(Option(code=n, text=str(n)) for n in (1, 2, 5, 9))),
            "1 to 2, 5 or 9",
        ),
    ],
)
def test_the_numbers_that_can_be_keyed_in_words(asked: Item, words: str) -> None:
    assert valid_words(asked) == words
