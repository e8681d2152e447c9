"""Every kind of item can be drawn and every fault can be told: adding one without the other fails here."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from flask_babel import Babel

import survey_app
from questionnaires.faults import AnswerFault, Fault
from questionnaires.kinds import KINDS
from survey_app.forms.items import FAULTS, FIELDS, error_words
from survey_app.presenters.words import Voice, Words

PARAMS = {
    "value": "<x>",
    "minimum": 0,
    "maximum": 7,
    "length": 9,
    "option": "None",
    "decimals": 1,
    "part": "day",
    "earliest": "1900",
    "latest": "2026-11",
    "rank": 2,
    "text": "Look again.",
    "number": 1,
}


def test_every_kind_has_a_field_and_every_field_a_file() -> None:
    assert FIELDS.keys() == {name for name in KINDS if name != "computed"}, "nothing else is never drawn"
    folder = Path(survey_app.__file__).parent / "templates"
    for template in FIELDS.values():
        assert "macro field(question)" in (folder / template).read_text()


def test_every_fault_has_words() -> None:
    assert FAULTS.keys() == set(AnswerFault)
    app = Flask("test")
    Babel(app)
    with app.test_request_context():
        words = error_words(tuple(Fault(fault.value, fault, PARAMS) for fault in AnswerFault))
    assert words.keys() == {fault.value for fault in AnswerFault}
    assert all(text.endswith(".") and "%(" not in text for text in words.values())
    assert "2 characters too long" in words["too-long"]
    assert "\u2068<x>\u2069" in words["not-a-number"]  # a person's words keep their direction to themselves


def test_the_first_fault_of_an_item_is_the_one_told() -> None:
    app = Flask("test")
    Babel(app)
    with app.test_request_context():
        words = error_words((Fault("a", AnswerFault.ONE_ONLY), Fault("a", AnswerFault.REQUIRED)))
    assert words == {"a": "Choose one answer only."}


def test_words_in_another_language_say_so_and_markup_is_text() -> None:
    voice = Voice("ur", "en")
    assert voice.say("سلام", "Hello") == Words("سلام")
    assert voice.say("Hello", "Hello") == Words("Hello", "en", "ltr")
    assert voice.quote("<b>").__html__() == '<span lang="en" dir="ltr">&lt;b&gt;</span>'
    assert Voice("en", "en").say("<b>", "<b>").__html__() == "&lt;b&gt;"
    assert not Words("")
