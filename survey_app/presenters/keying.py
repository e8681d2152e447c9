"""A form on one screen in print order, for keying: a number, a short text, the printed numbers, one input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from questionnaires import answering
from questionnaires.model import Item
from survey_app.presenters.print_form import Box, boxes, item_numbers
from survey_app.presenters.questions import Asking
from survey_app.presenters.words import Words

INPUTS: Mapping[str, str] = {"short_text": "line", "long_text": "lines", "postcode": "postcode"}
"""Kinds that are not keyed as numbers."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Something the worker must confirm about an item, or has."""

    token: str
    doubt: str
    yes: str
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One item. `id` is both the input's id and its name."""

    number: int
    id: str
    input: str  # "marks", "line", "lines", "postcode"
    words: Words
    boxes: tuple[Box, ...]
    range: str  # what may be typed where the numbers are not listed: "0 to 10"
    ends: tuple[Words, Words] | None
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
                _line(asking, item, numbers[item.code], raw, errors.get(item.code, ""), asks.get(item.code))
                for item in section.items
            ),
        )
        for section in asking.translated.sections
    )


def field_name(code: str) -> str:
    """The name of an item's input."""
    return f"q-{code}"


def valid_words(item: Item) -> str:
    """The numbers that can be keyed for an item: "1 to 5 or 9"."""
    numbers = [code.number for code in answering.paper_codes(item)]
    if item.kind == "integer":
        low, high = item.minimum or 0, item.maximum or 0
        numbers = sorted({*range(low, high + 1), *numbers})
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = [_run(run[0], run[-1]) for run in runs]
    *others, last_run = words or [""]
    return _("%(first)s or %(last)s", first=", ".join(others), last=last_run) if others else last_run


def _run(first: int, last: int) -> str:
    if first == last:
        return str(first)
    return _("%(first)s to %(last)s", first=str(first), last=str(last))


def _line(
    asking: Asking,
    item: Item,
    number: int,
    raw: Mapping[str, Sequence[str]],
    error: str,
    ask: Ask | None,
) -> Line:
    blank = asking.blank(item)
    printed = boxes(asking, item)
    span = ""
    if item.scale is not None:
        span = _run(item.scale.low, item.scale.high)
        printed = tuple(box for box in printed if box.number > item.scale.high)
    elif item.kind == "integer":
        span = _run(item.minimum or 0, item.maximum or 0)
    return Line(
        number=number,
        id=field_name(item.code),
        input=INPUTS.get(item.kind, "marks"),
        words=blank.words,
        boxes=printed,
        range=span,
        ends=(blank.low_label, blank.high_label) if item.scale is not None else None,
        value=" ".join(raw.get(item.code, ())),
        error=error,
        ask=ask,
    )
