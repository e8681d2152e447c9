"""Check your answers: everything asked, what was said, and where to change it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from questionnaires.answers import Answer, Answers, Missing
from questionnaires.kinds import KINDS
from questionnaires.model import Item, Section
from survey_app.presenters.questions import Asking
from survey_app.presenters.words import Words


@dataclass(frozen=True, slots=True)
class Row:
    """A question and its answer. Without an answer, `missing` says why."""

    code: str
    question: Words
    answers: tuple[Words, ...]
    missing: Missing | None


@dataclass(frozen=True, slots=True)
class SectionSummary:
    code: str
    title: Words
    rows: tuple[Row, ...]


def summary(
    asking: Asking, sections: Iterable[tuple[Section, Iterable[Item]]], answers: Answers
) -> tuple[SectionSummary, ...]:
    """The reached sections with their reached items, in the order asked."""
    return tuple(
        SectionSummary(
            section.code,
            asking.voice.say(section.title, asking.original.section(section.code).title),
            tuple(_row(asking, item, answers.get(item.code, Missing.NOT_ANSWERED)) for item in items),
        )
        for section, items in sections
    )


def _row(asking: Asking, item: Item, answer: Answer | Missing) -> Row:
    original = asking.original.item(item.code)
    kind = KINDS[item.kind]
    said = zip(kind.describe(item, answer), kind.describe(original, answer), strict=True)
    unit = f" {item.unit}" if item.unit else ""
    return Row(
        item.code,
        asking.blank(item).words,
        tuple(_answer(asking, item, text, written, unit) for text, written in said),
        answer if isinstance(answer, Missing) else None,
    )


def _answer(asking: Asking, item: Item, text: str, written: str, unit: str) -> Words:
    """An option's text may be untranslated; a number or a person's own words are in no language of ours."""
    return asking.voice.say(text, written) if item.options else Words(text + unit)
