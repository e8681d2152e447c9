"""People and organisations as an administrator sees them: who holds which role, switched off and on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from survey_app.services import audit
from survey_app.services.roles import Role
from survey_app.store import accounts as store
from survey_app.store import areas as area_store
from survey_app.tables import Grant, Organisation, User
from survey_app.tables.base import new_id, now

LONGEST_NAME = 100


class LastAdministratorError(Exception):
    """This would leave nobody able to invite people or read the audit trail."""


class NameTakenError(Exception):
    """Another organisation has this name."""


class UnknownAreaError(Exception):
    """No area, or more than one, goes by this; `candidates` are the (code, name, level) it could be."""

    def __init__(self, candidates: tuple[tuple[str, str, str], ...] = ()) -> None:
        super().__init__(", ".join(code for code, _name, _level in candidates))
        self.candidates = candidates


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A grant as shown in a list. `working` is False while its organisation is inactive."""

    grant_id: int
    role: Role
    organisation: str
    area_code: str
    area: str  # the area's name, or its code when the area is not held
    working: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with an account."""

    user_id: str
    name: str
    email: str
    active: bool
    waits_until: datetime | None  # after wrong passwords; None when they can try now
    roles: tuple[HeldRole, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation with how many people hold a role for it."""

    id: int
    name: str
    active: bool
    people: int


def everyone(session: Session) -> list[Person]:
    """Everyone with an account, by name."""
    held = store.all_grants(session)
    areas = area_names(session, (grant.area_code for grant, _ in held))
    by_user: dict[str, list[HeldRole]] = {}
    for grant, organisation in held:
        by_user.setdefault(grant.user_id, []).append(_held(grant, organisation, areas))
    return [_person(user, by_user.get(user.id, [])) for user in store.users(session)]


def person(session: Session, user_id: str) -> Person:
    """One person. Raises LookupError."""
    user = _user(session, user_id)
    held = store.user_grants(session, user_id)
    areas = area_names(session, (grant.area_code for grant, _ in held))
    return _person(user, [_held(grant, organisation, areas) for grant, organisation in held])


def bodies(session: Session) -> list[Body]:
    """Every organisation, active or not, by name."""
    people: dict[int, set[str]] = {}
    for grant, _ in store.all_grants(session):
        people.setdefault(grant.organisation_id, set()).add(grant.user_id)
    return [
        Body(row.id or 0, row.name, row.active, len(people.get(row.id or 0, ())))
        for row in store.organisations(session)
    ]


def area_names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Names of areas by code; a code that is not held stands for itself."""
    wanted = {code for code in codes if code}
    found = area_store.by_codes(session, wanted)
    return {code: found[code].name if code in found else code for code in wanted}


def find_area(session: Session, text: str) -> str:
    """The code of the area with this code or name; "" for nothing, meaning everywhere.

    Raises UnknownAreaError with what it could be, when several areas share the name.
    """
    text = text.strip()
    if not text:
        return ""
    by_code = area_store.by_code(session, text) or area_store.by_code(session, text.upper())
    if by_code is not None:
        return by_code.code
    named = {area.code: (area.code, area.name, area.level) for area in area_store.find_by_name(session, text)}
    if len(named) != 1:
        raise UnknownAreaError(tuple(named.values()))
    return next(iter(named))


def give_role(
    session: Session, *, user_id: str, role: Role, organisation_id: int, area_code: str = "", actor: str
) -> None:
    """Give a role directly, without an invitation: for the command line and the demo."""
    store.add_grant(
        session, user_id=user_id, role=role.value, organisation_id=organisation_id, area_code=area_code
    )
    audit.record(
        session,
        actor,
        "role.give",
        f"user:{user_id}",
        role=role.value,
        organisation=organisation_id,
        area=area_code or None,
    )


def remove_role(session: Session, user_id: str, grant_id: int, *, actor: str) -> None:
    """Take a role away. Raises LookupError, or LastAdministratorError."""
    grant = store.grant(session, grant_id)
    if grant is None or grant.user_id != user_id:
        raise LookupError(grant_id)
    _keep_an_administrator(session, lambda held: held.id == grant_id)
    audit.record(
        session,
        actor,
        "role.remove",
        f"user:{user_id}",
        role=grant.role,
        organisation=grant.organisation_id,
        area=grant.area_code or None,
    )
    store.remove_grant(session, grant)


def deactivate(session: Session, user_id: str, *, actor: str) -> None:
    """Stop someone signing in, and sign them out now. Their history stays.

    Raises LookupError, or LastAdministratorError.
    """
    user = _user(session, user_id)
    _keep_an_administrator(session, lambda held: held.user_id == user_id)
    user.active = False
    user.session_key = new_id()
    audit.record(session, actor, "person.deactivate", f"user:{user_id}")


def reactivate(session: Session, user_id: str, *, actor: str) -> None:
    """Let someone sign in again, with the roles they had. Raises LookupError."""
    user = _user(session, user_id)
    user.active = True
    user.failed_sign_ins, user.locked_until = 0, None
    audit.record(session, actor, "person.reactivate", f"user:{user_id}")


def add_organisation(session: Session, name: str, *, actor: str) -> int:
    """Add an organisation and return its id. Raises NameTakenError, whatever the case of the letters."""
    name = " ".join(name.split())
    if any(row.name.casefold() == name.casefold() for row in store.organisations(session)):
        raise NameTakenError(name)
    made = store.add_organisation(session, name)
    audit.record(session, actor, "organisation.add", f"organisation:{made.id}")
    return made.id or 0


def set_organisation_active(session: Session, organisation_id: int, active: bool, *, actor: str) -> None:
    """Switch an organisation off (its people's roles stop; its history stays) or on again.

    Raises LookupError, or LastAdministratorError.
    """
    organisation = store.organisation(session, organisation_id)
    if organisation is None:
        raise LookupError(organisation_id)
    if not active:
        _keep_an_administrator(session, lambda held: held.organisation_id == organisation_id)
    organisation.active = active
    action = "organisation.reactivate" if active else "organisation.deactivate"
    audit.record(session, actor, action, f"organisation:{organisation_id}")


def _keep_an_administrator(session: Session, goes: Callable[[Grant], bool]) -> None:
    """Refuse what would take the last working administrator's role away."""
    working = store.working_grants(session, Role.ADMINISTRATOR)
    if any(goes(grant) for grant in working) and all(goes(grant) for grant in working):
        raise LastAdministratorError


def _user(session: Session, user_id: str) -> User:
    user = store.user(session, user_id)
    if user is None:
        raise LookupError(user_id)
    return user


def _person(user: User, roles: list[HeldRole]) -> Person:
    waits = user.locked_until if user.locked_until is not None and user.locked_until > now() else None
    return Person(user.id, user.name, user.email, user.active, waits, tuple(roles))


def _held(grant: Grant, organisation: Organisation, areas: dict[str, str]) -> HeldRole:
    return HeldRole(
        grant_id=grant.id or 0,
        role=Role(grant.role),
        organisation=organisation.name,
        area_code=grant.area_code,
        area=areas.get(grant.area_code, ""),
        working=organisation.active,
    )
