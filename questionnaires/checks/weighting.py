"""Margins, and the levels of the options that feed them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from questionnaires.checks.findings import CODE, Finding, matches
from questionnaires.model import (
    Item,
    Margin,
    Option,
    Purpose,
    Questionnaire,
)
from questionnaires.parsing.fields import did_you_mean
from questionnaires.problems import ProblemCode


def _margins(q: Questionnaire) -> Iterator[Finding]:
    known = {item.code: item for item in q.items()}
    for name, times in Counter(margin.name for margin in q.margins).items():
        if times > 1:
            last = [margin for margin in q.margins if margin.name == name][-1]
            yield Finding(
                last,
                "name",
                ProblemCode.DUPLICATE_CODE,
                f"Another margin is called '{name}'.",
                "Name each once.",
            )
    for margin in q.margins:
        yield from matches(margin, "name", margin.name, CODE, "lower-case words joined by '_', like age")
        if (margin.item is None) == (margin.area_level is None):
            yield Finding(
                margin,
                "name",
                ProblemCode.BAD_MARGIN,
                "A margin's levels come either from an item or from the area.",
                "Write 'item: ...' or 'area_level: ...', one of the two.",
            )
        if margin.item is not None:
            yield from _item_margin(margin, known)
    yield from _weighting_items(q)


def _item_margin(margin: Margin, known: dict[str, Item]) -> Iterator[Finding]:
    item = known.get(margin.item or "")
    if item is None:
        yield Finding(
            margin,
            "item",
            ProblemCode.UNKNOWN_ITEM,
            f"There is no item '{margin.item}'.",
            did_you_mean(margin.item or "", list(known)),
        )
        return
    if item.margin != margin.name:
        yield Finding(
            item,
            "margin",
            ProblemCode.BAD_MARGIN,
            f"The margin '{margin.name}' reads this item, which does not say so.",
            f"Add 'margin: {margin.name}' to the item.",
        )
    used = {option.level for option in item.options}
    for level in margin.levels:
        if level not in used:
            yield Finding(
                margin,
                "levels",
                ProblemCode.BAD_MARGIN,
                f"No option of '{item.code}' belongs to the level '{level}'.",
                "Give an option that level, or remove it: people at that level could never be counted.",
            )
    for option in item.options:
        yield from _option_level(option, margin)


def _option_level(option: Option, margin: Margin) -> Iterator[Finding]:
    if option.level is None and option.substantive:
        yield Finding(
            option,
            "level",
            ProblemCode.BAD_MARGIN,
            f"The option '{option.text}' belongs to no level of the margin '{margin.name}'.",
            f"Add 'level: ...': one of {', '.join(margin.levels)}.",
        )
    elif option.level is not None and option.level not in margin.levels:
        yield Finding(
            option,
            "level",
            ProblemCode.BAD_MARGIN,
            f"'{option.level}' is not a level of the margin '{margin.name}'.",
            did_you_mean(option.level, list(margin.levels), always=True),
        )


def _weighting_items(q: Questionnaire) -> Iterator[Finding]:
    by_item = {margin.item: margin.name for margin in q.margins}
    for item in q.items():
        if item.purpose is Purpose.WEIGHTING and item.code not in by_item:
            yield Finding(
                item,
                "purpose",
                ProblemCode.BAD_MARGIN,
                "The item is for weighting and no margin reads it.",
                f"Add '- {{name: ..., item: {item.code}, levels: [...]}}' to 'margins'.",
            )
        elif item.margin and item.code not in by_item:
            yield Finding(
                item,
                "margin",
                ProblemCode.BAD_MARGIN,
                f"No margin called '{item.margin}' reads this item.",
                "Add it to 'margins', or remove this.",
            )


def _option_levels_without_margin(q: Questionnaire) -> Iterator[Finding]:
    for item in q.items():
        for option in item.options:
            if option.level and not item.margin:
                yield Finding(
                    option,
                    "level",
                    ProblemCode.BAD_MARGIN,
                    f"The option has the level '{option.level}' and the item has no margin.",
                    "Add 'margin: ...' to the item, or remove the level.",
                )


CHECKS: tuple[Callable[[Questionnaire], Iterator[Finding]], ...] = (_margins, _option_levels_without_margin)
