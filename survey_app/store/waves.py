"""Waves: by address, open today, all."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from survey_app.tables import Wave

# Built once: every page of a resident's visit begins with it.
BY_SLUG = select(Wave).where(Wave.slug == bindparam("slug"))


def add(session: Session, wave: Wave) -> Wave:
    """Store a new wave; its id is known afterwards."""
    session.add(wave)
    session.flush()
    return wave


def by_slug(session: Session, slug: str) -> Wave | None:
    """The wave with this slug. An address can hold signs that PostgreSQL refuses to look for."""
    return session.exec(BY_SLUG, params={"slug": slug}).first() if slug.isprintable() else None


def lock(session: Session, wave_id: int) -> None:
    """Hold the wave until the transaction ends: what is published of it changes one after another.

    PostgreSQL locks the row. SQLite has no row locks: a writing session already holds the one write lock.
    """
    session.exec(select(Wave.id).where(Wave.id == wave_id).with_for_update()).first()


def by_id(session: Session, wave_id: int) -> Wave | None:
    return session.get(Wave, wave_id)


def open_waves(session: Session, today: date) -> list[Wave]:
    """Waves that take answers on this day: opened, and within their dates. The soonest to close first."""
    query = select(Wave).where(Wave.status == "open", Wave.opens_on <= today, Wave.closes_on >= today)
    return list(session.exec(query.order_by(col(Wave.closes_on), Wave.slug)))


def all_waves(session: Session) -> list[Wave]:
    """Every wave, the latest first."""
    return list(session.exec(select(Wave).order_by(col(Wave.opens_on).desc(), Wave.slug)))


def frozen_digests(session: Session, questionnaire_id: str, version: str) -> set[str]:
    """The digests under which waves have already opened this questionnaire version: one at most."""
    query = select(Wave.questionnaire_digest).where(
        Wave.questionnaire_id == questionnaire_id,
        Wave.questionnaire_version == version,
        Wave.questionnaire_digest != "",
    )
    return set(session.exec(query).all())
