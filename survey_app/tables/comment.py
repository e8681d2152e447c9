"""Comments under review: the coding frame of an item, what was decided, and what releases counted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKeyConstraint, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from survey_app.tables.base import JSONDocument, UTCDateTime, now


class CommentTheme(SQLModel, table=True):
    """One theme of the coding frame of an item in a wave."""

    __tablename__ = "comment_theme"
    __table_args__ = (UniqueConstraint("wave_id", "item", "code"),)

    id: int | None = Field(default=None, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id")
    item: str = Field(max_length=64)
    code: str = Field(max_length=32)
    title: str = Field(max_length=80)


class CommentReview(SQLModel, table=True):
    """What was decided about one person's comment on one item. It goes with the response.

    `redacted` is the text as it may be quoted, "" where it may not. `revision` goes up with every decision,
    so that two reviewers cannot overwrite each other unseen.
    """

    __tablename__ = "comment_review"

    response_id: str = Field(foreign_key="response.id", primary_key=True, max_length=36, ondelete="CASCADE")
    item: str = Field(primary_key=True, max_length=64)
    wave_id: int = Field(foreign_key="wave.id", index=True)
    decision: str = Field(max_length=16)  # quote, themes, not-used
    redacted: str = Field(default="", sa_column=Column(Text, nullable=False))
    revision: int = 1
    decided_by: str = Field(max_length=64)
    decided_at: datetime = Field(default_factory=now, sa_column=Column(UTCDateTime, nullable=False))


class CommentCoding(SQLModel, table=True):
    """A theme that a comment speaks of. It goes with the review."""

    __tablename__ = "comment_coding"
    __table_args__ = (
        ForeignKeyConstraint(
            ["response_id", "item"],
            ["comment_review.response_id", "comment_review.item"],
            ondelete="CASCADE",
        ),
    )

    response_id: str = Field(primary_key=True, max_length=36)
    item: str = Field(primary_key=True, max_length=64)
    theme_id: int = Field(foreign_key="comment_theme.id", primary_key=True, index=True)


class CommentCount(SQLModel, table=True):
    """The exact counts of comments that one release rests on, so that later ones are checked against them."""

    __tablename__ = "comment_count"

    wave_id: int = Field(foreign_key="wave.id", primary_key=True)
    number: int = Field(primary_key=True)  # of the release
    exact: dict[str, Any] = Field(sa_column=Column(JSONDocument, nullable=False))
