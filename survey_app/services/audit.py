"""The audit trail: who did or read what, and when. Never the content, never an e-mail address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from survey_app.store import accounts as account_store
from survey_app.store import areas as area_store
from survey_app.store import audit as store
from survey_app.tables import AuditEvent
from survey_app.tables.base import now

PAGE_LENGTH = 50
LONGEST_DETAIL = 64
READ_AGAIN_AFTER = timedelta(hours=1)

Detail = int | bool | str | None


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the trail, with names put to the ids it holds."""

    at: datetime
    actor: str  # a person's name, or "resident", "command-line", "visitor"
    action: str
    subject_kind: str  # "user", "organisation", "wave" ...; empty when there is none
    subject: str
    detail: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class EventPage:
    """A page of the trail, the latest first; `before` leads to the next page."""

    events: tuple[Event, ...]
    actions: tuple[str, ...]  # every action there is, to choose from
    before: int | None


def record(session: Session, actor: str, action: str, subject: str = "", **detail: Detail) -> None:
    """Add to the trail, in the transaction of what it records.

    `actor`: a user id, "resident", "visitor" (not signed in) or "command-line". `action`: "noun.verb".
    `subject`: "kind:key", as in "wave:spring-2026". `detail`: codes and counts only.
    Raises ValueError for a detail that could be content: long text, or anything with an @.
    """
    for name, value in detail.items():
        if isinstance(value, str) and (len(value) > LONGEST_DETAIL or "@" in value):
            raise ValueError(
                f"audit detail {name!r} must be a short code, never content or an e-mail address"
            )
    store.record(session, actor, action, subject, **detail)


def unrecorded(session: Session, actor: str, reads: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Which of these (action, subject) the trail does not yet hold for this person within the hour.

    Someone who turns the pages of a scorecard for an afternoon leaves a row an hour, not a row a page.
    """
    since = now() - READ_AGAIN_AFTER
    return [read for read in dict.fromkeys(reads) if not store.recorded_since(session, actor, *read, since)]


def page(session: Session, *, action: str = "", before: int | None = None) -> EventPage:
    """One page of the trail, optionally of one action."""
    rows = store.events(session, action=action or None, before=before, limit=PAGE_LENGTH + 1)
    shown = rows[:PAGE_LENGTH]
    names = {
        "user": account_store.user_names(session),
        "organisation": account_store.organisation_names(session),
        "area": _area_names(session, shown),
    }
    events = tuple(_event(row, names) for row in shown)
    last = shown[-1].id if len(rows) > PAGE_LENGTH else None
    return EventPage(events, tuple(store.actions(session)), last)


def _area_names(session: Session, rows: list[AuditEvent]) -> dict[str, str]:
    codes = {str(row.detail["area"]) for row in rows if row.detail.get("area")}
    codes |= {row.subject.removeprefix("area:") for row in rows if row.subject.startswith("area:")}
    return {code: f"{area.name} ({code})" for code, area in area_store.by_codes(session, codes).items()}


def _event(row: AuditEvent, names: dict[str, dict[str, str]]) -> Event:
    kind, _, key = row.subject.partition(":")
    return Event(
        at=row.at,
        actor=names["user"].get(row.actor, row.actor),
        action=row.action,
        subject_kind=kind,
        subject=names.get(kind, {}).get(key, key),
        detail=tuple(
            (name, names.get(name, {}).get(str(value), str(value)))
            for name, value in row.detail.items()
            if value is not None
        ),
    )
