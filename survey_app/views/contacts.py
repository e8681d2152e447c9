"""Contact details of a wave, for its manager: how many, a download, deleting them."""

from __future__ import annotations

import csv
import io

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from survey_app.extensions import session, writes
from survey_app.services import contacts as service
from survey_app.services.keying import Wave
from survey_app.views.managed import managed_wave
from survey_app.views.waves import asked

contacts = Blueprint("contacts", __name__, url_prefix="/waves")

UNPROCESSABLE = 422
COLUMNS = ("given_for", "contact", "language", "received_on")
FORMULAS = ("=", "+", "-", "@")


@contacts.get("/<slug>/contacts")
def index(slug: str) -> ResponseReturnValue:
    return _page(managed_wave(slug))


@contacts.post("/<slug>/contacts/download")
@writes
def download(slug: str) -> ResponseReturnValue:
    """All of them as CSV. A POST, because it is written to the audit trail."""
    wave = managed_wave(slug)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in service.rows(session(), wave, actor=current_user.user_id):
        writer.writerow([_cell(each) for each in row])
    headers = {"Content-Disposition": f'attachment; filename="contacts-{wave.slug}.csv"'}
    return Response("\ufeff" + text.getvalue(), mimetype="text/csv", headers=headers)


@contacts.post("/<slug>/contacts/delete-one")
@writes
def delete_one(slug: str) -> ResponseReturnValue:
    wave = managed_wave(slug)
    typed = request.form.get("contact", "")[:254]
    count = service.forget(session(), wave, typed, actor=current_user.user_id)
    if not count:
        return _page(wave, _("This wave has no such address or number. Check it."), typed), UNPROCESSABLE
    flash(
        ngettext("%(num)d contact detail is deleted.", "%(num)d contact details are deleted.", count), "good"
    )
    return redirect(url_for("contacts.index", slug=slug))


@contacts.post("/<slug>/contacts/delete-all")
@writes
def delete_all(slug: str) -> ResponseReturnValue:
    wave = managed_wave(slug)
    if not request.form.get("sure"):
        return _page(wave, _("Tick the box to say that you are sure."), problem_at="sure"), UNPROCESSABLE
    count = service.forget_all(session(), wave, actor=current_user.user_id)
    flash(
        ngettext("%(num)d contact detail is deleted.", "%(num)d contact details are deleted.", count), "good"
    )
    return redirect(url_for("contacts.index", slug=slug))


def _page(wave: Wave, problem: str = "", typed: str = "", problem_at: str = "contact") -> str:
    questionnaire = asked(wave)
    if questionnaire is None:
        abort(404)
    held = service.purposes(session(), wave, questionnaire)
    return render_template(
        "waves/contacts.html",
        wave=wave,
        purposes=held,
        total=sum(each.count for each in held),
        problem=problem,
        problem_at=problem_at,
        typed=typed,
    )


def _cell(text: str) -> str:
    """Text that a spreadsheet does not take for a formula; a telephone number keeps its plus."""
    return f"'{text}" if text.startswith(FORMULAS) and not text[1:].isdecimal() else text
