"""Paper: batches of forms, and each form by its serial."""

from __future__ import annotations

from collections.abc import Collection

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


def batch_for_update(session: Session, batch_id: int) -> Batch | None:
    """The batch as it stands now, locked until the transaction ends: nobody closes it under a form."""
    query = select(Batch).where(Batch.id == batch_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).first()


def batches(
    session: Session,
    *,
    wave_id: int | None = None,
    organisation_ids: Collection[int] | None = None,
    is_open: bool | None = None,
    limit: int | None = None,
) -> list[Batch]:
    """Batches, the latest first: of one wave, of some organisations, open or closed, where given."""
    query = select(Batch)
    if wave_id is not None:
        query = query.where(Batch.wave_id == wave_id)
    if organisation_ids is not None:
        query = query.where(col(Batch.organisation_id).in_(organisation_ids))
    if is_open is not None:
        closed_at = col(Batch.closed_at)
        query = query.where(closed_at.is_(None) if is_open else closed_at.is_not(None))
    return list(session.exec(query.order_by(col(Batch.opened_at).desc(), col(Batch.id).desc()).limit(limit)))


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


def form_by_id(session: Session, form_id: int) -> PaperForm | None:
    return session.get(PaperForm, form_id)


def form_by_entry(session: Session, entry_id: str) -> PaperForm | None:
    """The form that was keyed from the page with this entry id."""
    return session.exec(select(PaperForm).where(PaperForm.entry_id == entry_id)).first()


def latest_form(session: Session, batch_id: int, keyed_by: str) -> PaperForm | None:
    """The form this person keyed last from the batch."""
    query = select(PaperForm).where(PaperForm.batch_id == batch_id, PaperForm.keyed_by == keyed_by)
    return session.exec(query.order_by(col(PaperForm.id).desc()).limit(1)).first()


def outcomes(session: Session, batch_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """How many forms of each batch had each outcome. A batch without any form is left out."""
    query = select(PaperForm.batch_id, PaperForm.outcome, func.count())
    query = query.where(col(PaperForm.batch_id).in_(batch_ids))
    found: dict[int, dict[str, int]] = {}
    for batch_id, outcome, number in session.exec(query.group_by(PaperForm.batch_id, PaperForm.outcome)):
        found.setdefault(batch_id, {})[outcome] = number
    return found
