"""What a resident's browser holds between pages: for each wave, which response is theirs and its code.

It is in the signed session cookie and nowhere else, and goes with "Finish and clear this device".
"""

from __future__ import annotations

from flask import session

from survey_app.services.response import Ticket

KEY = "tickets"
ARRIVALS = "arrivals"  # see `arrivals`


def held(slug: str) -> Ticket | None:
    """The ticket this browser holds for a wave."""
    kept = session.get(KEY, {}).get(slug)
    return Ticket(*kept) if kept else None


def keep(slug: str, ticket: Ticket) -> None:
    session[KEY] = {**session.get(KEY, {}), slug: [ticket.response_id, ticket.code]}


def forget(slug: str) -> None:
    session[KEY] = {wave: kept for wave, kept in session.get(KEY, {}).items() if wave != slug}


def forget_all() -> None:
    """Leave nothing of a resident in this browser. Someone signed in stays signed in."""
    session.pop(KEY, None)
    session.pop(ARRIVALS, None)
    session.pop("language", None)
