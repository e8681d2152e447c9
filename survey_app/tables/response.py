"""Responses: one person in a wave, their answers one JSON document of codes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from survey_app.tables.base import JSONDocument, UTCDateTime, new_id, now


class Response(SQLModel, table=True):
    """One person's answers in a wave.

    `revision` goes up with every write; a page is merged under it, so two tabs cannot overwrite each other.
    `sequence` orders submissions for the snapshot. The postcode lives only in a draft and goes at submission.
    `channel` is the kind of link it came through: "open", "invitation" (never which) or "poster:<id>". A
    response "left-out" was submitted, and is not counted.
    `paradata` says how it was filled in, as `services.paradata` describes; it goes when the response does.
    """

    __tablename__ = "response"
    __table_args__ = (
        UniqueConstraint("wave_id", "sequence"),
        UniqueConstraint("receipt_hash"),
        Index("ix_response_wave_id_status", "wave_id", "status"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    wave_id: int = Field(foreign_key="wave.id")
    status: str = Field(default="draft", max_length=16)  # draft, submitted, left-out, withdrawn
    mode: str = Field(max_length=16)  # web, paper, assisted
    language: str = Field(max_length=16)
    channel: str = Field(default="open", max_length=32, sa_column_kwargs={"server_default": "open"})
    revision: int = 0
    sequence: int | None = None
    receipt_hash: str | None = Field(default=None, max_length=64)
    answers: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONDocument, nullable=False))
    paradata: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONDocument, nullable=False))
    postcode: str | None = Field(default=None, max_length=8)
    area_code: str | None = Field(default=None, max_length=64)  # the smallest area known
    area_vintage: str | None = Field(default=None, max_length=16)
    cell: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSONDocument, nullable=False))
    batch_id: int | None = Field(default=None, foreign_key="batch.id", index=True)
    entered_by: str | None = Field(default=None, foreign_key="user_account.id")
    started_at: datetime = Field(default_factory=now, sa_column=Column(UTCDateTime, nullable=False))
    submitted_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))
    withdrawn_on: date | None = None
