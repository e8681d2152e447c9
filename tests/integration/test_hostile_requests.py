"""Requests no browser sends: answered with "no", never with an error of ours, and nothing of them is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from survey_app.db import transaction
from survey_app.services.roles import Role
from tests.integration.conftest import Database
from tests.integration.web import add_person, browser, make_app, office

BEYOND = 2**63  # more than any database's integer


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Flask:
    return make_app(database, tmp_path)


def test_an_address_with_a_null_character_has_no_account(app: Flask) -> None:
    sent = app.test_client().post("/sign-in", data={"email": "a\0@example.org", "password": "x"})
    assert sent.status_code == 200
    assert "We could not sign you in" in sent.get_data(as_text=True)


def test_a_number_no_database_holds_is_no_page(app: Flask, database: Database) -> None:
    organisation, ada = office(database)
    with transaction(database.engine) as session:
        olu = add_person(session, "olu@example.org", [(Role.OUTREACH_WORKER, organisation, "")])
    worker, administrator = browser(app, database, olu), browser(app, database, ada)
    assert worker.get(f"/paper/{BEYOND}/key").status_code == 404
    assert worker.post(f"/paper/{BEYOND}/close").status_code == 404
    assert administrator.post(f"/people/organisations/{BEYOND}/deactivate").status_code == 404


def test_a_wave_with_a_null_character_in_its_name_is_no_page(app: Flask, database: Database) -> None:
    organisation, _ada = office(database)
    with transaction(database.engine) as session:
        mo = add_person(session, "mo@example.org", [(Role.SURVEY_MANAGER, organisation, "")])
    manager = browser(app, database, mo)
    for address in ("/print/a%00b/en", "/s/a%00b", "/waves/a%00b/links", "/waves/a%00b/quality", "/p/a%00b"):
        assert manager.get(address).status_code == 404


def test_a_failed_statement_does_not_say_what_it_was_given(database: Database) -> None:
    with pytest.raises(DBAPIError) as failure, database.engine.connect() as connection:
        connection.execute(text("select * from no_such_table where postcode = :given"), {"given": "CM1 1SN"})
    assert "CM1 1SN" not in str(failure.value)
