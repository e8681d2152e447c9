"""Responses that a survey manager should look at, why, and what was decided."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from survey_app.tables.base import UTCDateTime, now


class Signal(SQLModel, table=True):
    """A sign that a response may not be one person's own. It decides nothing."""

    __tablename__ = "signal"
    __table_args__ = (UniqueConstraint("response_id", "kind"),)

    id: int | None = Field(default=None, primary_key=True)
    response_id: str = Field(foreign_key="response.id", max_length=36)
    kind: str = Field(max_length=32)  # a value of services.signals.Sign


class Review(SQLModel, table=True):
    """What a survey manager decided about a response with signals."""

    __tablename__ = "review"

    response_id: str = Field(foreign_key="response.id", primary_key=True, max_length=36)
    decision: str = Field(max_length=16)  # count, leave-out
    decided_by: str = Field(max_length=64)
    decided_at: datetime = Field(default_factory=now, sa_column=Column(UTCDateTime, nullable=False))


class RecentMark(SQLModel, table=True):
    """For a day at most: that something sent here had this keyed, shortened hash. It names no response."""

    __tablename__ = "recent_mark"
    __table_args__ = (Index("ix_recent_mark_wave_id_digest", "wave_id", "digest"),)

    id: int | None = Field(default=None, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id")
    digest: str = Field(max_length=32)
    seen_at: datetime = Field(default_factory=now, sa_column=Column(UTCDateTime, nullable=False, index=True))
