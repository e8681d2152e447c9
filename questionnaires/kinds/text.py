"""Words people write themselves: one line, or as many as they like."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import ClassVar

from questionnaires.answers import Answer, Missing
from questionnaires.faults import AnswerFault, Fault, Policy
from questionnaires.kinds.base import ItemProblem, Kind, Raw
from questionnaires.model import Item
from questionnaires.problems import ProblemCode

LONGEST = 20_000
KEPT_CONTROLS = {"\n", "\t"}
KEPT_FORMAT = {"\u200c", "\u200d"}  # joiners that Urdu, Bengali and Arabic spelling needs
DROPPED_CATEGORIES = {"Cc", "Cs", "Cf", "Co", "Cn"}


class LongText(Kind):
    """Text of any length up to `maximum` characters. Not counted in snapshots: it is read by people."""

    allowed: ClassVar = frozenset({"maximum"})
    splits: ClassVar = False
    routable: ClassVar = False
    longest: ClassVar[int] = 4000

    def check(self, item: Item) -> Iterator[ItemProblem]:
        if item.maximum is not None and not 1 <= item.maximum <= LONGEST:
            yield ItemProblem(
                ProblemCode.BAD_RANGE,
                "maximum",
                f"A text cannot have {item.maximum} characters at most.",
                f"Write a number from 1 to {LONGEST}.",
            )

    def read(self, item: Item, raw: Raw, policy: Policy) -> Answer | Missing | Fault:
        return super().read(item, [self.clean(value) for value in raw], policy)

    def answer(self, item: Item, marks: list[str], policy: Policy) -> Answer | Missing | Fault:
        text = "\n".join(marks)
        limit = item.maximum or self.longest
        if len(text) > limit:
            return Fault(item.code, AnswerFault.TOO_LONG, {"maximum": limit, "length": len(text)})
        return text

    def clean(self, text: str) -> str:
        """Composed characters, plain line ends, no invisible controls that could reorder other text."""
        lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
        return "".join(
            letter
            for letter in lines
            if letter in KEPT_CONTROLS
            or letter in KEPT_FORMAT
            or unicodedata.category(letter) not in DROPPED_CATEGORIES
        )

    def columns(self, item: Item) -> tuple[str, ...]:
        return ()

    def encode(self, item: Item, answer: Answer | Missing) -> dict[str, int]:
        return {}


class ShortText(LongText):
    """One line of text."""

    longest: ClassVar[int] = 200

    def clean(self, text: str) -> str:
        return " ".join(super().clean(text).split())
