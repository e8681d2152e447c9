"""Paper: batches of forms handed out at a place or event, and each form by its serial."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from survey_app.tables.base import UTCDateTime, now


class Batch(SQLModel, table=True):
    __tablename__ = "batch"

    id: int | None = Field(default=None, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id", index=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    place: str  # where forms were handed out: "Chelmsford Library", "Freshers' fair"
    area_code: str | None = Field(default=None, max_length=64)  # where a form without a postcode belongs
    area_vintage: str | None = Field(default=None, max_length=16)
    held_on: date
    handed_out: int | None = None
    returned: int
    opened_by: str = Field(foreign_key="user_account.id")
    opened_at: datetime = Field(default_factory=now, sa_column=Column(UTCDateTime, nullable=False))
    closed_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))


class PaperForm(SQLModel, table=True):
    """A form by its serial. A serial belongs to one response of a wave and can never be used again."""

    __tablename__ = "paper_form"
    __table_args__ = (UniqueConstraint("wave_id", "serial"),)

    id: int | None = Field(default=None, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id")
    batch_id: int = Field(foreign_key="batch.id", index=True)
    serial: str = Field(max_length=32)
    response_id: str | None = Field(default=None, foreign_key="response.id", max_length=36)
    keyed_by: str = Field(foreign_key="user_account.id")
    keyed_at: datetime = Field(default_factory=now, sa_column=Column(UTCDateTime, nullable=False))
