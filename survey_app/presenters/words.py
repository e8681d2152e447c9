"""Text with the language it is in: a sentence not yet translated must not be read out in another's sounds."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from babel import Locale
from markupsafe import Markup, escape

from questionnaires import variants

_IDEA = Markup('<span class="idea">{}</span>')


@dataclass(frozen=True, slots=True)
class Words:
    """A text, each line of it on its own.

    `language` is empty when it is the page's own, else a BCP 47 code with its direction.
    """

    text: str
    language: str = ""
    direction: str = ""
    _html: Markup = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        html = escape(self.text)
        if "\n" in self.text:
            html = Markup(" ").join(_IDEA.format(line) for line in self.text.strip().split("\n"))
        if self.language:
            html = Markup('<span lang="{}" dir="{}">{}</span>').format(self.language, self.direction, html)
        object.__setattr__(self, "_html", html)

    def __bool__(self) -> bool:
        return bool(self.text)

    def __html__(self) -> str:
        """As templates write it: escaped, and inside its language where that is not the page's."""
        return self._html


@dataclass(frozen=True, slots=True)
class Voice:
    """The language a page speaks, and the one its questionnaire was written in."""

    page: str
    original: str

    def say(self, text: str, original: str) -> Words:
        """`text`, marked as the original language when it was not translated."""
        if text != original or variants.base(self.page) == self.original:
            return Words(text)
        return Words(text, self.original, direction(self.original))

    def quote(self, text: str) -> Words:
        """A text nobody translates, such as the name of a wave, in the questionnaire's own language."""
        return self.say(text, text)


@cache
def direction(language: str) -> str:
    """ "ltr" or "rtl". Raises babel.UnknownLocaleError for a code Babel does not know."""
    return str(Locale.parse(variants.base(language), sep="-").text_direction)
