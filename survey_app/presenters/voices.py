"""What people said in their own words, as a release carries it: themes with their counts, and quotes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from analysis.comments import ItemComments
from analysis.themes import EVERYONE, WHOLE
from survey_app.presenters import phrases
from survey_app.presenters.tongues import language_of
from survey_app.presenters.wording import Wording
from survey_app.presenters.words import Words
from survey_app.services.results import ReleaseIndex

FIRST_FEW = 8  # quotes of a question, where all questions are on the page
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Place:
    """A district that is told, or the whole survey: then code and name are empty."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ThemeRow:
    title: str
    count: str
    share: float  # of those who wrote something, 0 to 100: how long its bar is


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote with the language that its own words tell, "" where they do not."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Question:
    code: str
    text: Words
    base: str
    themes: tuple[ThemeRow, ...]
    quotes: tuple[Quoted, ...]
    total: int  # quotes, also those not on this page
    standing: bool  # whether anything here is counted as an earlier release had it


@dataclass(frozen=True, slots=True)
class Page:
    place: Place
    places: tuple[Place, ...]
    questions: tuple[Question, ...]
    number: int  # of the page of quotes, from 1
    pages: int
    without_quotes: bool


def build(
    index: ReleaseIndex,
    reach: Collection[str],
    wording: Wording,
    *,
    place: str = "",
    item: str = "",
    number: int = 1,
    without_quotes: bool = False,
) -> Page:
    """The comments of one release. place: a district, "" for the whole survey. item: only this question.

    without_quotes: for a release that is shown again because a later one was withdrawn. Raises KeyError where
    nothing is told of the place or the question, to this reader.
    """
    said = index.release.comments
    places = {
        "": Place("", ""),
        **{code: Place(code, index.areas[code].name) for code in _told(index, reach)},
    }
    chosen = places[place]
    told = [each for each in said if (place or WHOLE) in each.bases and item in ("", each.item)]
    if item and not told:
        raise KeyError(item)
    counts = [0 if without_quotes else len(_quotes(each, place)) for each in told]
    pages = max(1, -(-max(counts, default=0) // AT_ONCE)) if item else 1
    number = min(max(number, 1), pages)
    start = AT_ONCE * (number - 1)
    part = slice(0, 0) if without_quotes else slice(start, start + AT_ONCE) if item else slice(FIRST_FEW)
    return Page(
        place=chosen,
        places=tuple(places.values()),
        questions=tuple(
            _question(each, place, wording, part, total) for each, total in zip(told, counts, strict=True)
        ),
        number=number,
        pages=pages,
        without_quotes=without_quotes,
    )


def district(index: ReleaseIndex, area: str) -> str:
    """The district that an area is or lies in, if comments there are told; else ""."""
    told = set(_told(index, index.areas))
    return next((code for code in (area, *index.areas[area].parents) if code in told), "")


def _told(index: ReleaseIndex, reach: Collection[str]) -> list[str]:
    """Districts of which anything is told that are among the release's places and in reach, by name."""
    codes = {code for each in index.release.comments for code in each.bases}
    return sorted(codes & set(index.areas) & set(reach), key=lambda code: (index.areas[code].name, code))


def _question(each: ItemComments, place: str, wording: Wording, part: slice, total: int) -> Question:
    base = each.bases[place or WHOLE]
    counts = sorted(
        (c for c in each.counts if c.area == (place or WHOLE)), key=lambda c: (-c.count, each.themes[c.theme])
    )
    return Question(
        code=each.item,
        text=wording.asked(each.item, each.question),
        base=phrases.base(base),
        themes=tuple(
            ThemeRow(each.themes[c.theme], phrases.base(c.count), min(100.0, round(100 * c.count / base, 1)))
            for c in counts
        ),
        quotes=tuple(Quoted(text, language_of(text)) for text in _quotes(each, place)[part]),
        total=total,
        standing=EVERYONE in each.standing or any(c.theme in each.standing for c in counts),
    )


def _quotes(each: ItemComments, place: str) -> list[str]:
    """The quotes of a district are those that hang on it; those of the whole survey are all."""
    return [quote.text for quote in each.quotes if place in ("", quote.area)]
