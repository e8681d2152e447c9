"""Signing in: passwords tried, waits after wrong ones, and a signed-in person as plain data."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlmodel import Session

from survey_app.services import audit, passwords
from survey_app.services.passwords import PasswordProblem
from survey_app.services.roles import Grant, Principal, Role
from survey_app.store import accounts as store
from survey_app.tables import User
from survey_app.tables.base import new_id, now

WRONG_TRIES_ALLOWED = 4  # the fifth wrong password in a row starts the first wait
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=30)
NEW_PASSWORD_LINK_LASTS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class PasswordLink:
    """A token that lets someone choose a new password once."""

    token: str
    expires_at: datetime


class PasswordRefusedError(Exception):
    """A new password cannot be taken; `problem` says why."""

    def __init__(self, problem: PasswordProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class WrongPasswordError(Exception):
    """The present password was not given correctly."""


class LinkUsedError(Exception):
    """A one-time link is unknown, used, withdrawn or out of date."""


def wait_after(wrong_tries: int) -> timedelta:
    """How long to wait after so many wrong passwords in a row: none, then 1 minute doubling up to 30."""
    over = wrong_tries - WRONG_TRIES_ALLOWED
    if over <= 0:
        return timedelta(0)
    return min(FIRST_WAIT * 2 ** min(over - 1, 10), LONGEST_WAIT)


def sign_in(
    session: Session, email: str, password: str, *, moment: datetime | None = None
) -> Principal | None:
    """The person, if the address and password are right and no wait is running; else None.

    None never says which of these it was. Must come first in the session's transaction: it ends that
    transaction, so that the slow check of a password holds no lock on the database. Whether a wait is running
    is decided afterwards under the lock, so tries sent side by side gain nothing.
    """
    moment = moment or now()
    known = store.user_by_email(session, email)
    found = (known.id, known.password_hash, known.session_key) if known and known.active else None
    session.rollback()
    matched = passwords.verify(found[1] if found else None, password)
    user = store.user_for_update(session, found[0]) if found else None
    if user is None or not user.active:
        audit.record(session, "visitor", "sign-in.fail")
        return None
    if user.locked_until is not None and user.locked_until > moment:
        audit.record(session, "visitor", "sign-in.refuse", f"user:{user.id}")
        return None
    if not matched or found is None or user.session_key != found[2]:
        _count_wrong_try(session, user, moment)
        return None
    user.failed_sign_ins, user.locked_until = 0, None
    if passwords.needs_rehash(user.password_hash):
        user.password_hash = passwords.hash_password(password)
    audit.record(session, user.id, "sign-in.done")
    return principal(session, user)


def _count_wrong_try(session: Session, user: User, moment: datetime) -> None:
    user.failed_sign_ins += 1
    audit.record(session, "visitor", "sign-in.fail", f"user:{user.id}")
    wait = wait_after(user.failed_sign_ins)
    if wait:
        user.locked_until = moment + wait
        minutes = int(wait.total_seconds() // 60)
        audit.record(session, "visitor", "sign-in.lock", f"user:{user.id}", minutes=minutes)


def load_principal(session: Session, key: str) -> Principal | None:
    """The person behind a session's key (`Principal.get_id`), or None when it no longer holds."""
    user_id, _, session_key = key.partition(":")
    user = store.user(session, user_id)
    if user is None or not user.active or not hmac.compare_digest(user.session_key, session_key):
        return None
    return principal(session, user)


def principal(session: Session, user: User) -> Principal:
    """A user as plain data, with the grants that work: those in active organisations."""
    held = store.user_grants(session, user.id)
    return Principal(
        user_id=user.id,
        name=user.name,
        email=user.email,
        session_key=user.session_key,
        grants=tuple(
            Grant(Role(grant.role), grant.organisation_id, organisation.name, grant.area_code)
            for grant, organisation in held
            if organisation.active
        ),
    )


def add_user(session: Session, *, email: str, name: str, password: str, site_name: str = "") -> User:
    """A new person who signs in with this password. No roles yet.

    Raises PasswordRefusedError, and sqlalchemy.exc.IntegrityError when the address has an account.
    """
    check_new_password(password, email, name, site_name)
    password_hash = passwords.hash_password(password)
    return store.add_user(session, email=email, name=name.strip(), password_hash=password_hash)


def change_password(
    session: Session, user_id: str, *, present: str, new: str, site_name: str = ""
) -> Principal:
    """Change a password and sign the person out everywhere else.

    The principal returned carries the new session key. Raises WrongPasswordError or PasswordRefusedError.
    """
    user = _known(session, user_id)
    if not passwords.verify(user.password_hash, present):
        audit.record(session, user_id, "password.refuse")
        raise WrongPasswordError
    _set_password(session, user, new, site_name, actor=user_id)
    return principal(session, user)


def sign_out_everywhere(session: Session, user_id: str) -> None:
    """End every session of this person, on every device."""
    _known(session, user_id).session_key = new_id()
    audit.record(session, user_id, "sign-out.everywhere")


def new_password_link(session: Session, user_id: str, *, secret_key: str, actor: str) -> PasswordLink:
    """A token for a link that lets the person choose a new password, once, within 24 hours.

    Nothing is stored: the token is signed together with a fingerprint of the present password and session
    key, so using it, or any change of password, ends it (the method of Django's PasswordResetTokenGenerator).
    Raises LookupError for someone unknown or deactivated.
    """
    user = store.user(session, user_id)
    if user is None or not user.active:
        raise LookupError(user_id)
    audit.record(session, actor, "password.link", f"user:{user_id}")
    token = _signer(secret_key).dumps([user.id, _fingerprint(user)])
    return PasswordLink(token, now() + NEW_PASSWORD_LINK_LASTS)


def who_may_choose(session: Session, token: str, *, secret_key: str) -> User:
    """The person a new-password token is for. Raises LinkUsedError."""
    try:
        user_id, fingerprint = _signer(secret_key).loads(
            token, max_age=int(NEW_PASSWORD_LINK_LASTS.total_seconds())
        )
    except (BadSignature, ValueError, TypeError):
        raise LinkUsedError from None
    user = store.user_for_update(session, user_id)
    if user is None or not user.active or not hmac.compare_digest(_fingerprint(user), fingerprint):
        raise LinkUsedError
    return user


def choose_password(
    session: Session, token: str, password: str, *, secret_key: str, site_name: str = ""
) -> Principal:
    """Set a new password through a link. Raises LinkUsedError or PasswordRefusedError."""
    user = who_may_choose(session, token, secret_key=secret_key)
    _set_password(session, user, password, site_name, actor=user.id)
    return principal(session, user)


def check_new_password(password: str, email: str, name: str, site_name: str) -> None:
    """Raises PasswordRefusedError when it is too short, too long or too easy to guess."""
    problem = passwords.problem(password, about=(email, name, site_name))
    if problem is not None:
        raise PasswordRefusedError(problem)


def _set_password(session: Session, user: User, password: str, site_name: str, *, actor: str) -> None:
    check_new_password(password, user.email, user.name, site_name)
    user.password_hash = passwords.hash_password(password)
    user.session_key = new_id()
    user.failed_sign_ins, user.locked_until = 0, None
    audit.record(session, actor, "password.change", f"user:{user.id}")


def _known(session: Session, user_id: str) -> User:
    user = store.user_for_update(session, user_id)
    if user is None:
        raise LookupError(user_id)
    return user


def _signer(secret_key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key, salt="new-password")


def _fingerprint(user: User) -> str:
    return hashlib.sha256(f"{user.password_hash}:{user.session_key}".encode()).hexdigest()[:32]
