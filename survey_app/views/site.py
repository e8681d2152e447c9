"""The front page, the health check and the installation's colours."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from survey_app import i18n
from survey_app.db import writing
from survey_app.extensions import engine, limiter, settings
from survey_app.store.health import check_writable

site = Blueprint("site", __name__)


@site.get("/")
def index() -> ResponseReturnValue:
    i18n.remember()
    return render_template("index.html")


@site.get("/healthz")
@limiter.exempt
def healthz() -> ResponseReturnValue:
    """200 when the app can answer and the database can be written to, else 503."""
    try:
        with writing(engine()) as session:
            check_writable(session)
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
