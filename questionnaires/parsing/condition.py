"""Conditions: {item: x, in: [1, 2]}, {every: [...]}, {some: [...]}, {never: {...}}."""

from __future__ import annotations

from questionnaires.model import Compare, Condition, Every, Never, Some
from questionnaires.parsing.fields import Fields, Places
from questionnaires.problems import ProblemCode

LISTS = {"in": "in", "not-in": "not-in"}
NUMBERS = {"at-least": "at-least", "at-most": "at-most"}
JOINS: dict[str, type[Every] | type[Some]] = {"every": Every, "some": Some}
SHAPES = "{item: code, in: [1, 2]}, or every, some or never around such conditions"


def condition(parent: Fields, key: str, places: Places) -> Condition | None:
    """The condition under `key`; None where there is none or it cannot be read."""
    fields = parent.mapping(key)
    return None if fields is None or not fields.readable else _condition(fields, places)


def _condition(fields: Fields, places: Places) -> Condition | None:
    shapes = [key for key in (*JOINS, "never", "item") if fields.has(key)]
    if len(shapes) != 1:
        fields.problems.add(
            ProblemCode.BAD_CONDITION,
            fields.line,
            fields.label,
            "A condition needs exactly one of item, every, some or never.",
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
    else:
        found = _compare(fields)
    fields.close()
    if found is not None:
        places.note(found, fields)
    return found


def _compare(fields: Fields) -> Condition | None:
    item = fields.text("item", required=True)
    operators = [key for key in (*LISTS, *NUMBERS, "answered") if fields.has(key)]
    for key in operators:
        fields.node(key)  # known, whatever it holds
    if len(operators) != 1:
        fields.fault(
            ProblemCode.BAD_CONDITION,
            "item",
            "A condition on an item needs exactly one of in, not-in, at-least, at-most or answered.",
            f"Write {{item: {item or 'code'}, in: [1, 2]}}.",
        )
        return None
    operator = operators[0]
    if operator in LISTS:
        return Compare(item=item, operator=operator, values=fields.integers(operator))
    if operator in NUMBERS:
        value = fields.integer(operator)
        return None if value is None else Compare(item=item, operator=operator, values=(value,))
    answered = Compare(item=item, operator="answered")
    return answered if fields.flag("answered", default=True) else Never(condition=answered)
