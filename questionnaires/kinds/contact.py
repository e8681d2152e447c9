"""Ways to reach someone who asked for it: an email address, a telephone number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from questionnaires.answers import Answer, Missing
from questionnaires.faults import AnswerFault, Fault, Policy
from questionnaires.kinds.base import ItemProblem
from questionnaires.kinds.text import ShortText
from questionnaires.model import Item, Purpose
from questionnaires.problems import ProblemCode

EMAIL = re.compile(r"[^\s@<>\"(),:;\[\]\\]{1,64}@([\w-]+\.)+[\w-]{2,}")
LONGEST = 254


class Contact(ShortText):
    """Leaves the answers when the response is finished, and is kept apart from them."""

    allowed: ClassVar = frozenset()
    forgotten: ClassVar = True
    contact: ClassVar = True
    longest: ClassVar = LONGEST
    fault: ClassVar[AnswerFault]

    def check(self, item: Item) -> Iterator[ItemProblem]:
        if item.purpose not in (Purpose.CONTEXT, Purpose.CONSENT):
            yield ItemProblem(
                ProblemCode.MISSING_PURPOSE,
                "purpose",
                f"A way to reach someone cannot be asked for the purpose '{item.purpose.value}'.",
                "Write 'purpose: context'.",
            )

    def answer(self, item: Item, marks: list[str], policy: Policy) -> Answer | Missing | Fault:
        text = super().answer(item, marks, policy)
        if isinstance(text, Fault):
            return text
        found = self.normalised(str(text))
        if found is not None:
            return found
        if policy is Policy.AS_WRITTEN:
            return Missing.INVALID_MARK
        return Fault(item.code, self.fault, {"value": str(text)[:60]})

    def normalised(self, text: str) -> str | None:
        """The text as it is kept; None when it cannot be one."""
        raise NotImplementedError


class Email(Contact):
    fault: ClassVar = AnswerFault.BAD_EMAIL

    def normalised(self, text: str) -> str | None:
        name, at, domain = text.strip(" .,;").rpartition("@")
        found = f"{name}{at}{domain.lower()}"
        return found if EMAIL.fullmatch(found) and ".." not in found else None


class Phone(Contact):
    fault: ClassVar = AnswerFault.BAD_PHONE

    def normalised(self, text: str) -> str | None:
        """Digits, with + before a country's number; of 10 to 15 digits."""
        bare = re.sub(r"[\s().\-]", "", text.replace("(0)", ""))
        digits = bare[1:] if bare.startswith("+") else bare
        if not digits.isdecimal() or not 10 <= len(digits) <= 15:
            return None
        plain = "".join(str(int(digit)) for digit in digits)
        return f"+{plain}" if bare.startswith("+") else plain
