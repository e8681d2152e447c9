"""The paper form of a wave, ready to print from the browser, in each of its languages."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from questionnaires.model import Questionnaire
from survey_app import i18n
from survey_app.assets import STATIC
from survey_app.extensions import session, settings
from survey_app.presenters import dates
from survey_app.presenters.print_form import print_form
from survey_app.presenters.questions import asking
from survey_app.services import questionnaire
from survey_app.services.keying import Wave
from survey_app.store import waves

printing = Blueprint("printing", __name__)

LARGE = "large"


@printing.get("/print/<slug>/<code>")
def form(slug: str, code: str) -> ResponseReturnValue:
    wave = waves.by_slug(session(), slug)
    if wave is None or code not in wave.languages:
        abort(404)
    address = url_for("resident.start", slug=slug, _external=True)
    return draw(wave, code, address, large=request.args.get("size") == LARGE)


@dataclass(frozen=True, slots=True)
class Unplanned:
    """What stands for the wave on the form of a questionnaire that no wave asks yet."""

    title: str
    status: str = "draft"


def draw_version(original: Questionnaire, translated: Questionnaire, code: str, *, style: str = "") -> str:
    """The form of a questionnaire version that need not be in a wave, marked as a draft."""
    with i18n.force_locale(code.replace("-", "_")):
        spoken = asking(translated, original, code)
        return render_template(
            "paper/form.html",
            form=print_form(spoken),
            form_language=i18n.language(code),
            wave=Unplanned(original.title),
            wave_title=_("Version %(version)s", version=original.version),
            closes_on=_("the last day of the survey"),
            contact=settings().contact or original.contact,
            address=_("its address"),
            style=style,
        )


def draw(wave: Wave, code: str, address: str, *, standalone: bool = False, large: bool = False) -> str:
    """The form as a page of its own, all of it in the form's language whatever the reader's is.

    `address`: where the same survey is answered online. `standalone` puts the style inside, for a file.
    `large`: in 18 point, as Easy Read always is.
    Needs an application context with a request.
    """
    config = settings()
    original = questionnaire.for_wave(config.library, config.frameworks, wave)
    translated = questionnaire.for_wave(config.library, config.frameworks, wave, code)
    with i18n.force_locale(code):
        spoken, language = asking(translated, original, code), i18n.language(code)
        return render_template(
            "paper/form.html",
            form=print_form(spoken),
            form_language=language,
            large=large or (language.variant is not None and language.variant.easy),
            large_address=""
            if standalone
            else url_for("printing.form", slug=wave.slug, code=code, size=LARGE),
            wave=wave,
            wave_title=spoken.voice.quote(wave.title),
            closes_on=dates.day(wave.closes_on, code),
            contact=config.contact or original.contact,
            address=address,
            style=(STATIC / "paper.css").read_text(encoding="utf-8") if standalone else "",
        )
