"""Yes or no. The two options need not be written: code 1 is always yes, and 2 no."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from questionnaires.kinds.base import ItemProblem
from questionnaires.kinds.single_choice import SingleChoice
from questionnaires.model import Item, Option
from questionnaires.problems import ProblemCode

YES, NO = 1, 2


class YesNo(SingleChoice):
    allowed: ClassVar = frozenset({"options", "prefer_not_to_say", "margin"})
    required: ClassVar = frozenset()
    randomises: ClassVar = False
    options: ClassVar = (Option(code=YES, text="Yes"), Option(code=NO, text="No"))

    def check(self, item: Item) -> Iterator[ItemProblem]:
        yield from super().check(item)
        substantive = [option.code for option in item.options if option.substantive]
        if substantive != [YES, NO]:
            yield ItemProblem(
                ProblemCode.BAD_OPTIONS,
                "options",
                "A yes-or-no question has the options 1, yes, and 2, no; others are 'substantive: false'.",
                "Number them so, or use kind: single_choice.",
            )
