"""Whether a wave takes answers from residents today."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from questionnaires.clock import LOCAL as LOCAL
from questionnaires.clock import today as today
from survey_app.tables import Wave


class Fieldwork(StrEnum):
    NOT_YET = "not-yet"
    OPEN = "open"
    CLOSED = "closed"


def of(wave: Wave, day: date) -> Fieldwork:
    """Where a wave stands on a day: it takes answers when opened, from its first day to its last."""
    if wave.status == "closed" or day > wave.closes_on:
        return Fieldwork.CLOSED
    if wave.status != "open" or day < wave.opens_on:
        return Fieldwork.NOT_YET
    return Fieldwork.OPEN
