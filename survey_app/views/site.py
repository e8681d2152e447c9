"""The front page, the health check and the installation's colours."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from questionnaires.problems import FileRefusedError
from survey_app import i18n
from survey_app.db import writing
from survey_app.extensions import engine, limiter, session, settings
from survey_app.presenters import dates
from survey_app.presenters.words import Voice, Words
from survey_app.services import fieldwork, questionnaire
from survey_app.services.questionnaire import QuestionnaireChangedError
from survey_app.store import waves
from survey_app.store.health import check_writable

site = Blueprint("site", __name__)


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey on the front page."""

    slug: str
    title: Words
    wave_title: Words
    closes_on: str


@site.get("/")
def index() -> ResponseReturnValue:
    i18n.remember()
    return render_template(
        "index.html",
        surveys=_open_surveys(),
        switch_languages=i18n.offered(),
        switch_address=lambda code: url_for("site.index", lang=code),
    )


def _open_surveys() -> list[Survey]:
    """The surveys someone can answer today. One whose questionnaire cannot be read is not offered."""
    config, page = settings(), i18n.current_language().code
    found = []
    for wave in waves.open_waves(session(), fieldwork.today()):
        try:
            original = questionnaire.for_wave(config.library, config.frameworks, wave)
            translated = questionnaire.for_wave(config.library, config.frameworks, wave, page)
        except (LookupError, FileRefusedError, QuestionnaireChangedError):
            current_app.logger.error("the questionnaire of wave %s cannot be used", wave.slug)
            continue
        voice = Voice(page, original.language)
        title = voice.say(translated.title, original.title)
        found.append(Survey(wave.slug, title, voice.quote(wave.title), dates.day(wave.closes_on, page)))
    return found


@site.get("/healthz")
@limiter.exempt
def healthz() -> ResponseReturnValue:
    """200 when the app can answer and the database can be written to, else 503."""
    try:
        with writing(engine()) as database:
            check_writable(database)
    except SQLAlchemyError:
        return {"status": "cannot write to the database"}, 503
    return {"status": "ok"}


@site.get("/theme.css")
@limiter.exempt
def theme() -> ResponseReturnValue:
    """The installation's accent colour: a file of its own, since the policy forbids inline style."""
    response = Response(f":root{{--accent:{settings().accent}}}", mimetype="text/css")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
