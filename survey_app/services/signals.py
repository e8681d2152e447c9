"""Signs that a response may not be one person's own. They put it on a list for a person to look at.

Nothing is refused, and the person who answers is told nothing: most signs have an innocent cause, such as a
family on one phone or a library's computer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlmodel import Session

from survey_app.services import fieldwork
from survey_app.services.keyed_hash import keyed_hash
from survey_app.store import reviews as store
from survey_app.tables import Response
from survey_app.tables.base import now

KEPT = timedelta(hours=24)
"""How long a mark is kept at most."""

SUCCESSION = timedelta(minutes=10)
MANY = 4  # as many from one address within SUCCESSION are more than a family taking turns
ENOUGH_ANSWERS = 15  # fewer can be the same by chance
SHORT = (
    4  # hexadecimal digits of a network address's hash: some 65,000 addresses share each, even with the key
)


class Sign(StrEnum):
    """Why a response should be looked at."""

    SAME_DEVICE = "same-device"
    QUICK_SUCCESSION = "quick-succession"
    SAME_ANSWERS = "same-answers"
    HONEYPOT = "honeypot"
    FAST = "fast"


def note(
    session: Session,
    response: Response,
    *,
    secret: str,
    address: str,
    device_used: bool,
    moment: datetime | None = None,
) -> tuple[Sign, ...]:
    """Look for signs about a response just submitted, in its transaction; returns those found.

    address: the network address it came from; only a salted hash that changes daily is kept, for `KEPT` at
    most. device_used: the browser says that answers to this wave were sent from it before.
    """
    at = moment or now()
    store.forget_marks(session, before=at - KEPT)
    found = {Sign.SAME_DEVICE} if device_used else set()
    sender = _sender(address, secret, at)
    if store.marks_since(session, response.wave_id, sender, at - SUCCESSION) >= MANY - 1:
        found.add(Sign.QUICK_SUCCESSION)
    store.mark(session, response.wave_id, sender, at)
    same = same_answers_digest(response, secret)
    if same:
        if store.marks_since(session, response.wave_id, same, at - KEPT):
            found.add(Sign.SAME_ANSWERS)
        store.mark(session, response.wave_id, same, at)
    flags = response.paradata.get("flags", ())
    found |= {sign for sign in (Sign.HONEYPOT, Sign.FAST) if sign.value in flags}
    signs = tuple(sorted(found))
    store.add_signals(session, response.id, signs)
    return signs


def forget(session: Session, response: Response, secret: str) -> None:
    """Forget every sign about a response that is being withdrawn. Call it while its answers are there."""
    store.forget_response(session, response.id)
    same = same_answers_digest(response, secret)
    if same:
        store.forget_marks(session, digest=same)


def forget_old(session: Session, moment: datetime | None = None) -> None:
    """Forget marks older than a day, also where nothing is sent any more. For a nightly task."""
    store.forget_marks(session, before=(moment or now()) - KEPT)


def _sender(address: str, secret: str, moment: datetime) -> str:
    """A short hash of a network address, under a key that is another tomorrow."""
    day = fieldwork.today(moment).isoformat()
    return keyed_hash(f"sender:{day}", address, secret)[:SHORT]


def same_answers_digest(response: Response, secret: str) -> str:
    """The same for responses with the same place and the same coded answers; "" when there are too few."""
    coded = {code: value for code, value in response.answers.items() if _is_code(value)}
    if len(coded) < ENOUGH_ANSWERS:
        return ""
    content = repr((response.area_code, sorted(_plain(coded).items())))
    return keyed_hash("same answers", content, secret)[:32]


def _is_code(value: Any) -> bool:
    return isinstance(value, (int, list, tuple))


def _plain(coded: Mapping[str, Any]) -> dict[str, Any]:
    return {code: list(value) if isinstance(value, (list, tuple)) else value for code, value in coded.items()}
