"""Answers to look at: a manager counts them or leaves them out. No answer is shown."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from survey_app import i18n
from survey_app.extensions import session, writes
from survey_app.presenters import reviews as presenter
from survey_app.reading_trail import note_read
from survey_app.services import reviews
from survey_app.services.keying import Wave
from survey_app.services.reviews import DecidedError, Decision
from survey_app.store import areas
from survey_app.views.managed import managed_wave

reviewing = Blueprint("reviewing", __name__, url_prefix="/waves")

UNPROCESSABLE = 422


@reviewing.get("/<slug>/review")
def index(slug: str) -> ResponseReturnValue:
    wave = managed_wave(slug)
    note_read("review.read", f"wave:{wave.slug}")
    return _page(wave)


@reviewing.post("/<slug>/review")
@writes
def decide(slug: str) -> ResponseReturnValue:
    """Count or leave out what is ticked."""
    wave = managed_wave(slug)
    chosen = set(request.form.getlist("response"))
    wanted = request.form.get("decision", "")
    if not chosen or wanted not in set(Decision):
        return _page(wave, _("Tick the answers first, then choose what to do with them.")), UNPROCESSABLE
    try:
        changed = reviews.decide(session(), wave, chosen, Decision(wanted), actor=current_user.user_id)
    except LookupError:
        return _page(wave, _("Some of these answers are no longer on the list. Look again.")), UNPROCESSABLE
    except DecidedError:
        return _page(
            wave, _("Results have been published since one of these was decided, so it can no longer change.")
        ), UNPROCESSABLE
    if wanted == Decision.COUNT:
        flash(ngettext("%(num)d response is counted.", "%(num)d responses are counted.", changed), "good")
    else:
        flash(ngettext("%(num)d response is left out.", "%(num)d responses are left out.", changed), "good")
    return redirect(url_for("reviewing.index", slug=slug))


def _page(wave: Wave, problem: str = "") -> str:
    cases = reviews.cases(session(), wave)
    held = areas.by_codes(session(), [case.flagged.area_code for case in cases if case.flagged.area_code])
    return render_template(
        "waves/review.html",
        wave=wave,
        rows=presenter.rows(
            cases, {code: area.name for code, area in held.items()}, i18n.current_language().code
        ),
        reasons=presenter.explanations(cases),
        problem=problem,
    )
