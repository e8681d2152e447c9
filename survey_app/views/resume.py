"""Carrying on with a code, on any device."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app import i18n
from survey_app.extensions import limiter, session, settings
from survey_app.services import response
from survey_app.store import waves
from survey_app.views import tickets

resuming = Blueprint("resume", __name__)


@resuming.route("/resume", methods=["GET", "POST"])
@limiter.limit(lambda: settings().sign_in_limit, methods=["POST"])
def resume() -> ResponseReturnValue:
    """A wrong code gets one answer whatever is wrong with it, and only so many tries are answered at all."""
    i18n.remember()
    if request.method == "GET":
        return _page()
    typed = request.form.get("code", "")[:40]
    found = response.by_code(session(), typed, settings().secret_key)
    wave = waves.by_id(session(), found[0].wave_id) if found is not None else None
    if found is None or wave is None:
        return _page(typed, _("We could not find answers with that code. Check it and type it again.")), 422
    tickets.keep(wave.slug, found[1])
    return redirect(url_for("resident.carry_on", slug=wave.slug))


def _page(typed: str = "", error: str = "") -> str:
    return render_template(
        "resident/resume.html",
        typed=typed,
        error=error,
        switch_languages=i18n.offered(),
        switch_address=lambda code: url_for("resume.resume", lang=code),
    )
