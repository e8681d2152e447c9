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
    NOT_A_DECIMAL = "not-a-decimal"  # [value]
    TOO_PRECISE = "too-precise"  # [decimals]
    BAD_DATE = "bad-date"  # [value]
    DATE_INCOMPLETE = "date-incomplete"  # [part]: day, month or year, the first that is blank
    TOO_EARLY = "too-early"  # [earliest]: an ISO date or month, or a year
    TOO_LATE = "too-late"  # [latest]: likewise
    NOT_A_RANK = "not-a-rank"  # [value, maximum]
    RANK_TWICE = "rank-twice"  # [rank]
    RANK_SKIPPED = "rank-skipped"  # [rank]: the first that is missing before a later one
    BAD_EMAIL = "bad-email"  # [value]
    BAD_PHONE = "bad-phone"  # [value]
    CHECK_HARD = "check-hard"  # [text, number]: the item's check of this number, which must be settled
    CHECK_SOFT = "check-soft"  # [text, number]: likewise, and the answer may be kept


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to put right, in one item's answer."""

    item: str
    fault: AnswerFault
    params: Mapping[str, str | int] = field(default_factory=dict)
