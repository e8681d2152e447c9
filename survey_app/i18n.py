"""Languages: which one a page is in, which way it runs, and what it is called by those who speak it.

A variant of a language (questionnaires/variants.py) is chosen as one. The interface then speaks its base.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache

import flask_babel
from babel import Locale
from babel.support import NullTranslations
from flask import Flask, g, request, session

from questionnaires import variants
from questionnaires.variants import VARIANTS, Variant
from survey_app.extensions import settings

__all__ = [
    "Language",
    "answers_in",
    "choose_locale",
    "current_language",
    "force_locale",
    "init_words",
    "language",
    "offered",
    "remember",
    "speaks",
]


@dataclass(frozen=True, slots=True)
class Language:
    """A language as a page needs it."""

    code: str  # what is chosen and stored: BCP 47, or a variant such as "en-easy"
    base: str  # BCP 47, as in <html lang>
    name: str  # in its own words
    english_name: str
    direction: str  # "ltr" or "rtl"
    variant: Variant | None = None


@cache
def language(code: str) -> Language:
    """What Babel knows of a language. Raises babel.UnknownLocaleError for a code it does not know."""
    variant, base = VARIANTS.get(code), variants.base(code)
    locale = Locale.parse(base, sep="-")
    name = variant.name if variant else locale.get_display_name(locale) or code
    return Language(
        code=code,
        base=base,
        name=name[:1].upper() + name[1:],
        english_name=variant.name if variant else locale.get_display_name("en") or code,
        direction=locale.text_direction,
        variant=variant,
    )


def offered() -> tuple[Language, ...]:
    """The languages this installation's interface is in."""
    return tuple(language(code) for code in settings().languages)


def speaks(code: str) -> bool:
    """Whether this installation can draw a page in a language or a variant."""
    return variants.base(code) in settings().languages


def choose_locale() -> str:
    """The locale of the page's words, as gettext writes it: zh_Hans."""
    return variants.base(_chosen()).replace("-", "_")


def _chosen() -> str:
    """The page's language or variant: ?lang=, else what was chosen before, else what the browser asks for."""
    asked = request.args.get("lang", "")
    if speaks(asked):
        return asked
    if "language" in g:
        return str(g.language)
    if speaks(session.get("language", "")):
        return str(session["language"])
    codes = settings().languages
    return request.accept_languages.best_match(codes) or codes[0]


def remember() -> None:
    """Keep a language asked for by ?lang= for the pages that follow."""
    asked = request.args.get("lang", "")
    if speaks(asked):
        session["language"] = asked


def answers_in(languages: Collection[str]) -> None:
    """Draw this page in the variant's base language unless the survey is asked in the variant."""
    chosen = current_language()
    if chosen.variant is not None and chosen.code not in languages:
        g.speech = replace(_speech(), language=language(chosen.base))


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
def force_locale(code: str) -> Iterator[None]:
    """Make what is inside in another language, or variant, than the page's."""
    before = g.pop("speech", None)
    try:
        with flask_babel.force_locale(variants.base(code).replace("-", "_")):
            g.speech = Speech(language(code), flask_babel.get_translations())
            yield
    finally:
        g.speech = before


def _speech() -> Speech:
    found: Speech | None = g.get("speech")
    if found is None:
        code = str(flask_babel.get_locale() or settings().languages[0]).replace("_", "-")
        chosen = _chosen() if request else code  # a locale forced from outside is the page's, not the choice
        found = g.speech = Speech(
            language(chosen if variants.base(chosen) == code else code), flask_babel.get_translations()
        )
    return found
