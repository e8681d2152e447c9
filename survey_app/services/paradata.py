"""How a response was filled in: coarse seconds a page, the order of random options, where it stopped, doubts.

A document beside the answers: {"seconds": {page: seconds}, "pages": the last page reached, "order": {item:
[option codes as shown]}, "flags": [doubts to look at]}. No time of day, no device, no address. It is for
reading a wave as a whole: nothing here refuses or changes an answer, and withdrawing takes it away with them.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

from questionnaires import ordering, routing
from questionnaires.answers import Answers
from questionnaires.model import Questionnaire
from survey_app.tables import Response

ROUNDED_TO = 5
LONGEST = 1_800
"""Seconds: finer than five would tell people apart; half an hour on a page is a kettle, not a question."""

QUICKEST = 1.0
"""Seconds a question. Nobody reads and answers faster (Zhang and Conrad 2014 take 300 ms for each word)."""

HONEYPOT, FAST = "honeypot", "fast"

Document = dict[str, Any]


def drawn(page: str, secret: str) -> str:
    """A mark for a form that says when its page was drawn, signed so that it can be believed later."""
    moment = f"{int(time.time()):x}"
    return f"{moment}.{_signature(moment, page, secret)}"


def seconds_since(mark: str, page: str, secret: str) -> int:
    """Whole seconds since the page with this mark was drawn; 0 for a mark that is not ours."""
    moment, _, signature = mark.partition(".")
    if not hmac.compare_digest(signature.encode(), _signature(moment, page, secret).encode()):
        return 0
    return max(0, int(time.time()) - int(moment, 16))


def _signature(moment: str, page: str, secret: str) -> str:
    return hashlib.blake2s(f"{moment} {page}".encode(), key=_key(secret), digest_size=8).hexdigest()


@cache
def _key(secret: str) -> bytes:
    return hashlib.sha256(b"drawn at:" + secret.encode()).digest()


def with_page(document: Mapping[str, Any], page: str, seconds: int) -> Document:
    """The document after a page was saved: its seconds, rounded, on top of those of earlier visits.

    `pages` is the last page saved for the first time: whoever goes no further stopped at the one after it.
    """
    spent = document.get("seconds", {})
    rounded = ROUNDED_TO * round(min(seconds, LONGEST) / ROUNDED_TO)
    return {
        **document,
        "seconds": {**spent, page: min(LONGEST, spent.get(page, 0) + rounded)},
        "pages": document.get("pages", page) if page in spent else page,
    }


def with_flag(document: Mapping[str, Any], flag: str) -> Document:
    """The document with a doubt to look at."""
    flags = document.get("flags", [])
    return {**document, "flags": flags if flag in flags else [*flags, flag]}


def at_submission(
    response: Response, questionnaire: Questionnaire, answers: Answers, flags: tuple[str, ...] = ()
) -> Document:
    """The document of a response being submitted: with the order its options were shown in, and its flags."""
    asked = [item for _section, items in routing.walk(questionnaire, answers) for item in items]
    document: Document = dict(response.paradata)
    shown = {item.code: list(ordering.shown(item, response.id)) for item in asked if item.order}
    if shown:
        document["order"] = shown
    if _too_fast(response, len(asked)):
        flags = (*flags, FAST)
    for flag in flags:
        document = with_flag(document, flag)
    return document


def _too_fast(response: Response, questions: int) -> bool:
    """Whether a response came faster than its questions can be read."""
    if response.submitted_at is None:
        return False
    return (response.submitted_at - response.started_at).total_seconds() < questions * QUICKEST
