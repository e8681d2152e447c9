"""A questionnaire as a folder of pages to look at without the service, such as to send round for comment."""

from __future__ import annotations

from pathlib import Path

from flask import render_template

from questionnaires import catalogue, effort
from questionnaires.model import Questionnaire
from questionnaires.paging import pages
from survey_app import i18n
from survey_app.assets import STATIC
from survey_app.extensions import settings
from survey_app.forms.items import draw_field
from survey_app.presenters import questionnaires as presenter
from survey_app.presenters.questions import asking, section_page
from survey_app.presenters.routing_map import routing_map
from survey_app.services import questionnaire as service
from survey_app.views.printing import draw_version

INDEX = "index.html"
STYLES = ("app.css", "questions.css", "author.css")


def write(original: Questionnaire, folder: Path) -> list[Path]:
    """Write the pages into `folder`, made where it is not there; returns the files, the index first.

    In each of the questionnaire's languages that the interface speaks: the pages as residents see them, and
    the paper form. Once: every item with its codes, the routing map, and notes. Needs an application context
    with a request.
    """
    config = settings()
    languages = presenter.offered(original, config.languages)
    files = {name: (STATIC / name).read_text(encoding="utf-8") for name in STYLES}
    files["accent.css"] = f":root{{--accent:{config.accent}}}"
    paper = (STATIC / "paper.css").read_text(encoding="utf-8")
    for code in languages:
        translated = catalogue.translated(original, code)
        files[f"pages.{code}.html"] = _pages(original, translated, code)
        files[f"paper.{code}.html"] = draw_version(original, translated, code, style=paper)
    framework = service.framework(config.frameworks, original.framework)
    files[INDEX] = render_template(
        "questionnaires/file_index.html",
        styles=(*STYLES, "accent.css"),
        questionnaire=original,
        sections=presenter.sections(asking(original, original, original.language), framework),
        minutes=presenter.minutes(original),
        hard=effort.hard_texts(original),
        oldest=effort.OLDEST,
        map=routing_map(original),
        routes=presenter.routes(original),
        languages=[i18n.language(code) for code in languages],
    )
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / INDEX, *(folder / name for name in files if name != INDEX)]


def _pages(original: Questionnaire, translated: Questionnaire, code: str) -> str:
    spoken = asking(translated, original, code)
    with i18n.force_locale(code.replace("-", "_")):
        return render_template(
            "questionnaires/file_pages.html",
            styles=(*STYLES, "accent.css"),
            questionnaire=original,
            title=spoken.voice.say(translated.title, original.title),
            pages=[section_page(spoken, page.section, page.items, {}) for page in pages(translated)],
            field=draw_field,
        )
