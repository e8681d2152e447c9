"""The value of a computed item, from the answers given before it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from questionnaires.answers import Answer, Answers, Missing
from questionnaires.conditions import Codes, codes_of, holds
from questionnaires.kinds.computed import bounds
from questionnaires.model import Compute, ComputeMethod, Item

REASONS = (Missing.PREFER_NOT_TO_SAY, Missing.INVALID_MARK, Missing.NOT_ANSWERED, Missing.NOT_ASKED)
"""Which reason a missing value gets when what it is made of is missing for several: the first of these."""

NEEDS_ALL = frozenset({ComputeMethod.DIFFERENCE, ComputeMethod.PRODUCT})

METHODS: Mapping[ComputeMethod, Callable[[list[Codes], Compute], int]] = {
    ComputeMethod.SUM: lambda given, _compute: sum(_firsts(given)),
    ComputeMethod.DIFFERENCE: lambda given, _compute: given[0][0] - given[1][0],
    ComputeMethod.PRODUCT: lambda given, _compute: math.prod(_firsts(given)),
    ComputeMethod.SMALLEST: lambda given, _compute: min(_firsts(given)),
    ComputeMethod.LARGEST: lambda given, _compute: max(_firsts(given)),
    ComputeMethod.COUNT: lambda given, compute: sum(
        any(code in compute.codes for code in codes) for codes in given
    ),
}


def value(item: Item, answers: Answers) -> Answer | Missing:
    """The value of a computed item. `answers` holds only what routing reached.

    Items that were not asked are left out of a sum, a count, the smallest and the largest; any other
    missing answer leaves the value open, for the same reason. Outside the item's bounds there is none.
    """
    compute = item.compute
    if compute is None:
        return Missing.NOT_ANSWERED
    if compute.method is ComputeMethod.CASES:
        found = next((case.value for case in compute.cases if holds(case.when, answers)), compute.otherwise)
        return Missing.NOT_ANSWERED if found is None else found
    read = [answers.get(code, Missing.NOT_ASKED) for code in compute.items]
    given = [codes_of(answer) for answer in read if not isinstance(answer, Missing)]
    reasons = [answer for answer in read if isinstance(answer, Missing)]
    stop = [reason for reason in reasons if reason is not Missing.NOT_ASKED]
    if stop or not given or (reasons and compute.method in NEEDS_ALL):
        return next(reason for reason in REASONS if reason in reasons)
    low, high = bounds(item)
    number = METHODS[compute.method](given, compute)
    return number if low <= number <= high else Missing.NOT_ANSWERED


def _firsts(given: list[Codes]) -> list[int]:
    return [codes[0] for codes in given]
