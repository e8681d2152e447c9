"""Reviews: a survey manager looks at responses with signals and counts them or leaves them out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session

from survey_app.services import audit
from survey_app.store import releases, responses
from survey_app.store import reviews as store
from survey_app.store.reviews import Flagged
from survey_app.tables import Response, Review, Wave

SUBMITTED, LEFT_OUT = "submitted", "left-out"


class Decision(StrEnum):
    COUNT = "count"
    LEAVE_OUT = "leave-out"


class DecidedError(Exception):
    """A release has been published since the decision: it stands."""


@dataclass(frozen=True, slots=True)
class Case:
    """A response on the list. `final`: a release rests on the decision, so it can no longer be changed."""

    flagged: Flagged
    decision: Decision | None
    final: bool


def cases(session: Session, wave: Wave) -> list[Case]:
    """Every response of the wave with signals: those waiting for a decision first, then the latest first."""
    latest = releases.latest(session, wave.id)
    found = []
    for each in store.flagged(session, wave.id or 0):
        decision = Decision(each.review.decision) if each.review else None
        final = bool(each.review and latest and latest.published_at > each.review.decided_at)
        found.append(Case(each, decision, final))
    return sorted(found, key=lambda case: case.decision is not None)


def decide(
    session: Session, wave: Wave, response_ids: Collection[str], decision: Decision, *, actor: str
) -> int:
    """Count these responses, or leave them out of the next snapshot and release; returns how many changed.

    A response that is counted again takes a new place in the order of submission, so that a snapshot that
    has passed its old one finds it. Raises LookupError for a response that is not on the list, DecidedError
    for one whose decision a release rests on.
    """
    held = {case.flagged.response_id: case for case in cases(session, wave)}
    changed = 0
    for response_id in sorted(response_ids):
        if response_id not in held:
            raise LookupError(response_id)
        response = responses.get_for_update(session, response_id)
        if response is None or response.status not in (SUBMITTED, LEFT_OUT):
            continue  # withdrawn while the page was open
        case = held[response_id]
        if case.decision is decision:
            continue
        if case.final:
            raise DecidedError(response_id)
        _apply(session, response, decision)
        review = Review(response_id=response_id, decision=decision.value, decided_by=actor)
        store.keep_review(session, review)
        audit.record(
            session, actor, "response.review", f"response:{response_id}", wave=wave.slug, decision=decision
        )
        changed += 1
    session.flush()
    return changed


def _apply(session: Session, response: Response, decision: Decision) -> None:
    wanted = SUBMITTED if decision is Decision.COUNT else LEFT_OUT
    if response.status == wanted:
        return
    response.status = wanted
    if wanted == SUBMITTED:
        response.sequence = responses.next_sequence(session, response.wave_id)
    response.revision += 1
    session.add(response)
