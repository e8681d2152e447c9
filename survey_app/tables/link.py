"""Ways into a wave: place links on posters, and one-time links in batches."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from survey_app.tables.base import UTCDateTime, now


class PlaceLink(SQLModel, table=True):
    """The link of one poster: it carries where it hangs and the language it speaks. Anyone may use it."""

    __tablename__ = "place_link"

    id: int | None = Field(default=None, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id", index=True)
    slug: str = Field(unique=True, max_length=16)  # in the address: /p/<slug>
    place: str  # where it hangs: "Chelmsford Library"
    area_code: str | None = Field(default=None, max_length=64)  # offered first where no postcode is given
    language: str = Field(max_length=16)
    made_by: str = Field(max_length=64)
    made_at: datetime = Field(default_factory=now, sa_column=Column(UTCDateTime, nullable=False))
    revoked_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))


class LinkBatch(SQLModel, table=True):
    """One-time links made together, to be sent to one list of people."""

    __tablename__ = "link_batch"

    id: int | None = Field(default=None, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id", index=True)
    label: str  # "Letters to households, October"
    made_by: str = Field(max_length=64)
    made_at: datetime = Field(default_factory=now, sa_column=Column(UTCDateTime, nullable=False))


class OneTimeLink(SQLModel, table=True):
    """A link that leads to one submission. Only its token's keyed hash is kept.

    `draft_id` names the draft begun with it, so that it cannot be begun twice; submitting clears it in the
    same transaction that marks the link used, and then nothing says which answers came through it. It is not
    a foreign key: a draft that is deleted frees its link.
    """

    __tablename__ = "one_time_link"

    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="link_batch.id", index=True)
    token_hash: str = Field(unique=True, max_length=64)
    state: str = Field(default="unused", max_length=16)  # unused, used, revoked
    draft_id: str | None = Field(default=None, unique=True, max_length=36)
