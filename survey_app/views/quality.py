"""How well a wave is being answered: for survey managers, while there is time to mend a question."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from survey_app.extensions import session
from survey_app.presenters import quality as presenter
from survey_app.reading_trail import note_read
from survey_app.services import quality as service
from survey_app.views.managed import managed_wave
from survey_app.views.waves import asked

quality = Blueprint("quality", __name__)


@quality.get("/waves/<slug>/quality")
def wave(slug: str) -> ResponseReturnValue:
    """What the newest responses say about how the wave is answered."""
    found = managed_wave(slug)
    questionnaire = asked(found)
    if questionnaire is None:
        abort(404)
    note_read("quality.read", f"wave:{slug}")
    report = presenter.report(service.of(session(), found, questionnaire), questionnaire)
    return render_template("waves/quality.html", title=found.title, report=report)
