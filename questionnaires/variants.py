"""Other ways of asking the same items: Easy Read, and British Sign Language beside the English.

A variant stands wherever a language code does: in `languages` of a questionnaire and of a wave, in `?lang=`,
and with the response, which so says what the person was shown. Codes, routing and storage stay the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """How a variant differs from the language it is a variant of."""

    code: str
    base: str  # BCP 47: the words of the interface, direction, dates, <html lang>
    texts: str  # the catalogue language of the questionnaire's texts
    name: str  # as people who use it call it, in the base language
    easy: bool = False  # larger type, shorter lines, a picture beside each question
    signed: bool = False  # a sign language video beside each question that has one
    one_per: str = ""  # "question": overrides the questionnaire's own `one_per`


VARIANTS: Mapping[str, Variant] = {
    variant.code: variant
    for variant in (
        Variant(code="en-easy", base="en", texts="en-easy", name="Easy Read", easy=True, one_per="question"),
        Variant(code="en-bsl", base="en", texts="en", name="British Sign Language", signed=True),
    )
}


def base(code: str) -> str:
    """The language that a code is, or is a variant of."""
    return VARIANTS[code].base if code in VARIANTS else code


def texts(code: str) -> str:
    """The catalogue language that has a questionnaire's texts for a code."""
    return VARIANTS[code].texts if code in VARIANTS else code
