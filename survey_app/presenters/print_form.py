"""The questionnaire as a printed form: numbered questions, boxes with their numbers, routing in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from questionnaires import answering
from questionnaires.kinds import KINDS
from questionnaires.model import Item, Questionnaire, Section
from survey_app.presenters.questions import Asking
from survey_app.presenters.routing_words import condition_words
from survey_app.presenters.words import Words

LAYOUTS: Mapping[str, str] = {
    "scale": "row",
    "integer": "number",
    "short_text": "line",
    "long_text": "lines",
    "postcode": "comb",
}
"""How a kind is printed; every other one has a list of boxes."""


@dataclass(frozen=True, slots=True)
class Box:
    """A square to tick, and the small number a worker keys for it."""

    number: int
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintItem:
    number: int
    layout: str
    words: Words
    hint: Words
    row: tuple[Box, ...]  # the points of a scale, side by side
    boxes: tuple[Box, ...]
    several: bool  # more than one box may be ticked
    low_label: Words
    high_label: Words
    unit: Words
    range: tuple[int, int] | None  # of a number to write
    route: str  # who answers it, in words; "" for everyone


@dataclass(frozen=True, slots=True)
class PrintSection:
    title: Words
    intro: Words
    route: str
    items: tuple[PrintItem, ...]


@dataclass(frozen=True, slots=True)
class PrintForm:
    title: Words
    introduction: tuple[Words, ...]
    sections: tuple[PrintSection, ...]
    count: int


def item_numbers(questionnaire: Questionnaire) -> dict[str, int]:
    """The number printed beside each item, by code: counted through the whole form from 1."""
    return {item.code: number for number, item in enumerate(questionnaire.items(), 1)}


def boxes(asking: Asking, item: Item) -> tuple[Box, ...]:
    """The boxes of an item with their numbers; the words for prefer-not-to-say are the interface's."""
    written = answering.paper_codes(asking.original.item(item.code))
    return tuple(
        Box(
            code.number,
            asking.voice.say(code.text, original.text) if code.text else Words(_("Prefer not to say")),
        )
        for code, original in zip(answering.paper_codes(item), written, strict=True)
    )


def print_form(asking: Asking) -> PrintForm:
    """The whole form, in the language the asking speaks."""
    questionnaire, original = asking.translated, asking.original
    paragraphs = zip(
        questionnaire.introduction.split("\n\n"), original.introduction.split("\n\n"), strict=False
    )
    numbers = item_numbers(questionnaire)
    return PrintForm(
        asking.voice.say(questionnaire.title, original.title),
        tuple(asking.voice.say(text.strip(), written.strip()) for text, written in paragraphs),
        tuple(_section(asking, section, numbers) for section in questionnaire.sections),
        len(numbers),
    )


def _section(asking: Asking, section: Section, numbers: Mapping[str, int]) -> PrintSection:
    original = asking.original.section(section.code)
    first, last = numbers[section.items[0].code], numbers[section.items[-1].code]
    route = ""
    if section.when is not None:
        condition = condition_words(section.when, asking.translated, numbers)
        onward = last + 1 if last < len(numbers) else None
        route = _routed(first, last, condition, onward)
    return PrintSection(
        asking.voice.say(section.title, original.title),
        asking.voice.say(section.intro, original.intro),
        route,
        tuple(_item(asking, item, numbers) for item in section.items),
    )


def _item(asking: Asking, item: Item, numbers: Mapping[str, int]) -> PrintItem:
    number, blank = numbers[item.code], asking.blank(item)
    route = ""
    if item.when is not None:
        condition = condition_words(item.when, asking.translated, numbers)
        route = _routed(number, number, condition, number + 1 if number < len(numbers) else None)
    printed = boxes(asking, item)
    points = len(KINDS[item.kind].codes(item)) if item.scale is not None else 0
    has_range = item.minimum is not None and item.maximum is not None and item.kind == "integer"
    return PrintItem(
        number=number,
        layout=LAYOUTS.get(item.kind, "boxes"),
        words=blank.words,
        hint=blank.hint,
        row=printed[:points],
        boxes=printed[points:],
        several=KINDS[item.kind].many,
        low_label=blank.low_label,
        high_label=blank.high_label,
        unit=blank.unit,
        range=(item.minimum or 0, item.maximum or 0) if has_range else None,
        route=route,
    )


def _routed(first: int, last: int, condition: str, onward: int | None) -> str:
    """Who answers which questions, and where everyone else goes on."""
    if first == last:
        who = _("Answer question %(number)d only if %(condition)s.", number=first, condition=condition)
    else:
        who = _(
            "Answer questions %(first)d to %(last)d only if %(condition)s.",
            first=first,
            last=last,
            condition=condition,
        )
    if onward is None:
        return _("%(who)s If not, you have finished.", who=who)
    return _("%(who)s If not, go to question %(number)d.", who=who, number=onward)
