"""The audit trail: who did what, and when."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from survey_app.extensions import session
from survey_app.presenters.audit import action_words, lines
from survey_app.reading_trail import note_read
from survey_app.services import audit as service

audit = Blueprint("audit", __name__)


@audit.get("/audit")
def index() -> ResponseReturnValue:
    action = request.args.get("action", "")
    before = request.args.get("before", type=int)
    page = service.page(session(), action=action, before=before)
    note_read("audit.read")
    return render_template(
        "audit/index.html",
        lines=lines(page.events),
        actions=sorted(((str(action_words(code)), code) for code in page.actions), key=lambda pair: pair[0]),
        action=action,
        before=before,
        older=page.before,
    )
