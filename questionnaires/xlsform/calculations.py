"""Calculations as computed items, where they are whole numbers made of earlier answers."""

from __future__ import annotations

from typing import Any

from questionnaires.xlsform.conditions import CHOICES, NUMBERS, Scope, condition
from questionnaires.xlsform.expressions import Binary, Call, Number, Ref, Tree, UnsaidError

Plain = dict[str, Any]
JOINS = {"+": "sum", "*": "product"}
OF_SEVERAL = {"min": "smallest", "max": "largest", "sum": "sum"}
CODE_PASSING = frozenset({"number", "int", "string", "coalesce"})


def compute(tree: Tree, scope: Scope) -> Plain:
    """The `compute` of an item. Raises UnsaidError when the calculation is another."""
    if isinstance(tree, Binary) and tree.operator in JOINS:
        return {JOINS[tree.operator]: _items(_flat(tree, tree.operator), scope)}
    if isinstance(tree, Binary) and tree.operator == "-":
        return {"difference": _items([tree.left, tree.right], scope)}
    if isinstance(tree, Call) and tree.function in OF_SEVERAL and len(tree.arguments) > 1:
        return {OF_SEVERAL[tree.function]: _items(list(tree.arguments), scope)}
    if isinstance(tree, Call) and tree.function == "if" and len(tree.arguments) == 3:
        return _cases(tree, scope)
    raise UnsaidError("It is more than a sum, a difference, a product or whole numbers by cases.")


def _flat(tree: Tree, operator: str) -> list[Tree]:
    if isinstance(tree, Binary) and tree.operator == operator:
        return [*_flat(tree.left, operator), *_flat(tree.right, operator)]
    return [tree]


def _items(parts: list[Tree], scope: Scope) -> list[str]:
    found = []
    for part in parts:
        while isinstance(part, Call) and part.function in CODE_PASSING and part.arguments:
            part = part.arguments[0]
        if not isinstance(part, Ref) or part.name in scope.formulas:
            raise UnsaidError("It reckons with something that is not the answer to one question.")
        target = scope.find(part.name)
        named_by_number = target.options and all(name == str(code) for name, code in target.options.items())
        if not (target.kind in NUMBERS and not target.decimals) and not (
            target.kind in CHOICES and named_by_number
        ):
            raise UnsaidError(f"It reckons with '{target.code}', whose answer is not a whole number.")
        found.append(target.code)
    return found


def _cases(tree: Tree, scope: Scope) -> Plain:
    cases: list[Plain] = []
    while isinstance(tree, Call) and tree.function == "if" and len(tree.arguments) == 3:
        said = condition(tree.arguments[0], scope)
        if said is True:
            tree = tree.arguments[1]
            break
        if said is not False:
            cases.append({"when": said, "value": _whole(tree.arguments[1])})
        tree = tree.arguments[2]
    found: Plain = {"cases": cases}
    if getattr(tree, "value", None) != "":
        found["otherwise"] = _whole(tree)
    if not cases:
        raise UnsaidError("It is always the same.")
    return found


def _whole(tree: Tree) -> int:
    if isinstance(tree, Number) and tree.value == int(tree.value) and 0 <= tree.value <= 9999:
        return int(tree.value)
    value = getattr(tree, "value", None)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 5:
        return int(value)
    raise UnsaidError("Its value is not a whole number from 0 to 9999.")
