"""Translations edited on the web, on the pages of every worker within seconds.

Each worker looks every few seconds whether anything was edited, by one short query, and reads all edits again
only then. In between, pages take them from memory.
"""

from __future__ import annotations

import copy
import time
from dataclasses import dataclass
from typing import Any

from babel.support import NullTranslations
from flask import Flask, current_app, request
from flask_babel import Domain, get_locale
from sqlalchemy.exc import SQLAlchemyError

from questionnaires import catalogue
from questionnaires.catalogue import NO_EDITS, Edits
from survey_app.db import reading
from survey_app.extensions import babel, engine
from survey_app.services.translations import editing
from survey_app.services.translations.sources import INTERFACE_ID
from survey_app.store import translations as store

LOOK_EVERY = 3.0  # seconds
WORDLESS = frozenset({"static", "site.theme", "site.healthz"})


@dataclass(slots=True)
class Held:
    """The edits as this worker last read them."""

    edits: Edits = NO_EDITS
    fingerprint: tuple[object, ...] = ()
    looked_at: float = float("-inf")


class EditedDomain(Domain):  # type: ignore[misc]
    """The interface's words with the edits before those compiled."""

    def __init__(self) -> None:
        super().__init__()
        self.made: dict[str, tuple[Edits, NullTranslations, NullTranslations]] = {}

    def get_translations(self) -> NullTranslations:
        shipped = super().get_translations()
        edits, code = catalogue.in_use(), str(get_locale() or "").replace("_", "-")
        changed = edits.by_source.get((INTERFACE_ID, code))
        if not changed:
            return shipped
        kept = self.made.get(code)
        if kept is None or kept[0] is not edits or kept[1] is not shipped:
            kept = self.made[code] = (edits, shipped, _with(shipped, changed))
        return kept[2]


def init_edits(app: Flask) -> None:
    babel.domain_instance = EditedDomain()
    app.extensions["edited_words"] = Held()
    app.before_request(take_up)
    app.teardown_request(put_down)


def take_up() -> None:
    """Have the request's words as edited."""
    held: Held = current_app.extensions["edited_words"]
    if request.endpoint in WORDLESS:
        return
    present = time.monotonic()
    if present - held.looked_at >= LOOK_EVERY:
        held.looked_at = present
        try:
            _look(held)
        except SQLAlchemyError:  # a page that needs no database, such as one that says so, has the last words
            current_app.logger.error("edited translations cannot be read")
    catalogue.use(held.edits)


def _look(held: Held) -> None:
    with reading(engine()) as session:
        fingerprint = store.fingerprint(session)
        if fingerprint != held.fingerprint:
            held.edits, held.fingerprint = editing.load(session), fingerprint


def look_again() -> None:
    """Have this worker's next page look for edits: whoever has just saved one sees it at once."""
    current_app.extensions["edited_words"].looked_at = float("-inf")


def put_down(_error: BaseException | None = None) -> None:
    catalogue.use(NO_EDITS)


def _with(shipped: NullTranslations, changed: Any) -> NullTranslations:
    """A copy of compiled words with others before them, as gettext looks them up."""
    words = copy.copy(shipped)
    texts = dict(getattr(shipped, "_catalog", {}))
    for (context, english), (forms, _state) in changed.items():
        key = f"{context}\x04{english}" if context else english
        texts[key] = forms[0]
        texts |= {(key, number): text for number, text in enumerate(forms)}
    words._catalog = texts  # type: ignore[attr-defined]
    return words
