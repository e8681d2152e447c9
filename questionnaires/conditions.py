"""Conditions over answers: whether they hold, and what they read. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from questionnaires.answers import Answer, Answers, Missing
from questionnaires.model import Compare, Condition, Count, Every, Never, Some

Codes = tuple[int, ...]

OPERATORS: Mapping[str, Callable[[Codes, Codes], bool]] = {
    "in": lambda given, values: any(code in values for code in given),
    "not-in": lambda given, values: all(code not in values for code in given),
    "at-least": lambda given, values: max(given) >= values[0],
    "at-most": lambda given, values: min(given) <= values[0],
    "chosen-at-least": lambda given, values: len(given) >= values[0],
    "chosen-at-most": lambda given, values: len(given) <= values[0],
    "same-as": lambda given, values: set(given) == set(values),
    "more-than": lambda given, values: max(given) > max(values),
    "less-than": lambda given, values: min(given) < min(values),
    "answered": lambda given, values: True,
}
"""Each relation between the codes given (several for multiple choice) and those of the condition.

For same-as, more-than and less-than the values are the answer to another item.
"""

OTHERS = frozenset({"same-as", "more-than", "less-than"})
"""Relations with the answer to another item."""


def holds(condition: Condition | None, answers: Answers) -> bool:
    """Whether a condition is true. Every comparison with a missing answer is false, `not-in` too.

    No condition is always true. To include people who gave no answer, write never around in. A count
    counts the answers there are.
    """
    if condition is None:
        return True
    if isinstance(condition, Compare):
        return _compare(condition, answers) is True
    if isinstance(condition, Count):
        low, _high = _counted(condition, answers)
        return _between(condition, low)
    if isinstance(condition, Every):
        return all(holds(part, answers) for part in condition.conditions)
    if isinstance(condition, Some):
        return any(holds(part, answers) for part in condition.conditions)
    return not holds(condition.condition, answers)


def known(condition: Condition, answers: Answers) -> bool | None:
    """The condition in three-valued logic (Kleene 1952): None where missing answers leave it open."""
    if isinstance(condition, Compare):
        return _compare(condition, answers)
    if isinstance(condition, Count):
        low, high = _counted(condition, answers)
        found = {_between(condition, number) for number in range(low, high + 1)}
        return found.pop() if len(found) == 1 else None
    if isinstance(condition, Never):
        inner = known(condition.condition, answers)
        return None if inner is None else not inner
    parts = [known(part, answers) for part in condition.conditions]
    decisive = isinstance(condition, Some)  # one true settles `some`; one false settles `every`
    if decisive in parts:
        return decisive
    return None if None in parts else not decisive


def codes_of(answer: Answer | Missing) -> Codes:
    """An answer as the numbers conditions compare; none for an absence and for words."""
    if isinstance(answer, Missing):
        return ()
    if isinstance(answer, int):
        return (answer,)
    if isinstance(answer, tuple):
        return answer
    digits = answer.replace("-", "")  # a date or a month, as stored
    return (int(digits),) if len(digits) in (6, 8) and digits.isascii() and digits.isdigit() else ()


def leaves(condition: Condition) -> Iterator[Compare | Count]:
    """The comparisons and counts a condition is made of, in the order written."""
    if isinstance(condition, (Compare, Count)):
        yield condition
    elif isinstance(condition, Never):
        yield from leaves(condition.condition)
    else:
        for part in condition.conditions:
            yield from leaves(part)


def items_read(condition: Condition) -> list[str]:
    """Codes of the items a condition reads, in the order written."""
    found: list[str] = []
    for leaf in leaves(condition):
        if isinstance(leaf, Count):
            found += leaf.items
        else:
            found += [leaf.item, leaf.other] if leaf.other else [leaf.item]
    return found


def _compare(condition: Compare, answers: Answers) -> bool | None:
    """True or false, or None when an answer is missing. An item not asked is known not to be answered."""
    answer = answers.get(condition.item, Missing.NOT_ANSWERED)
    if type(answer) is int and condition.operator == "in":
        return answer in condition.values  # nearly every comparison there is, on every page
    if condition.operator == "answered":
        return not isinstance(answer, Missing)
    given = codes_of(answer)
    if not given:
        return None
    values = condition.values
    if condition.operator in OTHERS:
        values = codes_of(answers.get(condition.other, Missing.NOT_ANSWERED))
        if not values:
            return None
    return OPERATORS[condition.operator](given, values)


def _counted(condition: Count, answers: Answers) -> tuple[int, int]:
    """How many of the items have one of the codes, and how many could if what is missing did too."""
    certain = possible = 0
    for code in condition.items:
        answer = answers.get(code, Missing.NOT_ANSWERED)
        if isinstance(answer, Missing):
            possible += answer is not Missing.NOT_ASKED
        else:
            certain += any(given in condition.codes for given in codes_of(answer))
    return certain, certain + possible


def _between(condition: Count, number: int) -> bool:
    low, high = condition.at_least, condition.at_most
    return (low is None or number >= low) and (high is None or number <= high)
