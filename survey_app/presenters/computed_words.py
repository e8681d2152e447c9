"""A condition on a computed item, said by the answers it is made of: nobody with a pen sees its value."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from questionnaires.conditions import OPERATORS
from questionnaires.model import Compare, Compute, ComputeMethod, Condition, Count, Every, Never, Some
from survey_app.presenters.lists import all_of, any_of


def spelt_out(condition: Compare, compute: Compute) -> Condition | None:
    """The same condition on earlier answers; None where only arithmetic can say it."""
    if compute.method is ComputeMethod.CASES:
        return _by_cases(condition, compute)
    if compute.method is not ComputeMethod.COUNT or condition.operator not in ("at-least", "at-most"):
        return None
    low = condition.values[0] if condition.operator == "at-least" else None
    high = condition.values[0] if condition.operator == "at-most" else None
    return Count(items=compute.items, codes=compute.codes, at_least=low, at_most=high)


def arithmetic(condition: Compare, compute: Compute, numbers: Mapping[str, int], *, turned: bool) -> str:
    """The condition, or its opposite if `turned`, as a sum a person can do."""
    questions = all_of([str(numbers[code]) for code in compute.items if code in numbers])
    what = WHAT[compute.method](questions)
    value = any_of([str(value) for value in condition.values])
    said, opposite = SAID[condition.operator]
    return (opposite if turned else said)(what, value)


WHAT: Mapping[ComputeMethod, Callable[[str], str]] = {
    ComputeMethod.SUM: lambda questions: _(
        "the sum of your answers to questions %(questions)s", questions=questions
    ),
    ComputeMethod.DIFFERENCE: lambda questions: _(
        "the first less the second of your answers to questions %(questions)s", questions=questions
    ),
    ComputeMethod.PRODUCT: lambda questions: _(
        "the product of your answers to questions %(questions)s", questions=questions
    ),
    ComputeMethod.SMALLEST: lambda questions: _(
        "the smallest of your answers to questions %(questions)s", questions=questions
    ),
    ComputeMethod.LARGEST: lambda questions: _(
        "the largest of your answers to questions %(questions)s", questions=questions
    ),
    ComputeMethod.COUNT: lambda questions: _(
        "the number of such answers to questions %(questions)s", questions=questions
    ),
}
"""What a computed value is, as a person with a pen would find it."""

Sentence = Callable[[str, str], str]

SAID: Mapping[str, tuple[Sentence, Sentence]] = {
    "in": (
        lambda what, value: _("%(what)s is %(value)s", what=what, value=value),
        lambda what, value: _("%(what)s is not %(value)s", what=what, value=value),
    ),
    "not-in": (
        lambda what, value: _("%(what)s is not %(value)s", what=what, value=value),
        lambda what, value: _("%(what)s is %(value)s", what=what, value=value),
    ),
    "at-least": (
        lambda what, value: _("%(what)s is %(value)s or more", what=what, value=value),
        lambda what, value: _("%(what)s is less than %(value)s", what=what, value=value),
    ),
    "at-most": (
        lambda what, value: _("%(what)s is %(value)s or less", what=what, value=value),
        lambda what, value: _("%(what)s is more than %(value)s", what=what, value=value),
    ),
    "answered": (
        lambda what, _value: _("you can work out %(what)s", what=what),
        lambda what, _value: _("you cannot work out %(what)s", what=what),
    ),
}
"""A relation with a computed value, and its opposite."""


def _by_cases(condition: Compare, compute: Compute) -> Condition:
    """The condition that decides for a value that fits: of the cases that hold, the first counts."""

    def fits(value: int | None) -> bool:
        return value is not None and OPERATORS[condition.operator]((value,), condition.values)

    found: list[Condition] = []
    before: list[Condition] = []  # earlier cases, which lead to another value
    for case in compute.cases:
        if fits(case.value):
            found.append(Every(conditions=(case.when, *before)) if before else case.when)
        else:
            before.append(Never(condition=case.when))
    if fits(compute.otherwise):
        found.append(before[0] if len(before) == 1 else Every(conditions=tuple(before)))
    return found[0] if len(found) == 1 else Some(conditions=tuple(found))
