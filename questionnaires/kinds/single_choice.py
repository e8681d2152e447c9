"""One answer out of several."""

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


class SingleChoice(Kind):
    allowed: ClassVar = frozenset({"options", "prefer_not_to_say", "margin", "order"})
    randomises: ClassVar = True
    required: ClassVar = frozenset({"options"})
    statistics: ClassVar = frozenset({Statistic.PROPORTION})

    def check(self, item: Item) -> Iterator[ItemProblem]:
        yield from reading.check_options(item)
        for option in item.options:
            if option.exclusive:
                yield ItemProblem(
                    ProblemCode.BAD_OPTIONS,
                    f"options.{option.code}",
                    "Only one option can be chosen here, so 'exclusive' says nothing.",
                    "Remove 'exclusive', or use kind: multiple_choice.",
                )

    def answer(self, item: Item, marks: list[str], policy: Policy) -> Answer | Missing | Fault:
        return reading.one(item, marks, policy, self.codes(item))

    def codes(self, item: Item) -> tuple[int, ...]:
        return reading.option_codes(item)

    def describe(self, item: Item, answer: Answer | Missing) -> tuple[str, ...]:
        return reading.option_texts(item, (answer,)) if isinstance(answer, int) else ()

    def paper_codes(self, item: Item) -> tuple[PaperCode, ...]:
        return reading.printed(item) + self._declining(item)
