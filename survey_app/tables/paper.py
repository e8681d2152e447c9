"""Paper: batches of forms handed out at a place or event, and each form by its serial."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from survey_app.tables.base import UTCDateTime, now


class Batch(SQLModel, table=True):
    """Forms that came back from one place or event, counted before they are keyed."""

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
    """A form by its serial, and what became of it. A serial of a wave can never be used again.

    `entry_id` is made before the form is keyed: the same page sent twice records one form.
    """

    __tablename__ = "paper_form"
    __table_args__ = (UniqueConstraint("wave_id", "serial"), UniqueConstraint("entry_id"))

    id: int | None = Field(default=None, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id")
    batch_id: int = Field(foreign_key="batch.id", index=True)
    serial: str = Field(max_length=32)
    outcome: str = Field(default="keyed", max_length=16, sa_column_kwargs={"server_default": "keyed"})
    entry_id: str | None = Field(default=None, max_length=36)
    response_id: str | None = Field(default=None, foreign_key="response.id", max_length=36)
    keyed_by: str = Field(foreign_key="user_account.id")
    keyed_at: datetime = Field(default_factory=now, sa_column=Column(UTCDateTime, nullable=False))
