"""A form on one screen in print order, for keying: a number, a short text, the printed numbers, one input."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from questionnaires import answering
from questionnaires.model import Item, Questionnaire
from survey_app.presenters.lists import any_of
from survey_app.presenters.print_form import Box, boxes, item_numbers, listed, on_paper
from survey_app.presenters.questions import Asking
from survey_app.presenters.words import Words

INPUTS: Mapping[str, str] = {"short_text": "line", "long_text": "lines", "postcode": "postcode"}
"""Kinds that are not keyed as numbers."""

NUMBERS = frozenset({"integer", "decimal"})  # kinds keyed as the number that is written


@dataclass(frozen=True, slots=True)
class Ask:
    """Something the worker must confirm about an item, or has."""

    token: str
    doubt: str
    yes: str
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One item. `id` is both the input's id and its name. `number` is 0 for words beside an answer."""

    number: int
    id: str
    input: str  # "marks", "line", "lines", "postcode"
    words: Words
    boxes: tuple[Box, ...]
    range: str  # what may be typed where the numbers are not listed: "0 to 10"
    ends: tuple[Words, Words] | None
    listed: tuple[Box, ...] = ()  # too many to print beside the input: it offers them as one types
    value: str = ""
    error: str = ""
    ask: Ask | None = None


@dataclass(frozen=True, slots=True)
class Part:
    title: Words
    lines: tuple[Line, ...]


def sheet(
    asking: Asking,
    raw: Mapping[str, Sequence[str]],
    errors: Mapping[str, str],
    asks: Mapping[str, Ask],
) -> tuple[Part, ...]:
    """The form section by section, with what was typed and what is wrong with it, by item code."""
    numbers = item_numbers(asking.translated)
    return tuple(
        Part(
            asking.voice.say(section.title, asking.original.section(section.code).title),
            tuple(
                line
                for item in section.items
                if item.code in numbers
                for line in _lines(asking, item, numbers[item.code], raw, errors, asks)
            ),
        )
        for section in asking.translated.sections
        if any(item.code in numbers for item in section.items)
    )


def keyed_names(questionnaire: Questionnaire) -> list[str]:
    """What is keyed: the codes of the items on paper, and the names of words written beside an answer."""
    names = []
    for item in questionnaire.items():
        if on_paper(item):
            names += [item.code, answering.other_name(item)] if item.other else [item.code]
    return names


def field_name(code: str) -> str:
    """The name of an item's input."""
    return f"q-{code}"


def valid_words(item: Item) -> str:
    """What can be keyed for an item: "1 to 5 or 9", "a date like 23 11 2026"."""
    if item.kind in PATTERNS:
        return PATTERNS[item.kind]()
    numbers = [code.number for code in answering.paper_codes(item)]
    span = ""
    if item.kind in NUMBERS:
        span = _span(item)
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = [span] * bool(span) + [_run(run[0], run[-1]) for run in runs]
    return any_of(words)


PATTERNS: Mapping[str, Callable[[], str]] = {
    "date": lambda: _("a day, month and year such as 23 11 2026"),
    "month": lambda: _("a month and year such as 11 2026"),
    "year": lambda: _("a year such as 1964"),
    "ranking": lambda: _("the printed numbers with a space between, the one ranked 1 first"),
}
"""Kinds for which a list of numbers would not say what to type."""


def _span(item: Item) -> str:
    """The numbers that may be written, such as "0 to 24" or "0 to 24.5"."""
    span = _run(item.minimum or 0, item.maximum or 0)
    if not item.decimals:
        return span
    return ngettext(
        "%(span)s, with %(num)d digit after the point",
        "%(span)s, with %(num)d digits after the point",
        item.decimals,
        span=span,
    )


def _run(first: int, last: int) -> str:
    if first == last:
        return str(first)
    return _("%(first)s to %(last)s", first=str(first), last=str(last))


def _lines(
    asking: Asking,
    item: Item,
    number: int,
    raw: Mapping[str, Sequence[str]],
    errors: Mapping[str, str],
    asks: Mapping[str, Ask],
) -> Iterator[Line]:
    """The line of an item, and one for what is written beside its "Other"."""
    blank = asking.printed(item)
    printed = boxes(asking, item)
    span, offered = "", tuple[Box, ...]()
    if item.scale is not None:
        span = _run(item.scale.low, item.scale.high)
        printed = tuple(box for box in printed if box.number > item.scale.high)
    elif item.kind in NUMBERS:
        span = _span(item)
    elif item.kind in PATTERNS:
        span = PATTERNS[item.kind]()
    if listed(item):
        offered, printed = printed, ()
        span = _("Type the name, and choose its number from the list.")
    yield Line(
        number=number,
        id=field_name(item.code),
        input=INPUTS.get(item.kind, "marks"),
        words=blank.words,
        boxes=printed,
        range=span,
        ends=(blank.low_label, blank.high_label) if item.scale is not None else None,
        listed=offered,
        value=" ".join(raw.get(item.code, ())),
        error=errors.get(item.code, ""),
        ask=asks.get(item.code),
    )
    if item.other is not None:
        name = answering.other_name(item)
        said = asking.on_paper()(item.other.text, _other(asking.original.item(item.code)))
        yield Line(
            number=0,
            id=field_name(name),
            input="line",
            words=said,
            boxes=(),
            range="",
            ends=None,
            value=" ".join(raw.get(name, ())),
        )


def _other(item: Item) -> str:
    return item.other.text if item.other else ""
