"""From expressions to conditions as a questionnaire file writes them, and what cannot be said so.

A condition here is plain keys and values, or True or False where it does not depend on any answer.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from questionnaires.xlsform.expressions import SELF, Binary, Call, Name, Number, Ref, Text, Tree, UnsaidError

Plain = dict[str, Any]
Said = Plain | bool

CHOICES = frozenset({"single_choice", "yes_no", "likert", "place", "grid", "consent"})
MANY = frozenset({"multiple_choice", "ranking"})
NUMBERS = frozenset({"integer", "decimal", "scale", "computed", "year"})
TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}
OPPOSITE = {"<": ">=", ">": "<=", "<=": ">", ">=": "<", "=": "!=", "!=": "="}
TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}


class NoChoiceError(UnsaidError):
    """A question has no such choice: nobody can have given that answer."""


PASSING = frozenset({"number", "string", "int", "boolean", "date", "coalesce"})  # of one argument: itself
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
DEEPEST = 40  # calculations inside calculations


@dataclass(frozen=True, slots=True)
class Target:
    """A question an expression may read. `low` and `high` are as stored; `options` are codes by name."""

    code: str
    kind: str
    options: Mapping[str, int] = field(default_factory=dict)
    decimals: int = 0
    low: int | None = None
    high: int | None = None


@dataclass(slots=True)
class Scope:
    """What names stand for where an expression is read. `itself` is what "." reads."""

    targets: Mapping[str, Target]
    formulas: Mapping[str, Tree] = field(default_factory=dict)  # calculations that are no item of their own
    itself: Target | None = None

    def find(self, name: str) -> Target:
        if name == SELF and self.itself is not None:
            return self.itself
        if name not in self.targets:
            raise UnsaidError(f"It reads '{name}', which is not asked before it in the questionnaire.")
        return self.targets[name]


def condition(tree: Tree, scope: Scope, depth: int = 0) -> Said:
    """The condition an expression states. Raises UnsaidError when a condition cannot say it."""
    if depth > DEEPEST:
        raise UnsaidError("It is made of calculations that lead back to themselves.")
    if isinstance(tree, Binary):
        if tree.operator in ("and", "or"):
            parts = [condition(part, scope, depth) for part in (tree.left, tree.right)]
            return joined("every" if tree.operator == "and" else "some", parts)
        if tree.operator in TESTS:
            return _test(tree.operator, tree.left, tree.right, scope, depth)
        raise UnsaidError("It works a number out, which a condition cannot do.")
    if isinstance(tree, Call):
        return _call(tree, scope, depth)
    if isinstance(tree, Number):
        return tree.value != 0
    if isinstance(tree, Ref):
        if tree.name in scope.formulas:
            return condition(scope.formulas[tree.name], scope, depth + 1)
        return _answered(_readable(scope.find(tree.name)))
    raise UnsaidError(f"'{tree.value}' is not a condition.")


def joined(join: str, parts: list[Said]) -> Said:
    """Parts under `every` or `some`, without what says nothing."""
    decisive = join == "some"
    kept: list[Plain] = []
    for part in parts:
        if isinstance(part, bool):
            if part is decisive:
                return decisive
        elif set(part) == {join}:
            kept += part[join]
        elif part not in kept:
            kept.append(part)
    if not kept:
        return not decisive
    return kept[0] if len(kept) == 1 else {join: kept}


def never(said: Said) -> Said:
    """The opposite, true also where there is no answer."""
    if isinstance(said, bool):
        return not said
    if set(said) == {"never"}:
        inner: Plain = said["never"]
        return inner
    if "answered" in said:
        return {"item": said["item"], "answered": not said["answered"]}
    return {"never": said}


def queried(tree: Tree, scope: Scope) -> Said:
    """When an answer breaks a constraint: the opposite of the tree, and false where an answer is missing."""
    if isinstance(tree, Binary) and tree.operator in ("and", "or"):
        parts = [queried(part, scope) for part in (tree.left, tree.right)]
        return joined("some" if tree.operator == "and" else "every", parts)
    if isinstance(tree, Binary) and tree.operator in OPPOSITE:
        return condition(Binary(OPPOSITE[tree.operator], tree.left, tree.right), scope)
    if isinstance(tree, Call) and tree.function == "not" and len(tree.arguments) == 1:
        return condition(tree.arguments[0], scope)
    said = condition(tree, scope)
    if isinstance(said, dict) and "in" in said and "item" in said:
        return {"item": said["item"], "not-in": said["in"]}
    opposite = never(said)
    if isinstance(opposite, bool) or scope.itself is None:
        return opposite
    return joined("every", [_answered(scope.itself), opposite])


def _call(tree: Call, scope: Scope, depth: int) -> Said:
    name, arguments = tree.function, tree.arguments
    if name in ("true", "false") and not arguments:
        return name == "true"
    if name == "not" and len(arguments) == 1:
        return never(condition(arguments[0], scope, depth))
    if name in ("selected", "jr:selected") and len(arguments) == 2:
        return _selected(arguments[0], arguments[1], scope, depth)
    if name == "if" and len(arguments) == 3:
        return _either(arguments, lambda part: condition(part, scope, depth), scope, depth)
    if name in PASSING and len(arguments) == 1:
        return condition(arguments[0], scope, depth)
    raise UnsaidError(f"It uses {name}(), which a condition cannot.")


def _either(arguments: tuple[Tree, ...], meaning: Callable[[Tree], Said], scope: Scope, depth: int) -> Said:
    """if(test, one, other) taken apart. Where one side has no such choice, that side is false."""

    def tried(part: Tree) -> Said:
        try:
            return meaning(part)
        except NoChoiceError:
            return False

    test = condition(arguments[0], scope, depth)
    first = joined("every", [test, tried(arguments[1])])
    second = tried(arguments[2])
    return joined("some", [first, joined("every", [never(test), second]) if second is not False else False])


def _selected(asked: Tree, wanted: Tree, scope: Scope, depth: int) -> Said:
    asked = _unwrapped(asked)
    if isinstance(asked, Ref) and asked.name in scope.formulas:
        return _test("=", asked, wanted, scope, depth)
    if not isinstance(asked, Ref) or not isinstance(wanted, (Text, Number)):
        raise UnsaidError("It uses selected() with something other than a question and a choice.")
    target = scope.find(asked.name)
    if target.kind not in CHOICES | MANY:
        raise UnsaidError(f"It uses selected() on '{target.code}', which has no choices.")
    return _in(target, [_option(target, _word(wanted))])


def _test(sign: str, left: Tree, right: Tree, scope: Scope, depth: int) -> Said:
    """A comparison, with a question on the left wherever there is one."""
    if depth > DEEPEST:
        raise UnsaidError("It is made of calculations that lead back to themselves.")
    left, right = _unwrapped(left), _unwrapped(right)
    if isinstance(left, Call) and left.function in ("true", "false") and sign in ("=", "!="):
        left, right = right, left
    if isinstance(right, Call) and right.function in ("true", "false") and sign in ("=", "!="):
        said = condition(left, scope, depth)
        return said if (right.function == "true") is (sign == "=") else never(said)
    for one, other, way in ((left, right, sign), (right, left, TURNED[sign])):
        if isinstance(one, Ref) and one.name in scope.formulas:
            return _test(way, scope.formulas[one.name], other, scope, depth + 1)
        if isinstance(one, Call) and one.function == "if" and len(one.arguments) == 3:
            return _either(one.arguments, partial(_turned_test, way, other, scope, depth + 1), scope, depth)
    if isinstance(left, (Text, Number)) and isinstance(right, (Text, Number)):
        return _fixed(sign, left, right)
    if not isinstance(left, (Ref, Call)):
        left, right, sign = right, left, TURNED[sign]
    if isinstance(left, Call):
        return _test_of_call(sign, left, right, scope)
    if isinstance(left, Ref) and isinstance(right, Ref):
        return _test_of_two(sign, scope.find(left.name), scope.find(right.name))
    if not isinstance(left, Ref) or not isinstance(right, (Text, Number)):
        raise UnsaidError("It compares something that is neither an answer nor a value.")
    return _test_of_answer(sign, scope.find(left.name), right)


def _turned_test(sign: str, other: Tree, scope: Scope, depth: int, one: Tree) -> Said:
    return _test(sign, one, other, scope, depth)


def _unwrapped(tree: Tree) -> Tree:
    while isinstance(tree, Call) and tree.function in PASSING and len(tree.arguments) == 1:
        tree = tree.arguments[0]
    return tree


def _fixed(sign: str, left: Text | Number, right: Text | Number) -> bool:
    if isinstance(left, Number) and isinstance(right, Number):
        return TESTS[sign](left.value, right.value)
    return TESTS[sign](_word(left), _word(right))


def _test_of_call(sign: str, call: Call, right: Tree, scope: Scope) -> Said:
    asked = _unwrapped(call.arguments[0]) if len(call.arguments) == 1 else None
    if not isinstance(asked, Ref) or not isinstance(right, Number):
        raise UnsaidError(f"It uses {call.function}() in a way a condition cannot.")
    target = scope.find(asked.name)
    if call.function == "count-selected" and target.kind in MANY:
        number = int(right.value)
        return _between(target, sign, number, "chosen-at-least", "chosen-at-most")
    if call.function == "count-selected" and target.kind in CHOICES:
        return _by_answer({n: TESTS[sign](n, right.value) for n in (0, 1)}, target)
    if call.function == "string-length" and target.kind in CHOICES | MANY | NUMBERS:
        return _by_answer({n: TESTS[sign](n, right.value) for n in (0, 1)}, target)
    raise UnsaidError(f"It uses {call.function}() on '{target.code}', which a condition cannot.")


def _by_answer(holds: Mapping[int, bool], target: Target) -> Said:
    if holds[0] == holds[1]:
        return holds[0]
    return _answered(target) if holds[1] else never(_answered(target))


def _test_of_answer(sign: str, target: Target, right: Text | Number) -> Said:
    word = _word(right)
    if not word and sign in ("=", "!="):
        return never(_answered(_readable(target))) if sign == "=" else _answered(_readable(target))
    if target.kind in CHOICES:
        return _test_of_choice(sign, target, right)
    if target.kind in MANY:
        if sign not in ("=", "!="):
            raise UnsaidError(f"It compares '{target.code}', which has several answers, by size.")
        found = _in(target, [_option(target, word)])
        only = joined("every", [found, {"item": target.code, "chosen-at-most": 1}])
        return only if sign == "=" else never(only)
    if target.kind == "date":
        return _test_of_date(sign, target, word)
    if target.kind in NUMBERS:
        try:
            return _test_of_number(sign, target, float(word))
        except ValueError:
            raise UnsaidError(f"'{word}' is not a number, and the answer to '{target.code}' is.") from None
    raise UnsaidError(f"It compares '{target.code}', whose answer is words, which a condition cannot read.")


def _test_of_choice(sign: str, target: Target, right: Text | Number) -> Said:
    word = _word(right)
    if sign in ("=", "!="):
        found = _in(target, [_option(target, word)])
        return found if sign == "=" else never(found)
    codes = []
    for name, code in target.options.items():
        try:
            if TESTS[sign](float(name), float(word)):
                codes.append(code)
        except ValueError:
            raise UnsaidError(f"It compares '{target.code}' by size, and '{name}' is no number.") from None
    return _in(target, codes) if codes else False


def _test_of_number(sign: str, target: Target, value: float) -> Said:
    """A number against a bound, as stored: whole, or scaled by its decimals."""
    scale = 10**target.decimals
    scaled = value * scale
    if sign in ("=", "!="):
        whole = int(scaled)
        low, high = target.low or 0, target.high
        if abs(scaled - whole) > 1e-9 or whole < low or (high is not None and whole > high):
            return sign == "!="
        if target.decimals:
            both: list[Said] = [_bound(target, "at-least", whole), _bound(target, "at-most", whole)]
            found = joined("every", both)
        else:
            found = _in(target, [whole])
        return found if sign == "=" else never(found)
    if sign in (">", ">="):
        least = int(-(-scaled // 1)) + (sign == ">" and scaled == int(scaled))
        return _bound(target, "at-least", least)
    most = int(scaled // 1) - (sign == "<" and scaled == int(scaled))
    return _bound(target, "at-most", most)


def _bound(target: Target, relation: str, value: int) -> Said:
    low, high = target.low or 0, target.high
    if relation == "at-least":
        if value <= low:
            return _answered(target)
        if high is not None and value > high:
            return False
    else:
        if high is not None and value >= high:
            return _answered(target)
        if value < low:
            return False
    written: Any = value
    if target.decimals:
        written = value / 10**target.decimals
        written = int(written) if written == int(written) else written
    return {"item": target.code, relation: written}


def _test_of_date(sign: str, target: Target, word: str) -> Said:
    if not DATE.fullmatch(word):
        raise UnsaidError(f"It compares '{target.code}' with something that is not a date.")
    at_least: Said = {"item": target.code, "at-least": word}
    at_most: Said = {"item": target.code, "at-most": word}
    if sign == ">=":
        return at_least
    if sign == "<=":
        return at_most
    if sign == ">":
        return joined("every", [_answered(target), never(at_most)])
    if sign == "<":
        return joined("every", [_answered(target), never(at_least)])
    same = joined("every", [at_least, at_most])
    return same if sign == "=" else never(same)


def _test_of_two(sign: str, left: Target, right: Target) -> Said:
    alike = (left.kind in NUMBERS and right.kind in NUMBERS and left.decimals == right.decimals) or (
        left.kind == right.kind == "date"
    )
    if not alike and not (left.options and left.options == right.options and sign in ("=", "!=")):
        raise UnsaidError(f"It compares '{left.code}' with '{right.code}', whose answers are not alike.")

    def said(relation: str) -> Plain:
        return {"item": left.code, relation: right.code}

    if sign == ">":
        return said("more-than")
    if sign == "<":
        return said("less-than")
    if sign == "=":
        return said("same-as")
    if sign == "!=":
        return never(said("same-as"))
    return joined("some", [said("more-than" if sign == ">=" else "less-than"), said("same-as")])


def _between(target: Target, sign: str, number: int, least: str, most: str) -> Said:
    """How many were chosen; where none were, nothing was answered."""
    if sign in (">", ">="):
        least_number = number + (sign == ">")
        return True if least_number <= 0 else {"item": target.code, least: least_number}
    if sign in ("<", "<="):
        most_number = number - (sign == "<")
        if most_number < 0:
            return False
        return never({"item": target.code, least: most_number + 1})
    if number == 0:
        same: Said = never(_answered(target))
    else:
        same = joined("every", [{"item": target.code, least: number}, {"item": target.code, most: number}])
    return same if sign == "=" else never(same)


def _in(target: Target, codes: list[int]) -> Plain:
    return {"item": target.code, "in": codes}


def _answered(target: Target) -> Plain:
    return {"item": target.code, "answered": True}


def _readable(target: Target) -> Target:
    if target.kind not in CHOICES | MANY | NUMBERS | {"date"}:
        raise UnsaidError(f"It reads '{target.code}', whose answer is words, which a condition cannot.")
    return target


def _option(target: Target, name: str) -> int:
    if name not in target.options:
        raise NoChoiceError(f"'{target.code}' has no choice called '{name}'.")
    return target.options[name]


def _word(value: Text | Number | Name) -> str:
    if isinstance(value, Number):
        return str(int(value.value)) if value.value == int(value.value) else str(value.value)
    return value.value.strip()
