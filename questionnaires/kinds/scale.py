"""A run of whole numbers with words at both ends, such as 0 to 10."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from questionnaires.answers import Answer, Missing
from questionnaires.faults import Fault, Policy
from questionnaires.framework import Statistic
from questionnaires.kinds import marks as reading
from questionnaires.kinds.base import ItemProblem, Kind, PaperCode
from questionnaires.model import Item
from questionnaires.problems import ProblemCode

LONGEST = 21  # points; more cannot be shown in a row or told apart


class ScaleKind(Kind):
    allowed: ClassVar = frozenset({"scale", "prefer_not_to_say", "order"})
    required: ClassVar = frozenset({"scale"})
    statistics: ClassVar = frozenset({Statistic.PROPORTION, Statistic.MEAN})

    def check(self, item: Item) -> Iterator[ItemProblem]:
        scale = item.scale
        if scale is not None and not (0 <= scale.low < scale.high <= scale.low + LONGEST - 1):
            yield ItemProblem(
                ProblemCode.BAD_RANGE,
                "scale",
                f"A scale from {scale.low} to {scale.high} cannot be shown.",
                f"Start at 0 or above, end higher, with at most {LONGEST} points.",
            )

    def answer(self, item: Item, marks: list[str], policy: Policy) -> Answer | Missing | Fault:
        return reading.one(item, marks, policy, self.codes(item))

    def codes(self, item: Item) -> tuple[int, ...]:
        return () if item.scale is None else tuple(range(item.scale.low, item.scale.high + 1))

    def paper_codes(self, item: Item) -> tuple[PaperCode, ...]:
        return tuple(PaperCode(code, str(code), code) for code in self.codes(item)) + self._declining(item)
