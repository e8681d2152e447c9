"""Constraints as bounds of an answer, as options that stand alone, or as checks."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any

from questionnaires.xlsform.conditions import MANY, Scope, queried
from questionnaires.xlsform.expressions import SELF, Binary, Call, Number, Ref, Text, Tree, UnsaidError

Plain = dict[str, Any]
NUMERIC = frozenset({"integer", "decimal"})
MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
REFUSAL = "This answer cannot be right. Please look at it again."


@dataclass(slots=True)
class Constraint:
    """What a constraint comes to: keys of the item, and trees that are left for checks."""

    keys: Plain = field(default_factory=dict)
    alone: list[str] = field(default_factory=list)  # names of choices that stand alone
    rest: list[Tree] = field(default_factory=list)


def taken_apart(tree: Tree, kind: str) -> Constraint:
    """The parts of a constraint that are keys of the item, and the rest."""
    found = Constraint()
    for part in _parts(tree):
        alone = _stands_alone(part) if kind in MANY else ""
        if alone:
            found.alone.append(alone)
        elif not (
            (kind in NUMERIC and _bounds(part, found, kind))
            or (kind == "date" and _day(part, found.keys))
            or (kind in ("short_text", "long_text") and _length(part, found.keys))
        ):
            found.rest.append(part)
    return found


def check(trees: list[Tree], scope: Scope, message: str) -> Plain | None:
    """A hard check that holds where one of the trees is broken; None where none ever is."""
    whole = trees[0]
    for tree in trees[1:]:
        whole = Binary("and", whole, tree)
    said = queried(whole, scope)
    if said is False:
        return None
    if said is True:
        raise UnsaidError("No answer could ever meet it.")
    return {"when": said, "text": message or REFUSAL, "hard": True}


def _parts(tree: Tree) -> list[Tree]:
    if isinstance(tree, Binary) and tree.operator == "and":
        return [*_parts(tree.left), *_parts(tree.right)]
    return [tree]


def _of_itself(tree: Tree) -> tuple[str, Tree] | None:
    """The sign and what the answer itself is compared with."""
    if isinstance(tree, Binary) and tree.operator in MIRRORED:
        if tree.left == Ref(SELF):
            return tree.operator, tree.right
        if tree.right == Ref(SELF):
            return MIRRORED[tree.operator], tree.left
    return None


def _bounds(tree: Tree, found: Constraint, kind: str) -> bool:
    compared = _of_itself(tree)
    if compared is None or not isinstance(compared[1], Number):
        return False
    sign, value = compared[0], compared[1].value
    whole = value == int(value)
    if sign in (">", ">="):
        least = math.floor(value) + (1 if sign == ">" and kind == "integer" else 0)
        if kind == "integer" and not whole:
            least = math.ceil(value)
        found.keys["minimum"] = max(found.keys.get("minimum", least), least)
    else:
        most = math.ceil(value) - (1 if sign == "<" and kind == "integer" else 0)
        if kind == "integer" and not whole:
            most = math.floor(value)
        found.keys["maximum"] = min(found.keys.get("maximum", most), most)
    if kind == "decimal" and (not whole or sign in ("<", ">")):
        found.rest.append(tree)  # the bound itself is a whole number
    return True


def _day(tree: Tree, keys: Plain) -> bool:
    compared = _of_itself(tree)
    if compared is None:
        return False
    sign, other = compared
    if isinstance(other, Call) and other.function == "date" and len(other.arguments) == 1:
        other = other.arguments[0]
    if isinstance(other, Call) and other.function in ("today", "now") and not other.arguments:
        written = "today"
    elif isinstance(other, Text) and DATE.fullmatch(other.value):
        written = other.value
    else:
        return False
    if sign in ("<", ">") and written != "today":
        return False
    keys["earliest" if sign in (">", ">=") else "latest"] = written
    return True


def _length(tree: Tree, keys: Plain) -> bool:
    if not isinstance(tree, Binary) or tree.operator not in ("<", "<="):
        return False
    if tree.left != Call("string-length", (Ref(SELF),)) or not isinstance(tree.right, Number):
        return False
    keys["maximum"] = int(tree.right.value) - (tree.operator == "<")
    return True


def _stands_alone(tree: Tree) -> str:
    """The choice in not(selected(., 'none') and count-selected(.) > 1), or ""."""
    if not isinstance(tree, Call) or tree.function != "not" or len(tree.arguments) != 1:
        return ""
    inner = tree.arguments[0]
    if not isinstance(inner, Binary) or inner.operator != "and":
        return ""
    for one, other in ((inner.left, inner.right), (inner.right, inner.left)):
        if (
            isinstance(one, Call)
            and one.function == "selected"
            and len(one.arguments) == 2
            and one.arguments[0] == Ref(SELF)
            and isinstance(one.arguments[1], (Text, Number))
            and isinstance(other, Binary)
            and other.left == Call("count-selected", (Ref(SELF),))
            and (other.operator, other.right) in ((">", Number(1)), (">=", Number(2)))
        ):
            value = one.arguments[1].value
            return value if isinstance(value, str) else f"{value:g}"
    return ""
