"""Waves: one questionnaire version, put to a place, between two dates, in some languages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, text
from sqlmodel import Field, SQLModel

from survey_app.tables.base import JSONDocument, UTCDateTime, now


class Wave(SQLModel, table=True):
    """A wave. `questionnaire_digest` is set when it first opens: from then on the version is frozen."""

    __tablename__ = "wave"

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True, max_length=64)  # in the address residents are given: /s/<slug>
    title: str
    questionnaire_id: str = Field(max_length=64)
    questionnaire_version: str = Field(max_length=16)
    questionnaire_digest: str = Field(default="", max_length=64)
    status: str = Field(default="draft", max_length=16)  # draft, open, closed
    opens_on: date
    closes_on: date
    results_on: date | None = None  # planned; answers can be withdrawn until it has passed
    languages: list[str] = Field(default_factory=list, sa_column=Column(JSONDocument, nullable=False))
    area_codes: list[str] = Field(default_factory=list, sa_column=Column(JSONDocument, nullable=False))
    place_level: str = Field(default="ward", max_length=32)  # what a resident without a postcode picks from
    published_levels: list[str] = Field(default_factory=list, sa_column=Column(JSONDocument, nullable=False))
    policy: str = Field(  # of disclosure, for its next releases: a name in analysis.policies
        default="standard", max_length=32, sa_column_kwargs={"server_default": "standard"}
    )
    # What was not translated when it was opened all the same, by language: counts, and the reason given.
    incomplete: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(JSONDocument, nullable=False, server_default=text("'{}'"))
    )
    last_sequence: int = Field(default=0, sa_column_kwargs={"server_default": "0"})  # of submissions so far
    created_at: datetime = Field(default_factory=now, sa_column=Column(UTCDateTime, nullable=False))
