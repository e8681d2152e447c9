"""Responses as the data quality page reads them: answers and how they were filled in, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlmodel import Session, col, func, select

from survey_app.tables import Response

BATCH = 500


class Filled(NamedTuple):
    """One submitted response, without who, where or when."""

    mode: str
    language: str
    answers: dict[str, Any]
    paradata: dict[str, Any]


def latest(session: Session, wave_id: int, limit: int) -> Iterator[Filled]:
    """The newest `limit` submitted responses of a wave, a batch in memory at a time."""
    query = (
        select(Response.mode, Response.language, Response.answers, Response.paradata)
        .where(Response.wave_id == wave_id, Response.status == "submitted")
        .order_by(col(Response.sequence).desc())
        .limit(limit)
        .execution_options(yield_per=BATCH)
    )
    for row in session.exec(query):
        yield Filled(*row)


def unfinished(session: Session, wave_id: int, limit: int) -> Iterator[dict[str, Any]]:
    """How the newest `limit` web drafts of a wave were filled in so far. Not a single answer is read."""
    query = (
        select(Response.paradata)
        .where(Response.wave_id == wave_id, Response.status == "draft", Response.mode == "web")
        .order_by(col(Response.started_at).desc())
        .limit(limit)
        .execution_options(yield_per=BATCH)
    )
    yield from session.exec(query)


def submitted(session: Session, wave_id: int) -> int:
    """How many responses of a wave have been submitted."""
    query = select(func.count()).where(Response.wave_id == wave_id, Response.status == "submitted")
    return int(session.exec(query).one())
