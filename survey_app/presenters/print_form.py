"""The questionnaire as a printed form: numbered questions, boxes with their numbers, routing in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask_babel import gettext as _

from questionnaires import answering
from questionnaires.kinds import KINDS
from questionnaires.model import Condition, Item, Questionnaire, Section
from survey_app.presenters.questions import PARAGRAPH, Asking, Explained, Heading, Question
from survey_app.presenters.routing_words import condition_words
from survey_app.presenters.words import Words

LAYOUTS: Mapping[str, str] = {
    "scale": "row",
    "integer": "number",
    "decimal": "number",
    "short_text": "line",
    "long_text": "lines",
    "postcode": "comb",
    "date": "comb",
    "month": "comb",
    "year": "comb",
    "ranking": "ranking",
}
"""How a kind is printed; every other one has a list of boxes."""

COMBS: Mapping[str, tuple[int, ...]] = {
    "postcode": (4, 3),
    "date": (2, 2, 4),
    "month": (2, 4),
    "year": (4,),
}
"""Letters or digits in each run of little boxes."""

MOST_BOXES = 14
"""A list of places longer than this is not printed: the name is written, and the worker finds its number."""


@dataclass(frozen=True, slots=True)
class Box:
    """A square to tick, and the small number a worker keys for it. `says_what`: with a line to write on."""

    number: int
    words: Words
    says_what: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintItem:
    number: int  # 0 for something to read only
    layout: str
    words: Words
    hint: Words
    help: Words
    terms: tuple[Explained, ...]
    heading: Heading | None  # of the grid that begins with this row
    row: tuple[Box, ...]  # the points of a scale, side by side
    boxes: tuple[Box, ...]
    several: bool  # more than one box may be ticked
    comb: tuple[int, ...]
    parts: tuple[str, ...]  # what is written in each run of the comb
    ranks: int  # how many can be ranked
    low_label: Words
    high_label: Words
    unit: Words
    range: tuple[int, int] | None  # of a number to write
    decimals: int
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


def on_paper(item: Item) -> bool:
    """Whether an item is answered on paper. Not ways to reach someone: they would stay with the answers."""
    kind = KINDS[item.kind]
    return kind.asked and not kind.contact


def listed(item: Item) -> bool:
    """Whether the answers are too many to print: the worker has the list of them instead."""
    return item.kind == "place" and len(item.options) > MOST_BOXES


def item_numbers(questionnaire: Questionnaire) -> dict[str, int]:
    """The number printed beside each item, by code: counted through the whole form from 1."""
    printed = (item for item in questionnaire.items() if on_paper(item))
    return {item.code: number for number, item in enumerate(printed, 1)}


def boxes(asking: Asking, item: Item) -> tuple[Box, ...]:
    """The boxes of an item with their numbers; the words for prefer-not-to-say are the interface's."""
    written = answering.paper_codes(asking.original.item(item.code))
    said = item.other.code if item.other else None
    say = asking.on_paper()
    return tuple(
        Box(
            code.number,
            say(code.text, original.text) if code.text else Words(_("Prefer not to say")),
            says_what=said is not None and code.meaning == said,
        )
        for code, original in zip(answering.paper_codes(item), written, strict=True)
    )


def print_form(asking: Asking) -> PrintForm:
    """The whole form, in the language the asking speaks."""
    questionnaire, original = asking.translated, asking.original
    paragraphs = zip(
        questionnaire.introduction.split(PARAGRAPH), original.introduction.split(PARAGRAPH), strict=False
    )
    numbers = item_numbers(questionnaire)
    sections = (_section(asking, section, numbers) for section in questionnaire.sections)
    return PrintForm(
        asking.voice.say(questionnaire.title, original.title),
        tuple(asking.voice.say(text.strip(), written.strip()) for text, written in paragraphs),
        tuple(section for section in sections if section.items),
        len(numbers),
    )


def _section(asking: Asking, section: Section, numbers: Mapping[str, int]) -> PrintSection:
    original = asking.original.section(section.code)
    items = [item for item in section.items if item.code in numbers or item.kind == "information"]
    return PrintSection(
        asking.voice.say(section.title, original.title),
        asking.on_paper()(section.intro, original.intro),
        _route(asking, section.when, items, numbers),
        tuple(_items(asking, items, numbers)),
    )


def _items(asking: Asking, items: Sequence[Item], numbers: Mapping[str, int]) -> Iterator[PrintItem]:
    """Items that follow each other for the same people are sent to their questions once."""
    grid = ""
    for when, run in groupby(items, lambda item: item.when):
        route = _route(asking, when, together := list(run), numbers)
        for item in together:
            blank = asking.printed(item)
            opens = blank.heading is not None and blank.heading.code != grid
            grid = blank.heading.code if blank.heading else ""
            yield _item(asking, item, blank, numbers, route=route, heading=blank.heading if opens else None)
            route = ""


def _item(
    asking: Asking,
    item: Item,
    blank: Question,
    numbers: Mapping[str, int],
    *,
    route: str,
    heading: Heading | None,
) -> PrintItem:
    printed = boxes(asking, item)
    points = len(KINDS[item.kind].codes(item)) if item.scale is not None else 0
    layout = LAYOUTS.get(item.kind, "boxes")
    if listed(item):
        layout, printed = (
            "line",
            tuple(box for box in printed if box.number not in KINDS[item.kind].codes(item)),
        )
    has_range = item.minimum is not None and item.maximum is not None and layout == "number"
    return PrintItem(
        number=numbers.get(item.code, 0),
        layout=layout,
        words=blank.words,
        hint=blank.hint,
        help=blank.help,
        terms=(*(heading.terms if heading else ()), *blank.terms),
        heading=heading,
        row=printed[:points],
        boxes=printed[points:],
        several=KINDS[item.kind].many and layout == "boxes",
        comb=COMBS.get(item.kind, ()),
        parts=_parts(item.kind),
        ranks=item.maximum or len(item.options),
        low_label=blank.low_label,
        high_label=blank.high_label,
        unit=blank.unit,
        range=(item.minimum or 0, item.maximum or 0) if has_range else None,
        decimals=item.decimals,
        route=route,
    )


def _parts(kind: str) -> tuple[str, ...]:
    day, month, year = _("Day"), _("Month"), _("Year")
    return {"date": (day, month, year), "month": (month, year), "year": (year,)}.get(kind, ())


def _route(asking: Asking, when: Condition | None, items: Sequence[Item], numbers: Mapping[str, int]) -> str:
    """Who reads or answers these items, and where everyone else goes on; "" where everyone does."""
    if when is None or not items:
        return ""
    condition = condition_words(when, asking.translated, numbers)
    found = [numbers[item.code] for item in items if item.code in numbers]
    if not found:
        return _("Read this only if %(condition)s.", condition=condition)
    return _routed(found[0], found[-1], condition, found[-1] + 1 if found[-1] < len(numbers) else None)


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
