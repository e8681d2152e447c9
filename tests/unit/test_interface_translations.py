"""The interface's words are all collected; what residents read is whole in every language offered."""

from __future__ import annotations

import gettext
import re
from collections import Counter
from functools import cache
from pathlib import Path

import polib
import pytest
from babel import Locale

from questionnaires.catalogue import STATE, State
from survey_app import collecting
from survey_app.config import OFFERED
from survey_app.services.translations.sources import FOR_RESIDENTS

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "survey_app" / "translations"
SOURCE_LANGUAGE = "en"
ON_FILE = sorted(path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/messages.po"))
COMPLETE = sorted({code.replace("-", "_") for code in OFFERED} - {SOURCE_LANGUAGE})

SAME_WORD = {"pl": {"Administrator", "Problem:"}, "ro": {"Administrator", "District"}}
"""Texts that rightly read as in English, by language; any other that does was left untranslated."""

PLACEHOLDER = re.compile(r"%\((\w+)\)([a-z])")
LETTER = re.compile(r"[^\W\d_]")

Key = tuple[str, str, str]  # context, singular, plural

every_language = pytest.mark.parametrize("language", ON_FILE)


def _collected() -> dict[Key, bool]:
    """Every message in the source now, and whether residents read it."""
    found = {}
    for message in collecting.interface_template():
        if message.id:
            singular, plural = message.id if isinstance(message.id, tuple) else (message.id, "")
            found[message.context or "", singular, plural] = FOR_RESIDENTS in message.auto_comments
    return found


@cache
def _template() -> list[polib.POEntry]:
    return list(polib.pofile(str(FOLDER / "messages.pot")))


@cache
def _catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(FOLDER / language / "LC_MESSAGES" / "messages.po"))


def _key(entry: polib.POEntry) -> Key:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural


def _live(language: str) -> list[polib.POEntry]:
    return [entry for entry in _catalogue(language) if not entry.obsolete]


def _translated(language: str) -> list[polib.POEntry]:
    return [entry for entry in _live(language) if any(_texts(entry))]


def _texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def _words(entry: polib.POEntry) -> set[str]:
    """The English of an entry."""
    return {text for text in (entry.msgid, entry.msgid_plural) if text}


def test_the_template_holds_what_the_source_says_and_who_reads_it():
    collected = _collected()
    template = {_key(entry): FOR_RESIDENTS in entry.comment for entry in _template()}
    assert len(collected) > 100
    advice = "run `make translations`, then translate what is new"
    assert collected.keys() - template.keys() == set(), f"not in messages.pot: {advice}"
    assert template.keys() - collected.keys() == set(), (
        f"in messages.pot, but no page says it any more: {advice}"
    )
    assert {key for key in collected if collected[key] != template[key]} == set(), f"other readers: {advice}"


def test_every_language_that_is_offered_has_a_file():
    assert set(COMPLETE) <= set(ON_FILE)


@every_language
def test_a_language_is_in_step_with_the_template(language):
    keys = [_key(entry) for entry in _live(language)]
    assert set(keys) == {_key(entry) for entry in _template()}
    assert [key for key, times in Counter(keys).items() if times > 1] == []


@pytest.mark.parametrize("language", COMPLETE)
def test_residents_read_every_message_in_a_language_that_is_offered(language):
    missing = [
        entry.msgid
        for entry in _live(language)
        if FOR_RESIDENTS in entry.comment and (entry.fuzzy or not all(text.strip() for text in _texts(entry)))
    ]
    assert missing == []


@every_language
def test_a_message_is_translated_in_all_its_plural_forms_or_in_none(language):
    assert not _catalogue(language).metadata_is_fuzzy, "a file marked fuzzy is never used"
    forms = _plural_forms(language)[0]
    bad = [
        entry.msgid
        for entry in _live(language)
        if entry.fuzzy
        or len({bool(text.strip()) for text in _texts(entry)}) > 1
        or (entry.msgid_plural and sorted(entry.msgstr_plural) != list(range(forms)))
    ]
    assert bad == []


@every_language
def test_plural_forms_are_those_of_the_language(language):
    """Each of Unicode's categories has one form, and each form one category."""
    forms, form_of = _plural_forms(language)
    category_of = Locale.parse(language).plural_form
    pairs = {(category_of(number), form_of(number)) for number in range(1001)}
    categories, numbers = {category for category, _ in pairs}, {form for _, form in pairs}
    assert len(pairs) == len(categories) == len(numbers), f"the Plural-Forms header joins or splits {pairs}"
    assert max(numbers) < forms


def _plural_forms(language: str):
    """How many forms the file says there are, and its rule from a number to a form."""
    header = re.fullmatch(
        r"nplurals *= *(\d+) *; *plural *= *(.+?);?", _catalogue(language).metadata["Plural-Forms"].strip()
    )
    assert header is not None, "the Plural-Forms header cannot be read"
    return int(header[1]), gettext.c2py(header[2])


@every_language
def test_placeholders_are_kept_and_every_text_can_be_filled_in(language):
    for entry in _translated(language):
        wanted = set().union(*(PLACEHOLDER.findall(text) for text in _words(entry)))
        parts = {name: 0 if kind == "d" else "…" for name, kind in wanted}
        for form, text in enumerate(_texts(entry)):
            spared = _spared(language, form) if entry.msgid_plural else set()
            kept = set(PLACEHOLDER.findall(text))
            assert wanted - spared <= kept <= wanted, f"{entry.msgid!r} became {text!r}"
            if wanted:  # only then is the text filled in; a stray % raises here as it would there
                assert "%(" not in text % parts


def _spared(language: str, form: int) -> set[tuple[str, str]]:
    """The number itself, in a form for one number only: Arabic has a word for "two places"."""
    form_of = _plural_forms(language)[1]
    counted = [number for number in range(1001) if form_of(number) == form]
    return {("num", "s"), ("num", "d")} if len(counted) == 1 else set()


@every_language
def test_every_translation_says_how_far_it_has_come(language):
    stated = {entry.msgid: STATE.search(entry.tcomment) for entry in _translated(language)}
    assert [msgid for msgid, found in stated.items() if found is None or found[1] not in list(State)] == []


@every_language
def test_no_text_was_left_in_english(language):
    same = {
        text
        for entry in _live(language)
        for text in _texts(entry)
        if text in _words(entry) and LETTER.search(PLACEHOLDER.sub("", text))
    }
    assert same - SAME_WORD.get(language, set()) == set()
    assert SAME_WORD.get(language, set()) - same == set(), "strike off what is translated"


@every_language
def test_spaces_at_the_ends_and_paragraphs_are_kept(language):
    """A sentence goes on after some messages: "No data yet about: "."""

    def shape(text: str) -> tuple[bool, bool, int]:
        return text[0].isspace(), text[-1].isspace(), text.count("\n")

    wrong = [
        entry.msgid
        for entry in _live(language)
        for text in _texts(entry)
        if text and shape(text) not in {shape(english) for english in _words(entry)}
    ]
    assert wrong == []
