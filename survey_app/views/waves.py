"""How waves are going: for survey managers, who send outreach where answers are missing."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from questionnaires.model import Questionnaire
from questionnaires.problems import FileRefusedError
from survey_app import i18n
from survey_app.access import MANAGERS
from survey_app.extensions import session, settings
from survey_app.presenters import waves as presenter
from survey_app.reading_trail import note_read
from survey_app.services import fieldwork, progress, questionnaire
from survey_app.services.keying import Wave
from survey_app.services.oversight import looked_after
from survey_app.services.questionnaire import QuestionnaireChangedError
from survey_app.services.roles import Principal

waves = Blueprint("waves", __name__)


@waves.get("/waves/")
def index() -> ResponseReturnValue:
    manager = cast(Principal, current_user)
    areas = manager.area_codes(*MANAGERS)
    found = progress.all_waves(session(), asked, areas)
    note_read("waves.read")
    return render_template(
        "waves/index.html",
        cards=presenter.cards(found, fieldwork.today(), i18n.current_language().code),
        named=i18n.language,
        whole={each.wave.slug for each in found if looked_after(session(), each.wave.slug, areas)},
        rule={
            "under": presenter.UNDER,
            "over": presenter.OVER,
            "expected": presenter.EXPECTED,
            "small": presenter.SMALL,
        },
    )


def asked(wave: Wave) -> Questionnaire | None:
    """What the wave asks; None when its file cannot be used, which must not hide the other waves."""
    config = settings()
    try:
        return questionnaire.for_wave(config.library, config.frameworks, wave)
    except (LookupError, FileRefusedError, QuestionnaireChangedError):
        current_app.logger.error("the questionnaire of wave %s cannot be used", wave.slug)
        return None
