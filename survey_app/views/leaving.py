"""Leaving at once: away from the survey, to a page that looks like nothing in particular."""

from __future__ import annotations

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue

from survey_app.extensions import settings
from survey_app.views import tickets

leaving = Blueprint("leaving", __name__)


@leaving.get("/s/<slug>/leave")
def leave(slug: str) -> ResponseReturnValue:
    """The safety exit. Nothing on this device opens the answers any more; they stay under their code.

    A plain link, so that it works without a script and is not held up by a form. It looks nothing up: it must
    answer when the database does not.
    """
    tickets.forget_all()
    return redirect(settings().safety_exit)
