"""Languages: which one a page is in, which way it runs, and what it is called by those who speak it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from babel import Locale
from flask import g, request, session
from flask_babel import force_locale, get_locale

from survey_app.extensions import settings

__all__ = [
    "Language",
    "choose_language",
    "current_language",
    "force_locale",
    "language",
    "offered",
    "remember",
]


@dataclass(frozen=True, slots=True)
class Language:
    """A language as a page needs it."""

    code: str  # BCP 47, as in <html lang>
    name: str  # in its own words
    english_name: str
    direction: str  # "ltr" or "rtl"


@cache
def language(code: str) -> Language:
    """What Babel knows of a language. Raises babel.UnknownLocaleError for a code it does not know."""
    locale = Locale.parse(code, sep="-")
    name = locale.get_display_name(locale) or code
    return Language(
        code=code,
        name=name[:1].upper() + name[1:],
        english_name=locale.get_display_name("en") or code,
        direction=locale.text_direction,
    )


def offered() -> tuple[Language, ...]:
    """The languages this installation's interface is in."""
    return tuple(language(code) for code in settings().languages)


def choose_language() -> str:
    """The page's language: ?lang=, else what was chosen before, else what the browser asks for."""
    codes = settings().languages
    asked = request.args.get("lang", "")
    if asked in codes:
        return asked
    if "language" in g:
        return str(g.language)
    if session.get("language") in codes:
        return str(session["language"])
    return request.accept_languages.best_match(codes) or codes[0]


def remember() -> None:
    """Keep a language asked for by ?lang= for the pages that follow."""
    asked = request.args.get("lang", "")
    if asked in settings().languages:
        session["language"] = asked


def current_language() -> Language:
    """The language of the page being made."""
    return language(str(get_locale() or settings().languages[0]).replace("_", "-"))
