"""A resident's own answers as a PDF that a screen reader can read: tagged, with its language and title."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from questionnaires.answers import Missing
from survey_app.i18n import Language
from survey_app.presenters.summary import Row, SectionSummary
from survey_app.presenters.words import Words

TEMPLATE = Path(__file__).resolve().parent.parent / "pdf" / "answers.typ"

PLAIN = ("Noto Sans", "Libertinus Serif")  # the second comes with typst
FONTS: dict[str, tuple[str, ...]] = {
    # Naskh also for Urdu: out of the joined letters of Nastaliq, readers of PDF cannot make words again.
    "ar": ("Noto Naskh Arabic",),
    "bn": ("Noto Sans Bengali",),
    "fa": ("Noto Naskh Arabic",),
    "gu": ("Noto Sans Gujarati",),
    "hi": ("Noto Sans Devanagari",),
    "pa": ("Noto Sans Gurmukhi",),
    "ta": ("Noto Sans Tamil",),
    "ur": ("Noto Naskh Arabic",),
    "zh": ("Noto Sans CJK SC", "Noto Sans SC"),
}
"""Fonts by language, for those that need more than Latin, Greek or Cyrillic letters. Any of them will do."""

LOOSE = frozenset({"ar", "bn", "fa", "ur"})  # marks above and below the line


class NoFontError(Exception):
    """This server has no font for the language."""


def fonts_for(language: str) -> tuple[str, ...]:
    """The fonts for a language that this server has, best first. Raises NoFontError when it has none."""
    base = language.partition("-")[0]
    needed = FONTS.get(base, PLAIN)
    found = tuple(font for font in needed if font in _installed())
    if not found:
        raise NoFontError(language)
    return tuple(dict.fromkeys((*found, *(font for font in PLAIN if font in _installed()))))


def can_write(language: str) -> bool:
    """Whether a PDF can be made in this language here."""
    try:
        return bool(fonts_for(language))
    except NoFontError:
        return False


@cache
def _installed() -> frozenset[str]:
    import typst

    return frozenset(typst.Fonts().families())


def answers_pdf(
    language: Language, title: str, lines: Iterable[Words], sections: Sequence[tuple[Words, Sequence[Row]]]
) -> bytes:
    """The PDF. `sections`: a title and rows, each with a `question` and `answers` as Words.

    Raises NoFontError when this server has no font for the language.
    """
    import typst

    document = {
        "title": title,
        "language": language.code,
        "direction": language.direction,
        "fonts": list(fonts_for(language.code)),
        "leading": 0.95 if language.code.partition("-")[0] in LOOSE else 0.65,
        "lines": [_words(line) for line in lines],
        "sections": [
            {
                "title": _words(heading),
                "rows": [
                    {
                        "question": _words(row.question),
                        "answers": [_words(answer) for answer in row.answers],
                    }
                    for row in rows
                ],
            }
            for heading, rows in sections
        ],
    }
    made: bytes = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"document": json.dumps(document, ensure_ascii=False)},
        pdf_standards=["ua-1"],
    )
    return made


def filled(sections: Iterable[SectionSummary], missing: str, declined: str) -> list[tuple[Words, list[Row]]]:
    """A summary as the PDF takes it: an item without an answer says so in words."""

    def row(each: Row) -> Row:
        if each.answers:
            return each
        words = declined if each.missing is Missing.PREFER_NOT_TO_SAY else missing
        return replace(each, answers=(Words(words),))

    return [(section.title, [row(each) for each in section.rows]) for section in sections if section.rows]


def _words(words: Words) -> dict[str, str]:
    return {"text": words.text, "language": words.language, "direction": words.direction}
