"""The audit trail: what it shows, what it refuses to hold, and that reading leaves a mark."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import Session

from survey_app.db import transaction
from survey_app.presenters.audit import ACTIONS
from survey_app.reading_trail import note_read
from survey_app.services import audit
from survey_app.services.audit import PAGE_LENGTH
from survey_app.store import audit as store
from tests.integration.conftest import Database
from tests.integration.samples import place_tree
from tests.integration.web import browser, make_app, office


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Flask:
    return make_app(database, tmp_path)


def actions(database: Database) -> list[str]:
    with Session(database.engine) as session:
        return [row.action for row in store.events(session, limit=1000)]


def test_who_did_what_in_words(app: Flask, database: Database) -> None:
    organisation_id, ada = office(database)
    client = browser(app, database, ada)
    client.post(
        "/people/invite",
        data={"email": "bo@example.org", "role": "analyst", "organisation": organisation_id, "area": ""},
    )
    page = client.get("/audit").text
    assert "Ada" in page
    assert "Invited someone" in page
    assert "Analyst" in page
    assert "County Office" in page
    assert "bo@example.org" not in page
    assert ada not in page


def test_areas_are_shown_by_name(app: Flask, database: Database) -> None:
    _, ada = office(database)
    with transaction(database.engine) as session:
        place_tree(session)
        audit.record(session, ada, "results.read", "area:W2")
        audit.record(session, ada, "invitation.make", "invitation:1", area="A1")
    page = browser(app, database, ada).get("/audit").text
    assert "Leigh-on-Sea (W2)" in page
    assert "North &amp; East (A1)" in page


def test_one_action_at_a_time(app: Flask, database: Database) -> None:
    _, ada = office(database)
    page = browser(app, database, ada).get("/audit?action=organisation.add").text
    rows = page[page.index("<tbody>") :]
    assert "Added an organisation" in rows
    assert "Role given" not in rows
    assert "Nothing here yet" in browser(app, database, ada).get("/audit?action=no.such").text


def test_page_after_page_shows_each_event_once(app: Flask, database: Database) -> None:
    _, ada = office(database)
    with transaction(database.engine) as session:
        for number in range(PAGE_LENGTH * 2 + 1):
            audit.record(session, "resident", "response.submit", f"response:{number}")
    seen: list[str] = []
    with Session(database.engine) as session:
        page = audit.page(session, action="response.submit")
        seen += [event.subject for event in page.events]
        while page.before is not None:
            page = audit.page(session, action="response.submit", before=page.before)
            seen += [event.subject for event in page.events]
    assert seen == [str(number) for number in reversed(range(PAGE_LENGTH * 2 + 1))]
    first = browser(app, database, ada).get("/audit?action=response.submit").text
    assert "Older" in first
    assert "Newest" not in first


@pytest.mark.parametrize("detail", ["bo@example.org", "I feel lonely since my husband died. " * 3])
def test_content_is_refused(database: Database, detail: str) -> None:
    with Session(database.engine) as session, pytest.raises(ValueError, match="never content"):
        audit.record(session, "resident", "response.submit", note=detail)


def test_an_action_without_words_is_still_shown(app: Flask, database: Database) -> None:
    _, ada = office(database)
    with transaction(database.engine) as session:
        audit.record(session, "command-line", "areas.import", "file", rows=720)
    page = browser(app, database, ada).get("/audit").text
    assert "areas.import" in page
    assert "areas.import" not in ACTIONS
    assert "720" in page


def test_reading_is_noted_once_an_hour_for_each_thing(app: Flask, database: Database) -> None:
    _, ada = office(database)
    client = browser(app, database, ada)
    for _ in range(3):
        client.get("/audit")
    assert actions(database).count("audit.read") == 1


def test_reading_is_noted_only_if_the_page_was_shown_and_to_someone(app: Flask, database: Database) -> None:
    _, ada = office(database)
    with app.test_request_context("/"):
        note_read("results.read", "area:A1")  # nobody is signed in
        app.process_response(app.response_class("page"))
    client = browser(app, database, ada)
    app.view_functions["audit.index"] = lambda: (note_read("results.read", "area:A1"), ("no", 404))[1]
    assert client.get("/audit").status_code == 404
    assert "results.read" not in actions(database)
    app.view_functions["audit.index"] = lambda: (note_read("results.read", "area:A1"), "yes")[1]
    assert client.get("/audit").status_code == 200
    assert actions(database).count("results.read") == 1
