"""Conditions: what they read must exist, have codes, and be answered before they are needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from questionnaires.checks.findings import Finding, listed
from questionnaires.kinds import KINDS
from questionnaires.model import (
    Compare,
    Condition,
    Every,
    Item,
    Never,
    Questionnaire,
    Some,
)
from questionnaires.parsing.fields import did_you_mean
from questionnaires.problems import ProblemCode

UNROUTABLE = frozenset({"postcode", "short_text", "long_text"})  # no codes, or not kept


def _routing(q: Questionnaire) -> Iterator[Finding]:
    """A page is shown before it is answered, so a condition may only read items of earlier sections."""
    known = {item.code: item for item in q.items()}
    earlier: set[str] = set()
    for section in q.sections:
        if section.when is not None:
            yield from conditions_read(section.when, known, earlier)
        for item in section.items:
            if item.when is not None:
                yield from conditions_read(item.when, known, earlier)
        earlier.update(item.code for item in section.items)


def conditions_read(condition: Condition, known: dict[str, Item], earlier: set[str]) -> Iterator[Finding]:
    if isinstance(condition, Compare):
        yield from _compare(condition, known, earlier)
    elif isinstance(condition, Never):
        yield from conditions_read(condition.condition, known, earlier)
    elif isinstance(condition, (Every, Some)):
        for part in condition.conditions:
            yield from conditions_read(part, known, earlier)


def _compare(compare: Compare, known: dict[str, Item], earlier: set[str]) -> Iterator[Finding]:
    if not compare.item:
        return
    item = known.get(compare.item)
    if item is None:
        yield Finding(
            compare,
            "item",
            ProblemCode.UNKNOWN_ITEM,
            f"There is no item '{compare.item}'.",
            did_you_mean(compare.item, list(known)),
        )
        return
    if compare.item not in earlier:
        yield Finding(
            compare,
            "item",
            ProblemCode.LATER_ITEM,
            f"'{compare.item}' is not in an earlier section, so its answer is not known yet.",
            "Move this to a section after it.",
        )
    if item.kind in UNROUTABLE:
        yield Finding(
            compare,
            "item",
            ProblemCode.BAD_CONDITION,
            f"A condition cannot read '{compare.item}', whose answer is not a code.",
            "Use an item with options, a scale or a number.",
        )
        return
    yield from _values(compare, item)


def _values(compare: Compare, item: Item) -> Iterator[Finding]:
    if compare.operator == "answered" or item.kind not in KINDS:
        return
    if not compare.values:
        yield Finding(
            compare,
            compare.operator,
            ProblemCode.BAD_CONDITION,
            "No codes are listed.",
            "Write them: in: [1, 2].",
        )
    possible = KINDS[item.kind].codes(item)
    for value in compare.values:
        if possible and value not in possible:
            yield Finding(
                compare,
                compare.operator,
                ProblemCode.UNKNOWN_OPTION,
                f"'{item.code}' has no answer {value}.",
                f"Its answers are: {listed(possible)}.",
            )


CHECKS: tuple[Callable[[Questionnaire], Iterator[Finding]], ...] = (_routing,)
