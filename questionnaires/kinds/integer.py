"""A whole number between two bounds, such as days in a week."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from questionnaires.answers import Answer, Missing
from questionnaires.faults import AnswerFault, Fault, Policy
from questionnaires.framework import Statistic
from questionnaires.kinds.base import ItemProblem, Kind, whole_number
from questionnaires.model import Item
from questionnaires.problems import ProblemCode

HIGHEST = 9999  # a snapshot column is a small integer, and negative numbers are missing reasons


class Integer(Kind):
    allowed: ClassVar = frozenset({"minimum", "maximum", "unit", "prefer_not_to_say"})
    required: ClassVar = frozenset({"minimum", "maximum"})
    statistics: ClassVar = frozenset({Statistic.PROPORTION, Statistic.MEAN})

    def check(self, item: Item) -> Iterator[ItemProblem]:
        if item.minimum is None or item.maximum is None:
            return
        if not 0 <= item.minimum < item.maximum <= HIGHEST:
            yield ItemProblem(
                ProblemCode.BAD_RANGE,
                "maximum" if item.minimum >= 0 else "minimum",
                f"No number can be asked for between {item.minimum} and {item.maximum}.",
                f"Write a minimum of 0 or more, and a higher maximum up to {HIGHEST}.",
            )

    def answer(self, item: Item, marks: list[str], policy: Policy) -> Answer | Missing | Fault:
        if len(marks) > 1:
            if policy is Policy.AS_WRITTEN:
                return Missing.INVALID_MARK
            return Fault(item.code, AnswerFault.ONE_ONLY)
        number = whole_number(marks[0])
        if number is None:
            return Fault(item.code, AnswerFault.NOT_A_NUMBER, {"value": marks[0][:40]})
        low, high = item.minimum or 0, HIGHEST if item.maximum is None else item.maximum
        if not low <= number <= high:
            return Fault(item.code, AnswerFault.OUT_OF_RANGE, {"minimum": low, "maximum": high})
        return number

    def codes(self, item: Item) -> tuple[int, ...]:
        return tuple(range(item.minimum or 0, (item.maximum or 0) + 1))
