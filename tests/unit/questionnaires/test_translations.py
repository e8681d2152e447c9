"""The translations shipped with the library say everything the originals say, in every language offered."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

import polib
import pytest

from questionnaires import catalogue, loading, messages
from questionnaires.catalogue import Source, State
from questionnaires.framework import Framework
from questionnaires.model import Questionnaire
from questionnaires.variants import VARIANTS

SAME_IN_EVERY_LANGUAGE = {"%", "£"}
SAME_WORD = {
    ("pl", "Transport"),
    ("ro", "Transport"),
    ("pt", "Hindu"),
    ("pt", "Sikh"),
    ("tr", "Hindu"),
    ("so", "Muslim"),
}
"""Texts that rightly read as in English; anything else that does was left untranslated."""

NUMBER = re.compile(r"\d+(?:[.,'٬\u00a0\u202f]\d{3})*")
NAMED = re.compile(r"%\(\w+\)[a-z]")

Translated = tuple[Source, str]


def _shipped() -> list[Translated]:
    """Each questionnaire of the library, and the framework it feeds, with each language it is offered in."""
    found: dict[tuple[str, str, str], Translated] = {}
    for entry in loading.library():
        questionnaire = loading.load(entry.path)
        framework = loading.load_framework(loading.FRAMEWORKS / f"{questionnaire.framework}.yaml")
        for language in questionnaire.languages:
            if language != questionnaire.language:
                own = language in VARIANTS  # of the questions only: results are read in its base language
                for source in (questionnaire,) if own else (questionnaire, framework):
                    found[source.id, source.version, language] = (source, language)
    return list(found.values())


def _name(shipped: Translated) -> str:
    source, language = shipped
    return f"{source.id}-{source.version}-{language}"


SHIPPED = _shipped()
every_translation = pytest.mark.parametrize("shipped", SHIPPED, ids=_name)


def _pairs(shipped: Translated) -> list[tuple[str, str, str]]:
    """Place, English text and what a reader of the language sees there."""
    source, language = shipped
    before = catalogue.source_messages(source)
    if isinstance(source, Framework):
        after = messages.of_framework(catalogue.translated_framework(source, language))
    else:
        after = messages.of_questionnaire(catalogue.translated(source, language))
    return [(was.context, was.text, now.text) for was, now in zip(before, after, strict=True)]


def _numbers(text: str) -> Counter[str]:
    """The whole numbers in a text, whatever its digits and thousands separators."""
    return Counter(
        "".join(str(unicodedata.digit(sign)) for sign in number if sign.isdigit())
        for number in NUMBER.findall(text)
    )


def test_there_are_translations_to_test():
    assert {language for source, language in SHIPPED if isinstance(source, Questionnaire)} >= {
        "ar",
        "bn",
        "pl",
        "ro",
        "ur",
    }


@every_translation
def test_every_message_is_translated_and_in_step_with_its_source(shipped):
    source, language = shipped
    assert catalogue.drift(language, source) == []
    assert catalogue.untranslated(source, language) == frozenset()
    done = catalogue.completeness(source, language)
    assert done.translated == done.messages > 0


@pytest.mark.parametrize(
    "shipped", [each for each in SHIPPED if each[1] not in VARIANTS], ids=_name
)  # a variant of English is in English
def test_no_text_was_left_in_english(shipped):
    _, language = shipped
    same = {english for _, english, shown in _pairs(shipped) if shown == english}
    assert same - SAME_IN_EVERY_LANGUAGE - {text for each, text in SAME_WORD if each == language} == set()


@every_translation
def test_numbers_and_named_places_are_kept(shipped):
    for context, english, shown in _pairs(shipped):
        missing = _numbers(english) - _numbers(shown)
        assert not missing, f"{context}: {sorted(missing)} of {english!r} not in {shown!r}"
        assert sorted(NAMED.findall(english)) == sorted(NAMED.findall(shown)), context
        end = "\n\n" if shipped[1] in VARIANTS else "\n"  # Easy Read has each idea on a line of its own
        assert english.count(end) == shown.count(end), f"{context}: paragraphs differ"


@every_translation
def test_two_answers_never_read_the_same(shipped):
    answers: dict[str, list[str]] = {}
    for context, _, shown in _pairs(shipped):
        item, _, place = context.partition(".")
        if place.startswith(("options.", "scale.")):
            answers.setdefault(item, []).append(shown)
    twice = {item: shown for item, shown in answers.items() if len(set(shown)) < len(shown)}
    assert twice == {}


@every_translation
def test_every_translation_states_how_far_it_has_come_and_none_is_waiting_for_a_translator(shipped):
    source, language = shipped
    entries = polib.pofile(str(catalogue.file(source, language)))
    unstated = [
        entry.msgctxt
        for entry in entries
        if not entry.obsolete
        and entry.tcomment.removeprefix("state: ").split("\n")[0] not in {state.value for state in State}
    ]
    assert unstated == []
    assert [entry.msgctxt for entry in entries if entry.fuzzy] == []
