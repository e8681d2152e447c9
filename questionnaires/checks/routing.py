"""Conditions: what they read must exist, have codes, and be answered before they are needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from questionnaires.checks.findings import Finding, listed
from questionnaires.conditions import leaves
from questionnaires.kinds import KINDS
from questionnaires.model import Compare, Condition, Count, Item, Questionnaire
from questionnaires.parsing.fields import did_you_mean
from questionnaires.problems import ProblemCode

UNROUTABLE = frozenset(name for name, kind in KINDS.items() if not kind.routable)
SIZES = frozenset({"chosen-at-least", "chosen-at-most"})
DATES = {"date": 8, "month": 6}  # digits of the number a condition compares: 20261123, 202611


def _routing(q: Questionnaire) -> Iterator[Finding]:
    """A condition may only read what was answered before: for a section, in earlier sections."""
    known = {item.code: item for item in q.items()}
    earlier: set[str] = set()
    for section in q.sections:
        if section.when is not None:
            yield from conditions_read(section.when, known, earlier)
        for item in section.items:
            if item.when is not None:
                yield from conditions_read(item.when, known, earlier)
            for case in item.compute.cases if item.compute else ():
                yield from conditions_read(case.when, known, earlier)
            earlier.add(item.code)
            for check in item.checks:
                yield from conditions_read(check.when, known, earlier)


def conditions_read(condition: Condition, known: dict[str, Item], earlier: set[str]) -> Iterator[Finding]:
    """What is wrong with the items a condition reads, and with what it says of them."""
    for leaf in leaves(condition):
        if isinstance(leaf, Count):
            for code in leaf.items:
                found = list(_read(leaf, "count", code, known, earlier))
                yield from found
                if not found:
                    yield from _values(leaf, "in", leaf.codes, known[code])
        elif leaf.item:
            yield from _compare(leaf, known, earlier)


def _compare(compare: Compare, known: dict[str, Item], earlier: set[str]) -> Iterator[Finding]:
    found = list(_read(compare, "item", compare.item, known, earlier))
    if compare.other:
        found += _read(compare, compare.operator, compare.other, known, earlier)
    yield from found
    if any(fault.code is not ProblemCode.LATER_ITEM for fault in found):
        return
    if compare.other:
        yield from _comparable(compare, known[compare.item], known[compare.other])
    elif compare.operator != "answered":
        values = compare.values if compare.operator not in SIZES else ()
        yield from _values(compare, compare.operator, values, known[compare.item])


def _read(
    at: Compare | Count, key: str, code: str, known: dict[str, Item], earlier: set[str]
) -> Iterator[Finding]:
    """Whether an item can be read here at all."""
    item = known.get(code)
    if item is None:
        yield Finding(
            at, key, ProblemCode.UNKNOWN_ITEM, f"There is no item '{code}'.", did_you_mean(code, list(known))
        )
        return
    if code not in earlier:
        yield Finding(
            at,
            key,
            ProblemCode.LATER_ITEM,
            f"'{code}' does not come before this, so its answer is not known yet.",
            "Move this after it; a section's own condition reads earlier sections only.",
        )
    if item.kind in UNROUTABLE:
        yield Finding(
            at,
            key,
            ProblemCode.BAD_CONDITION,
            f"A condition cannot read '{code}', whose answer is not a code.",
            "Use an item with options, a scale or a number.",
        )


def _comparable(compare: Compare, item: Item, other: Item) -> Iterator[Finding]:
    """Two answers can be compared when they are numbers of the same sort."""
    if _sort(item) != _sort(other):
        yield Finding(
            compare,
            compare.operator,
            ProblemCode.BAD_CONDITION,
            f"The answers of '{item.code}' and '{other.code}' are not the same sort of number.",
            "Compare two numbers, two dates, or two decimals with as many digits after the point.",
        )


def _sort(item: Item) -> tuple[str, int]:
    return (item.kind if item.kind in DATES else "number", item.decimals)


def _values(at: Compare | Count, key: str, values: tuple[int, ...], item: Item) -> Iterator[Finding]:
    if item.kind not in KINDS:
        return
    if key in SIZES:
        if not KINDS[item.kind].many:
            yield Finding(
                at,
                key,
                ProblemCode.BAD_CONDITION,
                f"Only one answer can be chosen at '{item.code}'.",
                "Use 'in' here, or another item.",
            )
        return
    if not values:
        yield Finding(at, key, ProblemCode.BAD_CONDITION, "No codes are listed.", "Write them: in: [1, 2].")
    possible = KINDS[item.kind].codes(item)
    digits = DATES.get(item.kind)
    if digits and key not in ("at-least", "at-most"):
        yield Finding(
            at, key, ProblemCode.BAD_CONDITION, "A date is compared by order.", "Use at-least or at-most."
        )
    for value in values:
        if possible and value not in possible:
            yield Finding(
                at,
                key,
                ProblemCode.UNKNOWN_OPTION,
                f"'{item.code}' has no answer {value}.",
                f"Its answers are: {listed(possible)}.",
            )
        elif digits and len(str(value)) != digits:
            like = "2026-11-23" if digits == 8 else "2026-11"
            yield Finding(
                at,
                key,
                ProblemCode.BAD_CONDITION,
                f"The answer of '{item.code}' is not compared with {value}.",
                f"Write it like {like}.",
            )


CHECKS: tuple[Callable[[Questionnaire], Iterator[Finding]], ...] = (_routing,)
