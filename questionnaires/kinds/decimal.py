"""A number with digits after the point, such as hours of sleep. Stored as a whole number: 7.5 as 75."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import ClassVar

from questionnaires.answers import Answer, Missing
from questionnaires.faults import AnswerFault, Fault, Policy
from questionnaires.kinds.base import ItemProblem, Kind
from questionnaires.model import Item
from questionnaires.problems import ProblemCode

MOST_DECIMALS = 3
HIGHEST = 999_999


class DecimalNumber(Kind):
    allowed: ClassVar = frozenset({"minimum", "maximum", "decimals", "unit", "prefer_not_to_say"})
    required: ClassVar = frozenset({"minimum", "maximum", "decimals"})
    splits: ClassVar = False

    def check(self, item: Item) -> Iterator[ItemProblem]:
        if not 1 <= item.decimals <= MOST_DECIMALS:
            yield ItemProblem(
                ProblemCode.BAD_RANGE,
                "decimals",
                f"There cannot be {item.decimals} digits after the point.",
                f"Write 1 to {MOST_DECIMALS}, or use kind: integer.",
            )
        low, high = item.minimum or 0, HIGHEST if item.maximum is None else item.maximum
        if not 0 <= low < high <= HIGHEST:
            yield ItemProblem(
                ProblemCode.BAD_RANGE,
                "maximum" if low >= 0 else "minimum",
                f"No number can be asked for between {low} and {high}.",
                f"Write a minimum of 0 or more, and a higher maximum up to {HIGHEST}.",
            )

    def answer(self, item: Item, marks: list[str], policy: Policy) -> Answer | Missing | Fault:
        if len(marks) > 1:
            return (
                Missing.INVALID_MARK
                if policy is Policy.AS_WRITTEN
                else Fault(item.code, AnswerFault.ONE_ONLY)
            )
        number = _number(marks[0])
        if number is None:
            return Fault(item.code, AnswerFault.NOT_A_DECIMAL, {"value": marks[0][:40]})
        scaled = number * 10**item.decimals
        if scaled != int(scaled):
            return Fault(item.code, AnswerFault.TOO_PRECISE, {"decimals": item.decimals})
        low, high = item.minimum or 0, HIGHEST if item.maximum is None else item.maximum
        if not low <= number <= high:
            return Fault(item.code, AnswerFault.OUT_OF_RANGE, {"minimum": low, "maximum": high})
        return int(scaled)

    def decline_number(self, item: Item) -> int:
        """The number after the highest answer: no answer can be mistaken for it."""
        return (HIGHEST if item.maximum is None else item.maximum) + 1

    def highest(self, item: Item) -> int:
        return int((HIGHEST if item.maximum is None else item.maximum) * 10**item.decimals)

    def describe(self, item: Item, answer: Answer | Missing) -> tuple[str, ...]:
        if isinstance(answer, Missing) or not isinstance(answer, int):
            return ()
        return (format(Decimal(answer).scaleb(-item.decimals), "f"),)


def _number(mark: str) -> Decimal | None:
    """A number with a point or a comma before its decimals, in any script's digits."""
    text = mark.replace("٫", ".").replace(",", ".").replace("−", "-").replace(" ", "")
    if len(text) > 12 or not all(letter.isdecimal() or letter in ".-" for letter in text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
