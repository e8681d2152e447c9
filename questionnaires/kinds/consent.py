"""Agreement to one use of the answers: a box to tick, or yes and no. Code 1 is always agreement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from questionnaires.answers import Answer, Missing
from questionnaires.faults import AnswerFault, Fault, Policy
from questionnaires.kinds import marks as reading
from questionnaires.kinds.base import ItemProblem, Kind, PaperCode
from questionnaires.model import Item, Purpose
from questionnaires.problems import ProblemCode

AGREED = 1


class Consent(Kind):
    """Required: nobody takes part online without agreeing. A paper form keeps what is on it."""

    allowed: ClassVar = frozenset({"options", "agreement"})
    required: ClassVar = frozenset({"options"})
    when_blank: ClassVar = AnswerFault.CONSENT_NEEDED

    def check(self, item: Item) -> Iterator[ItemProblem]:
        yield from reading.check_options(item, fewest=1)
        if (item.options and item.options[0].code != AGREED) or len(item.options) > 2:
            yield ItemProblem(
                ProblemCode.BAD_OPTIONS,
                "options",
                "A consent has one option to agree (code 1) and at most one more to disagree.",
                "Write the agreement first, with code 1.",
            )
        if item.purpose is not Purpose.CONSENT:
            yield ItemProblem(
                ProblemCode.MISSING_PURPOSE,
                "purpose",
                f"A consent cannot be asked for the purpose '{item.purpose.value}'.",
                "Write 'purpose: consent'.",
            )

    def answer(self, item: Item, marks: list[str], policy: Policy) -> Answer | Missing | Fault:
        found = reading.one(item, marks, policy, self.codes(item))
        if policy is Policy.SELF and item.required and isinstance(found, int) and found != AGREED:
            return Fault(item.code, AnswerFault.CONSENT_NEEDED)
        return found

    def codes(self, item: Item) -> tuple[int, ...]:
        return reading.option_codes(item)

    def describe(self, item: Item, answer: Answer | Missing) -> tuple[str, ...]:
        return reading.option_texts(item, (answer,)) if isinstance(answer, int) else ()

    def paper_codes(self, item: Item) -> tuple[PaperCode, ...]:
        return reading.printed(item)
