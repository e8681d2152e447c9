"""Translations use their own language's letters and marks, and so read and render as print does."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import polib
import pytest

from questionnaires import catalogue


@dataclass(frozen=True, slots=True)
class Typography:
    """The marks that end a sentence, by the English mark, and characters that belong to another script."""

    ends: dict[str, str]
    foreign: frozenset[str]


TYPOGRAPHY = {
    # Arabic yeh, kaf and heh look nearly right but join and sort wrongly in Nastaliq.
    "ur": Typography({".": "۔", "?": "؟"}, frozenset("يكه?;٠١٢٣٤٥٦٧٨٩")),
    # Digits as on the buttons and in the figures beside them, which Babel writes in Latin digits.
    "bn": Typography({".": "।", "?": "?"}, frozenset("؟۔০১২৩৪৫৬৭৮৯")),
}
FILES = sorted(
    (language, path.stem)
    for language in TYPOGRAPHY
    for path in (catalogue.TRANSLATIONS / language / "LC_MESSAGES").glob("*.po")
)


@pytest.fixture(params=FILES, ids="-".join)
def texts(request: pytest.FixtureRequest) -> tuple[Typography, list[tuple[str, str, str]]]:
    """A language's typography; place, English and translation of each message of one file."""
    language, id = request.param
    path = catalogue.TRANSLATIONS / language / "LC_MESSAGES" / f"{id}.po"
    entries = [entry for entry in polib.pofile(str(path)) if entry.translated()]
    assert entries, path
    return TYPOGRAPHY[language], [(entry.msgctxt, entry.msgid, entry.msgstr) for entry in entries]


def test_sentences_end_as_the_language_ends_them(texts):
    typography, found = texts
    wrong = [
        context
        for context, english, shown in found
        if shown[-1] != typography.ends.get(english[-1], shown[-1])
    ]
    assert wrong == []


def test_what_is_no_sentence_in_english_does_not_become_one(texts):
    typography, found = texts
    ends = set(typography.ends.values())
    assert [
        c for c, english, shown in found if english[-1] not in typography.ends and shown[-1] in ends
    ] == []


def test_no_letter_or_mark_is_of_another_script(texts):
    typography, found = texts
    assert [(c, s) for c, _, shown in found if (s := typography.foreign & set(shown))] == []


def test_letters_are_composed_as_fonts_and_searches_expect(texts):
    _, found = texts
    assert [c for c, _, shown in found if unicodedata.normalize("NFC", shown) != shown] == []
    assert [c for c, _, shown in found if shown != shown.strip() or "  " in shown] == []
