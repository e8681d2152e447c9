"""What day it is where the surveys are held."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/London")


def today(moment: datetime | None = None) -> date:
    """The date in England at a moment, now if none is given. Surveys open and close by the clock here."""
    return (moment or datetime.now(UTC)).astimezone(LOCAL).date()
