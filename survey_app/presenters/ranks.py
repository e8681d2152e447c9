"""Between which ranks a place stands. Never one rank where chance could have given another."""

from __future__ import annotations

from flask_babel import gettext as _

from analysis.release import ReleasedArea
from survey_app.presenters import phrases
from survey_app.services.results import ReleaseIndex


def among(index: ReleaseIndex, area: ReleasedArea, indicator: str) -> str:
    """ "Wards from best to worst: between number 3 and number 11 of 25." Empty among too few to rank."""
    found = index.rank(area.code, indicator)
    if found is None:
        return ""
    parts = {
        "level": phrases.level(area.level, many=True),
        "best": phrases.whole(found.lower),
        "worst": phrases.whole(found.upper),
        "count": phrases.whole(found.among),
    }
    if found.lower == found.upper:
        return _("%(level)s from best to worst: number %(best)s of %(count)s.", **parts)
    if (found.lower, found.upper) == (1, found.among):
        return _(
            "%(level)s from best to worst: anywhere from 1 to %(count)s. They differ too little to rank.",
            **parts,
        )
    return _(
        "%(level)s from best to worst: between number %(best)s and number %(worst)s of %(count)s.", **parts
    )
