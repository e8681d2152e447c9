"""Published releases: added, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from survey_app.store import waves
from survey_app.tables import PublishedRelease, Wave


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """A release without its document."""

    wave: str  # slug
    number: int
    digest: str
    published_by: str
    published_at: datetime


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


def latest(session: Session, wave_id: int | None = None) -> PublishedRelease | None:
    """The wave's last release; without a wave, the last release of the latest wave that has any."""
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
    query = select(
        Wave.slug,
        PublishedRelease.number,
        PublishedRelease.digest,
        PublishedRelease.published_by,
        PublishedRelease.published_at,
    ).join(Wave, col(Wave.id) == PublishedRelease.wave_id)
    order = (col(PublishedRelease.published_at).desc(), col(PublishedRelease.id).desc())
    return [ReleaseRow(*row) for row in session.exec(query.order_by(*order))]
