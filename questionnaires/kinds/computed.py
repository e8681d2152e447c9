"""A whole number that follows from earlier answers. Never asked; worked out whenever it is needed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from questionnaires.answers import Answer, Missing
from questionnaires.faults import Fault, Policy
from questionnaires.framework import Statistic
from questionnaires.kinds.base import ItemProblem, Kind, Raw
from questionnaires.kinds.integer import HIGHEST
from questionnaires.model import ComputeMethod, Item
from questionnaires.problems import ProblemCode

TWO = frozenset({ComputeMethod.DIFFERENCE})


class Computed(Kind):
    """Between `minimum` and `maximum` (0 and 9999 if not written); a value outside is no answer."""

    allowed: ClassVar = frozenset({"compute", "minimum", "maximum", "unit"})
    required: ClassVar = frozenset({"compute"})
    statistics: ClassVar = frozenset({Statistic.PROPORTION, Statistic.MEAN})
    asked: ClassVar = False

    def check(self, item: Item) -> Iterator[ItemProblem]:
        low, high = bounds(item)
        if not 0 <= low <= high <= HIGHEST:
            yield ItemProblem(
                ProblemCode.BAD_RANGE,
                "maximum" if low >= 0 else "minimum",
                f"No number lies between {low} and {high}.",
                f"Write a minimum of 0 or more, and a higher maximum up to {HIGHEST}.",
            )
        compute = item.compute
        if compute is None:
            return
        faults = []
        if compute.method is ComputeMethod.CASES:
            values = [case.value for case in compute.cases]
            values += [] if compute.otherwise is None else [compute.otherwise]
            if not compute.cases:
                faults.append(("There are no cases.", "Write {when: ..., value: 1} for each."))
            if any(not low <= value <= high for value in values):
                faults.append(
                    (f"A value does not lie between {low} and {high}.", "Change it, or minimum and maximum.")
                )
        elif not compute.items or (compute.method in TWO and len(compute.items) != 2):
            faults.append(
                (
                    f"A {compute.method.value} of {len(compute.items)} items cannot be taken.",
                    "Name the items.",
                )
            )
        elif compute.method is ComputeMethod.COUNT and not compute.codes:
            faults.append(("Nothing says which codes count.", "Add 'codes: [1]'."))
        for cause, remedy in faults:
            yield ItemProblem(ProblemCode.BAD_COMPUTE, "compute", cause, remedy)

    def names(self, item: Item) -> tuple[str, ...]:
        return ()

    def read(self, item: Item, raw: Raw, policy: Policy) -> Answer | Missing | Fault:
        return Missing.NOT_ANSWERED

    def answer(self, item: Item, marks: list[str], policy: Policy) -> Answer | Missing | Fault:
        return Missing.NOT_ANSWERED

    def codes(self, item: Item) -> tuple[int, ...]:
        low, high = bounds(item)
        compute = item.compute
        if compute is not None and compute.method is ComputeMethod.CASES:
            values = {case.value for case in compute.cases}
            return tuple(sorted(values if compute.otherwise is None else values | {compute.otherwise}))
        return tuple(range(low, high + 1))

    def highest(self, item: Item) -> int:
        return bounds(item)[1]


def bounds(item: Item) -> tuple[int, int]:
    """The lowest and highest value it can have."""
    return item.minimum or 0, HIGHEST if item.maximum is None else item.maximum
