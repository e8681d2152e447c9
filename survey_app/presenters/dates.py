"""Days and times in words. The service is used in England: English means British English here."""

from __future__ import annotations

from datetime import date, datetime

from babel import dates

from questionnaires import variants
from survey_app.services.fieldwork import LOCAL

REGIONS = {"en": "en_GB"}


def day(when: date, language: str, length: str = "long") -> str:
    """A day: "long" is "23 December 2026", "full" has the day of the week too."""
    return dates.format_date(when, length, locale=_locale(language))


def clock(moment: datetime, language: str) -> str:
    """The time of day in England, to the minute."""
    return dates.format_time(moment, "short", tzinfo=LOCAL, locale=_locale(language))


def local_day(moment: datetime, language: str) -> str:
    """The day it was in England at a moment."""
    return day(moment.astimezone(LOCAL).date(), language)


def _locale(language: str) -> str:
    language = variants.base(language)
    return REGIONS.get(language, language).replace("-", "_")
