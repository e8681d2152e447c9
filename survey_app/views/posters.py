"""Print pages of links: a poster for a place, and a sheet of one-time links to cut up."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, url_for

from survey_app import i18n
from survey_app.assets import STATIC
from survey_app.extensions import settings
from survey_app.presenters import dates, qr
from survey_app.presenters.questions import asking
from survey_app.services import questionnaire
from survey_app.services.keying import Wave
from survey_app.services.place_links import PlaceLink

SIZES = ("a4", "a5")


def draw_poster(wave: Wave, link: PlaceLink, size: str) -> str:
    """The poster of a place link, wholly in the link's language, for A4 or A5."""
    address = url_for("links.place", place_slug=link.slug, _external=True)
    return _draw(
        "paper/poster.html",
        wave,
        link.language,
        link=link,
        size=size,
        address=address,
        qr=qr.picture(address),
    )


def draw_sheet(wave: Wave, language: str, addresses: Sequence[tuple[str, str]]) -> str:
    """A sheet of one-time links, as a file of its own. `addresses`: code and address of each."""
    return _draw(
        "paper/link_sheet.html",
        wave,
        language,
        slips=[(code, address, qr.picture(address)) for code, address in addresses],
        style=(STATIC / "poster.css").read_text(encoding="utf-8"),
    )


def _draw(template: str, wave: Wave, code: str, **context: object) -> str:
    config = settings()
    original = questionnaire.for_wave(config.library, config.frameworks, wave)
    translated = questionnaire.for_wave(config.library, config.frameworks, wave, code)
    with i18n.force_locale(code.replace("-", "_")):
        voice = asking(translated, original, code).voice
        return render_template(
            template,
            poster_language=i18n.language(code),
            wave=wave,
            wave_title=voice.quote(wave.title),
            closes_on=dates.day(wave.closes_on, code),
            contact=config.contact or original.contact,
            languages=[i18n.language(each) for each in wave.languages],
            **context,
        )
