"""Conditions: {item: x, in: [1, 2]}, {count: [x, y], in: [1]}, and every, some or never around them."""

from __future__ import annotations

import re

from questionnaires.model import Compare, Condition, Count, Every, Never, Some
from questionnaires.parsing.fields import Fields, Places
from questionnaires.problems import ProblemCode

LISTS = {"in": "in", "not-in": "not-in"}
NUMBERS = ("at-least", "at-most")
SIZES = ("chosen-at-least", "chosen-at-most")
OTHERS = ("same-as", "more-than", "less-than")
DATE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")
JOINS: dict[str, type[Every] | type[Some]] = {"every": Every, "some": Some}
SHAPES = (
    "{item: code, in: [1, 2]}, {count: [a, b], in: [1], at-least: 1}, or every, some or never around such"
)


def condition(parent: Fields, key: str, places: Places) -> Condition | None:
    """The condition under `key`; None where there is none or it cannot be read."""
    fields = parent.mapping(key)
    return None if fields is None or not fields.readable else _condition(fields, places)


def _condition(fields: Fields, places: Places) -> Condition | None:
    shapes = [key for key in (*JOINS, "never", "item", "count") if fields.has(key)]
    if len(shapes) != 1:
        fields.problems.add(
            ProblemCode.BAD_CONDITION,
            fields.line,
            fields.label,
            "A condition needs exactly one of item, count, every, some or never.",
            f"Write {SHAPES}.",
        )
        return None
    shape = shapes[0]
    found: Condition | None
    if shape in JOINS:
        inner = [_condition(child, places) for child in fields.each(shape, "item") if child.readable]
        found = JOINS[shape](conditions=tuple(part for part in inner if part is not None))
    elif shape == "never":
        part = condition(fields, "never", places)
        found = None if part is None else Never(condition=part)
    elif shape == "count":
        found = _count(fields)
    else:
        found = _compare(fields, places)
    fields.close()
    if found is not None:
        places.note(found, fields)
    return found


def _count(fields: Fields) -> Condition | None:
    found = Count(
        items=fields.texts("count"),
        codes=fields.integers("in"),
        at_least=fields.integer("at-least"),
        at_most=fields.integer("at-most"),
    )
    if not found.items or not found.codes or (found.at_least is None and found.at_most is None):
        fields.fault(
            ProblemCode.BAD_CONDITION,
            "count",
            "A count needs items, the codes that count, and at-least or at-most.",
            "Write {count: [a, b, c], in: [1], at-least: 2}.",
        )
        return None
    return found


def _compare(fields: Fields, places: Places) -> Condition | None:
    item = fields.text("item", required=True)
    known = (*LISTS, *NUMBERS, *SIZES, *OTHERS, "answered")
    operators = [key for key in known if fields.has(key)]
    for key in operators:
        fields.node(key)  # known, whatever it holds
    if len(operators) != 1:
        fields.fault(
            ProblemCode.BAD_CONDITION,
            "item",
            f"A condition on an item needs exactly one of {', '.join(known[:-1])} or {known[-1]}.",
            f"Write {{item: {item or 'code'}, in: [1, 2]}}.",
        )
        return None
    operator = operators[0]
    if operator in LISTS:
        return Compare(item=item, operator=operator, values=fields.integers(operator))
    if operator in NUMBERS:
        value = _number(fields, operator, places.decimals.get(item, 0))
        return None if value is None else Compare(item=item, operator=operator, values=(value,))
    if operator in SIZES:
        size = fields.integer(operator)
        return None if size is None else Compare(item=item, operator=operator, values=(size,))
    if operator in OTHERS:
        return Compare(item=item, operator=operator, other=fields.text(operator, required=True))
    answered = Compare(item=item, operator="answered")
    return answered if fields.flag("answered", default=True) else Never(condition=answered)


def _number(fields: Fields, key: str, decimals: int) -> int | None:
    """A number as it is stored: 2.5 with one decimal is 25, and 2026-11-23 is 20261123."""
    node = fields.node(key)
    if node is not None and isinstance(node.value, str):
        written = DATE.fullmatch(node.value.strip())
        if written:
            return int("".join(part for part in written.groups() if part))
    if node is not None and decimals and isinstance(node.value, (int, float)):
        scaled = float(node.value * 10**decimals)
        if not isinstance(node.value, bool) and abs(scaled - round(scaled)) < 1e-6:
            return round(scaled)
    return fields.integer(key)
