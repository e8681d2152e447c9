"""A worker keys paper forms: as written, once each, through the same submission as the web."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, select

from survey_app.db import transaction
from survey_app.services import fieldwork
from survey_app.services.roles import Role
from survey_app.tables import AuditEvent, Wave, metadata
from tests.integration.conftest import Database
from tests.integration.paperwork import FORM, TODAY, Office, entry_of, office
from tests.integration.web import add_person, browser

BLANK = {"missing": "not-answered"}
INVALID = {"missing": "invalid-mark"}


@pytest.fixture
def desk(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(fieldwork, "today", lambda moment=None: TODAY)
    return office(database, tmp_path)


def everything_stored(desk: Office) -> str:
    with desk.database.engine.connect() as connection:
        kept = [table for name, table in metadata.tables.items() if name != "postcode"]
        return "\n".join(str(row) for table in kept for row in connection.execute(table.select()))


def test_ten_forms_one_after_the_other(desk: Office) -> None:
    batch = desk.open_batch()
    page = desk.page(batch)
    for number in range(1, 11):
        assert f"{number - 1} of 10 done" in page
        serial = f"A{number:04d}"
        if number > 1:
            assert f'data-next="{serial}"' in page  # suggested, and the cursor is there
        assert re.search(r'id="serial"[^>]* autofocus', page)
        answer = desk.key(batch, serial, entry=entry_of(page))
        assert answer.status_code == 302
        page = desk.client.get(answer.location).text
        assert f"Form {serial} is saved. Nothing is lost." in page
    assert "10 of 10 done" in page
    kept = desk.responses()
    assert [each.sequence for each in kept] == list(range(1, 11))
    assert {(r.mode, r.status, r.batch_id, r.entered_by, r.language) for r in kept} == {
        ("paper", "submitted", batch, desk.worker, "en")
    }
    assert [form.response_id for form in desk.forms()] == [each.id for each in kept]


def test_what_is_on_the_form_is_kept_as_it_is(desk: Office) -> None:
    batch = desk.open_batch()
    form = FORM | {
        "life_sat": "7 8",  # two ticks
        "happy": "/",  # cannot be read
        "anxious": "",
        "learning": "5 1",  # none of these, and one of them
        "age_band": "6",  # prefer not to say
        "work_status": "7",  # retired
        "job_secure": "1",  # not for them, ticked all the same
        "comments": "Lovely\r\npark",
    }
    answer = desk.key(batch, "a-12", form)
    stored = desk.responses()[0]
    assert {code: stored.answers[code] for code in form if code in stored.answers} == {
        "consent_take_part": 1,
        "consent_results": 1,
        "consent_research": 2,
        "life_sat": INVALID,
        "happy": INVALID,
        "anxious": BLANK,
        "lonely": 3,
        "learning": INVALID,
        "age_band": {"missing": "prefer-not-to-say"},
        "work_status": 7,
        "job_secure": {"missing": "not-asked"},
        "comments": "Lovely\npark",
    }
    assert stored.answers["worthwhile"] == BLANK
    assert stored.cell["age"] == ""
    assert desk.forms()[0].serial == "A12"
    page = desk.client.get(answer.location).text
    assert "6 questions answered" in page
    assert "1 prefer not to say, 3 not readable or marked twice" in page
    assert "Lovely" not in page


def test_the_postcode_becomes_an_area_and_is_nowhere_kept(desk: Office) -> None:
    batch = desk.open_batch()
    desk.key(batch, "1")
    desk.key(batch, "2", FORM | {"postcode": ""})
    desk.key(batch, "3", FORM | {"postcode": "/"})
    desk.key(batch, "4", FORM | {"postcode": "1"})  # prefer not to say
    assert [(r.area_code, r.postcode) for r in desk.responses()] == [
        ("L1", None),
        ("W2", None),
        ("W2", None),
        ("W2", None),
    ]
    assert "CM11AA" not in everything_stored(desk).upper().replace(" ", "")


def test_every_slip_is_said_at_once_and_nothing_is_lost(desk: Office) -> None:
    batch = desk.open_batch()
    slips = FORM | {"life_sat": "11", "lonely": "x", "active_days": "9", "one_change": "w" * 101}
    entry = entry_of(desk.page(batch))
    answer = desk.key(batch, "", slips, entry=entry, language="ur")
    assert answer.status_code == 422
    for field, words in {
        "serial": "Type the serial number",
        "q-life_sat": "5: “\u206811\u2069” is not printed beside a box here. Type 0 to 10",
        "q-lonely": "9: “\u2068x\u2069” is not printed beside a box here. Type 1 to 5",
        "q-active_days": "23: Type 0 to 7",
        "q-one_change": "47: This is 1 character too long",
    }.items():
        assert re.search(rf'<a href="#{field}">{re.escape(words)}', answer.text), field
    assert 'name="q-life_sat" value="11"' in answer.text
    assert 'name="q-postcode" value="cm1 1aa"' in answer.text
    assert re.search(r'value="ur"[^>]* selected', answer.text)
    assert entry_of(answer.text) == entry  # still the same page
    assert (desk.responses(), desk.forms()) == ([], [])


def test_a_page_sent_twice_records_one_form_and_says_the_same(desk: Office) -> None:
    batch = desk.open_batch()
    entry = entry_of(desk.page(batch))
    first = desk.key(batch, "A1", entry=entry)
    again = desk.key(batch, "a1", entry=entry)
    assert again.status_code == 302
    assert again.location == first.location
    assert len(desk.responses()) == len(desk.forms()) == 1


def test_a_saved_form_sent_again_with_other_answers_is_not_changed_in_silence(desk: Office) -> None:
    batch = desk.open_batch()
    entry = entry_of(desk.page(batch))
    desk.key(batch, "A1", entry=entry)
    answer = desk.key(batch, "A1", FORM | {"life_sat": "1"}, entry=entry)
    page = desk.client.get(answer.location).text
    assert "was saved before, and that is kept" in page
    assert "Nothing is lost" not in page
    assert [each.answers["life_sat"] for each in desk.responses()] == [7]


def test_the_page_of_a_saved_form_used_for_another_asks_and_keeps_what_was_typed(desk: Office) -> None:
    batch = desk.open_batch()
    entry = entry_of(desk.page(batch))
    desk.key(batch, "A1", entry=entry)
    answer = desk.key(batch, "A2", FORM | {"life_sat": "2"}, entry=entry)
    assert answer.status_code == 422
    assert "already saved as form A1" in answer.text
    assert 'name="q-life_sat" value="2"' in answer.text
    assert desk.key(batch, "A2", FORM, entry=entry_of(answer.text)).status_code == 302
    assert [form.serial for form in desk.forms()] == ["A1", "A2"]


def test_a_serial_is_used_once_in_a_wave(desk: Office) -> None:
    desk.key(desk.open_batch(), "A1", FORM | {"comments": "a secret"})
    answer = desk.key(desk.open_batch(place="Fair"), "a 1", FORM | {"life_sat": "2"})
    assert answer.status_code == 422
    assert "\u2068Wren Hill\u2069 keyed a form with the serial A1 on" in answer.text
    assert 'name="q-life_sat" value="2"' in answer.text
    assert "a secret" not in answer.text
    assert len(desk.responses()) == 1


@pytest.mark.parametrize("same_page", [True, False])
def test_two_tabs_at_once_give_one_response(desk: Office, same_page: bool) -> None:
    batch = desk.open_batch()
    pages = [entry_of(desk.page(batch)) for _ in range(6)]
    clients = [browser(desk.app, desk.database, desk.worker) for _ in pages]

    def send(number: int) -> int:
        entry = pages[0 if same_page else number]
        return desk.key(batch, "A1", entry=entry, client=clients[number]).status_code

    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(pool.map(send, range(6)))
    assert statuses == ([302] * 6 if same_page else [302] + [422] * 5)
    assert len(desk.responses()) == len(desk.forms()) == 1


def test_one_serial_in_two_batches_at_once_gives_one_response(desk: Office) -> None:
    batches = [desk.open_batch(), desk.open_batch(place="Fair")] * 2
    pages = [entry_of(desk.page(batch)) for batch in batches]
    clients = [browser(desk.app, desk.database, desk.worker) for _ in pages]

    def send(number: int) -> int:
        return desk.key(batches[number], "A1", entry=pages[number], client=clients[number]).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send, range(4))) == [302, 422, 422, 422]
    assert len(desk.responses()) == len(desk.forms()) == 1


def test_a_form_without_consent_is_recorded_and_nothing_on_it_is_stored(desk: Office) -> None:
    batch = desk.open_batch()
    form = FORM | {"consent_results": "", "comments": "my secret", "lonely": "77"}
    asked = desk.key(batch, "A1", form)
    assert asked.status_code == 422
    assert "2: A consent this survey needs is not ticked" in asked.text
    assert desk.forms() == []
    done = desk.key(batch, "A1", form, entry=entry_of(asked.text), confirmed=["no-consent:"])
    page = desk.client.get(done.location).text
    assert "recorded as “no consent”" in page
    assert "1 of 10 done" in page
    assert [(each.outcome, each.response_id) for each in desk.forms()] == [("no-consent", None)]
    assert desk.responses() == []
    assert "secret" not in everything_stored(desk)
    assert desk.key(batch, "A1").status_code == 422  # its serial is used up


def test_a_form_from_outside_the_area_is_recorded_and_not_counted(desk: Office) -> None:
    batch = desk.open_batch()
    form = FORM | {"postcode": "CO1 1AA"}
    asked = desk.key(batch, "A1", form)
    assert "\u2068CO11AA\u2069 is in \u2068Elsewhere\u2069, outside this survey" in asked.text
    # A yes is about that postcode: put right, nothing is left to confirm.
    other = desk.key(batch, "A1", form, confirmed=["outside-area:CM99ZZ"])
    assert other.status_code == 422
    assert desk.key(batch, "A1", form, confirmed=["outside-area:CO11AA"]).status_code == 302
    assert [(each.outcome, each.response_id) for each in desk.forms()] == [("outside-area", None)]
    assert desk.responses() == []


@pytest.mark.parametrize("typed", ["CM9 9ZZ", "CM1 1A"])
def test_a_postcode_we_do_not_know_is_asked_about_then_the_batch_says_where(desk: Office, typed: str) -> None:
    batch = desk.open_batch()
    asked = desk.key(batch, "A1", FORM | {"postcode": typed})
    assert asked.status_code == 422
    token = re.search(r'name="confirmed" value="(unknown-postcode:[^"]+)"', asked.text)
    assert token is not None
    done = desk.key(batch, "A1", FORM | {"postcode": typed}, confirmed=[token.group(1)])
    assert done.status_code == 302
    assert [each.area_code for each in desk.responses()] == ["W2"]


def test_what_was_confirmed_stays_ticked_while_something_else_is_put_right(desk: Office) -> None:
    batch = desk.open_batch()
    form = FORM | {"postcode": "CM9 9ZZ", "lonely": "9"}
    answer = desk.key(batch, "A1", form, confirmed=["unknown-postcode:CM99ZZ"])
    assert answer.status_code == 422
    assert 'value="unknown-postcode:CM99ZZ" checked' in answer.text
    assert '<li><a href="#q-postcode"' not in answer.text


def test_a_spoilt_form_uses_its_serial_up(desk: Office) -> None:
    batch = desk.open_batch()
    entry = entry_of(desk.page(batch))
    sent = {"serial": "A7", "entry": entry, "language": "ur"}
    first = desk.client.post(f"/paper/{batch}/spoilt", data=sent)
    again = desk.client.post(f"/paper/{batch}/spoilt", data=sent)
    assert first.location == again.location
    page = desk.client.get(first.location).text
    assert "Form A7 is recorded as spoilt." in page
    assert re.search(r'value="ur"[^>]* selected', page)  # the next form is likely in the same language
    refused = desk.client.post(f"/paper/{batch}/spoilt", data={"serial": "A7", "entry": entry_of(page)})
    assert refused.status_code == 422
    assert "keyed a form with the serial A7" in refused.text
    assert [form.outcome for form in desk.forms()] == ["spoilt"]


def test_only_who_keyed_a_form_sees_how_it_turned_out(desk: Office) -> None:
    batch = desk.open_batch()
    saved = desk.key(batch, "A1").location
    with transaction(desk.database.engine) as session:
        colleague = add_person(session, "li@example.org", [(Role.OUTREACH_WORKER, desk.charity, "")])
    page = browser(desk.app, desk.database, colleague).get(saved)
    assert page.status_code == 200
    assert "is saved" not in page.text


def test_another_organisation_finds_no_such_batch(desk: Office) -> None:
    batch = desk.open_batch()
    entry = entry_of(desk.page(batch))
    data = {"entry": entry, "serial": "A1"}
    for address in ("key", "close"):
        assert desk.stranger.get(f"/paper/{batch}/{address}").status_code == 404
        assert desk.stranger.post(f"/paper/{batch}/{address}", data=data).status_code == 404
    assert desk.stranger.post(f"/paper/{batch}/spoilt", data=data).status_code == 404
    assert "Chelmsford Library" not in desk.stranger.get("/paper/").text
    assert desk.forms() == []


def test_a_request_that_did_not_come_from_the_page_is_refused(desk: Office) -> None:
    batch = desk.open_batch()
    assert desk.client.post(f"/paper/{batch}/key", data={"serial": "A1"}).status_code == 400


def test_the_trail_says_who_did_what_and_not_what_was_answered(desk: Office) -> None:
    batch = desk.open_batch()
    desk.key(batch, "A1", FORM | {"comments": "my secret"})
    with Session(desk.database.engine) as session:
        events = list(
            session.exec(select(AuditEvent).where(AuditEvent.actor == desk.worker).order_by(AuditEvent.id))
        )
    assert [(event.action, event.subject.split(":")[0]) for event in events] == [
        ("batch.open", "batch"),
        ("form.key", "form"),
        ("response.submit", "response"),
    ]
    assert events[1].detail == {"batch": str(batch), "outcome": "keyed"}
    assert events[2].detail["mode"] == "paper"
    assert "secret" not in str([event.detail for event in events])


def _close_wave(wave: Wave) -> None:
    wave.status = "closed"


def _end_long_ago(wave: Wave) -> None:
    wave.closes_on = date(2026, 5, 18)  # 28 days before TODAY


def _end_longer_ago(wave: Wave) -> None:
    wave.closes_on = date(2026, 5, 17)


@pytest.mark.parametrize(
    ("change", "taken"), [(_close_wave, True), (_end_long_ago, True), (_end_longer_ago, False)]
)
def test_paper_is_taken_for_four_weeks_after_the_last_day(
    desk: Office, change: Callable[[Wave], None], taken: bool
) -> None:
    batch = desk.open_batch()
    entry = entry_of(desk.page(batch))
    with transaction(desk.database.engine) as session:
        wave = session.get(Wave, desk.wave_id)
        assert wave is not None
        change(wave)
    answer = desk.key(batch, "A1", FORM, entry=entry)
    assert answer.status_code == (302 if taken else 422)
    assert len(desk.responses()) == taken
    if not taken:
        assert "no longer takes paper forms" in answer.text
        assert 'name="q-life_sat" value="7"' in answer.text


def test_the_screen_is_light_and_enter_cannot_send_it(desk: Office) -> None:
    page = desk.page(desk.open_batch())
    assert len(gzip.compress(page.encode())) < 15_000
    form = page[page.index('id="keying"') :]
    first = re.search(r"<button[^>]*>", form)
    assert first is not None  # what a browser presses for Enter, and it is switched off
    assert first.group(0) == '<button type="submit" disabled hidden>'
    assert "style=" not in page
    assert "<script>" not in page


def test_in_urdu_the_page_runs_right_to_left_with_the_same_numbers(desk: Office) -> None:
    batch = desk.open_batch()
    english, urdu = desk.page(batch), desk.client.get(f"/paper/{batch}/key?lang=ur").text
    number = re.compile(r'for="(q-[a-z_0-9]+)"><span class="key-number">(\d+)</span>')
    assert '<html lang="ur" dir="rtl">' in urdu
    assert number.findall(english) == number.findall(urdu)
    assert len(number.findall(english)) == 48
