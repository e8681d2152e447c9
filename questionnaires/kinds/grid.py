"""One row of a grid: a statement answered on options it shares with the other rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from questionnaires.kinds.base import ItemProblem
from questionnaires.kinds.likert import Likert
from questionnaires.model import Item
from questionnaires.problems import ProblemCode


class GridRow(Likert):
    """A Likert item of its own in everything but how it is drawn."""

    allowed: ClassVar = frozenset({"options", "prefer_not_to_say", "rows"})
    required: ClassVar = frozenset({"options", "rows"})

    def check(self, item: Item) -> Iterator[ItemProblem]:
        yield from super().check(item)
        if item.grid is None:
            yield ItemProblem(
                ProblemCode.BAD_GRID,
                "rows",
                "The grid has no rows.",
                "Write each as '- {code: ..., text: ...}' under 'rows'.",
            )
