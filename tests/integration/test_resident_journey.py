"""A resident answers from the first page to the receipt, comes back, changes answers, and stops."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale, gettext
from sqlmodel import Session, select

from survey_app.services import receipts
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


def test_the_whole_journey_is_stored_as_it_should_be(resident: Browser, database: Database) -> None:
    assert "A survey of every kind" in resident.get("/").text
    resident.get("/s/spring")
    assert "Start" in resident.text
    assert "It is short." in resident.text
    resident.get("/s/spring/q/consent")
    assert stored(database) == []  # nothing is stored before consent is given
    resident.send(CONSENT)
    assert resident.path == "/s/spring/q/place"
    assert "Part 2 of 5" in resident.text
    resident.send(PLACE)
    assert resident.path == "/s/spring/q/life"
    assert stored(database)[0].postcode == "NF11AA"
    resident.send(LIFE)
    assert resident.path == "/s/spring/q/about"
    resident.send(ABOUT)
    assert resident.path == "/s/spring/check"
    for said in ("NF1 1AA", "Northfield 001A", "Read</bdi><br>", "3 days", "50 or over", "Buses"):
        assert said in resident.text
    resident.send({})
    assert resident.path == "/s/spring/receipt"
    assert "Thank you" in resident.title

    (response,) = stored(database)
    assert response.answers == {
        "agree": 1,
        "research": 2,
        "life_sat": 0,
        "safe": 2,
        "went": 1,
        "did": [1, 2],
        "days": 3,
        "works": 2,
        "secure": {"missing": "not-asked"},
        "age": 2,
        "change": "Buses",
        "comments": "Nothing",
        "went_without": 1,
    }
    assert (response.status, response.mode, response.language) == ("submitted", "web", "en")
    assert (response.area_code, response.area_vintage) == ("L1", "2024")
    assert response.postcode is None
    assert response.cell == {"age": "old"}
    assert response.sequence == 1
    assert response.submitted_at is not None
    assert response.receipt_hash == receipts.fingerprint(resident.code, "test")
    with Session(database.engine) as session:
        (event,) = session.exec(select(AuditEvent))
        assert (event.actor, event.action) == ("resident", "response.submit")
        assert event.detail == {"wave": "spring", "mode": "web"}


def test_the_postcode_and_the_code_are_nowhere_in_the_database(app: Flask, database: Database) -> None:
    resident = Browser.on(app)
    code = resident.finish()
    assert receipts.read(code) == code
    with database.engine.connect() as connection:
        from survey_app.tables import metadata

        for table in metadata.sorted_tables:
            if table.name != "postcode":
                for row in connection.execute(table.select()):
                    assert "NF11AA" not in str(row)
                    assert code not in str(row)


def test_in_urdu_the_page_runs_right_to_left_and_untranslated_words_say_they_are_english(
    resident: Browser, database: Database
) -> None:
    resident.get("/s/spring?lang=ur")
    assert '<html lang="ur" dir="rtl">' in resident.text
    assert (
        '<a href="/s/spring?lang=ur" lang="ur" dir="rtl" hreflang="ur" aria-current="true">' in resident.text
    )
    resident.answer(("consent", CONSENT), ("place", PLACE), ("life", LIFE))
    resident.get("/s/spring/q/life")  # the language is remembered
    assert '<html lang="ur" dir="rtl">' in resident.text
    assert '<span lang="en" dir="ltr">How satisfied are you?</span>' in resident.text
    resident.answer(("about", ABOUT))
    assert resident.path == "/s/spring/check"
    assert "<bdi>Buses</bdi>" in resident.text
    resident.send({})
    assert '<html lang="ur" dir="rtl">' in resident.text
    assert stored(database)[0].language == "ur"


def test_refusing_ends_kindly_with_nothing_stored(resident: Browser, database: Database) -> None:
    resident.get("/s/spring/q/consent")
    page = resident.send({"action": "decline"})
    assert page.status_code == 200
    assert "Nothing has been kept" in resident.text
    assert stored(database) == []


def test_taking_consent_back_deletes_what_was_saved(resident: Browser, database: Database) -> None:
    resident.answer(("consent", CONSENT), ("place", PLACE))
    resident.get("/s/spring/q/consent")
    resident.send({"action": "decline"})
    assert stored(database) == []


def test_consent_left_blank_is_an_error_at_the_top_and_at_the_field(
    resident: Browser, database: Database
) -> None:
    resident.get("/s/spring/q/consent")
    page = resident.send({"research": "2"})
    assert page.status_code == 422
    assert resident.title.startswith("Error: ")
    assert '<a href="#q-agree">Tick to agree' in resident.text
    assert 'id="q-agree-error"' in resident.text
    assert re.search(r'value="2" checked', resident.text)  # what was answered is kept
    assert stored(database) == []


def test_every_error_is_linked_to_its_field_and_what_was_typed_is_kept(
    resident: Browser, database: Database
) -> None:
    resident.answer(("consent", CONSENT), ("place", PLACE))
    page = resident.send({"did": ["1", "3"], "days": "many <b>", "life_sat": "7"})
    assert page.status_code == 422
    assert resident.title.startswith("Error: Your life")
    linked = re.findall(r'<a href="#(q-[^"]+)">', resident.text)
    assert linked == ["q-did", "q-days"]
    for target in linked:
        assert f'id="{target}"' in resident.text
        assert f'id="{target}-error"' in resident.text
    assert 'value="many &lt;b&gt;"' in resident.text
    assert '<input type="radio" name="life_sat" value="7" checked>' in resident.text
    assert "life_sat" not in stored(database)[0].answers  # nothing of a page with errors is saved
    resident.send({"did": ["3"], "days": "٣", "life_sat": "7"})  # digits of any script are numbers
    assert resident.path == "/s/spring/q/about"
    assert stored(database)[0].answers["days"] == 3


def test_going_back_shows_what_was_saved_and_loses_nothing(resident: Browser, database: Database) -> None:
    resident.answer(("consent", CONSENT), ("place", PLACE), ("life", LIFE))
    resident.get("/s/spring/q/about")
    assert '<a class="back" href="/s/spring/q/life">' in resident.text
    resident.get("/s/spring/q/life")
    assert '<input type="radio" id="q-life_sat" name="life_sat" value="0" checked>' in resident.text
    assert resident.text.count("Clear my answer") == 4  # radios cannot be released without it
    resident.get("/s/spring/q/place")
    assert 'value="NF1 1AA"' in resident.text
    assert stored(database)[0].answers["did"] == [1, 2]


def test_an_answer_can_be_cleared(resident: Browser, database: Database) -> None:
    resident.answer(("consent", CONSENT), ("place", PLACE), ("life", LIFE))
    resident.answer(("life", {**LIFE, "safe": ""}))
    assert stored(database)[0].answers["safe"] == {"missing": "not-answered"}


def test_a_change_from_the_check_comes_back_to_it_through_pages_it_opens(
    resident: Browser, database: Database
) -> None:
    resident.answer(*PAGES)
    resident.get("/s/spring/check")
    assert "/s/spring/q/about?from=check#q-age" in resident.text
    resident.get("/s/spring/q/about?from=check")
    assert '<a class="back" href="/s/spring/check">' in resident.text
    assert "/s/spring/q/about?from=check&amp;lang=ur" in resident.text
    assert '<form method="post" action="/s/spring/q/about?from=check" novalidate>' in resident.text
    resident.send({**ABOUT, "age": "1"})
    assert resident.path == "/s/spring/check"
    resident.get("/s/spring/q/life?from=check")
    resident.send({**LIFE, "works": "1"})
    assert resident.path == "/s/spring/q/job"  # reached now, and asked before the check
    assert resident.send({}).status_code == 422
    resident.send({"secure": "1"})
    assert resident.path == "/s/spring/check"
    assert stored(database)[0].answers["age"] == 1


def test_answers_on_an_abandoned_branch_are_not_sent(resident: Browser, database: Database) -> None:
    resident.answer(("consent", CONSENT), ("place", PLACE), ("life", {**LIFE, "works": "1"}))
    resident.answer(("job", {"secure": "2"}), ("about", ABOUT), ("life", {**LIFE, "works": "2"}))
    resident.get("/s/spring/check")
    assert "Your job" not in resident.text
    resident.send({})
    assert stored(database)[0].answers["secure"] == {"missing": "not-asked"}


def test_sending_without_an_answer_that_is_required_says_which(resident: Browser, database: Database) -> None:
    resident.answer(
        ("consent", CONSENT), ("place", PLACE), ("life", {**LIFE, "works": "1"}), ("about", ABOUT)
    )
    resident.get("/s/spring/check")
    page = resident.send({})
    assert page.status_code == 422
    assert 'href="/s/spring/q/job?from=check#q-secure"' in resident.text
    assert stored(database)[0].status == "draft"


def test_pages_out_of_turn_lead_to_where_the_resident_is(resident: Browser) -> None:
    for address in ("q/life", "check", "later", "receipt", "area", "continue"):
        resident.get(f"/s/spring/{address}")
        assert resident.path == "/s/spring", address
    resident.answer(("consent", CONSENT))
    resident.get("/s/spring/receipt")
    assert resident.path == "/s/spring/q/place"
    resident.get("/s/spring/q/job")  # not on this resident's way
    assert resident.path == "/s/spring/q/place"
    assert resident.get("/s/spring/q/nothing").status_code == 404
    assert resident.get("/s/nothing").status_code == 404


def test_the_code_carries_on_on_another_device(app: Flask, resident: Browser, database: Database) -> None:
    resident.answer(("consent", CONSENT), ("place", PLACE))
    resident.send({**LIFE, "action": "later"})
    assert resident.path == "/s/spring/later"
    code = resident.code
    phone = Browser.on(app)
    phone.get("/resume")
    phone.send({"code": f"  {code.lower().replace('-', ' ')}"})
    assert phone.path == "/s/spring/q/about"
    phone.send(ABOUT)
    phone.send({})
    assert phone.code == code
    assert len(stored(database)) == 1
    resident.get("/s/spring/q/life")  # the first device finds them sent
    assert resident.path == "/s/spring/receipt"
    library = Browser.on(app)
    library.get("/resume")
    library.send({"code": code})
    assert library.path == "/s/spring/receipt"


@pytest.mark.parametrize(
    "code", ["", "abc", "3333-3333-3333", "'; DROP TABLE response; --", "\x00", "۴" * 12]
)
def test_a_wrong_code_says_nothing_about_what_exists(app: Flask, code: str) -> None:
    resident = Browser.on(app)
    resident.get("/resume")
    page = resident.send({"code": code})
    assert page.status_code == 422
    assert resident.text.count("We could not find answers with that code") == 2


def test_only_so_many_codes_can_be_tried(database: Database, tmp_path: Path) -> None:
    with running(database, tmp_path, testing=False, sign_in_limit="3 per minute") as app:
        resident = Browser.on(app)
        resident.get("/resume")
        form = resident.page
        answers = []
        for _ in range(4):
            resident.page = form
            answers.append(resident.send({"code": "3333-3333-3333"}).status_code)
    assert answers == [422, 422, 422, 429]


def test_a_shared_device_is_cleared(app: Flask, resident: Browser, database: Database) -> None:
    resident.get("/s/spring?lang=ur")
    code = resident.finish()
    resident.send({}, "/s/spring/finish")
    with app.test_request_context(), force_locale("ur"):
        assert gettext("This device is clear") in resident.text
    assert '<html lang="ur"' in resident.text  # the last words are still in their language
    assert code not in resident.text
    resident.get("/s/spring")
    assert '<html lang="en"' in resident.text
    resident.get("/s/spring/receipt")
    assert resident.path == "/s/spring"
    resident.finish()
    assert len(stored(database)) == 2


def test_stopping_deletes_everything_and_the_code_stops_working(
    app: Flask, resident: Browser, database: Database
) -> None:
    resident.answer(("consent", CONSENT), ("place", PLACE))
    code = resident.get("/s/spring/later") and resident.code
    resident.send({}, "/s/spring/stop")
    assert "nothing has been kept" in resident.text
    assert stored(database) == []
    resident.get("/resume")
    assert resident.send({"code": code}).status_code == 422


def test_answers_already_sent_cannot_be_stopped(resident: Browser, database: Database) -> None:
    resident.finish()
    resident.send({}, "/s/spring/stop")
    assert resident.path == "/s/spring/receipt"
    assert stored(database)[0].status == "submitted"


def test_the_front_page_offers_only_what_can_be_answered(
    app: Flask, resident: Browser, database: Database
) -> None:
    assert 'href="/s/spring"' in resident.get("/").text
    change_wave(database, questionnaire_digest="0" * 64)  # the file changed after the wave opened
    assert 'href="/s/spring"' not in resident.get("/").text
    change_wave(database, questionnaire_digest="", status="closed")
    assert "No survey is open at the moment" in resident.get("/").text
