"""Pages and parts: a question at a time, any order, doubts to look at, and leaving at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from tests.integration.conftest import Database
from tests.integration.residents import Browser, change_wave, furnish, running, stored

HEADER = """\
format: 1
id: paged
version: "1"
title: A survey in pages
language: en
framework: thriving-places
introduction: Short.
next: We meet in the hall in spring.
support:
  - {name: Samaritans, contact: "Call 116 123.", url: "https://www.samaritans.org/talk"}
"""

SECTIONS = """\
sections:
  - code: consent
    title: Taking part
    items:
      - code: agree
        kind: consent
        purpose: consent
        required: true
        text: I agree
        options: [{code: 1, text: I do}]
  - code: life
    title: Your life
    items:
      - code: colour
        kind: single_choice
        purpose: context
        order: random
        text: Which colour?
        options: [{code: 1, text: Red}, {code: 2, text: Green}, {code: 3, text: Blue}, {code: 4, text: Grey}]
      - code: people
        kind: integer
        purpose: context
        minimum: 0
        maximum: 50
        text: How many people live with you?
        checks:
          - {when: {item: people, at-least: 12}, text: That is many people. Is it right?}
          - {when: {item: people, at-least: 40}, text: Write fewer than 40., hard: true}
      - code: rooms
        kind: integer
        purpose: context
        minimum: 0
        maximum: 50
        when: {item: people, at-least: 2}
        text: How many rooms do {people|some} people share?
  - code: private
    title: Private things
    items:
      - {code: harm, kind: yes_no, purpose: context, sensitive: true, text: Has anyone hurt you?}
  - code: later
    title: Later things
    when: {item: people, at-least: 1}
    items:
      - {code: last, kind: short_text, purpose: context, text: Anything else?}
"""


@contextmanager
def asking(database: Database, folder: Path, extra: str = "", **given: object) -> Iterator[Flask]:
    """The app with the paged questionnaire, `extra` lines in its header."""
    file = folder / "library" / "paged" / "1" / "questionnaire.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(HEADER + extra + SECTIONS, encoding="utf-8")
    furnish(database, questionnaire_id="paged")
    with running(database, folder, **given) as app:
        yield app


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Iterator[Flask]:
    with asking(database, tmp_path) as app:
        yield app


@pytest.fixture
def resident(app: Flask) -> Browser:
    browser = Browser.on(app)
    browser.answer(("consent", {"agree": "1"}))
    return browser


def part_now(browser: Browser) -> tuple[int, int]:
    found = re.search(r'<p class="progress">Part (\d+) of (\d+)', browser.text)
    assert found is not None
    return int(found[1]), int(found[2])


def test_a_page_ends_before_an_item_that_reads_its_answers(resident: Browser, database: Database) -> None:
    assert resident.path == "/s/spring/q/life"
    assert "How many rooms" not in resident.text
    resident.send({"colour": "2", "people": "3"})
    assert resident.path == "/s/spring/q/rooms"
    assert "How many rooms do 3 people share?" in resident.text
    assert '<a class="back" href="/s/spring/q/life">' in resident.text
    resident.send({"rooms": "2"})
    assert resident.path == "/s/spring/q/private"
    resident.answer(("life", {"colour": "2", "people": "1"}))
    assert resident.path == "/s/spring/q/private"  # the page between is not asked any more
    assert resident.get("/s/spring/q/rooms").status_code == 200
    assert resident.path == "/s/spring/q/private"


def test_one_question_a_page(database: Database, tmp_path: Path) -> None:
    with asking(database, tmp_path, "one_per: question\n") as app:
        resident = Browser.on(app)
        resident.answer(("consent", {"agree": "1"}))
        trail = []
        for data in ({"colour": "1"}, {"people": "4"}, {"rooms": "4"}, {"harm": "2"}, {"last": "No"}):
            trail.append(resident.path.rsplit("/", 1)[1])
            resident.send(data)
        assert trail == ["life", "people", "rooms", "private", "later"]
        assert resident.path == "/s/spring/check"
        assert "/s/spring/q/people?from=check#q-people" in resident.text
        resident.send({})
        assert stored(database)[0].answers["rooms"] == 4


def test_progress_never_seems_to_go_back(resident: Browser) -> None:
    shares = []
    for data in ({"people": "0"}, {"harm": "2"}):
        number, count = part_now(resident)
        shares.append(number / count)
        resident.send(data)
    assert resident.path == "/s/spring/check"  # with nobody else at home the last part is not asked
    assert shares == sorted(shares)
    resident.get("/s/spring/q/private")
    assert part_now(resident) == (3, 3)
    resident.answer(("life", {"people": "5"}))
    resident.get("/s/spring/q/private")
    assert part_now(resident) == (3, 4)
    bar = re.search(r'<progress max="100" value="(\d+)" aria-hidden="true">', resident.text)
    assert bar is not None
    assert bar[1] == "50"


def test_a_doubt_is_asked_once_and_the_answer_may_stay(resident: Browser, database: Database) -> None:
    page = resident.send({"people": "15"})
    assert page.status_code == 422
    assert "That is many people. Is it right?" in resident.text
    assert 'name="confirm" value="people.1"' in resident.text
    assert stored(database)[0].answers.get("people") is None
    resident.send({"people": "15", "confirm": "people.1"})
    assert resident.path == "/s/spring/q/rooms"
    assert stored(database)[0].answers["people"] == 15


def test_what_must_be_changed_cannot_be_kept(resident: Browser, database: Database) -> None:
    page = resident.send({"people": "45", "confirm": ["people.1", "people.2"]})
    assert page.status_code == 422
    assert "Write fewer than 40." in resident.text
    assert "people" not in stored(database)[0].answers


def test_parts_in_any_order(database: Database, tmp_path: Path) -> None:
    with asking(database, tmp_path, "hub: true\n") as app:
        resident = Browser.on(app)
        resident.get("/s/spring/parts")
        assert resident.path == "/s/spring"  # nothing to list before anyone has agreed
        resident.answer(("consent", {"agree": "1"}))
        assert resident.path == "/s/spring/parts"
        assert states(resident) == ["Done", "Not started", "Not started", "Cannot start yet"]
        assert "You have done 1 of 4 parts." in resident.text
        resident.answer(("private", {"harm": "2"}))
        assert resident.path == "/s/spring/parts"
        resident.answer(("life", {"people": "3"}))
        assert resident.path == "/s/spring/q/rooms"  # the part goes on
        resident.get("/s/spring/parts")
        assert states(resident) == ["Done", "In progress", "Done", "Not started"]
        assert 'href="/s/spring/q/rooms"' in resident.text  # where it was left
        resident.answer(("rooms", {"rooms": "1"}))
        resident.get("/s/spring/q/later")
        assert '<a class="back" href="/s/spring/parts">' in resident.text
        resident.get("/s/spring/continue")
        assert resident.path == "/s/spring/parts"
        resident.answer(("life", {"people": "0"}))
        assert states(resident) == ["Done", "Done", "Done"]  # nothing more will be asked
        resident.get("/s/spring/check")
        assert '<a class="back" href="/s/spring/parts">' in resident.text
        resident.send({})
        assert resident.path == "/s/spring/receipt"


def states(browser: Browser) -> list[str]:
    return re.findall(r'class="part-state"[^>]*>([^<]+)<', browser.text)


def test_what_happens_next_and_who_can_help(resident: Browser) -> None:
    assert "Samaritans" not in resident.text  # only where a question may hurt
    resident.get("/s/spring/q/private")
    assert "Call 116 123." in resident.text
    assert '<a href="https://www.samaritans.org/talk" rel="noreferrer"' in resident.text
    resident.answer(("life", {"people": "0"}), ("private", {"harm": "1"}))
    resident.send({})
    assert resident.path == "/s/spring/receipt"
    assert "We meet in the hall in spring." in resident.text
    assert "Call 116 123." in resident.text


def test_leaving_at_once_clears_the_device_and_keeps_the_answers(
    app: Flask, resident: Browser, database: Database
) -> None:
    assert "/leave" not in resident.text
    assert "Leave this page now" in Browser.on(app).client.get("/s/spring").text
    resident.get("/s/spring/q/private")
    assert 'href="/s/spring/leave"' in resident.text
    code = re.search(r'<b dir="ltr" lang="en">([^<]+)</b>', resident.text)
    assert code is not None
    answer = resident.client.get("/s/spring/leave")
    assert answer.headers["Location"] == "https://www.bbc.co.uk/weather"
    resident.get("/s/spring/q/private")
    assert resident.path == "/s/spring"
    assert "You have started" not in resident.text
    resident.get("/resume")
    resident.send({"code": code[1]})
    assert resident.path == "/s/spring/q/life"
    assert len(stored(database)) == 1


def test_where_leaving_leads_is_a_setting(database: Database, tmp_path: Path) -> None:
    with asking(database, tmp_path, safety_exit="https://example.org/recipes") as app:
        answer = app.test_client().get("/s/spring/leave")
        assert answer.headers["Location"] == "https://example.org/recipes"


def test_a_wave_that_closes_meanwhile_lists_no_parts(resident: Browser, database: Database) -> None:
    change_wave(database, status="closed")
    assert "This survey has closed" in resident.get("/s/spring/parts").text
