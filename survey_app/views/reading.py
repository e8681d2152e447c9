"""How pages look for whoever reads them: size of text, colours, line spacing. Works without JavaScript."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from questionnaires.variants import VARIANTS
from survey_app import i18n
from survey_app.extensions import session, settings
from survey_app.presenters import reading as presenter
from survey_app.presenters.words import Voice
from survey_app.services import fieldwork
from survey_app.store import waves
from survey_app.views.accounts import is_local

reading = Blueprint("reading", __name__)

ONE_YEAR = 365 * 24 * 3600


@reading.route("/reading", methods=["GET", "POST"], endpoint="settings")
def reading_settings() -> ResponseReturnValue:
    """The settings as they are; sent, they are kept and lead back to the page they were opened from."""
    i18n.remember()
    back = _back(request.values.get("next", ""))
    if request.method == "GET":
        chosen = presenter.from_cookie(request.cookies.get(presenter.COOKIE, ""))
        return render_template(
            "reading.html",
            chosen=chosen.choices,
            settings=presenter.SETTINGS,
            legends=presenter.LEGENDS,
            labels=presenter.LABELS,
            back=back,
            easy=_easy_read(),
            switch_languages=i18n.offered(),
            switch_address=lambda code: url_for("reading.settings", next=back, lang=code),
        )
    chosen = presenter.reading(request.form)
    response = redirect(back)
    response.set_cookie(
        presenter.COOKIE,
        chosen.cookie,
        max_age=ONE_YEAR if chosen.classes else 0,
        secure=settings().https,
        httponly=True,
        samesite="Lax",
    )
    return response


def _back(asked: str) -> str:
    """The page to go back to: one of this site that can be opened, else the front page."""
    path = asked.partition("?")[0]
    adapter = current_app.url_map.bind("")
    try:
        found = is_local(asked) and adapter.match(path, method="GET")
    except HTTPException:
        found = False
    return asked if found else url_for("site.index")


def _easy_read() -> list[tuple[str, object]]:
    """Address and name of each open survey that is offered in an Easy Read of the page's language."""
    page = i18n.current_language()
    voice = Voice(page.code, "en")
    return [
        (url_for("resident.start", slug=wave.slug, lang=code), voice.quote(wave.title))
        for wave in waves.open_waves(session(), fieldwork.today())
        for code in wave.languages
        if code in VARIANTS and VARIANTS[code].easy and i18n.speaks(code)
    ]
