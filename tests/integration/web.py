"""The web application on a test database, and browsers signed in to it without spending time on passwords."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from survey_app.app import create_app
from survey_app.config import Config
from survey_app.db import transaction
from survey_app.services import people
from survey_app.services.passwords import hash_password
from survey_app.services.roles import Role
from survey_app.store import accounts as store
from tests.integration.conftest import Database

PASSWORD = "kettle under the moon"


def make_app(database: Database, folder: Path, *, csrf: bool = False, **settings: Any) -> Flask:
    """The app as in production, except: no HTTPS, no rate limits, and CSRF tokens only if asked for."""
    given = {"secret_key": "test", "https": False, "testing": True, "languages": ("en", "ur")} | settings
    app = create_app(Config(database_url=database.url, data_folder=folder, **given))
    app.config["WTF_CSRF_ENABLED"] = csrf
    app.extensions["engine"] = database.engine  # the fixture closes it
    return app


def add_person(
    session: Session,
    email: str,
    roles: Iterable[tuple[Role, int, str]] = (),
    *,
    name: str = "",
    password: str | None = None,
) -> str:
    """A person with (role, organisation id, area code) grants. Without a password nobody can sign in."""
    kept = hash_password(password) if password else "-"
    user = store.add_user(session, email=email, name=name or email.partition("@")[0], password_hash=kept)
    for role, organisation_id, area_code in roles:
        people.give_role(
            session,
            user_id=user.id,
            role=role,
            organisation_id=organisation_id,
            area_code=area_code,
            actor="command-line",
        )
    return user.id


def browser(app: Flask, database: Database, user_id: str | None = None, *, idle: float = 0) -> FlaskClient:
    """A browser, signed in as a user if one is given, last used `idle` seconds ago."""
    client = app.test_client()
    if user_id is not None:
        with Session(database.engine) as session:
            user = store.user(session, user_id)
            key = f"{user_id}:{user.session_key if user else ''}"
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = key, True
            cookie["signed_in_at"] = cookie["last_used_at"] = int(time.time() - idle)
    return client


def office(database: Database) -> tuple[int, str]:
    """An organisation and its administrator."""
    with transaction(database.engine) as session:
        organisation_id = people.add_organisation(session, "County Office", actor="command-line")
        return organisation_id, add_person(
            session, "ada@example.org", [(Role.ADMINISTRATOR, organisation_id, "")], name="Ada"
        )


def link_shown(page: str) -> str:
    """The path of the one-time link on a page."""
    found = re.search(r"http://localhost(/(?:invitation|new-password)/[^<\s]+)", page)
    if found is None:
        raise AssertionError("no link on the page")
    return found.group(1)
