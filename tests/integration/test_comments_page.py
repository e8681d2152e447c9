"""The pages on which comments are reviewed: what they show, what they never show, and what they refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from survey_app.db import transaction
from survey_app.services.roles import Role
from survey_app.tables import AuditEvent, CommentReview, Organisation, Response
from tests.integration.conftest import Database
from tests.integration.residents import furnish, running
from tests.integration.test_comments import SAFE, TEXT, add_theme, queue, say
from tests.integration.web import add_person, browser, office

PAGE = "/waves/spring/comments"
THEMES = f"{PAGE}/themes"


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Iterator[Flask]:
    furnish(database)
    with running(database, tmp_path) as app:
        app.config["WTF_CSRF_ENABLED"] = False
        yield app


def signed_in(
    app: Flask, database: Database, role: Role = Role.SURVEY_MANAGER, area: str = ""
) -> FlaskClient:
    organisation, _administrator = office(database)
    with transaction(database.engine) as session:
        who = add_person(session, f"{role}@example.org", [(role, organisation, area)])
    return browser(app, database, who)


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


def sent(database: Database, text: str = SAFE, decision: str = "quote", **given: object) -> dict[str, object]:
    key = queue(database).cases[0].key
    return {"item": "comments", "comment": key, "seen": "0", "text": text, "decision": decision, **given}


def test_a_comment_is_shown_marked_and_its_redaction_is_ready(app: Flask, database: Database) -> None:
    say(database, TEXT)
    page = signed_in(app, database).get(PAGE).text
    assert (
        "Ask Jean Example (name?) in Northfield (place?), 01632 960 123 (phone number?), about the buses."
        in words(page)
    )
    assert re.search(rf"<textarea[^>]*>\s*{re.escape(SAFE)}</textarea>", page)
    assert page.count("<mark ") == 3
    assert "1 waits" in words(page)


def test_nothing_else_of_the_person_is_on_the_page(app: Flask, database: Database) -> None:
    (response_id,) = say(database, TEXT, area="W1")
    page = signed_in(app, database).get(PAGE).text
    with Session(database.engine) as session:
        held = session.exec(select(Response)).one()
    told = (response_id, "W1", "St. Mary", "web", "D1", "life_sat", str(held.submitted_at.date()))
    main = page[page.index("<main") : page.index("</main")]
    main = re.sub(r"<input[^>]*csrf_token[^>]*>", "", main)  # a random text may hold any two letters
    assert [each for each in told if each in main] == []


def test_markup_in_a_comment_is_text(app: Flask, database: Database) -> None:
    say(database, "</textarea><script>alert(1)</script> in Northfield")
    page = signed_in(app, database).get(PAGE).text
    assert "<script>" not in page
    assert page.count("</textarea>") == 1


@pytest.mark.parametrize(
    ("language", "direction", "told"), [("ur", "rtl", True), ("pl", "ltr", False), ("en", "auto", False)]
)
def test_other_languages_are_flagged_and_keep_their_own_direction(
    app: Flask, database: Database, language: str, direction: str, told: bool
) -> None:
    say(database, "بسیں دیر سے آتی ہیں" if language == "ur" else "Autobusy", language=language)
    page = signed_in(app, database).get(PAGE).text
    assert f'<blockquote class="said" lang="{language}" dir="{direction}">' in page
    assert re.search(rf'<textarea[^>]* lang="{language}" dir="{direction}"', page)
    assert ("Review this in its own language" in page) == (language != "en")
    assert ("Names cannot be found by capital letters" in page) == told


def test_a_decision_is_kept_and_can_be_changed(app: Flask, database: Database) -> None:
    say(database, TEXT)
    add_theme(database)
    client = signed_in(app, database)
    done = client.post(PAGE, data=sent(database, theme=["buses"]), follow_redirects=True)
    assert "What you decided is kept." in done.text
    assert "0 wait" in words(done.text)
    page = client.get(f"{PAGE}?show=decided").text
    assert re.search(r'value="quote" checked', page)
    assert re.search(r'name="theme" value="buses" checked', page)
    key = re.search(r'name="comment" value="(\w+)"', page)
    changed = {"item": "comments", "comment": key[1] if key else "", "seen": "1", "decision": "not-used"}
    assert client.post(PAGE, data={**changed, "show": "decided"}).status_code == 302
    with Session(database.engine) as session:
        held = session.exec(select(CommentReview)).one()
    assert (held.decision, held.redacted, held.revision) == ("not-used", "", 2)


def test_what_is_refused_says_what_and_where_and_loses_nothing(app: Flask, database: Database) -> None:
    say(database, TEXT)
    add_theme(database)
    client = signed_in(app, database)
    page = client.post(PAGE, data=sent(database, "Ring 01632 960 123, Jean", theme=["buses"]))
    assert page.status_code == 422
    assert "Comment 1 still holds a phone number: “01632 960 123”." in words(page.text)
    assert 'href="#comment-1-text"' in page.text
    assert 'aria-invalid="true"' in page.text
    assert "Ring 01632 960 123, Jean</textarea>" in page.text
    assert 'value="buses" checked' in page.text
    assert "<title>Error:" in page.text
    page = client.post(PAGE, data=sent(database, decision=""))
    assert page.status_code == 422
    assert 'href="#comment-1-decision"' in page.text
    assert client.post(PAGE, data=sent(database, seen="7")).status_code == 422
    assert client.post(PAGE, data={**sent(database), "comment": "none"}).status_code == 422
    assert client.post(PAGE, data=sent(database, theme=["none"])).status_code == 422
    assert client.post(PAGE, data={**sent(database), "item": "life_sat"}).status_code == 404
    assert queue(database).waiting == 1


def test_the_question_is_chosen(app: Flask, database: Database) -> None:
    say(database, "More trees", item="change")
    client = signed_in(app, database)
    assert "More trees" not in client.get(PAGE).text
    page = client.get(f"{PAGE}?item=change").text
    assert "More trees" in page
    assert "What would you change?" in page
    assert client.get(f"{PAGE}?item=life_sat").status_code == 404


def test_a_coding_frame_is_written_on_the_web(app: Flask, database: Database) -> None:
    client = signed_in(app, database)
    added = {"item": "comments", "change": "add", "code": "buses", "title": "Buses"}
    assert client.post(THEMES, data=added).status_code == 302
    again = client.post(THEMES, data=added)
    assert again.status_code == 422
    assert "Another theme has this code." in again.text
    assert 'href="#code"' in again.text
    renamed = {"item": "comments", "change": "rename", "theme": "buses", "title": ""}
    refused = client.post(THEMES, data=renamed)
    assert refused.status_code == 422
    assert 'href="#title-buses"' in refused.text
    assert client.post(THEMES, data={**renamed, "title": "Public transport"}).status_code == 302
    assert "Public transport" in client.get(f"{THEMES}?item=comments").text
    assert "Public transport" not in client.get(f"{THEMES}?item=change").text
    say(database, TEXT)
    client.post(PAGE, data=sent(database, theme=["buses"]))
    removed = {"item": "comments", "change": "remove", "theme": "buses"}
    refused = client.post(THEMES, data=removed)
    assert refused.status_code == 422
    assert "Take it off them first" in refused.text
    assert client.post(THEMES, data={**removed, "theme": "none"}).status_code == 422
    assert client.post(THEMES, data={"item": "comments", "change": "burn"}).status_code == 404


def test_only_managers_of_the_whole_wave_and_on_record(app: Flask, database: Database) -> None:
    say(database, TEXT)
    client = signed_in(app, database)
    assert client.get(PAGE).status_code == 200
    assert PAGE in client.get("/waves/").text
    with transaction(database.engine) as session:
        read = session.exec(select(AuditEvent).where(AuditEvent.action == "comments.read")).one()
        assert (read.subject, read.detail) == ("wave:spring", {})
        organisation = session.exec(select(Organisation)).one()
        part = add_person(session, "part@example.org", [(Role.SURVEY_MANAGER, organisation.id or 0, "D1")])
    other = browser(app, database, part)
    assert other.get(PAGE).status_code == 404
    assert other.post(PAGE, data=sent(database)).status_code == 404
    assert other.get(THEMES).status_code == 404
    assert queue(database).waiting == 1
