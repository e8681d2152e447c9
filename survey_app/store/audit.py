"""The audit trail: written with the change it records, read by administrators, never altered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from survey_app.tables import AuditEvent


def record(session: Session, actor: str, action: str, subject: str = "", **detail: Any) -> AuditEvent:
    """Add an event to the transaction of what it records. Never put an answer or a postcode in `detail`."""
    event = AuditEvent(actor=actor, action=action, subject=subject, detail=detail)
    session.add(event)
    return event


def events(
    session: Session,
    *,
    action: str | None = None,
    subject: str | None = None,
    limit: int = 100,
    before: int | None = None,
) -> list[AuditEvent]:
    """Events, the latest first; `before` is the id of the last event of the page already read."""
    query = select(AuditEvent)
    if action is not None:
        query = query.where(AuditEvent.action == action)
    if subject is not None:
        query = query.where(AuditEvent.subject == subject)
    if before is not None:
        query = query.where(col(AuditEvent.id) < before)
    return list(session.exec(query.order_by(col(AuditEvent.id).desc()).limit(limit)))


def actions(session: Session) -> list[str]:
    """Every action there has been, in order of the alphabet."""
    return list(session.exec(select(AuditEvent.action).distinct().order_by(AuditEvent.action)))


def recorded_since(session: Session, actor: str, action: str, subject: str, since: datetime) -> bool:
    """Whether this event, by this actor, is on the trail since then."""
    query = select(AuditEvent.id).where(
        AuditEvent.action == action,
        AuditEvent.actor == actor,
        AuditEvent.subject == subject,
        AuditEvent.at >= since,
    )
    return session.exec(query.limit(1)).first() is not None
