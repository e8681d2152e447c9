"""Signals about responses, what was decided, and the marks they are found by, which live a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from survey_app.tables import RecentMark, Response, Review, Signal


@dataclass(frozen=True, slots=True)
class Flagged:
    """A response with signals, without any answer of it."""

    response_id: str
    status: str  # submitted, left-out
    number: int | None  # its place in the order of submission
    mode: str
    language: str
    area_code: str | None
    submitted_at: datetime | None
    signals: tuple[str, ...]
    review: Review | None


def add_signals(session: Session, response_id: str, kinds: Iterable[str]) -> None:
    session.add_all(Signal(response_id=response_id, kind=kind) for kind in kinds)
    session.flush()


def flagged(session: Session, wave_id: int) -> list[Flagged]:
    """Responses of a wave that have signals and were not withdrawn, the latest first."""
    query = (
        select(Response, Signal.kind, Review)
        .join(Signal, col(Signal.response_id) == Response.id)
        .outerjoin(Review, col(Review.response_id) == Response.id)
        .where(Response.wave_id == wave_id, col(Response.status).in_(("submitted", "left-out")))
        .order_by(col(Response.sequence).desc(), Signal.kind)
    )
    found: dict[str, tuple[Response, list[str], Review | None]] = {}
    for response, kind, review in session.exec(query):
        found.setdefault(response.id, (response, [], review))[1].append(kind)
    return [
        Flagged(
            response.id,
            response.status,
            response.sequence,
            response.mode,
            response.language,
            response.area_code,
            response.submitted_at,
            tuple(kinds),
            review,
        )
        for response, kinds, review in found.values()
    ]


def keep_review(session: Session, review: Review) -> None:
    session.merge(review)
    session.flush()


def forget_response(session: Session, response_id: str) -> None:
    """Delete the signals about a response and what was decided."""
    session.execute(delete(Signal).where(col(Signal.response_id) == response_id))
    session.execute(delete(Review).where(col(Review.response_id) == response_id))


def mark(session: Session, wave_id: int, digest: str, moment: datetime) -> None:
    session.add(RecentMark(wave_id=wave_id, digest=digest, seen_at=moment))


def marks_since(session: Session, wave_id: int, digest: str, since: datetime) -> int:
    """How often this was marked in the wave since then."""
    query = select(func.count()).where(
        RecentMark.wave_id == wave_id, RecentMark.digest == digest, RecentMark.seen_at >= since
    )
    return int(session.exec(query).one())


def forget_marks(session: Session, *, before: datetime | None = None, digest: str | None = None) -> None:
    """Delete marks made before a moment, or every mark of one thing."""
    statement = delete(RecentMark)
    if before is not None:
        statement = statement.where(col(RecentMark.seen_at) < before)
    if digest is not None:
        statement = statement.where(col(RecentMark.digest) == digest)
    session.execute(statement)
