"""Paper: batches of forms, and each form by its serial."""

from __future__ import annotations

from sqlalchemy import func
from sqlmodel import Session, col, select

from survey_app.tables import Batch, PaperForm


def add_batch(session: Session, batch: Batch) -> Batch:
    """Store a new batch; its id is known afterwards."""
    session.add(batch)
    session.flush()
    return batch


def batch(session: Session, batch_id: int) -> Batch | None:
    return session.get(Batch, batch_id)


def batches(
    session: Session,
    *,
    wave_id: int | None = None,
    organisation_id: int | None = None,
    open_only: bool = False,
) -> list[Batch]:
    """Batches, the latest first, of one wave or organisation where given."""
    query = select(Batch)
    if wave_id is not None:
        query = query.where(Batch.wave_id == wave_id)
    if organisation_id is not None:
        query = query.where(Batch.organisation_id == organisation_id)
    if open_only:
        query = query.where(col(Batch.closed_at).is_(None))
    return list(session.exec(query.order_by(col(Batch.opened_at).desc(), col(Batch.id).desc())))


def form(session: Session, wave_id: int, serial: str) -> PaperForm | None:
    """The form with this serial in the wave, if it was ever keyed."""
    return session.exec(
        select(PaperForm).where(PaperForm.wave_id == wave_id, PaperForm.serial == serial)
    ).first()


def add_form(session: Session, form: PaperForm) -> PaperForm:
    """Take a serial for good. Raises sqlalchemy.exc.IntegrityError when someone else just took it."""
    session.add(form)
    session.flush()
    return form


def forms(session: Session, batch_id: int) -> list[PaperForm]:
    """The forms keyed from a batch, in the order they were keyed."""
    query = select(PaperForm).where(PaperForm.batch_id == batch_id)
    return list(session.exec(query.order_by(col(PaperForm.keyed_at), PaperForm.id)))


def keyed(session: Session, batch_ids: list[int]) -> dict[int, int]:
    """How many forms of each batch have been keyed. A batch without any is left out."""
    query = select(PaperForm.batch_id, func.count()).where(col(PaperForm.batch_id).in_(batch_ids))
    return dict(session.exec(query.group_by(PaperForm.batch_id)).all())
