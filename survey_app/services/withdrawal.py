"""Withdrawing: a resident takes their answers back, and nothing of them stays but that there were some."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from survey_app.services import audit, fieldwork, response, signals
from survey_app.services.submission import DRAFT
from survey_app.store import comments, drafts, releases, responses
from survey_app.tables import Response, Wave

WITHDRAWN = "withdrawn"


class UnknownCodeError(Exception):
    """No response has this code."""


class TooLateError(Exception):
    """The day results were planned for has passed, or a release counts these answers."""


def may_withdraw(session: Session, wave: Wave, held: Response, today: date) -> bool:
    """Whether a resident can still withdraw: to the end of the day results are planned for.

    Where no day is planned, until a release has been published since the answers were sent.
    """
    if wave.results_on is not None:
        return today <= wave.results_on
    latest = releases.latest(session, wave.id)
    return latest is None or held.submitted_at is None or latest.published_at < held.submitted_at


def withdraw(session: Session, code: str, secret: str, *, actor: str) -> str:
    """Erase the answers this receipt code belongs to; returns what they were: submitted, draft, withdrawn ...

    A draft is deleted. A submitted response keeps its row, without answers, area, weighting cell or paradata,
    and without what was decided about its comments, so that the snapshot takes it out and the next release no
    longer counts it; what is published stays published. Nothing is refused for being late: someone who runs
    the survey may do this at any time.
    Raises UnknownCodeError.
    """
    found = response.by_code(session, code, secret)
    held = responses.get_for_update(session, found[0].id) if found else None
    if held is None:
        raise UnknownCodeError(code)
    return _erase(session, held, secret, actor)


def withdraw_own(session: Session, wave: Wave, held: Response, secret: str, today: date) -> bool:
    """A resident withdraws their response, found locked; again, nothing changes, and it returns False.

    Raises TooLateError.
    """
    if held.status != WITHDRAWN and not may_withdraw(session, wave, held, today):
        raise TooLateError(held.id)
    return _erase(session, held, secret, "resident") != WITHDRAWN


def _erase(session: Session, held: Response, secret: str, actor: str) -> str:
    was = held.status
    if was == DRAFT:
        drafts.discard(session, held)
    elif was != WITHDRAWN:
        signals.forget(session, held, secret)
        comments.forget_response(session, held.id)
        held.status = WITHDRAWN
        held.withdrawn_on = fieldwork.today()
        held.answers, held.cell, held.paradata = {}, {}, {}
        held.area_code = held.area_vintage = held.postcode = None
        held.channel = "open"
        held.revision += 1
        session.add(held)
    if was != WITHDRAWN:
        audit.record(session, actor, "response.withdraw", f"response:{held.id}", was=was)
    session.flush()
    return was
