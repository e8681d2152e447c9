"""Translations edited on the web: kept apart from the files, and put before them.

Nobody overwrites what they have not seen: whoever saves says which text they saw, by its seal.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from questionnaires.catalogue import Edits, State
from questionnaires.exchange.sheet import Entry, Key, Misfit, Sheet, faults
from survey_app.services import audit
from survey_app.store import translations as store
from survey_app.tables import TranslationEdit
from survey_app.tables.base import now

LONGEST_NAME = 64  # of a message in the audit trail


class ChangedMeanwhileError(Exception):
    """Someone else has changed the message since it was shown; `entry` is how it stands now."""

    def __init__(self, entry: Entry):
        self.entry = entry
        super().__init__(entry.id)


class NotFittingError(Exception):
    """The translation cannot be shown; `faults` says why and what to do."""

    def __init__(self, found: list[Misfit]):
        self.faults = found
        super().__init__("; ".join(fault.cause for fault in found))


def load(session: Session) -> Edits:
    """Every edit, ready to go before the files."""
    by_source: dict[tuple[str, str], dict[tuple[str, str], tuple[tuple[str, ...], State]]] = {}
    for edit in store.all_edits(session):
        by_source.setdefault((edit.source, edit.language), {})[edit.context, edit.text] = _value(edit)
    return Edits(by_source)


def seal(entry: Entry) -> str:
    """Different for every translation and state a message can have."""
    shown = json.dumps([entry.texts, entry.state.value, entry.stale], ensure_ascii=False)
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


def save(
    session: Session,
    shipped: Sheet,
    message: str,
    *,
    texts: tuple[str, ...],
    state: State,
    seen: str,
    actor: str,
) -> Entry:
    """Keep a translation, and return the message with it.

    `shipped`: the sheet as the files have it; `message`: the id of an entry of it; `seen`: the seal of what
    the person saw. Raises LookupError for no such message, ChangedMeanwhileError, or NotFittingError.
    """
    entry = shipped.by_id(message)
    if entry is None:
        raise LookupError(message)
    held = store.for_update(session, shipped.source, shipped.language, message)
    present = entry if held is None else _edited(shipped, entry, held)
    if seal(present) != seen:
        raise ChangedMeanwhileError(present)
    if found := list(faults(present, texts, shipped)):
        raise NotFittingError(found)
    if (texts, state) == (present.texts, present.state) and present.translated:
        return present
    edit = held or TranslationEdit(
        source=shipped.source,
        language=shipped.language,
        message=message,
        context=entry.context,
        text=entry.text,
        texts=[],
        state="",
        revision=0,
        edited_by=actor,
    )
    edit.texts, edit.state, edit.edited_by, edit.edited_at = list(texts), state.value, actor, now()
    edit.revision += 1
    try:
        with session.begin_nested():
            store.keep(session, edit)
    except IntegrityError as error:  # two people saved the first edit of one message at once
        other = store.for_update(session, shipped.source, shipped.language, message)
        raise ChangedMeanwhileError(entry if other is None else _edited(shipped, entry, other)) from error
    _record(session, actor, shipped, entry, state)
    return _edited(shipped, entry, edit)


def give_way(session: Session, shipped: Sheet, taken: Collection[Key]) -> None:
    """Remove the edits of messages just taken into the files, and those that the files now say as well."""
    same = [
        edit.id
        for edit in store.all_edits(session, shipped.source, shipped.language)
        if edit.id is not None
        and (entry := shipped.find((edit.context, edit.text))) is not None
        and (entry.key in taken or (entry.translated and (entry.texts, entry.state) == _value(edit)))
    ]
    store.remove(session, same)


def _edited(shipped: Sheet, entry: Entry, edit: TranslationEdit) -> Entry:
    return shipped.changed({entry.key: _value(edit)}).find(entry.key) or entry


def _value(edit: TranslationEdit) -> tuple[tuple[str, ...], State]:
    return tuple(edit.texts), State(edit.state)


def _record(session: Session, actor: str, shipped: Sheet, entry: Entry, state: State) -> None:
    named = entry.context if 0 < len(entry.context) <= LONGEST_NAME else entry.id
    subject = f"translation:{shipped.source}"
    audit.record(
        session,
        actor,
        "translation.edit",
        subject,
        language=shipped.language,
        message=named,
        state=state.value,
    )
