"""How waves are going, in words: where answers are missing, so that outreach knows where to go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from survey_app.presenters import dates, phrases
from survey_app.presenters.place_list import MODES
from survey_app.services import fieldwork
from survey_app.services.fieldwork import Fieldwork
from survey_app.services.progress import District, Progress

SMALL = 10  # a count from 1 to one below this is not told exactly
UNDER, OVER = 0.8, 1.25  # share of answers over share of people: four fifths, and its inverse
EXPECTED = 30  # answers that a district's people would give: with fewer, chance alone can pass the limits


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a district's answers compare with its people. `css` picks out what to act on."""

    words: object
    css: str = ""


UNDER_REPRESENTED = Judgement(_l("under-represented"), "short")
OVER_REPRESENTED = Judgement(_l("over-represented"))
AS_EXPECTED = Judgement(_l("about as expected"))
TOO_EARLY = Judgement(_l("too early to tell"))
NOT_KNOWN = Judgement(_l("population not loaded"))

STANDINGS: dict[Fieldwork, Callable[[str, str], str]] = {
    Fieldwork.NOT_YET: lambda opens, closes: _("Opens on %(day)s, until %(end)s", day=opens, end=closes),
    Fieldwork.OPEN: lambda opens, closes: _("Open: from %(day)s until %(end)s", day=opens, end=closes),
    Fieldwork.CLOSED: lambda opens, closes: _(
        "Closed: ran from %(day)s until %(end)s", day=opens, end=closes
    ),
}


@dataclass(frozen=True, slots=True)
class DistrictRow:
    name: str
    answers: str
    share: str
    expected: str
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Published:
    number: int
    day: str


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A language the wave was opened in although texts were missing, and why that was allowed."""

    language: str
    missing: int
    because: str


@dataclass(frozen=True, slots=True)
class WaveCard:
    """One wave on the managers' page."""

    slug: str
    title: str
    standing: str
    closed: bool
    questionnaire: tuple[str, str]  # id and version
    languages: tuple[str, ...]
    incomplete: tuple[Incomplete, ...]
    total: str
    modes: Markup  # in one phrase
    unfinished: str
    rows: tuple[DistrictRow, ...]
    short: Markup  # names of the districts that are under-represented, in one phrase
    elsewhere: str  # answers without a known district; empty when there are none
    published: Published | None
    any_answers: bool
    areas_agree: bool


def cards(found: Sequence[Progress], today: date, language: str) -> list[WaveCard]:
    """Every wave as the page shows it."""
    return [_card(progress, today, language) for progress in found]


def judge(district: District, placed: int) -> Judgement:
    """Whether a district has answered as its people would lead to expect, out of `placed` answers."""
    if district.expected is None:
        return NOT_KNOWN
    if district.share is None or placed * district.expected < EXPECTED:
        return TOO_EARLY
    ratio = round(district.share / district.expected, 9)  # four fifths exactly is not below
    if ratio < UNDER:
        return UNDER_REPRESENTED
    return OVER_REPRESENTED if ratio > OVER else AS_EXPECTED


def count(number: int) -> str:
    """A count of people. A small one is not told exactly; that there is nobody is."""
    return _("fewer than %(limit)s", limit=SMALL) if 0 < number < SMALL else phrases.whole(number)


def _card(progress: Progress, today: date, language: str) -> WaveCard:
    wave = progress.wave
    opens, closes = (dates.day(day, language) for day in (wave.opens_on, wave.closes_on))
    stands = fieldwork.of(wave, today)
    standing = (
        _("Draft: not opened yet. Planned from %(day)s until %(end)s", day=opens, end=closes)
        if wave.status == "draft"
        else STANDINGS[stands](opens, closes)
    )
    judged = [(district, judge(district, progress.placed)) for district in progress.districts]
    elsewhere = progress.total - progress.placed
    latest = progress.latest
    return WaveCard(
        slug=wave.slug,
        title=wave.title,
        standing=standing,
        closed=stands is Fieldwork.CLOSED,
        questionnaire=(wave.questionnaire_id, wave.questionnaire_version),
        languages=tuple(wave.languages),
        incomplete=tuple(
            Incomplete(language, short["questionnaire"] + short["interface"], short["because"])
            for language, short in wave.incomplete.items()
        ),
        total=count(progress.total),
        modes=phrases.listed(
            MODES[mode](count(number)) if mode in MODES else f"{mode}: {count(number)}"
            for mode, number in ({mode: 0 for mode in MODES} | progress.answers).items()
        ),
        unfinished=count(progress.unfinished),
        rows=tuple(_row(district, judgement) for district, judgement in judged),
        short=phrases.listed(
            phrases.said(district.name) for district, judgement in judged if judgement is UNDER_REPRESENTED
        ),
        elsewhere=count(elsewhere) if elsewhere else "",
        published=latest and Published(latest.number, dates.local_day(latest.published_at, language)),
        any_answers=progress.total > 0,
        areas_agree=progress.areas_agree,
    )


def _row(district: District, judgement: Judgement) -> DistrictRow:
    """A share would give a small count away: it is left out with it."""
    told = district.share is not None and not 0 < district.answers < SMALL
    return DistrictRow(
        name=district.name,
        answers=count(district.answers),
        share=phrases.percent(100 * (district.share or 0)) if told else "–",
        expected="–" if district.expected is None else phrases.percent(100 * district.expected),
        judgement=judgement,
    )
