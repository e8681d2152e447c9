"""Languages: which one a page is in, which way it runs, and what it is called by those who speak it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import flask_babel
from babel import Locale
from babel.support import NullTranslations
from flask import Flask, g, request, session

from survey_app.extensions import settings

__all__ = [
    "Language",
    "choose_language",
    "current_language",
    "force_locale",
    "init_words",
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


@dataclass(frozen=True, slots=True)
class Speech:
    """What the page being made is written in."""

    language: Language
    words: NullTranslations


def current_language() -> Language:
    """The language of the page being made."""
    return _speech().language


def init_words(app: Flask) -> None:
    """Let templates translate with the page's words, found once per page and not once per word."""
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: _speech().words.ugettext(text),
        ngettext=lambda one, many, number: _speech().words.ungettext(one, many, number),
        pgettext=lambda context, text: _speech().words.upgettext(context, text),
        npgettext=lambda context, one, many, number: _speech().words.unpgettext(context, one, many, number),
        newstyle=True,
    )


@contextmanager
def force_locale(locale: str) -> Iterator[None]:
    """Make what is inside in another language than the page's."""
    before = g.pop("speech", None)
    try:
        with flask_babel.force_locale(locale):
            yield
    finally:
        g.speech = before


def _speech() -> Speech:
    found: Speech | None = g.get("speech")
    if found is None:
        code = str(flask_babel.get_locale() or settings().languages[0]).replace("_", "-")
        found = g.speech = Speech(language(code), flask_babel.get_translations())
    return found
