"""Withdrawing: a resident takes their answers back, and nothing of them stays but that there were some."""

from __future__ import annotations

from sqlmodel import Session

from survey_app.services import audit, response
from survey_app.services.submission import DRAFT
from survey_app.store import drafts, responses

WITHDRAWN = "withdrawn"


class UnknownCodeError(Exception):
    """No response has this code."""


def withdraw(session: Session, code: str, secret: str, *, actor: str) -> str:
    """Erase the answers this receipt code belongs to; returns what they were: submitted, draft, withdrawn.

    A draft is deleted. A submitted response keeps its row, without answers, area, weighting cell or paradata,
    so that the snapshot takes it out and the next release no longer counts it; what is published stays
    published.
    Raises UnknownCodeError.
    """
    found = response.by_code(session, code, secret)
    held = responses.get_for_update(session, found[0].id) if found else None
    if held is None:
        raise UnknownCodeError(code)
    was = held.status
    if was == DRAFT:
        drafts.discard(session, held)
    elif was != WITHDRAWN:
        held.status = WITHDRAWN
        held.answers, held.cell, held.paradata = {}, {}, {}
        held.area_code = held.area_vintage = held.postcode = None
        held.revision += 1
        session.add(held)
    if was != WITHDRAWN:
        audit.record(session, actor, "response.withdraw", f"response:{held.id}", was=was)
    session.flush()
    return was
