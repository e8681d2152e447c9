"""Check your answers: everything asked, what was said, and where to change it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import format_decimal

from questionnaires import answering
from questionnaires.answers import Answer, Answers, Missing
from questionnaires.kinds import KINDS
from questionnaires.model import Item, Section
from survey_app.presenters.questions import Asking, Say
from survey_app.presenters.words import Words
from survey_app.stored_dates import in_words


@dataclass(frozen=True, slots=True)
class Row:
    """A question and its answer. Without an answer, `missing` says why.

    `over` is what stands over the rows of its grid. Answers that are `ordered` are best first.
    """

    code: str
    question: Words
    answers: tuple[Words, ...]
    missing: Missing | None
    over: Words = Words("")  # noqa: RUF009 - frozen
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class SectionSummary:
    code: str
    title: Words
    rows: tuple[Row, ...]


def summary(
    asking: Asking, sections: Iterable[tuple[Section, Iterable[Item]]], answers: Answers
) -> tuple[SectionSummary, ...]:
    """The reached sections with their reached items, in the order asked. What is only read is left out."""
    say = asking.piping(answers)
    return tuple(
        SectionSummary(
            section.code,
            say(section.title, asking.original.section(section.code).title),
            tuple(_row(asking, item, answers, say) for item in items if KINDS[item.kind].asked),
        )
        for section, items in sections
    )


def _row(asking: Asking, item: Item, answers: Answers, say: Say) -> Row:
    answer, question = answers.get(item.code, Missing.NOT_ANSWERED), asking.question(item, answers)
    return Row(
        item.code,
        question.words,
        () if isinstance(answer, Missing) else _said(asking, item, answer, answers, say),
        answer if isinstance(answer, Missing) else None,
        over=question.heading.words if question.heading else Words(""),
        ordered=item.kind == "ranking",
    )


def _said(asking: Asking, item: Item, answer: Answer, answers: Answers, say: Say) -> tuple[Words, ...]:
    """An option's text may be untranslated; a number or a person's own words are in no language of ours."""
    if not item.options:
        spelt = SPELT[item.kind](item, answer) if item.kind in SPELT else _described(item, answer)
        return (Words(f"{spelt} {item.unit}" if item.unit else spelt),)
    original = asking.original.item(item.code)
    texts = zip(answering.describe(item, answer), answering.describe(original, answer), strict=True)
    other = answers.get(answering.other_name(item)) if item.other else None
    own = (Words(other),) if isinstance(other, str) and not isinstance(other, Missing) else ()
    return (*(say(text, written) for text, written in texts), *own)


def _described(item: Item, answer: Answer) -> str:
    return ", ".join(answering.describe(item, answer))


def _decimal(item: Item, answer: Answer) -> str:
    number = Decimal(answer if isinstance(answer, int) else 0).scaleb(-item.decimals)
    return str(format_decimal(number, format="#,##0." + "0" * item.decimals))


SPELT: Mapping[str, Callable[[Item, Answer], str]] = {
    "date": lambda _item, answer: in_words(str(answer)),
    "month": lambda _item, answer: in_words(str(answer)),
    "decimal": _decimal,
}
"""Kinds whose answers read differently in each language."""
