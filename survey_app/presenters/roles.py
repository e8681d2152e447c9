"""Roles in words, and where each one starts."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from survey_app.services.roles import Role


@dataclass(frozen=True, slots=True)
class RoleWords:
    """What a role is called, what its holder can do, and the endpoints where they do it, with link texts."""

    name: object
    can_do: object
    starts: tuple[tuple[str, object], ...]


ROLE_WORDS: dict[Role, RoleWords] = {
    Role.OUTREACH_WORKER: RoleWords(
        _l("Outreach worker"),
        _l("You open batches of paper forms and key them for your organisation."),
        (("paper.batches", _l("Paper forms")),),
    ),
    Role.ALLIANCE_VIEWER: RoleWords(
        _l("Alliance viewer"),
        _l("You read results for neighbourhoods: scorecards and the map."),
        (("results.places", _l("Places")), ("results.map", _l("Map"))),
    ),
    Role.ANALYST: RoleWords(
        _l("Analyst"),
        _l("You read results with the detail of how they were worked out."),
        (("results.places", _l("Places")), ("results.map", _l("Map"))),
    ),
    Role.SURVEY_MANAGER: RoleWords(
        _l("Survey manager"),
        _l("You run surveys: open and close waves, watch who is missing, and publish."),
        (
            ("waves.index", _l("Waves")),
            ("results.places", _l("Places")),
            ("results.map", _l("Map")),
            ("translating.index", _l("Translations")),
        ),
    ),
    Role.TRANSLATOR: RoleWords(
        _l("Translator"),
        _l("You translate questionnaires and the words of the pages, and review translations."),
        (("translating.index", _l("Translations")),),
    ),
    Role.ADMINISTRATOR: RoleWords(
        _l("Administrator"),
        _l("You invite people, look after organisations and read the audit trail. You see no answers."),
        (("people.index", _l("People")), ("audit.index", _l("Audit trail"))),
    ),
}


def role_name(role: Role | str) -> object:
    """What a role is called."""
    return ROLE_WORDS[Role(role)].name
