"""Bespoke indicators: every version of every definition, since releases say which they used."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from survey_app.tables.base import UTCDateTime, now


class IndicatorVersion(SQLModel, table=True):
    """A definition as it stood from then on. Never updated: a change or a removal is another row."""

    __tablename__ = "indicator_version"
    __table_args__ = (UniqueConstraint("code", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=40)
    version: int  # from 1
    questionnaire: str = Field(max_length=64)  # id, of every version
    document: str = Field(sa_column=Column(Text, nullable=False))  # canonical JSON; "" when it was removed
    digest: str = Field(max_length=64, index=True)  # of the document; "" when it was removed
    made_by: str = Field(max_length=64)  # a user's id, or "command-line"
    made_at: datetime = Field(default_factory=now, sa_column=Column(UTCDateTime, nullable=False))
