"""Something to read, with nothing to answer."""

from __future__ import annotations

from typing import ClassVar

from questionnaires.answers import Answer, Missing
from questionnaires.faults import Fault, Policy
from questionnaires.kinds.base import Kind, Raw
from questionnaires.model import Item


class Information(Kind):
    """Reading it leaves *not answered* in a draft, so that the page counts as seen; nothing is kept."""

    asked: ClassVar = False
    routable: ClassVar = False

    def names(self, item: Item) -> tuple[str, ...]:
        return ()

    def read(self, item: Item, raw: Raw, policy: Policy) -> Answer | Missing | Fault:
        return Missing.NOT_ANSWERED

    def answer(self, item: Item, marks: list[str], policy: Policy) -> Answer | Missing | Fault:
        return Missing.NOT_ANSWERED

    def columns(self, item: Item) -> tuple[str, ...]:
        return ()

    def encode(self, item: Item, answer: Answer | Missing) -> dict[str, int]:
        return {}
