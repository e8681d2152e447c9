"""A device left alone, and what is noted of how a response was filled in."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import Session

from survey_app.db import transaction
from survey_app.services import paradata, withdrawal
from tests.integration.conftest import Database
from tests.integration.residents import (
    ABOUT,
    CONSENT,
    LIFE,
    PAGES,
    PLACE,
    Browser,
    furnish,
    running,
    stored,
)
from tests.integration.test_resident_pages import asking

HOUR = 3600


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Iterator[Flask]:
    furnish(database)
    with running(database, tmp_path) as app:
        yield app


@pytest.fixture
def resident(app: Flask) -> Browser:
    browser = Browser.on(app)
    browser.answer(("consent", CONSENT), ("place", PLACE))
    return browser


def leave_alone(browser: Browser, seconds: int) -> None:
    """As if the device had last been used so long ago."""
    with browser.client.session_transaction() as cookie:
        (response_id, code, moment) = cookie["tickets"]["spring"]
        cookie["tickets"] = {"spring": [response_id, code, moment - seconds]}


def code_on(browser: Browser) -> str:
    found = re.search(r'<b dir="ltr" lang="en">([^<]+)</b>', browser.text)
    assert found is not None
    return found[1]


# -- rest -----------------------------------------------------------------------------------------------


def test_the_page_says_how_long_it_stays_and_shows_the_code(resident: Browser) -> None:
    assert "This device keeps your place for 60 minutes." in resident.text
    assert 'data-minutes="60"' in resident.text
    assert re.fullmatch(r"\w{4}-\w{4}-\w{4}", code_on(resident))


def test_after_an_hour_the_device_shows_nothing_and_the_code_still_works(resident: Browser) -> None:
    code = code_on(resident)
    leave_alone(resident, HOUR)
    for address in ("", "/q/place", "/check", "/later", "/continue"):
        resident.get(f"/s/spring{address}")
        assert "This page was closed because nobody used it" in resident.text
        assert "NF1 1AA" not in resident.text
        assert code not in resident.text
    resident.get("/resume")
    resident.send({"code": code})
    assert resident.path == "/s/spring/q/life"


def test_using_it_keeps_it_open(resident: Browser) -> None:
    for _ in range(4):
        leave_alone(resident, HOUR - 60)
        assert resident.client.get("/s/spring/stay").status_code == 204
    resident.get("/s/spring/q/life")
    assert "Part 3 of" in resident.text


def test_a_page_sent_after_its_time_is_saved_all_the_same(resident: Browser, database: Database) -> None:
    resident.get("/s/spring/q/life")
    leave_alone(resident, 20 * HOUR)
    resident.send(LIFE)
    assert "This page was closed because nobody used it" in resident.text
    assert stored(database)[0].answers["days"] == 3


def test_answers_sent_after_the_time_are_sent(resident: Browser, database: Database) -> None:
    resident.answer(("life", LIFE), ("about", ABOUT))
    leave_alone(resident, HOUR)
    resident.send({})
    assert "The answers had been sent" in resident.text
    assert resident.code == ""
    assert stored(database)[0].status == "submitted"


def test_what_was_typed_is_saved_when_the_time_is_up_and_the_rest_asked_again(
    resident: Browser, database: Database
) -> None:
    resident.get("/s/spring/q/life")
    leave_alone(resident, HOUR)
    resident.send({**LIFE, "days": "many", "action": "rest"})
    assert "This page was closed because nobody used it" in resident.text
    kept = stored(database)[0].answers
    assert (kept["did"], "days" in kept) == ([1, 2], False)


def test_time_up_in_one_tab_does_not_close_another(resident: Browser, database: Database) -> None:
    resident.get("/s/spring/q/life")
    resident.send({**LIFE, "action": "rest"})  # this tab thought so; the other was in use meanwhile
    assert resident.path == "/s/spring/q/life"
    assert "Part 3 of" in resident.text


def test_time_up_never_takes_consent_back(resident: Browser, database: Database) -> None:
    resident.get("/s/spring/q/consent")
    resident.send({"agree": "2", "action": "rest"})
    assert stored(database)[0].status == "draft"


def test_the_next_person_starts_clear(resident: Browser, database: Database) -> None:
    leave_alone(resident, HOUR)
    resident.get("/s/spring")
    resident.send({}, "/s/spring/finish")
    resident.get("/s/spring/q/consent")
    resident.send(CONSENT)
    assert len(stored(database)) == 2


# -- paradata -------------------------------------------------------------------------------------------


def test_seconds_are_coarse_add_up_and_cannot_be_made_up(
    resident: Browser, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = time.time()
    monkeypatch.setattr(paradata.time, "time", lambda: clock)

    def send_after(seconds: int, mark: str | None = None) -> None:
        nonlocal clock
        resident.get("/s/spring/q/life")
        found = re.search(r'name="drawn" value="([^"]+)"', resident.text)
        assert found is not None
        clock += seconds
        resident.send({**LIFE, "drawn": mark or found[1]})

    send_after(13)
    assert stored(database)[0].paradata["seconds"]["life"] == 15
    send_after(42)
    assert stored(database)[0].paradata["seconds"]["life"] == 55
    for mark in ("0.0", "zz", "\u0664.x", "123456.deadbeefdeadbeef"):
        send_after(60, mark)
        assert stored(database)[0].paradata["seconds"]["life"] == 55
    send_after(9_000)
    assert stored(database)[0].paradata["seconds"]["life"] == 1_800


def test_the_page_where_someone_stopped_is_known(resident: Browser, database: Database) -> None:
    assert stored(database)[0].paradata["pages"] == "place"
    resident.answer(("life", LIFE), ("consent", CONSENT))
    assert stored(database)[0].paradata["pages"] == "life"


def test_no_time_of_day_is_noted(resident: Browser, database: Database) -> None:
    resident.answer(("life", LIFE))
    noted = stored(database)[0].paradata
    assert noted.keys() == {"seconds", "pages"}
    numbers = [int(number) for number in re.findall(r"\d+", json.dumps(noted))]
    assert max(numbers) <= 1_800


def test_the_order_options_were_shown_in_is_kept(database: Database, tmp_path: Path) -> None:
    with asking(database, tmp_path) as app:
        browser = Browser.on(app)
        browser.answer(("consent", {"agree": "1"}))
        drawn = [int(code) for code in re.findall(r'name="colour" value="(\d)"', browser.text)]
        browser.answer(("life", {"colour": "1", "people": "0"}), ("private", {}))
        browser.send({})
        assert stored(database)[0].paradata["order"] == {"colour": drawn}


def test_a_trapped_or_hasty_response_is_counted_and_flagged(app: Flask, database: Database) -> None:
    hasty, slow = Browser.on(app), Browser.on(app)
    hasty.get("/s/spring/q/consent")
    assert 'tabindex="-1" autocomplete="off"' in hasty.text
    hasty.send({**CONSENT, "home-page": "https://spam.example"})
    hasty.finish()
    slow.answer(*PAGES)
    with transaction(database.engine) as session:
        from survey_app.tables import Response

        (draft,) = [each for each in stored(database) if each.status == "draft"]
        found = session.get(Response, draft.id)
        assert found is not None
        found.started_at = datetime.now(UTC) - timedelta(minutes=5)
        session.add(found)
    slow.send({})
    assert {row.status for row in stored(database)} == {"submitted"}
    flags = {tuple(row.paradata.get("flags", ())) for row in stored(database)}
    assert flags == {("honeypot", "fast"), ()}


def test_withdrawing_takes_the_paradata_too(app: Flask, database: Database) -> None:
    resident = Browser.on(app)
    code = resident.finish()
    assert stored(database)[0].paradata["seconds"]
    with transaction(database.engine) as session:
        withdrawal.withdraw(session, code, "test", actor="resident")
    with Session(database.engine):
        assert stored(database)[0].paradata == {}
