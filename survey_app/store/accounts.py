"""Accounts: organisations, users, what each may do, and invitations."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from survey_app.tables import Grant, Invitation, Organisation, User


def organisations(session: Session, *, active_only: bool = False) -> list[Organisation]:
    query = select(Organisation)
    if active_only:
        query = query.where(col(Organisation.active).is_(True))
    return list(session.exec(query.order_by(Organisation.name)))


def organisation(session: Session, organisation_id: int) -> Organisation | None:
    return session.get(Organisation, organisation_id)


def organisation_by_name(session: Session, name: str) -> Organisation | None:
    return session.exec(select(Organisation).where(Organisation.name == name)).first()


def add_organisation(session: Session, name: str) -> Organisation:
    """A new organisation; its id is known afterwards."""
    made = Organisation(name=name)
    session.add(made)
    session.flush()
    return made


def user(session: Session, user_id: str) -> User | None:
    return session.get(User, user_id)


def user_by_email(session: Session, email: str) -> User | None:
    """The user who signs in with this address, whatever its case."""
    if "\0" in email:  # which PostgreSQL does not take, and no address has
        return None
    return session.exec(select(User).where(User.email == email.strip().lower())).first()


def user_for_update(session: Session, user_id: str) -> User | None:
    """The user as stored now, locked until the transaction ends: two wrong passwords count as two."""
    query = select(User).where(User.id == user_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).first()


def users(session: Session) -> list[User]:
    return list(session.exec(select(User).order_by(User.name, User.email)))


def add_user(session: Session, *, email: str, name: str, password_hash: str) -> User:
    """A new user. Raises sqlalchemy.exc.IntegrityError when the address has an account already."""
    made = User(email=email.strip().lower(), name=name, password_hash=password_hash)
    session.add(made)
    session.flush()
    return made


def grants(session: Session, user_id: str) -> list[Grant]:
    """What the user may do, where, and for whom."""
    query = select(Grant).where(Grant.user_id == user_id)
    return list(session.exec(query.order_by(Grant.role, Grant.organisation_id, Grant.area_code)))


def add_grant(
    session: Session, *, user_id: str, role: str, organisation_id: int, area_code: str = ""
) -> Grant:
    """Give the user a role, or return the grant they already hold."""
    query = select(Grant).where(
        Grant.user_id == user_id,
        Grant.role == role,
        Grant.organisation_id == organisation_id,
        Grant.area_code == area_code,
    )
    held = session.exec(query).first()
    if held is not None:
        return held
    made = Grant(user_id=user_id, role=role, organisation_id=organisation_id, area_code=area_code)
    session.add(made)
    session.flush()
    return made


def remove_grant(session: Session, grant: Grant) -> None:
    session.delete(grant)
    session.flush()


def add_invitation(session: Session, invitation: Invitation) -> Invitation:
    session.add(invitation)
    session.flush()
    return invitation


def invitation_by_token(session: Session, token_hash: str) -> Invitation | None:
    """The invitation whose token has this hash, used or not; locked, so that it is not used twice at once."""
    query = select(Invitation).where(Invitation.token_hash == token_hash).with_for_update()
    return session.exec(query).first()


def invitations(session: Session, *, unused_only: bool = True) -> list[Invitation]:
    """Invitations, the latest first."""
    query = select(Invitation)
    if unused_only:
        query = query.where(col(Invitation.used_at).is_(None))
    return list(session.exec(query.order_by(col(Invitation.created_at).desc(), col(Invitation.id).desc())))


def open_invitations(session: Session, moment: datetime) -> list[Invitation]:
    """Invitations neither used nor out of date, the latest first."""
    query = select(Invitation).where(col(Invitation.used_at).is_(None), Invitation.expires_at > moment)
    return list(session.exec(query.order_by(col(Invitation.created_at).desc(), col(Invitation.id).desc())))


def invitation(session: Session, invitation_id: int) -> Invitation | None:
    return session.get(Invitation, invitation_id)


def grant(session: Session, grant_id: int) -> Grant | None:
    return session.get(Grant, grant_id)


def all_grants(session: Session) -> list[tuple[Grant, Organisation]]:
    """Every grant with its organisation, active or not."""
    query = select(Grant, Organisation).join(Organisation, col(Organisation.id) == Grant.organisation_id)
    return list(session.exec(query.order_by(Grant.role, Organisation.name, Grant.area_code)).all())


def user_grants(session: Session, user_id: str) -> list[tuple[Grant, Organisation]]:
    """A user's grants with their organisations, active or not."""
    query = select(Grant, Organisation).join(Organisation, col(Organisation.id) == Grant.organisation_id)
    query = query.where(Grant.user_id == user_id)
    return list(session.exec(query.order_by(Grant.role, Organisation.name, Grant.area_code)).all())


def working_grants(session: Session, role: str) -> list[Grant]:
    """Grants of a role that work now: active user, active organisation. Locked until the transaction ends, so
    that two people cannot take the last ones from each other at once."""
    query = (
        select(Grant)
        .join(User, col(User.id) == Grant.user_id)
        .join(Organisation, col(Organisation.id) == Grant.organisation_id)
        .where(Grant.role == role, col(User.active).is_(True), col(Organisation.active).is_(True))
        .order_by(col(Grant.id))
        .with_for_update()
    )
    return list(session.exec(query))


def user_names(session: Session) -> dict[str, str]:
    """Every user's name by id."""
    return dict(session.exec(select(User.id, User.name)).all())


def organisation_names(session: Session) -> dict[str, str]:
    """Every organisation's name by id, the id as text."""
    return {str(id_): name for id_, name in session.exec(select(Organisation.id, Organisation.name))}
