"""Published releases: immutable documents."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from survey_app.tables.base import UTCDateTime, now


class PublishedRelease(SQLModel, table=True):
    """One release as canonical JSON with its digest. Never updated."""

    __tablename__ = "published_release"
    __table_args__ = (UniqueConstraint("wave_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id", index=True)
    number: int
    digest: str = Field(max_length=64)
    document: str = Field(sa_column=Column(Text, nullable=False))
    bases: str = Field(sa_column=Column(Text, nullable=False))  # exact, to check later releases
    published_by: str
    published_at: datetime = Field(default_factory=now, sa_column=Column(UTCDateTime, nullable=False))


class ReleaseWithdrawal(SQLModel, table=True):
    """That a release is no longer shown, since when and why. Never updated, never taken back."""

    __tablename__ = "release_withdrawal"

    release_id: int = Field(foreign_key="published_release.id", primary_key=True)
    because: str = Field(max_length=300)  # readers see it
    withdrawn_by: str = Field(max_length=64)
    withdrawn_at: datetime = Field(default_factory=now, sa_column=Column(UTCDateTime, nullable=False))
