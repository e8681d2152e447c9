"""What a resident's browser holds between pages: for each wave, which response is theirs and its code.

It is in the signed session cookie and nowhere else. It goes with "Finish and clear this device", and rests:
after some minutes without use it opens nothing any more, so that whoever picks the device up next sees no
answers. What was open on the screen can still be sent and is saved.
"""

from __future__ import annotations

import time

from flask import session

from survey_app.extensions import settings
from survey_app.services.response import Ticket

KEY = "tickets"
ARRIVALS = "arrivals"  # see `arrivals`
NOTE_USE_EVERY = 120  # seconds: a new cookie for each page would be waste


def held(slug: str) -> Ticket | None:
    """The ticket this browser holds for a wave, rested or not."""
    kept = session.get(KEY, {}).get(slug)
    return Ticket(kept[0], kept[1]) if kept else None


def keep(slug: str, ticket: Ticket) -> None:
    session[KEY] = {**session.get(KEY, {}), slug: [ticket.response_id, ticket.code, int(time.time())]}


def rested(slug: str) -> bool:
    """Whether the ticket for a wave was last used too long ago to show anything by it."""
    return _unused(slug) >= settings().rest_minutes * 60


def use(slug: str) -> None:
    """Note that the ticket for a wave is in use now."""
    ticket = held(slug)
    if ticket is not None and _unused(slug) >= NOTE_USE_EVERY:
        keep(slug, ticket)


def _unused(slug: str) -> float:
    """Seconds since the ticket for a wave was last noted as used."""
    kept = session.get(KEY, {}).get(slug, ())
    return time.time() - (kept[2] if len(kept) > 2 else 0)


def forget(slug: str) -> None:
    session[KEY] = {wave: kept for wave, kept in session.get(KEY, {}).items() if wave != slug}


def forget_all() -> None:
    """Leave nothing of a resident in this browser. Someone signed in stays signed in."""
    session.pop(KEY, None)
    session.pop(ARRIVALS, None)
    session.pop("language", None)
