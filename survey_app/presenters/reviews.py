"""Responses to look at, in words: why, and what was decided. Nothing of what was answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from survey_app import i18n
from survey_app.presenters import dates
from survey_app.services.reviews import Case, Decision
from survey_app.services.signals import Sign

NAMES: Mapping[str, Callable[[], str]] = {
    Sign.SAME_DEVICE: lambda: _("Same device"),
    Sign.QUICK_SUCCESSION: lambda: _("Many at once"),
    Sign.SAME_ANSWERS: lambda: _("Same answers"),
    Sign.HONEYPOT: lambda: _("Hidden box filled in"),
    Sign.FAST: lambda: _("Very fast"),
}

EXPLANATIONS: Mapping[str, Callable[[], str]] = {
    Sign.SAME_DEVICE: lambda: _(
        "Answers to this wave had been sent from this browser within a day. Families, libraries and outreach"
        " stalls share devices, so this alone says little."
    ),
    Sign.QUICK_SUCCESSION: lambda: _(
        "It is at least the fourth within ten minutes from one network address. That happens at events and"
        " in offices; it also happens when one person sends many."
    ),
    Sign.SAME_ANSWERS: lambda: _(
        "At least 15 answers, and the area, are exactly those of another response within a day. Two people"
        " rarely agree on so much."
    ),
    Sign.HONEYPOT: lambda: _(
        "A box that people do not see was filled in. Programs that fill in forms do that; so, at times, do"
        " browsers that complete forms by themselves."
    ),
    Sign.FAST: lambda: _("It was finished faster than the questions can be read."),
}

DECISIONS: Mapping[Decision, Callable[[], str]] = {
    Decision.COUNT: lambda: _("Counted"),
    Decision.LEAVE_OUT: lambda: _("Left out"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A response as a row of the list. `standing`: what was decided; `final`: it can no longer change."""

    response_id: str
    number: int
    sent: str
    language: str
    area: str
    signs: tuple[str, ...]
    standing: str
    final: bool


def rows(cases: Iterable[Case], area_names: Mapping[str, str], page: str) -> list[Line]:
    """The list in the order of `cases`. `area_names`: by code."""
    found = []
    for case in cases:
        flagged = case.flagged
        found.append(
            Line(
                flagged.response_id,
                flagged.number or 0,
                dates.local_day(flagged.submitted_at, page) if flagged.submitted_at else "",
                i18n.language(flagged.language).english_name,
                area_names.get(flagged.area_code or "", ""),
                tuple(NAMES[sign]() for sign in flagged.signals if sign in NAMES),
                DECISIONS[case.decision]() if case.decision else "",
                case.final,
            )
        )
    return found


def explanations(cases: Iterable[Case]) -> list[tuple[str, str]]:
    """Each sign that occurs, and what it means."""
    seen = {sign for case in cases for sign in case.flagged.signals}
    return [(NAMES[sign](), EXPLANATIONS[sign]()) for sign in NAMES if sign in seen]
