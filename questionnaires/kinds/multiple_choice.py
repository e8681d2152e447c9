"""Any number of answers, of which some may stand alone ("None of these")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from questionnaires.answers import Answer, Missing
from questionnaires.faults import AnswerFault, Fault, Policy
from questionnaires.framework import Statistic
from questionnaires.kinds import marks as reading
from questionnaires.kinds.base import ItemProblem, Kind, PaperCode
from questionnaires.model import Item


class MultipleChoice(Kind):
    allowed: ClassVar = frozenset({"options", "prefer_not_to_say", "order"})
    randomises: ClassVar = True
    required: ClassVar = frozenset({"options"})
    statistics: ClassVar = frozenset({Statistic.PROPORTION})
    many: ClassVar = True

    def check(self, item: Item) -> Iterator[ItemProblem]:
        yield from reading.check_options(item)

    def answer(self, item: Item, marks: list[str], policy: Policy) -> Answer | Missing | Fault:
        found = reading.chosen(item, marks, self.codes(item))
        if isinstance(found, Fault):
            return found
        alone = [option for option in item.options if option.exclusive and option.code in found]
        if alone and len(found) > 1:
            if policy is Policy.AS_WRITTEN:
                return Missing.INVALID_MARK
            return Fault(item.code, AnswerFault.EXCLUSIVE_WITH_OTHERS, {"option": alone[0].text})
        return tuple(sorted(found))

    def codes(self, item: Item) -> tuple[int, ...]:
        return reading.option_codes(item)

    def highest(self, item: Item) -> int:
        return 1

    def columns(self, item: Item) -> tuple[str, ...]:
        """One 0/1 column per option: `<item>__<code>`."""
        return tuple(f"{item.code}__{option.code}" for option in item.options)

    def encode(self, item: Item, answer: Answer | Missing) -> dict[str, int]:
        if isinstance(answer, tuple):
            return {f"{item.code}__{o.code}": int(o.code in answer) for o in item.options}
        return super().encode(item, answer) if isinstance(answer, Missing) else self._refuse(item, answer)

    def describe(self, item: Item, answer: Answer | Missing) -> tuple[str, ...]:
        return reading.option_texts(item, answer) if isinstance(answer, tuple) else ()

    def paper_codes(self, item: Item) -> tuple[PaperCode, ...]:
        return reading.printed(item) + self._declining(item)

    def _refuse(self, item: Item, answer: Answer) -> dict[str, int]:
        raise TypeError(f"{item.code} cannot hold {answer!r}")
