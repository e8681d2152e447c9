"""How one figure changed since the wave before, in words that say whether it is more than chance."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from analysis.comparisons import ChangeFigure, Changes
from analysis.release import ReleasedIndicator
from survey_app.presenters import phrases

AMOUNTS: dict[str, Callable[[float], str]] = {
    "%": lambda size: _("%(number)s percentage points", number=phrases.whole(size)),
    "out of 10": lambda size: phrases.decimal(size),
}
"""A difference in the unit, where it is not said as a value is."""


def when(changes: Changes | None) -> str:
    """When the earlier wave was asked. Empty where there is nothing to compare with."""
    return phrases.period(changes.opened, changes.closed) if changes is not None else ""


def sentence(indicator: ReleasedIndicator, changes: Changes, figure: ChangeFigure) -> str:
    """ "Since March – May 2026: up 6 percentage points (2 to 10). That is more than chance would bring." """
    since = when(changes)
    change = amount(indicator, figure)
    if figure.moved:
        return _(
            "Since %(since)s: %(change)s. That is more than chance would bring.", since=since, change=change
        )
    return _("Since %(since)s: %(change)s. That may be chance.", since=since, change=change)


def amount(indicator: ReleasedIndicator, figure: ChangeFigure) -> str:
    """ "down 6 percentage points (2 to 10)"; where it may be none, "... (1 down to 7 up)"."""
    short = phrases.whole if indicator.unit == "%" else phrases.decimal
    size = AMOUNTS.get(indicator.unit, lambda value: phrases.measured(indicator, value))(
        abs(figure.difference)
    )
    least, most = sorted((abs(figure.lower), abs(figure.upper)))
    if figure.lower < 0 < figure.upper:
        parts = {"size": size, "down": short(-figure.lower), "up": short(figure.upper)}
        if figure.difference > 0:
            return _("up %(size)s (%(down)s down to %(up)s up)", **parts)
        if figure.difference < 0:
            return _("down %(size)s (%(down)s down to %(up)s up)", **parts)
        return _("the same (%(down)s down to %(up)s up)", **parts)
    parts = {"size": size, "least": short(least), "most": short(most)}
    if figure.difference > 0:
        return _("up %(size)s (%(least)s to %(most)s)", **parts)
    return _("down %(size)s (%(least)s to %(most)s)", **parts)
