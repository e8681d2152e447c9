"""One answer out of several that stand in order, such as agreement or how often."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import ClassVar

from questionnaires.framework import Statistic
from questionnaires.kinds.base import ItemProblem
from questionnaires.kinds.single_choice import SingleChoice
from questionnaires.model import Item
from questionnaires.problems import ProblemCode

KEYS = frozenset({"options", "prefer_not_to_say", "margin"})


class Likert(SingleChoice):
    """A single choice whose codes carry its order, so that a mean may be taken."""

    allowed: ClassVar = KEYS | {"order"}  # known, so that refusing it can say why
    randomises: ClassVar = False
    statistics: ClassVar = frozenset({Statistic.PROPORTION, Statistic.MEAN})

    def check(self, item: Item) -> Iterator[ItemProblem]:
        yield from super().check(item)
        codes = [option.code for option in item.options if option.substantive]
        steps = {later > earlier for earlier, later in pairwise(codes) if later != earlier}
        if len(steps) > 1:
            yield ItemProblem(
                ProblemCode.BAD_OPTIONS,
                "options",
                "The codes go up and down, so they do not follow the order of the options.",
                "Number the options in order, or use kind: single_choice if they have none.",
            )
