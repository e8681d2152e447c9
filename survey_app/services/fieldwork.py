"""Whether a wave takes answers from residents today."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from survey_app.tables import Wave

LOCAL = ZoneInfo("Europe/London")


class Fieldwork(StrEnum):
    NOT_YET = "not-yet"
    OPEN = "open"
    CLOSED = "closed"


def today(moment: datetime | None = None) -> date:
    """The day it is in England: a closing date means the end of that day there, not in UTC."""
    return (moment or datetime.now(LOCAL)).astimezone(LOCAL).date()


def of(wave: Wave, day: date) -> Fieldwork:
    """Where a wave stands on a day: it takes answers when opened, from its first day to its last."""
    if wave.status == "closed" or day > wave.closes_on:
        return Fieldwork.CLOSED
    if wave.status != "open" or day < wave.opens_on:
        return Fieldwork.NOT_YET
    return Fieldwork.OPEN
