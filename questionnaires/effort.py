"""What answering asks of a person: how hard the words are to read, and how long it takes.

Both are rough, and advice: they never refuse a questionnaire.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from questionnaires.model import Item, Questionnaire

OLDEST = 11  # reading age that texts for residents aim at
FEWEST_WORDS = 8  # a shorter text says too little about how hard it is

WORDS_A_MINUTE = 200
SECONDS: Mapping[str, float] = {
    "information": 0,
    "computed": 0,
    "short_text": 15,
    "long_text": 45,
    "ranking": 20,
    "postcode": 10,
    "email": 15,
    "phone": 15,
    "date": 12,
    "month": 8,
    "integer": 6,
    "decimal": 6,
    "year": 6,
    "multiple_choice": 6,
    "place": 8,
}
"""Seconds to give an answer once the question is read, by kind."""
A_TICK = 4.0

WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")
SENTENCE = re.compile(r"[.!?;:\n]+")
VOWELS = re.compile(r"[aeiouy]+")
SPLIT = re.compile(r"(?<![tcsgx])i(?=[ao]|u[ms])|(?<![gq])u(?=a)|(?<=u)i(?=e)|[aeouy](?=ing)|e(?=as?$)")
SILENT = re.compile(r"(?<=[^aeiouy])(?:e(?:s(?<![sxzcg]es)(?<!ches)(?<!shes))?|(?<![td])ed)$")
LE = re.compile(r"[^aeiouylr]le[sd]?$")


def syllables(word: str) -> int:
    """How many syllables an English word has, by its spelling: right for most words, near for the rest."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    found = len(VOWELS.findall(plain)) + len(SPLIT.findall(plain))
    if SILENT.search(plain) and not LE.search(plain):
        found -= 1
    return max(found, 1)


def reading_age(text: str) -> float | None:
    """The age at which a pupil in an English school reads such a text: Flesch-Kincaid grade plus 5.

    Kincaid, Fishburne, Rogers and Chissom (1975). None for fewer than 8 words. English only.
    """
    words = WORD.findall(text)
    if len(words) < FEWEST_WORDS:
        return None
    sentences = sum(1 for part in SENTENCE.split(text) if WORD.search(part))
    a_word = sum(syllables(word) for word in words) / len(words)
    return 0.39 * len(words) / sentences + 11.8 * a_word - 15.59 + 5


@dataclass(frozen=True, slots=True)
class HardText:
    """A text that is harder to read than residents' texts should be: where it is, and its reading age."""

    place: str
    text: str
    age: float


def hard_texts(questionnaire: Questionnaire) -> list[HardText]:
    """The texts residents read whose reading age is above 11, in order. Empty unless it is in English."""
    if questionnaire.language.split("-")[0] != "en":
        return []
    found = []
    for place, text in _texts(questionnaire):
        age = reading_age(text)
        if age is not None and age > OLDEST:
            found.append(HardText(place, text, age))
    return found


def minutes(questionnaire: Questionnaire) -> tuple[int, int]:
    """Whole minutes to complete: for someone asked only what everyone is, and for someone asked it all.

    Every word is read at 200 a minute, and each answer takes the seconds of its kind.
    """
    always = sum(
        _seconds(item)
        for section in questionnaire.sections
        for item in section.items
        if section.when is None and item.when is None
    )
    opening = _reading([questionnaire.introduction, *(section.intro for section in questionnaire.sections)])
    whole = opening + sum(_seconds(item) for item in questionnaire.items())
    return math.ceil((opening + always) / 60), math.ceil(whole / 60)


def _seconds(item: Item) -> float:
    return _reading([item.text, item.hint, *(option.text for option in item.options)]) + SECONDS.get(
        item.kind, A_TICK
    )


def _reading(texts: Iterable[str]) -> float:
    return sum(len(text.split()) for text in texts) * 60 / WORDS_A_MINUTE


def _texts(questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
    yield "introduction", questionnaire.introduction
    for section in questionnaire.sections:
        yield section.code, section.intro
        for item in section.items:
            yield item.code, item.text
            yield f"{item.code} (hint)", item.hint
            yield f"{item.code} (help)", getattr(item, "help", "")
            for option in item.options:
                yield f"{item.code} ({option.code})", option.text
