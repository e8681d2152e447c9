"""A postcode, reduced to area codes at submission and then forgotten."""

from __future__ import annotations

from typing import ClassVar

from questionnaires import postcodes
from questionnaires.answers import Answer, Missing
from questionnaires.faults import AnswerFault, Fault, Policy
from questionnaires.kinds.base import Kind
from questionnaires.model import Item


class Postcode(Kind):
    allowed: ClassVar = frozenset({"prefer_not_to_say"})
    splits: ClassVar = False
    routable: ClassVar = False
    forgotten: ClassVar = True

    def answer(self, item: Item, marks: list[str], policy: Policy) -> Answer | Missing | Fault:
        """The postcode without its space. On paper an unreadable one never holds the form up."""
        found = postcodes.normalised("".join(marks))
        if found is not None:
            return found
        if policy is Policy.AS_WRITTEN:
            return Missing.INVALID_MARK
        return Fault(item.code, AnswerFault.BAD_POSTCODE, {"value": "".join(marks)[:20]})

    def columns(self, item: Item) -> tuple[str, ...]:
        return ()

    def encode(self, item: Item, answer: Answer | Missing) -> dict[str, int]:
        return {}

    def describe(self, item: Item, answer: Answer | Missing) -> tuple[str, ...]:
        return (
            (postcodes.spaced(answer),) if isinstance(answer, str) and not isinstance(answer, Missing) else ()
        )
