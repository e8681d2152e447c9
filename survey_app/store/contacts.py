"""Contact details, apart from answers: added, listed by wave and purpose, deleted."""

from __future__ import annotations

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from survey_app.tables import ContactDetail


def add(session: Session, detail: ContactDetail) -> None:
    session.add(detail)
    session.flush()


def of_wave(session: Session, wave_id: int) -> list[ContactDetail]:
    """The contact details of a wave, in the order of their random ids: not as they came in."""
    query = select(ContactDetail).where(ContactDetail.wave_id == wave_id)
    return list(session.exec(query.order_by(ContactDetail.purpose, ContactDetail.id)))


def counts(session: Session, wave_id: int) -> dict[str, int]:
    """How many there are of a wave, by what they were given for."""
    query = select(ContactDetail.purpose, func.count()).where(ContactDetail.wave_id == wave_id)
    return dict(session.exec(query.group_by(ContactDetail.purpose)).all())


def delete_of_wave(session: Session, wave_id: int) -> int:
    """Delete every contact detail of a wave. Returns how many there were."""
    statement = delete(ContactDetail).where(col(ContactDetail.wave_id) == wave_id)
    return int(session.exec(statement.execution_options(synchronize_session="fetch")).rowcount)


def delete_value(session: Session, wave_id: int, value: str) -> int:
    """Delete one address or number from a wave, as `services.contacts.written` writes it."""
    statement = delete(ContactDetail).where(
        col(ContactDetail.wave_id) == wave_id, col(ContactDetail.value) == value
    )
    return int(session.exec(statement.execution_options(synchronize_session="fetch")).rowcount)
