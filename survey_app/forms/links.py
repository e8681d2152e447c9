"""Making a poster's link, making one-time links, withdrawing one by its code."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, StringField

from survey_app.services.one_time_links import LONGEST_LABEL, MOST
from survey_app.services.place_links import LONGEST_PLACE


class PosterForm(FlaskForm):
    """`area` is the template's to draw: areas stand in groups."""

    place = StringField(_l("Where the poster will hang"))
    area = StringField(_l("Area people there live in (optional)"))
    language = SelectField(_l("Language of the poster"))

    def offer(self, languages: Iterable[tuple[str, str]]) -> None:
        self.language.choices = [SelectChoice(code, name) for code, name in languages]


class BatchForm(FlaskForm):
    label = StringField(_l("Who the links are for"))
    count = StringField(_l("How many links"))
    sheet_language = SelectField(_l("Language of the QR sheet"))

    def offer(self, languages: Iterable[tuple[str, str]]) -> None:
        self.sheet_language.choices = [SelectChoice(code, name) for code, name in languages]

    def number(self) -> int:
        """How many were asked for; 0 for what is no number."""
        text = "".join((self.count.data or "").replace(",", "").split())
        return int(text) if text.isdecimal() and len(text) <= 6 else 0


class RevokeForm(FlaskForm):
    code = StringField(_l("Code of the link"))


def poster_words(field: str) -> str:
    """What is wrong with a field of a poster, and what to do."""
    return {
        "place": _("Say where the poster will hang, in at most %(max)d characters", max=LONGEST_PLACE),
        "area": _("Choose an area from the list, or none"),
        "language": _("Choose one of the wave’s languages"),
    }[field]


def batch_words(field: str) -> str:
    """What is wrong with a field of a batch, and what to do."""
    return {
        "label": _("Say who the links are for, in at most %(max)d characters", max=LONGEST_LABEL),
        "count": _("Enter a number from 1 to %(max)d", max=MOST),
        "wave": _("This wave has ended, so links to it would lead nowhere"),
    }[field]
