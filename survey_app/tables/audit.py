"""The audit trail: who read or changed what, without the content."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from survey_app.tables.base import JSONDocument, UTCDateTime, now


class AuditEvent(SQLModel, table=True):
    """One thing done. Rows are only ever added."""

    __tablename__ = "audit_event"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(default_factory=now, sa_column=Column(UTCDateTime, nullable=False, index=True))
    actor: str = Field(max_length=64)  # a user id, "resident", "command-line"
    action: str = Field(max_length=64, index=True)  # "response.submit", "release.publish", "results.read"
    subject: str = Field(default="", max_length=128)  # what it was done to: "wave:spring-2026"
    detail: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONDocument, nullable=False))
