"""Translations made in the web editor. They go before the files' own until they are brought home."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from survey_app.tables.base import JSONDocument, UTCDateTime, now


class TranslationEdit(SQLModel, table=True):
    """The latest translation of a message into a language. `message` is a digest of context and English."""

    __tablename__ = "translation_edit"
    __table_args__ = (UniqueConstraint("source", "language", "message"),)

    id: int | None = Field(default=None, primary_key=True)
    source: str = Field(max_length=64)  # "interface", or the id of a questionnaire or framework
    language: str = Field(max_length=35)
    message: str = Field(max_length=16)
    context: str = Field(sa_column=Column(Text, nullable=False))
    text: str = Field(sa_column=Column(Text, nullable=False))  # the English it translates
    texts: list[str] = Field(sa_column=Column(JSONDocument, nullable=False))  # one for each plural form
    state: str = Field(max_length=16)
    revision: int = 1  # counts the changes to this row
    edited_by: str = Field(max_length=64)
    edited_at: datetime = Field(default_factory=now, sa_column=Column(UTCDateTime, nullable=False))
