"""Published releases: added, withdrawn, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy
from sqlmodel import Session, col, select

from survey_app.store import waves
from survey_app.tables import PublishedRelease, ReleaseWithdrawal, Wave


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """A release without its document."""

    wave: str  # slug
    number: int
    digest: str
    published_by: str
    published_at: datetime
    withdrawn_at: datetime | None = None
    because: str | None = None  # why it was withdrawn
    withdrawn_by: str | None = None


def add(
    session: Session, *, wave_id: int, number: int, digest: str, document: str, bases: str, published_by: str
) -> PublishedRelease:
    """Store a release. Raises sqlalchemy.exc.IntegrityError when the wave already has one of this number."""
    release = PublishedRelease(
        wave_id=wave_id,
        number=number,
        digest=digest,
        document=document,
        bases=bases,
        published_by=published_by,
    )
    session.add(release)
    session.flush()
    return release


def by_number(session: Session, slug: str, number: int) -> PublishedRelease | None:
    """A release of a wave by its number."""
    wave = waves.by_slug(session, slug)
    query = select(PublishedRelease).where(PublishedRelease.number == number)
    return None if wave is None else session.exec(query.where(PublishedRelease.wave_id == wave.id)).first()


def withdraw(session: Session, release: PublishedRelease, because: str, *, by: str) -> None:
    """Note that a release is no longer shown. Raises sqlalchemy.exc.IntegrityError when it is already so."""
    session.add(ReleaseWithdrawal(release_id=release.id or 0, because=because, withdrawn_by=by))
    session.flush()


def withdrawn(session: Session, wave_id: int) -> dict[int, ReleaseWithdrawal]:
    """The wave's releases that were withdrawn, by number."""
    query = (
        select(PublishedRelease.number, ReleaseWithdrawal)
        .join(ReleaseWithdrawal, col(ReleaseWithdrawal.release_id) == PublishedRelease.id)
        .where(PublishedRelease.wave_id == wave_id)
    )
    return {number: held for number, held in session.exec(query)}


def latest(session: Session, wave_id: int | None = None) -> PublishedRelease | None:
    """The wave's last release; without a wave, the last release of the latest wave that has any.

    Withdrawn or not: it was published, so what rests on that still holds.
    """
    query = select(PublishedRelease).join(Wave, col(Wave.id) == PublishedRelease.wave_id)
    if wave_id is not None:
        query = query.where(PublishedRelease.wave_id == wave_id)
    order = (col(Wave.opens_on).desc(), col(Wave.id).desc(), col(PublishedRelease.number).desc())
    return session.exec(query.order_by(*order).limit(1)).first()


def of_wave(session: Session, wave_id: int) -> list[PublishedRelease]:
    """The wave's releases with their documents, the first first: a new one is checked against them."""
    query = select(PublishedRelease).where(PublishedRelease.wave_id == wave_id)
    return list(session.exec(query.order_by(col(PublishedRelease.number))))


def all_releases(session: Session) -> list[ReleaseRow]:
    """Every release without its document, the latest first."""
    # More columns than the typed `select` knows of.
    query = (
        sqlalchemy.select(
            col(Wave.slug),
            col(PublishedRelease.number),
            col(PublishedRelease.digest),
            col(PublishedRelease.published_by),
            col(PublishedRelease.published_at),
            col(ReleaseWithdrawal.withdrawn_at),
            col(ReleaseWithdrawal.because),
            col(ReleaseWithdrawal.withdrawn_by),
        )
        .join(PublishedRelease, col(Wave.id) == PublishedRelease.wave_id)
        .outerjoin(ReleaseWithdrawal, col(ReleaseWithdrawal.release_id) == PublishedRelease.id)
    )
    order = (col(PublishedRelease.published_at).desc(), col(PublishedRelease.id).desc())
    return [ReleaseRow(*row) for row in session.connection().execute(query.order_by(*order))]
