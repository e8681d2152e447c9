"""How well a wave is being answered, in words: what was found, what it may mean, what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from questionnaires import paging
from questionnaires.model import Item, Questionnaire
from survey_app import i18n
from survey_app.presenters import phrases
from survey_app.presenters.waves import SMALL, count
from survey_app.services import paradata, quality
from survey_app.services.quality import Difference, Quality

STEP = 5  # shares of people are shown to the nearest five per cent: finer would tell a few apart
LISTED = 10  # rows of each table: the rest would be noise

FLAGS = {
    paradata.HONEYPOT: lambda: _("Filled in a box that people cannot see, as a program would"),
    paradata.FAST: lambda: _("Sent faster than the questions can be read"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: what it is about, then its cells."""

    name: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The page. Each table is empty when there is nothing worth a look."""

    basis: str
    enough: bool
    stops: tuple[Row, ...]
    times: tuple[Row, ...]
    skipped: tuple[Row, ...]
    languages: tuple[Row, ...]
    differences: tuple[str, ...]
    hurried: str
    straight: str
    flags: tuple[Row, ...]


def report(found: Quality, questionnaire: Questionnaire) -> Report:
    """What the page shows; texts of the questionnaire are as written."""
    pages = _page_names(questionnaire)
    return Report(
        basis=_basis(found),
        enough=found.considered >= SMALL,
        stops=tuple(
            Row(
                pages.get(stop.page, stop.page) if stop.page else _("Before the first page"),
                (count(stop.number),),
            )
            for stop in found.stops[:LISTED]
        ),
        times=tuple(
            Row(pages.get(time.page, time.page), (seconds(time.seconds),))
            for time in found.times[:LISTED]
            if time.responses >= SMALL
        ),
        skipped=tuple(
            Row(each.item.text, (rounded(each.share), rounded(each.declined / each.asked)))
            for each in found.skipped[:LISTED]
            if each.asked >= SMALL
        ),
        languages=tuple(
            Row(
                i18n.language(each.language).name,
                (
                    count(each.responses),
                    "–" if each.blank is None or each.responses < SMALL else rounded(each.blank),
                ),
            )
            for each in found.languages
        ),
        differences=tuple(difference(each) for each in found.differences[:LISTED]),
        hurried=_hurried(found),
        straight=_straight(found),
        flags=tuple(
            Row(words(), (count(found.flags[flag]),))
            for flag, words in FLAGS.items()
            if found.flags.get(flag)
        ),
    )


def rounded(share: float) -> str:
    """A share of people as a whole number of fives per cent."""
    return phrases.percent(STEP * round(100 * share / STEP))


def seconds(number: float) -> str:
    """A time on a page, which is only known to five seconds."""
    if number < 60:
        return _("%(count)s seconds", count=phrases.whole(number))
    return _("%(count)s minutes", count=phrases.decimal(number / 60, 1))


def difference(found: Difference) -> str:
    """A difference between a language and the others, as a sentence."""
    said = {
        "language": i18n.language(found.language).name,
        "question": found.item.text,
        "share": rounded(found.share),
        "others": rounded(found.others),
    }
    if found.option is None:
        return _(
            "In %(language)s, %(share)s gave no answer to “%(question)s”; in other languages %(others)s.",
            **said,
        )
    return _(
        "In %(language)s, %(share)s answered “%(answer)s” to “%(question)s”; in other languages %(others)s.",
        answer=_option(found.item, found.option),
        **said,
    )


def _option(item: Item, code: int) -> str:
    return next((option.text for option in item.options if option.code == code), str(code))


def _page_names(questionnaire: Questionnaire) -> dict[str, str]:
    """A page by the words its readers know it by: its part, and its first question if it is not the first."""
    return {
        page.code: page.section.title if page.code == page.section.code else page.items[0].text
        for page in paging.pages(questionnaire)
    }


def _basis(found: Quality) -> str:
    if found.considered < found.submitted:
        return _(
            "From the newest %(considered)s of %(all)s responses.",
            considered=phrases.whole(found.considered),
            all=phrases.whole(found.submitted),
        )
    return _("From all responses so far: %(count)s.", count=count(found.submitted))


def _hurried(found: Quality) -> str:
    if found.median_seconds is None or found.timed < quality.FEWEST:
        return _("Too few people have answered on the web to tell what is fast.")
    return _(
        "The middle person took %(time)s. %(share)s took less than a third of that.",
        time=seconds(found.median_seconds),
        share=rounded(found.hurried / found.timed),
    )


def _straight(found: Quality) -> str:
    if found.judged_straight < quality.FEWEST:
        return _("Too few people have answered a run of four or more questions with the same answers.")
    return _(
        "%(share)s gave one answer all the way down a run of four or more questions.",
        share=rounded(found.straight / found.judged_straight),
    )
