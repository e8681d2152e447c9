"""What can be wrong with an answer someone gives, as names the web layer puts into words and languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Policy(StrEnum):
    """How strictly an answer is read."""

    SELF = "self"  # the person answering is there and can be asked to change it
    AS_WRITTEN = "as-written"  # a paper form: what is on it is kept, only a typing slip is corrected


class AnswerFault(StrEnum):
    """Why an answer cannot be taken as it is. `params` of the fault are named in brackets."""

    REQUIRED = "required"
    CONSENT_NEEDED = "consent-needed"  # taking part needs this consent
    NOT_AN_OPTION = "not-an-option"  # [value]
    ONE_ONLY = "one-only"  # more than one answer where one is asked for
    EXCLUSIVE_WITH_OTHERS = (
        "exclusive-with-others"  # [option]: the text of the option that stands alone, or ""
    )
    NOT_A_NUMBER = "not-a-number"  # [value]
    OUT_OF_RANGE = "out-of-range"  # [minimum, maximum]
    TOO_LONG = "too-long"  # [maximum, length]
    BAD_POSTCODE = "bad-postcode"  # [value]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to put right, in one item's answer."""

    item: str
    fault: AnswerFault
    params: Mapping[str, str | int] = field(default_factory=dict)
