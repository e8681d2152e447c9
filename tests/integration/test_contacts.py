"""Contact details stand apart from answers: nothing joins them, a manager downloads and deletes them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import Session, select

from survey_app.db import transaction
from survey_app.services import contacts, fieldwork
from survey_app.services.roles import Role
from survey_app.store import waves
from survey_app.tables import AuditEvent, ContactDetail, metadata
from tests.integration import residents
from tests.integration.conftest import Database
from tests.integration.residents import PAGES, Browser, furnish, running, stored
from tests.integration.web import add_person, browser, office

ASKS = """\
  - code: contact
    title: Results by email
    items:
      - {code: mail, kind: email, purpose: context, text: Where may we send the results?}
      - {code: ring, kind: phone, purpose: context, text: May we ring you?}
"""
GIVEN = {"mail": "Ada.Lovelace@Example.org", "ring": "01245 606 330"}


@pytest.fixture
def app(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    monkeypatch.setattr(residents, "QUESTIONNAIRE", residents.QUESTIONNAIRE + ASKS)
    furnish(database)
    with running(database, tmp_path) as app:
        yield app


def finish(app: Flask) -> Browser:
    someone = Browser.on(app)
    someone.answer(*PAGES, ("contact", GIVEN))
    someone.get("/s/spring/check")
    someone.send({})
    assert someone.path == "/s/spring/receipt"
    return someone


def held(database: Database) -> list[ContactDetail]:
    with Session(database.engine) as session:
        return list(session.exec(select(ContactDetail).order_by(ContactDetail.purpose)))


def test_they_leave_the_answers_when_these_are_sent(app: Flask, database: Database) -> None:
    someone = finish(app)
    assert [(each.purpose, each.value) for each in held(database)] == [
        ("mail", "ada.lovelace@example.org"),
        ("ring", "01245606330"),
    ]
    assert {each.received_on for each in held(database)} == {fieldwork.today()}
    (sent,) = stored(database)
    assert not {"mail", "ring"} & set(sent.answers)
    someone.get("/s/spring/answers")
    assert "Lovelace" not in someone.text


def test_nothing_in_the_table_leads_to_a_response(app: Flask, database: Database) -> None:
    table = metadata.tables["contact_detail"]
    assert {key.column.table.name for key in table.foreign_keys} == {"wave"}
    assert set(table.columns.keys()) == {"id", "wave_id", "purpose", "value", "language", "received_on"}
    finish(app)
    (sent,) = stored(database)
    assert sent.id not in {each.id for each in held(database)}


def test_sending_twice_keeps_one(app: Flask, database: Database) -> None:
    someone = finish(app)
    someone.send({}, "/s/spring/check")
    assert len(held(database)) == 2


def test_who_withdraws_can_have_them_deleted_too(app: Flask, database: Database) -> None:
    someone = finish(app)
    someone.get("/s/spring/withdraw")
    assert "we cannot tell that it is yours" in someone.text
    someone.send({"contact": " ADA.lovelace@example.org "})
    assert [each.purpose for each in held(database)] == ["ring"]
    assert stored(database)[0].status == "withdrawn"


def test_one_withdrawal_deletes_one_contact(app: Flask, database: Database) -> None:
    finish(app)
    other = Browser.on(app)
    other.answer(*PAGES, ("contact", {"mail": "bo@example.org", "ring": ""}))
    other.get("/s/spring/check")
    other.send({})
    other.get("/s/spring/withdraw")
    form = other.page
    other.send({"contact": "bo@example.org"})
    other.page = form
    other.send(
        {"contact": "ada.lovelace@example.org"}, "/s/spring/withdraw"
    )  # not theirs, from a page kept open
    assert [each.value for each in held(database)] == ["ada.lovelace@example.org", "01245606330"]


def test_a_contact_nobody_can_have_is_deleted_nowhere(app: Flask, database: Database) -> None:
    someone = finish(app)
    someone.get("/s/spring/withdraw")
    someone.send({"contact": "ada.lovelace@example.org\x00"})
    assert len(held(database)) == 2
    assert stored(database)[0].status == "withdrawn"


def test_a_manager_downloads_and_deletes_them_on_record(app: Flask, database: Database) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    finish(app)
    organisation, _administrator = office(database)
    with transaction(database.engine) as session:
        mo = add_person(session, "mo@example.org", [(Role.SURVEY_MANAGER, organisation, "")])
    client = browser(app, database, mo)
    page = client.get("/waves/spring/contacts").text
    assert "Where may we send the results?" in page
    assert "lovelace" not in page.lower()
    table = client.post("/waves/spring/contacts/download").get_data(as_text=True)
    assert f"mail,ada.lovelace@example.org,en,{fieldwork.today()}" in table
    assert (
        client.post("/waves/spring/contacts/delete-one", data={"contact": "no@example.org"}).status_code
        == 422
    )
    assert (
        client.post("/waves/spring/contacts/delete-one", data={"contact": "01245 606330"}).status_code == 302
    )
    assert [each.purpose for each in held(database)] == ["mail"]
    assert client.post("/waves/spring/contacts/delete-all").status_code == 422
    assert client.post("/waves/spring/contacts/delete-all", data={"sure": "yes"}).status_code == 302
    assert held(database) == []
    with Session(database.engine) as session:
        events = session.exec(select(AuditEvent).where(AuditEvent.action.startswith("contacts."))).all()
    assert [(e.action, e.actor, e.subject, e.detail) for e in events] == [
        ("contacts.read", mo, "wave:spring", {"count": 2}),
        ("contacts.delete", mo, "wave:spring", {"count": 1}),
        ("contacts.delete", mo, "wave:spring", {"count": 1}),
    ]


def test_a_download_is_no_formula(app: Flask, database: Database) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with transaction(database.engine) as session:
        wave = waves.by_slug(session, "spring")
        for value in ("=cmd@example.org", "+441245606330"):
            session.add(
                ContactDetail(
                    wave_id=wave.id if wave else 0,
                    purpose="mail",
                    value=contacts.written(value),
                    language="en",
                    received_on=fieldwork.today(),
                )
            )
    organisation, _administrator = office(database)
    with transaction(database.engine) as session:
        mo = add_person(session, "mo@example.org", [(Role.SURVEY_MANAGER, organisation, "")])
    table = browser(app, database, mo).post("/waves/spring/contacts/download").get_data(as_text=True)
    assert ",'=cmd@example.org," in table
    assert ",+441245606330," in table
