"""What every kind of item can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from questionnaires.answers import SNAPSHOT_CODES, Answer, Missing
from questionnaires.faults import AnswerFault, Fault, Policy
from questionnaires.framework import Statistic
from questionnaires.model import Item, Option
from questionnaires.problems import ProblemCode

Raw = Sequence[str]
"""What was typed or ticked for one item: form values, or what a worker keyed from paper."""

PREFER_NOT_TO_SAY = "prefer-not-to-say"
"""The raw value of the prefer-not-to-say choice."""

UNREADABLE = "/"
"""What a worker types for a mark that cannot be read."""


@dataclass(frozen=True, slots=True)
class ItemProblem:
    """A fault in how an item is written: the key it is at and how to put it right."""

    code: ProblemCode
    key: str
    cause: str
    remedy: str


@dataclass(frozen=True, slots=True)
class PaperCode:
    """A number printed beside a box. `text` is empty for prefer-not-to-say: the interface words that."""

    number: int
    text: str
    meaning: int | Missing


class Kind(ABC):
    """One kind of item. Stateless: the item is always passed in."""

    allowed: ClassVar[frozenset[str]] = frozenset()  # keys beyond those every item has
    required: ClassVar[frozenset[str]] = frozenset()
    statistics: ClassVar[frozenset[Statistic]] = frozenset()  # what an indicator may be made of it
    many: ClassVar[bool] = False  # several answers at once
    asked: ClassVar[bool] = True  # False: nothing to answer (information), or worked out (computed)
    routable: ClassVar[bool] = True  # a condition may read its answer
    forgotten: ClassVar[bool] = False  # its answer leaves no trace once the response is finished
    contact: ClassVar[bool] = False  # forgotten here, and kept apart from the answers
    randomises: ClassVar[bool] = False  # its options may be shown in a random order
    options: ClassVar[tuple[Option, ...]] = ()  # what it offers where the file writes no options

    def check(self, item: Item) -> Iterator[ItemProblem]:
        """Faults in the item beyond keys and types."""
        return iter(())

    def read(self, item: Item, raw: Raw, policy: Policy) -> Answer | Missing | Fault:
        """An answer, a named absence, or what to put right. Never raises, whatever is typed."""
        marks = _tokens(raw, policy, self.splits)
        if not marks:
            if policy is Policy.AS_WRITTEN or not item.required:
                return Missing.NOT_ANSWERED
            return Fault(item.code, self.when_blank)
        if policy is Policy.AS_WRITTEN and UNREADABLE in marks:
            return Missing.INVALID_MARK
        if item.prefer_not_to_say:
            declined = {PREFER_NOT_TO_SAY}
            if policy is Policy.AS_WRITTEN:
                declined.add(str(self.decline_number(item)))
            others = [mark for mark in marks if _digits(mark) not in declined]
            if len(others) < len(marks):
                return Missing.PREFER_NOT_TO_SAY if not others else self.declined_and_more(item, policy)
        return self.answer(item, marks, policy)

    def names(self, item: Item) -> tuple[str, ...]:
        """Names of the form values it is read from; each starts with the item's code."""
        return (item.code,)

    def gather(self, item: Item, raw: Mapping[str, Raw], policy: Policy) -> Raw:
        """The raw values under its names as one, for `read`."""
        return raw.get(item.code, ())

    splits: ClassVar[bool] = True  # a typed string holds several marks ("1 3"); False for texts
    when_blank: ClassVar[AnswerFault] = AnswerFault.REQUIRED

    @abstractmethod
    def answer(self, item: Item, marks: list[str], policy: Policy) -> Answer | Missing | Fault:
        """The answer in one or more marks that are not blank and not prefer-not-to-say."""

    def declined_and_more(self, item: Item, policy: Policy) -> Missing | Fault:
        """Prefer not to say, and an answer too."""
        if policy is Policy.AS_WRITTEN:
            return Missing.INVALID_MARK
        return Fault(item.code, AnswerFault.EXCLUSIVE_WITH_OTHERS, {"option": ""})

    def codes(self, item: Item) -> tuple[int, ...]:
        """Every code an answer can have, in print order; empty for texts."""
        return ()

    def highest(self, item: Item) -> int:
        """The highest number a snapshot column of it can hold."""
        return max(self.codes(item), default=item.maximum or 1)

    def columns(self, item: Item) -> tuple[str, ...]:
        """Names of the snapshot columns the item fills."""
        return (item.code,)

    def encode(self, item: Item, answer: Answer | Missing) -> dict[str, int]:
        """The item's snapshot columns. A missing reason is negative (answers.SNAPSHOT_CODES)."""
        if isinstance(answer, Missing):
            return dict.fromkeys(self.columns(item), SNAPSHOT_CODES[answer])
        if isinstance(answer, int):
            return dict.fromkeys(self.columns(item), answer)
        raise TypeError(f"{item.code} cannot hold {answer!r}")

    def describe(self, item: Item, answer: Answer | Missing) -> tuple[str, ...]:
        """The answer in the questionnaire's own words; empty for a missing reason."""
        return () if isinstance(answer, Missing) else (str(answer),)

    def paper_codes(self, item: Item) -> tuple[PaperCode, ...]:
        """Numbers beside the boxes on paper, in print order; prefer-not-to-say has the next free one."""
        return self._declining(item)

    def decline_number(self, item: Item) -> int:
        """The number printed for prefer-not-to-say."""
        return max(self.codes(item), default=0) + 1

    def _declining(self, item: Item) -> tuple[PaperCode, ...]:
        if not item.prefer_not_to_say:
            return ()
        return (PaperCode(self.decline_number(item), "", Missing.PREFER_NOT_TO_SAY),)


def whole_number(mark: str) -> int | None:
    """A whole number in any script's digits; None for anything else (and for absurd lengths)."""
    text = mark.strip()
    sign, digits = (-1, text[1:]) if text[:1] in "-−" and text else (1, text)
    return sign * int(digits) if digits.isdecimal() and len(digits) <= 9 else None


def _digits(mark: str) -> str:
    number = whole_number(mark)
    return mark if number is None else str(number)


def _tokens(raw: Raw, policy: Policy, splits: bool) -> list[str]:
    """Marks without blanks and repeats. A keyed string is split at spaces, commas and plus signs."""
    if splits and policy is Policy.AS_WRITTEN:
        raw = [part for value in raw for part in value.replace(",", " ").replace("+", " ").split()]
    return list(dict.fromkeys(value.strip() for value in raw if value.strip()))
