"""Nothing is lost, doubled or let in: two tabs, repeated and simultaneous sends, closing, hostile input."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select

from survey_app.services import fieldwork
from survey_app.tables import AuditEvent
from tests.integration.conftest import Database
from tests.integration.residents import (
    ABOUT,
    CONSENT,
    LIFE,
    PAGES,
    PLACE,
    Browser,
    change_wave,
    furnish,
    running,
    stored,
)


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Iterator[Flask]:
    furnish(database)
    with running(database, tmp_path) as app:
        yield app


@pytest.fixture
def resident(app: Flask) -> Browser:
    return Browser.on(app)


def at_once(works: list[Callable[[], Any]]) -> list[Any]:
    """Run every piece of work in a thread of its own, all starting together."""
    barrier = threading.Barrier(len(works))

    def started(work: Callable[[], Any]) -> Any:
        barrier.wait(timeout=30)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(started, works))


def test_two_tabs_sending_different_pages_at_once_lose_nothing(app: Flask, database: Database) -> None:
    for _round in range(5):
        first = Browser.on(app)
        first.answer(("consent", CONSENT), ("place", PLACE))
        second = first.twin(app)
        first.get("/s/spring/q/life")
        second.get("/s/spring/q/about")
        at_once([lambda first=first: first.send(LIFE), lambda second=second: second.send(ABOUT)])
        response = stored(database)[-1]
        assert response.answers["life_sat"] == 0
        assert response.answers["change"] == "Buses"
        assert response.postcode == "NF11AA"


def test_twenty_sends_at_once_submit_once_with_one_receipt(app: Flask, database: Database) -> None:
    resident = Browser.on(app)
    resident.answer(*PAGES)
    tabs = [resident.twin(app) for _ in range(20)]
    for tab in tabs:
        tab.get("/s/spring/check")
    pages = at_once([lambda tab=tab: tab.send({}) for tab in tabs])
    assert {page.status_code for page in pages} == {200}
    assert {tab.path for tab in tabs} == {"/s/spring/receipt"}
    assert len({tab.code for tab in tabs}) == 1
    (response,) = stored(database)
    assert (response.status, response.sequence) == ("submitted", 1)
    with Session(database.engine) as session:
        assert len(session.exec(select(AuditEvent)).all()) == 1


def test_consent_sent_many_times_at_once_starts_one_response(app: Flask, database: Database) -> None:
    resident = Browser.on(app)
    resident.get("/s/spring/q/consent")
    tabs = [resident.twin(app) for _ in range(8)]
    for tab in tabs:
        tab.get("/s/spring/q/consent")
    pages = at_once([lambda tab=tab: tab.send(CONSENT) for tab in tabs])
    assert {page.status_code for page in pages} == {200}
    assert len(stored(database)) == 1


def test_many_residents_at_once_are_each_counted_once(app: Flask, database: Database) -> None:
    residents = [Browser.on(app) for _ in range(8)]
    codes = at_once([resident.finish for resident in residents])
    assert len(set(codes)) == 8
    assert sorted(response.sequence for response in stored(database)) == list(range(1, 9))


def test_a_page_sent_again_after_submission_changes_nothing(resident: Browser, database: Database) -> None:
    resident.answer(*PAGES)
    resident.get("/s/spring/q/life")
    stale = resident.page
    resident.get("/s/spring/check")
    check = resident.page
    resident.send({})
    code, before = resident.code, stored(database)[0]
    resident.page = stale
    resident.send({**LIFE, "life_sat": "10"})
    assert (resident.path, resident.code) == ("/s/spring/receipt", code)
    resident.page = check
    resident.send({})
    assert (resident.path, resident.code) == ("/s/spring/receipt", code)
    resident.get("/s/spring/receipt")  # refreshed
    assert resident.code == code
    after = stored(database)[0]
    assert (after.answers, after.revision, after.submitted_at) == (
        before.answers,
        before.revision,
        before.submitted_at,
    )


def test_a_wave_that_closes_meanwhile_refuses_kindly_and_says_why(
    resident: Browser, database: Database
) -> None:
    resident.answer(*PAGES)
    resident.get("/s/spring/check")
    form = resident.page
    change_wave(database, closes_on=fieldwork.today() - timedelta(days=1))
    page = resident.send({})
    assert page.status_code == 409
    assert "This survey has closed" in resident.text
    assert "had not been sent" in resident.text
    assert stored(database)[0].status == "draft"
    resident.page = form
    assert resident.send({**LIFE, "safe": "3"}, "/s/spring/q/life").status_code == 409
    assert stored(database)[0].answers["safe"] == 2
    assert "This survey has closed" in resident.get("/s/spring").text


def test_a_receipt_outlives_the_wave(app: Flask, resident: Browser, database: Database) -> None:
    code = resident.finish()
    change_wave(database, status="closed")
    resident.get("/s/spring/receipt")
    assert resident.code == code
    elsewhere = Browser.on(app)
    elsewhere.get("/resume")
    elsewhere.send({"code": code})
    assert (elsewhere.path, elsewhere.code) == ("/s/spring/receipt", code)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"status": "closed"}, "This survey has closed"),
        ({"status": "draft"}, "This survey is not open yet"),
        ({"opens_on": fieldwork.today() + timedelta(days=1)}, "This survey is not open yet"),
    ],
)
def test_a_wave_that_is_not_open_says_so(
    resident: Browser, database: Database, given: dict[str, object], words: str
) -> None:
    change_wave(database, **given)
    for address in ("/s/spring", "/s/spring/q/consent", "/s/spring/continue"):
        assert words in resident.get(address).text
    assert stored(database) == []


HOSTILE = {
    "life_sat": ["11", "3"],
    "safe": "2' OR '1'='1",
    "went": "\x00",
    "did": ["9" * 30, "1"],
    "days": "NaN",
    "works": "<i>",
}


def test_values_that_were_not_offered_are_refused_and_shown_as_text(
    resident: Browser, database: Database
) -> None:
    resident.answer(("consent", CONSENT), ("place", PLACE))
    page = resident.send(HOSTILE)
    assert page.status_code == 422
    assert resident.text.count("Choose one of the answers shown.") >= 3
    assert "life_sat" not in stored(database)[0].answers


def test_words_are_kept_as_words(resident: Browser, database: Database) -> None:
    hostile = "</dd><script>alert(1)</script> {{7*7}} \u202eevil\x00"
    resident.answer(("consent", CONSENT), ("place", PLACE), ("life", LIFE))
    resident.answer(("about", {"change": hostile[:30], "comments": hostile}))
    assert "<script>" not in resident.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}} evil" in resident.text
    resident.send({})
    kept = stored(database)[0].answers["comments"]
    assert kept == "</dd><script>alert(1)</script> {{7*7}} evil"


def test_only_the_items_of_the_page_are_saved(resident: Browser, database: Database) -> None:
    resident.answer(("consent", CONSENT), ("place", PLACE))
    resident.answer(("about", {**ABOUT, "life_sat": "9", "status": "submitted", "secure": "1", "x": "y"}))
    response = stored(database)[0]
    assert response.status == "draft"
    assert not {"life_sat", "secure", "x", "status"} & response.answers.keys()


def test_text_too_long_is_kept_on_the_page_and_not_stored(resident: Browser, database: Database) -> None:
    resident.answer(("consent", CONSENT), ("place", PLACE), ("life", LIFE))
    page = resident.send({"comments": "ا" * 201})
    assert page.status_code == 422
    assert "This is 1 character too long" in resident.text
    assert "ا" * 201 in resident.text
    assert "comments" not in stored(database)[0].answers


def test_a_form_that_is_not_ours_is_refused(resident: Browser, database: Database) -> None:
    resident.get("/s/spring/q/consent")
    page = resident.send({**CONSENT, "csrf_token": "wrong"})
    assert page.status_code == 400
    assert stored(database) == []
    for address in ("check", "stop", "finish", "area"):
        assert resident.client.post(f"/s/spring/{address}").status_code == 400


def test_one_browser_never_sees_what_another_said(app: Flask, database: Database) -> None:
    first, second = Browser.on(app), Browser.on(app)
    first.answer(("consent", CONSENT), ("place", PLACE))
    second.get("/s/spring/continue")
    assert second.path == "/s/spring"
    second.answer(("consent", CONSENT), ("place", {"postcode": ""}))
    assert [response.postcode for response in stored(database)] == ["NF11AA", None]


@pytest.mark.parametrize("slug", ["nothing", "a%00b", "%F0%9F%98%80", "..%2f..", "x" * 500])
def test_addresses_that_lead_nowhere_are_not_found(resident: Browser, slug: str) -> None:
    assert resident.get(f"/s/{slug}").status_code == 404


def test_reading_a_page_writes_nothing(resident: Browser, database: Database) -> None:
    resident.answer(*PAGES)
    before = stored(database)[0]
    for address in (
        "",
        "/q/consent",
        "/q/place",
        "/q/life",
        "/area",
        "/check",
        "/later",
        "/continue",
        "/receipt",
    ):
        resident.get(f"/s/spring{address}")
    assert (stored(database)[0].revision, stored(database)[0].answers) == (before.revision, before.answers)
