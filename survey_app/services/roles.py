"""Who may do what: roles, and a signed-in person as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    ADMINISTRATOR = "administrator"  # invites people, reads the audit trail; sees no answers
    SURVEY_MANAGER = "survey-manager"  # runs waves, publishes, reads manager reports
    OUTREACH_WORKER = "outreach-worker"  # opens batches and keys paper forms for an organisation
    ANALYST = "analyst"  # reads results with method and weighting detail
    ALLIANCE_VIEWER = "alliance-viewer"  # reads results for an area

    TRANSLATOR = "translator"  # translates pages and questionnaires, into any language; sees no answers


ALL_ROLES = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held for an organisation, within an area ("" = everywhere the installation covers)."""

    role: Role
    organisation_id: int
    organisation: str
    area_code: str = ""


@dataclass(frozen=True, slots=True)
class Principal:
    """A signed-in person: who they are and every grant they hold in an active organisation."""

    user_id: str
    name: str
    email: str
    session_key: str
    grants: tuple[Grant, ...]

    def has(self, *roles: Role) -> bool:
        return any(grant.role in roles for grant in self.grants)

    def organisations(self, role: Role) -> tuple[int, ...]:
        """Ids of the organisations this person holds `role` for."""
        return tuple(dict.fromkeys(g.organisation_id for g in self.grants if g.role is role))

    def works_for(self, organisation_id: int, *roles: Role) -> bool:
        """Whether any of `roles` is held for that organisation: whose batches may be seen and keyed."""
        return any(g.organisation_id == organisation_id and g.role in roles for g in self.grants)

    def area_codes(self, *roles: Role) -> tuple[str, ...]:
        """Area codes these roles are limited to. Empty when any of them holds everywhere.

        The answer fits `store.areas.covered`. Raises PermissionError when none of the roles is held: empty
        must never be read as "everywhere" for someone who may see nothing.
        """
        codes = tuple(dict.fromkeys(g.area_code for g in self.grants if g.role in roles))
        if not codes:
            raise PermissionError("none of these roles is held")
        return () if "" in codes else codes

    # What Flask-Login asks of a user; no web code is needed to answer it.
    is_active = True
    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        """The user and the session key: changing the key signs the person out everywhere."""
        return f"{self.user_id}:{self.session_key}"
