"""A resident's response while it is being filled in: started at consent, saved a page at a time."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from questionnaires.answers import Answer, Answers, Missing, from_json, to_json
from questionnaires.model import Questionnaire
from survey_app.services import receipts
from survey_app.store import drafts, responses, waves
from survey_app.tables import Area, Response, Wave

DRAFT = "draft"
POSTCODE = "postcode"  # the kind of item whose answer is never stored with the others


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a resident's browser holds: which response is theirs, and the code that finds it elsewhere.

    It is made before anything is stored, so that a consent page sent twice starts one response.
    """

    response_id: str
    code: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a draft's answers belong, as far as is known."""

    postcode: str | None = None
    area: Area | None = None

    def columns(self) -> dict[str, str | None]:
        """The place as a response keeps it."""
        code, vintage = (self.area.code, self.area.vintage) if self.area else (None, None)
        return {"postcode": self.postcode, "area_code": code, "area_vintage": vintage}


def new_ticket() -> Ticket:
    return Ticket(str(uuid.uuid4()), receipts.new_code())


def find(
    session: Session, slug: str, ticket: Ticket | None, *, locked: bool = False
) -> tuple[Wave | None, Response | None]:
    """The wave at this address, and the response this ticket is for if it was started in that wave.

    The response is None too when it has been discarded. It is `locked` until the transaction ends for a page
    that will change it.
    """
    found = None if ticket is None else responses.with_wave(session, slug, ticket.response_id, locked=locked)
    return found or (waves.by_slug(session, slug), None)


def answers_of(questionnaire: Questionnaire, response: Response | None) -> dict[str, Answer | Missing]:
    """The answers so far, the postcode of a draft among them; none before consent is given."""
    if response is None:
        return {}
    answers = from_json(response.answers)
    if response.postcode is not None:
        answers |= dict.fromkeys(postcode_items(questionnaire), response.postcode)
    return answers


def postcode_items(questionnaire: Questionnaire) -> list[str]:
    """Codes of the items answered with a postcode."""
    return [item.code for item in questionnaire.items() if item.kind == POSTCODE]


def without_postcodes(questionnaire: Questionnaire, answers: Answers) -> dict[str, Answer | Missing]:
    """Answers as they are stored: a postcode is kept apart, in the draft only."""
    apart = postcode_items(questionnaire)
    return {code: value for code, value in answers.items() if code not in apart or isinstance(value, Missing)}


def start(session: Session, wave: Wave, ticket: Ticket, language: str, secret: str) -> Response:
    """Start the response this ticket is for, or find it started: a page sent twice starts one."""
    existing = responses.get_for_update(session, ticket.response_id)
    if existing is not None:
        return existing
    try:
        with session.begin_nested():
            return responses.start(
                session,
                wave,
                "web",
                language,
                receipt_hash=receipts.fingerprint(ticket.code, secret),
                response_id=ticket.response_id,
            )
    except IntegrityError:  # sent twice at once, and the other one got in first
        existing = responses.get_for_update(session, ticket.response_id)
        if existing is None:
            raise
        return existing


def save(
    session: Session,
    questionnaire: Questionnaire,
    response: Response,
    answers: Answers,
    place: Place | None = None,
    paradata: dict[str, Any] | None = None,
) -> Response:
    """Merge one page's answers into a response found locked, and its place where the page asked for it.

    Only the items of the page are touched: another tab's page stays. Only a draft changes: a page sent again
    after submission is left alone, and so says the status returned.
    """
    if response.status != DRAFT:
        return response
    return drafts.merge(
        session,
        response,
        to_json(without_postcodes(questionnaire, answers)),
        place=None if place is None else place.columns(),
        paradata=paradata,
    )


def discard(session: Session, response: Response) -> None:
    """Delete a draft found locked and everything in it. A submitted response is left as it is."""
    if response.status == DRAFT:
        drafts.discard(session, response)


def by_code(session: Session, typed: str, secret: str) -> tuple[Response, Ticket] | None:
    """The response a typed code belongs to. None for a wrong code, with no sign of what is wrong with it."""
    code = receipts.read(typed)
    if code is None:
        return None
    response = responses.by_receipt(session, receipts.fingerprint(code, secret))
    return None if response is None else (response, Ticket(response.id, code))
