"""Versions of bespoke indicators: added, never changed."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func
from sqlmodel import Session, col, select

from survey_app.tables import IndicatorVersion, PublishedRelease


def add(session: Session, row: IndicatorVersion) -> None:
    """Store a version. Raises sqlalchemy.exc.IntegrityError when the code has one of this number."""
    session.add(row)
    session.flush()


def latest(session: Session) -> list[IndicatorVersion]:
    """The last version of every code, removed or not, by code."""
    query = select(IndicatorVersion).order_by(IndicatorVersion.code, col(IndicatorVersion.version))
    return list({row.code: row for row in session.exec(query)}.values())


def by_digests(session: Session, digests: Collection[str]) -> dict[str, IndicatorVersion]:
    """A version with each of these digests, where one is held."""
    query = select(IndicatorVersion).where(col(IndicatorVersion.digest).in_(digests))
    return {row.digest: row for row in session.exec(query)}


def releases_with(session: Session, entry: str) -> int:
    """How many releases were made with this entry in their provenance, withdrawn ones too."""
    query = select(func.count()).where(
        col(PublishedRelease.document).contains(f'"{entry}":', autoescape=True)
    )
    return int(session.exec(query).one())
