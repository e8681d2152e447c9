"""Responses: started, saved page by page, found again, submitted in order, counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, update
from sqlmodel import Session, col, select

from survey_app.store import bulk
from survey_app.tables import Response, Wave

BATCH = 2_000

# Built once: every page a resident sends begins with it.
LOCKED = (
    select(Response)
    .where(Response.id == bindparam("id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


# Built once: every page of a resident's visit begins with it.
WITH_WAVE = (
    select(Wave, Response)
    .join(Response, col(Response.wave_id) == Wave.id)
    .where(Wave.slug == bindparam("slug"), Response.id == bindparam("id"))
)
WITH_WAVE_LOCKED = WITH_WAVE.with_for_update(of=Response).execution_options(populate_existing=True)


SUBMITTED = select(
    Response.id,
    Response.sequence,
    Response.mode,
    Response.language,
    Response.area_code,
    Response.area_vintage,
    Response.cell,
    Response.answers,
    Response.submitted_at,
).where(Response.status == "submitted")


class UnknownWaveError(Exception):
    """There is no wave with this id."""


@dataclass(frozen=True, slots=True)
class SubmittedRow:
    """One submitted response as the snapshot needs it: codes and areas, no one's name or postcode."""

    id: str
    sequence: int
    mode: str
    language: str
    area_code: str | None
    area_vintage: str | None
    cell: dict[str, str]
    answers: dict[str, Any]
    submitted_at: datetime | None


def start(
    session: Session,
    wave: Wave,
    mode: str,
    language: str,
    *,
    receipt_hash: str | None = None,
    batch_id: int | None = None,
    entered_by: str | None = None,
    response_id: str | None = None,
) -> Response:
    """A new draft in the wave. `response_id` may be given by a client that must not start one twice."""
    if wave.id is None:
        raise UnknownWaveError("the wave has not been stored")
    given = {} if response_id is None else {"id": response_id}
    response = Response(
        wave_id=wave.id,
        mode=mode,
        language=language,
        receipt_hash=receipt_hash,
        batch_id=batch_id,
        entered_by=entered_by,
        **given,
    )
    session.add(response)
    session.flush()
    return response


def get(session: Session, response_id: str) -> Response | None:
    return session.get(Response, response_id)


def get_for_update(session: Session, response_id: str) -> Response | None:
    """The response, locked until the transaction ends, as it stands now and not as this session last saw it.

    PostgreSQL locks the row. SQLite has no row locks: a writing session already holds the one write lock.
    """
    return session.exec(LOCKED, params={"id": response_id}).first()


def with_wave(
    session: Session, slug: str, response_id: str, *, locked: bool = False
) -> tuple[Wave, Response] | None:
    """A response and the wave at this address, if it is in that wave: in one query, since every page asks.

    `locked` as by `get_for_update`.
    """
    query = WITH_WAVE_LOCKED if locked else WITH_WAVE
    found = session.exec(query, params={"slug": slug, "id": response_id}).first()
    return None if found is None else (found[0], found[1])


def by_receipt(session: Session, receipt_hash: str) -> Response | None:
    """The response whose resume code has this hash."""
    return session.exec(select(Response).where(Response.receipt_hash == receipt_hash)).first()


def merge_answers(session: Session, response: Response, page_answers: dict[str, Any]) -> Response:
    """Merge one page's answers (JSON values by item code) into the response and raise its revision.

    Only the items given are touched, on top of what is stored now under a lock: another tab's page,
    saved since this response was read, stays.
    """
    current = get_for_update(session, response.id)
    if current is None:
        raise LookupError("the response no longer exists")
    current.answers = {**current.answers, **page_answers}
    current.revision += 1
    session.add(current)
    session.flush()
    return current


def next_sequence(session: Session, wave_id: int) -> int:
    """The next place in the wave's order of submission.

    The wave's row stays locked until this transaction ends, so sequences become visible in order: whoever
    reads "everything after 41" can never miss a 40 that was still being written. A rollback gives it back.
    """
    statement = (
        update(Wave)
        .where(col(Wave.id) == wave_id)
        .values(last_sequence=col(Wave.last_sequence) + 1)
        .returning(col(Wave.last_sequence))
        .execution_options(synchronize_session=False)
    )
    number = session.connection().execute(statement).scalar_one_or_none()
    if number is None:
        raise UnknownWaveError(f"there is no wave number {wave_id}")
    return int(number)


def submitted_since(session: Session, wave_id: int, sequence: int) -> Iterator[list[SubmittedRow]]:
    """Submitted responses after `sequence`, in order, in lists of at most 2,000: memory stays flat."""
    later = SUBMITTED.where(Response.wave_id == wave_id, col(Response.sequence) > sequence)
    return _in_batches(session, later.order_by(col(Response.sequence)))


def submitted_by_id(session: Session, wave_id: int) -> Iterator[list[SubmittedRow]]:
    """Every submitted response in the order of its random id, which does not tell when it came."""
    return _in_batches(session, SUBMITTED.where(Response.wave_id == wave_id).order_by(Response.id))


def _in_batches(session: Session, query: Any) -> Iterator[list[SubmittedRow]]:
    for partition in session.exec(query.execution_options(yield_per=BATCH)).partitions():
        yield [SubmittedRow(*row) for row in partition]


def withdrawn(session: Session, wave_id: int) -> list[str]:
    """The ids of responses that were withdrawn or left out: a snapshot must not hold them."""
    gone = col(Response.status).in_(("withdrawn", "left-out"))
    query = select(Response.id).where(Response.wave_id == wave_id, gone)
    return list(session.exec(query.order_by(Response.id)))


def add_submitted(session: Session, wave: Wave, rows: list[dict[str, Any]]) -> None:
    """Add whole submitted responses at once, numbered on from the wave's last; for seeds and imports.

    Takes the same lock as `next_sequence`, so residents may be submitting meanwhile.
    """
    if not rows:
        return
    first = next_sequence(session, wave.id or 0)
    for sequence, row in enumerate(rows, start=first):
        row.update(wave_id=wave.id, status="submitted", sequence=sequence)
    bulk.add(session, Response, rows)
    session.execute(update(Wave).where(col(Wave.id) == wave.id).values(last_sequence=first + len(rows) - 1))


def counts(session: Session, wave_id: int) -> dict[tuple[str, str], int]:
    """How many responses of the wave there are by (status, mode)."""
    query = select(Response.status, Response.mode, func.count()).where(Response.wave_id == wave_id)
    return {
        (status, mode): number
        for status, mode, number in session.exec(query.group_by(Response.status, Response.mode))
    }


def counts_by_area(session: Session, wave_id: int) -> dict[str | None, int]:
    """How many submitted responses of the wave there are by the smallest area known. No answer is read."""
    query = select(Response.area_code, func.count()).where(
        Response.wave_id == wave_id, Response.status == "submitted"
    )
    return dict(session.exec(query.group_by(Response.area_code)).all())


def in_batch(session: Session, batch_id: int) -> list[Response]:
    """The responses keyed from one batch of paper forms, in the order they were started."""
    query = select(Response).where(Response.batch_id == batch_id)
    return list(session.exec(query.order_by(col(Response.started_at), Response.id)))


def delete_drafts(session: Session, wave_id: int) -> int:
    """Delete the responses of a wave that were never submitted. Returns how many there were."""
    statement = delete(Response).where(col(Response.wave_id) == wave_id, col(Response.status) == "draft")
    return int(session.exec(statement.execution_options(synchronize_session="fetch")).rowcount)


def wipe_draft_postcodes(session: Session, wave_id: int) -> int:
    """Forget the postcodes of responses never submitted. Returns how many were held."""
    statement = (
        update(Response)
        .where(
            col(Response.wave_id) == wave_id,
            col(Response.status) != "submitted",
            col(Response.postcode).is_not(None),
        )
        .values(postcode=None)
        .execution_options(synchronize_session="fetch")
    )
    return int(session.exec(statement).rowcount)
