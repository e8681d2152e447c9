"""The Easy Read of the library: whole, short, and with a picture we have beside every question."""

from __future__ import annotations

import re

import pytest

from questionnaires import catalogue, loading, messages, paging
from questionnaires.model import OnePer, Questionnaire
from questionnaires.symbols import SYMBOLS
from questionnaires.variants import VARIANTS, base, texts

EASY = [
    questionnaire
    for entry in loading.library()
    if "en-easy" in (questionnaire := loading.load(entry.path)).languages
]
LONGEST = 16  # words in a sentence
SENTENCE = re.compile(r"(?<=[.?:])\s+|\n")
HARD = re.compile(
    r"\b(e\.?g|i\.?e|etc|GP|approx|household|overall|extent|currently|individuals?|commence|regarding|via)\b"
)

every_easy_read = pytest.mark.parametrize("original", EASY, ids=lambda q: f"{q.id}-{q.version}")


def test_the_core_questionnaire_is_in_easy_read() -> None:
    assert "thriving-places-core" in {questionnaire.id for questionnaire in EASY}


@every_easy_read
def test_sentences_are_short_and_words_are_plain(original: Questionnaire) -> None:
    told = {m.context: m.text for m in messages.of_questionnaire(catalogue.translated(original, "en-easy"))}
    long = [s for text in told.values() for s in SENTENCE.split(text) if len(s.split()) > LONGEST]
    assert long == []
    assert [context for context, text in told.items() if HARD.search(text)] == []


@every_easy_read
def test_every_question_has_a_picture(original: Questionnaire) -> None:
    assert [item.code for item in original.items() if item.symbol not in SYMBOLS] == []


@every_easy_read
def test_codes_and_routing_stay_and_each_question_has_its_page(original: Questionnaire) -> None:
    easy = catalogue.translated(original, "en-easy")
    before, after = list(original.items()), list(easy.items())
    assert [(i.code, i.kind, i.when) for i in before] == [(i.code, i.kind, i.when) for i in after]
    assert [[o.code for o in i.options] for i in before] == [[o.code for o in i.options] for i in after]
    assert easy.one_per is OnePer.QUESTION
    assert max(len(page.items) for page in paging.pages(easy) if not page.items[0].grid) == 1


def test_sign_language_has_the_texts_of_its_base() -> None:
    for original in EASY:
        assert catalogue.translated(original, "en-bsl") is original
        assert catalogue.untranslated(original, "en-bsl") == frozenset()
    assert {base(code) for code in VARIANTS} == {"en"}
    assert (base("ur"), texts("ur"), texts("en-bsl"), texts("en-easy")) == ("ur", "ur", "en", "en-easy")
