"""With their code a resident sees, downloads and takes back their answers, until the day they were told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from flask import Flask
from sqlmodel import Session, select

from survey_app.db import transaction
from survey_app.presenters import answers_pdf
from survey_app.services import fieldwork
from survey_app.store import releases, waves
from survey_app.tables import AuditEvent
from tests.integration.conftest import Database
from tests.integration.residents import Browser, change_wave, furnish, running, stored


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Iterator[Flask]:
    furnish(database, results_on=fieldwork.today() + timedelta(days=10))
    with running(database, tmp_path) as app:
        yield app


@pytest.fixture
def resident(app: Flask) -> Browser:
    """Someone who has sent everything."""
    browser = Browser.on(app)
    assert browser.finish()
    return browser


def elsewhere(app: Flask, code: str) -> Browser:
    """Another browser, in which the code is typed at /receipt."""
    other = Browser.on(app)
    other.get("/receipt")
    other.send({"code": code.lower().replace("-", " ")})
    return other


def test_the_day_is_said_before_and_after(app: Flask) -> None:
    day = fieldwork.today() + timedelta(days=10)
    browser = Browser.on(app)
    browser.get("/s/spring")
    assert f"{day.day} {day:%B %Y}" in browser.text
    browser.finish()
    assert f"{day.day} {day:%B %Y}" in browser.text
    assert "/s/spring/answers" in browser.text


def test_a_code_shows_the_answers_on_another_device(app: Flask, resident: Browser) -> None:
    other = elsewhere(app, resident.code)
    assert other.path == "/s/spring/answers"
    for said in ("How satisfied are you?", "Read", "Walk", "Buses", "Northfield 001A"):
        assert said in other.text
    assert "NF1" not in other.text  # the postcode was not kept
    assert "Is your job secure?" not in other.text  # never asked


def test_a_wrong_code_is_told_nothing(app: Flask, resident: Browser) -> None:
    other = elsewhere(app, "3333-3333-3333")
    assert other.page is not None
    assert other.page.status_code == 422
    assert "We could not find answers with that code" in other.text
    other.get("/s/spring/answers")
    assert other.path == "/receipt"


def test_a_draft_is_carried_on_with(app: Flask) -> None:
    browser = Browser.on(app)
    browser.answer(("consent", {"agree": "1", "research": "2"}))
    browser.get("/s/spring/later")
    assert elsewhere(app, browser.code).path == "/s/spring/q/place"


def test_the_pdf_is_tagged_and_says_what_the_page_says(resident: Browser) -> None:
    resident.get("/s/spring/answers.pdf")
    assert resident.page is not None
    made = resident.page.get_data()
    with pikepdf.open(BytesIO(made)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang).startswith("en")
        assert "/StructTreeRoot" in document.Root
        assert document.Root.ViewerPreferences.DisplayDocTitle
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "Your answers"
    text = pypdfium2.PdfDocument(made)[0].get_textpage().get_text_range()
    for said in ("Your answers", "How satisfied are you?", "Buses", "Your area: Northfield 001A"):
        assert said in text


def test_a_language_without_a_font_here_offers_no_pdf(
    resident: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers_pdf, "_installed", lambda: frozenset({"Noto Sans"}))
    resident.get("/s/spring/answers?lang=ur")
    assert "answers.pdf" not in resident.text
    assert resident.get("/s/spring/answers.pdf").status_code == 404
    resident.get("/s/spring/answers?lang=en")
    assert "answers.pdf" in resident.text


def test_taking_answers_back_erases_them_at_once(app: Flask, database: Database, resident: Browser) -> None:
    code = resident.code
    resident.get("/s/spring/withdraw")
    assert "deleted at once" in resident.text
    form = resident.token()
    resident.send({})
    assert "These answers have been removed" in resident.text
    today = fieldwork.today()
    assert f"{today.day} {today:%B %Y}" in resident.text
    (kept,) = stored(database)
    assert (kept.status, kept.answers, kept.cell, kept.paradata) == ("withdrawn", {}, {}, {})
    assert (kept.area_code, kept.postcode, kept.channel) == (None, None, "open")
    again = elsewhere(app, code)
    assert "These answers have been removed" in again.text
    again.get("/s/spring/withdraw")
    assert again.path == "/s/spring/answers"
    resident.send({"csrf_token": form}, "/s/spring/withdraw")
    assert "These answers have been removed" in resident.text
    again.get("/s/spring/answers.pdf")
    assert again.path == "/s/spring/answers"
    with Session(database.engine) as session:
        (event,) = session.exec(select(AuditEvent).where(AuditEvent.action == "response.withdraw"))
        assert (event.actor, event.subject) == ("resident", f"response:{kept.id}")
        assert event.detail == {"was": "submitted"}
        trail = " ".join(f"{e.subject} {e.detail}" for e in session.exec(select(AuditEvent)))
    assert code not in trail
    assert "Buses" not in trail


@pytest.mark.parametrize(("days", "possible"), [(0, True), (-1, False)])
def test_until_the_end_of_the_day(database: Database, resident: Browser, days: int, possible: bool) -> None:
    change_wave(database, results_on=fieldwork.today() + timedelta(days=days))
    resident.get("/s/spring/answers")
    form = resident.token()
    assert ("Take my answers back" in resident.text) == possible
    resident.get("/s/spring/withdraw")
    assert ("Take your answers back?" in resident.text) == possible
    assert ("can no longer be taken back" in resident.text) != possible
    sent = resident.send({"csrf_token": form}, "/s/spring/withdraw")
    assert sent.status_code == (200 if possible else 409)
    assert stored(database)[0].status == ("withdrawn" if possible else "submitted")


def test_without_a_day_until_a_release_counts_them(app: Flask, database: Database, resident: Browser) -> None:
    change_wave(database, results_on=None)

    def publish(number: int) -> None:
        with transaction(database.engine) as session:
            wave = waves.by_slug(session, "spring")
            releases.add(
                session,
                wave_id=wave.id if wave else 0,
                number=number,
                digest="0" * 64,
                document="{}",
                bases="{}",
                published_by="test",
            )

    resident.get("/s/spring/withdraw")
    assert "Take your answers back?" in resident.text
    publish(1)
    resident.get("/s/spring/withdraw")
    assert "Results that count them have come out" in resident.text
    later = Browser.on(app)
    later.finish()  # after the release, so it does not count these
    later.get("/s/spring/withdraw")
    assert "Take your answers back?" in later.text


def test_it_works_after_the_wave_has_closed(app: Flask, database: Database, resident: Browser) -> None:
    change_wave(database, status="closed")
    other = elsewhere(app, resident.code)
    assert other.path == "/s/spring/answers"
    other.get("/s/spring/withdraw")
    other.send({})
    assert stored(database)[0].status == "withdrawn"


def test_tries_are_limited(database: Database, tmp_path: Path) -> None:
    furnish(database)
    with running(database, tmp_path, testing=False, sign_in_limit="2 per minute") as app:
        browser = Browser.on(app)
        browser.get("/receipt")
        token = browser.token()
        answers = [
            browser.send({"code": "3333-3333-3333", "csrf_token": token}, "/receipt").status_code
            for _ in range(4)
        ]
    assert answers == [422, 422, 429, 429]


def test_the_code_is_only_in_the_fragment_of_its_link(app: Flask) -> None:
    """Whoever reads a log or a Referer header must not find it: it never leaves the browser as an address."""
    browser = Browser.on(app)
    browser.answer(("consent", {"agree": "1", "research": "2"}))
    browser.get("/s/spring/later")
    assert browser.code
    assert 'src="data:image/svg+xml' in browser.text
    assert not re.search(rf'(href|action|src)="[^"#]*{browser.code}', browser.text)
