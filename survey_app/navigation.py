"""What a signed-in person finds in the header: the sections their roles can open."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from survey_app.access import ACCESS


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the header: where it goes, what it is called, and whether we are there."""

    address: str
    label: object
    current: bool


SECTIONS: tuple[tuple[str, object], ...] = (
    ("results.places", _l("Places")),
    ("results.map", _l("Map")),
    ("paper.batches", _l("Paper forms")),
    ("waves.index", _l("Waves")),
    ("publishing.index", _l("Publishing")),
    ("indicators.index", _l("Indicators")),
    ("questionnaires.index", _l("Questionnaires")),
    ("translating.index", _l("Translations")),
    ("people.index", _l("People")),
    ("audit.index", _l("Audit trail")),
    ("accounts.home", _l("Your account")),
)


def places() -> list[Place]:
    """The header entries for whoever is signed in. Empty for anyone else."""
    if not current_user.is_authenticated:
        return []
    return [
        Place(url_for(endpoint), label, request.endpoint == endpoint)
        for endpoint, label in SECTIONS
        if endpoint in current_app.view_functions and current_user.has(*ACCESS[endpoint])
    ]
