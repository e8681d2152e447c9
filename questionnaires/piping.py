"""Earlier answers inside later texts: {item_code}, or {item_code|words where there is no answer}."""

from __future__ import annotations

import re
from datetime import date

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton

from questionnaires.answers import Answers, Missing
from questionnaires.kinds import KINDS
from questionnaires.model import Item, Questionnaire

PIPE = re.compile(r"\{([a-z][a-z0-9_]*)(?:\|([^{}]*))?\}")
ISOLATE, POP = "\u2068", "\u2069"  # keep a person's own words from turning the text around them
OWN_WORDS = frozenset({"short_text"})


def piped(text: str, questionnaire: Questionnaire, answers: Answers) -> str:
    """The text with earlier answers in it, in the questionnaire's language. Plain text: pages escape it.

    `answers` should hold only what routing reached. An answer that is missing leaves the words after the
    bar, or nothing. Braces around anything but an item's code stay as they are.
    """
    if "{" not in text:
        return text
    return PIPE.sub(lambda match: _words(match, questionnaire, answers), text)


def placeholders(text: str) -> tuple[str, ...]:
    """Codes of the items a text reads, as often as it does: a translation must read the same ones."""
    return tuple(match[1] for match in PIPE.finditer(text))


def without_fallback(text: str) -> tuple[str, ...]:
    """Codes of the items a text reads without words for when there is no answer."""
    return tuple(match[1] for match in PIPE.finditer(text) if match[2] is None)


def texts(item: Item) -> list[str]:
    """Every text of an item that may hold an earlier answer and is shown with the question."""
    grid = [item.grid.text, item.grid.hint, item.grid.help] if item.grid else []
    return [item.text, item.hint, item.help, *grid, *(option.text for option in item.options)]


def _words(match: re.Match[str], questionnaire: Questionnaire, answers: Answers) -> str:
    try:
        item = questionnaire.item(match[1])
    except KeyError:
        return match[0]
    answer = answers.get(item.code, Missing.NOT_ANSWERED)
    if isinstance(answer, Missing):
        return match[2] or ""
    if isinstance(answer, str) and item.kind in ("date", "month"):
        return _date(answer, questionnaire.language)
    other = item.other
    said = answers.get(f"{item.code}-other") if other and answer == other.code else None
    if isinstance(said, str) and not isinstance(said, Missing):
        return f"{ISOLATE}{said}{POP}"
    words = ", ".join(KINDS[item.kind].describe(item, answer))
    return f"{ISOLATE}{words}{POP}" if item.kind in OWN_WORDS else words


def _date(stored: str, language: str) -> str:
    """A day or month in words of the language, or as stored where the language is not known."""
    year, month, *day = (int(part) for part in stored.split("-"))
    try:
        base = language.split("-")[0]
        locale = Locale.parse({"en": "en_GB"}.get(base, base))
    except (UnknownLocaleError, ValueError):
        return stored
    if day:
        return format_date(date(year, month, day[0]), "long", locale=locale)
    return format_skeleton("yMMMM", date(year, month, 1), locale=locale)
