"""Invitations: a one-time link, passed on by hand, that makes an account or adds a role to one.

No e-mail is sent: an administrator copies the link, which is shown once. Only its token's hash is kept.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from survey_app.services import accounts, audit
from survey_app.services.accounts import LinkUsedError
from survey_app.services.roles import Principal, Role
from survey_app.store import accounts as store
from survey_app.tables import Invitation
from survey_app.tables.base import now

LASTS = timedelta(days=7)


class InactiveOrganisationError(Exception):
    """The organisation is unknown or no longer active: nobody can be invited to it."""


class OtherPersonError(Exception):
    """The invitation is for another address than the signed-in person's."""


class AccountExistsError(Exception):
    """The address has an account already: its owner accepts after signing in."""


@dataclass(frozen=True, slots=True)
class Invited:
    """A new invitation. The token is not kept: this is the only time it is known."""

    token: str
    email: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """What an invitation offers, to whom; `has_account` when the address can sign in already."""

    id: int
    email: str
    role: Role
    organisation_id: int
    organisation: str
    area_code: str
    invited_by: str
    expires_at: datetime
    has_account: bool = False


def invite(
    session: Session, *, email: str, role: Role, organisation_id: int, area_code: str = "", actor: str
) -> Invited:
    """Invite someone. An earlier invitation to the same is withdrawn: only the latest link works.

    `actor`: a user id or "command-line". Raises InactiveOrganisationError.
    """
    organisation = store.organisation(session, organisation_id)
    if organisation is None or not organisation.active:
        raise InactiveOrganisationError(organisation_id)
    moment, address = now(), email.strip().lower()
    for earlier in store.open_invitations(session, moment):
        if (earlier.email, earlier.role, earlier.organisation_id, earlier.area_code) == (
            address,
            role,
            organisation_id,
            area_code,
        ):
            earlier.expires_at = moment
    token = secrets.token_urlsafe(32)
    made = store.add_invitation(
        session,
        Invitation(
            token_hash=_hash(token),
            email=address,
            role=role,
            organisation_id=organisation_id,
            area_code=area_code,
            invited_by=actor if store.user(session, actor) else None,
            expires_at=moment + LASTS,
        ),
    )
    audit.record(
        session,
        actor,
        "invitation.make",
        f"invitation:{made.id}",
        role=role.value,
        organisation=organisation_id,
        area=area_code or None,
    )
    return Invited(token, address, made.expires_at)


def offer(session: Session, token: str) -> Offer:
    """What this link offers. Raises LinkUsedError when it is unknown, used, withdrawn or out of date."""
    return _offer(session, _usable(session, token))


def waiting(session: Session) -> list[Offer]:
    """Invitations not yet taken up, the latest first."""
    return [_offer(session, row) for row in store.open_invitations(session, now())]


def accept_as_new(
    session: Session, token: str, *, name: str, password: str, site_name: str = ""
) -> Principal:
    """Make the account and give it the role.

    Raises LinkUsedError, AccountExistsError or accounts.PasswordRefusedError.
    """
    row = _usable(session, token)
    if store.user_by_email(session, row.email) is not None:
        raise AccountExistsError
    user = accounts.add_user(session, email=row.email, name=name, password=password, site_name=site_name)
    _take_up(session, row, user.id)
    return accounts.principal(session, user)


def accept_as(session: Session, token: str, user_id: str) -> None:
    """Give the role to someone who has an account. Raises LinkUsedError or OtherPersonError."""
    row = _usable(session, token)
    user = store.user(session, user_id)
    if user is None or user.email != row.email:
        raise OtherPersonError
    _take_up(session, row, user.id)


def revoke(session: Session, invitation_id: int, *, actor: str) -> None:
    """Withdraw an invitation: its link stops working. Raises LookupError when there is none waiting."""
    row = store.invitation(session, invitation_id)
    if row is None or row.used_at is not None:
        raise LookupError(invitation_id)
    row.expires_at = min(row.expires_at, now())
    audit.record(session, actor, "invitation.revoke", f"invitation:{invitation_id}")


def _usable(session: Session, token: str) -> Invitation:
    row = store.invitation_by_token(session, _hash(token))
    if row is None or row.used_at is not None or row.expires_at <= now():
        raise LinkUsedError
    organisation = store.organisation(session, row.organisation_id)
    if organisation is None or not organisation.active:
        raise LinkUsedError
    return row


def _take_up(session: Session, row: Invitation, user_id: str) -> None:
    row.used_at = now()
    store.add_grant(
        session, user_id=user_id, role=row.role, organisation_id=row.organisation_id, area_code=row.area_code
    )
    audit.record(session, user_id, "invitation.accept", f"invitation:{row.id}")
    audit.record(
        session,
        user_id,
        "role.give",
        f"user:{user_id}",
        role=row.role,
        organisation=row.organisation_id,
        area=row.area_code or None,
    )


def _offer(session: Session, row: Invitation) -> Offer:
    organisation = store.organisation(session, row.organisation_id)
    inviter = store.user(session, row.invited_by) if row.invited_by else None
    return Offer(
        id=row.id or 0,
        email=row.email,
        role=Role(row.role),
        organisation_id=row.organisation_id,
        organisation=organisation.name if organisation else "",
        area_code=row.area_code,
        invited_by=inviter.name if inviter else "",
        expires_at=row.expires_at,
        has_account=store.user_by_email(session, row.email) is not None,
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
