"""Translations made in the web editor."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete as deletion
from sqlalchemy import func
from sqlmodel import Session, col, select

from survey_app.tables import TranslationEdit


def all_edits(
    session: Session, source: str | None = None, language: str | None = None
) -> list[TranslationEdit]:
    """Every edit, or those of a source or a language."""
    query = select(TranslationEdit)
    if source is not None:
        query = query.where(TranslationEdit.source == source)
    if language is not None:
        query = query.where(TranslationEdit.language == language)
    return list(session.exec(query))


def fingerprint(session: Session) -> tuple[object, ...]:
    """Different whenever an edit was made, changed or removed: one row tells whether to read them all."""
    query = select(
        func.count(),
        func.coalesce(func.sum(TranslationEdit.revision), 0),
        func.max(TranslationEdit.edited_at),
    )
    return tuple(session.exec(query).one())


def for_update(session: Session, source: str, language: str, message: str) -> TranslationEdit | None:
    """The edit of one message as it stands now, locked until the transaction ends."""
    query = (
        select(TranslationEdit)
        .where(
            TranslationEdit.source == source,
            TranslationEdit.language == language,
            TranslationEdit.message == message,
        )
        .with_for_update()
    )
    return session.exec(query.execution_options(populate_existing=True)).first()


def keep(session: Session, edit: TranslationEdit) -> None:
    session.add(edit)
    session.flush()


def remove(session: Session, ids: Collection[int]) -> None:
    """Delete edits by their ids."""
    session.connection().execute(deletion(TranslationEdit).where(col(TranslationEdit.id).in_(ids)))
