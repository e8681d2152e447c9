"""People who sign in: organisations, users, what each may do, and invitations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from survey_app.tables.base import UTCDateTime, new_id, now


class Organisation(SQLModel, table=True):
    """A council, NHS body or charity. Deactivated, never deleted: its history stays."""

    __tablename__ = "organisation"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    active: bool = True


class User(SQLModel, table=True):
    """Someone with a sign-in. `session_key` changes to sign them out everywhere."""

    __tablename__ = "user_account"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    email: str = Field(unique=True, max_length=254)  # lower case
    name: str
    password_hash: str
    session_key: str = Field(default_factory=new_id, max_length=36)
    active: bool = True
    failed_sign_ins: int = 0
    locked_until: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))
    created_at: datetime = Field(default_factory=now, sa_column=Column(UTCDateTime, nullable=False))


class Grant(SQLModel, table=True):
    """A role a user holds, for an organisation, and within an area where one is named."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("user_id", "role", "organisation_id", "area_code"),)

    id: int | None = Field(default=None, primary_key=True)
    user_id: str = Field(foreign_key="user_account.id", index=True)
    role: str = Field(max_length=32)  # a value of services.access.Role
    organisation_id: int = Field(foreign_key="organisation.id")
    area_code: str = Field(default="", max_length=64)  # "" = everywhere the installation covers


class Invitation(SQLModel, table=True):
    """A one-time link to make an account. Only the token's hash is kept."""

    __tablename__ = "invitation"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True, max_length=64)
    email: str = Field(max_length=254)
    role: str = Field(max_length=32)
    organisation_id: int = Field(foreign_key="organisation.id")
    area_code: str = Field(default="", max_length=64)
    invited_by: str | None = Field(default=None, foreign_key="user_account.id")
    created_at: datetime = Field(default_factory=now, sa_column=Column(UTCDateTime, nullable=False))
    expires_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    used_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))
