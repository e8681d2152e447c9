"""The translators' pages: an edit is on residents' pages, is nobody's to overwrite unseen, and comes home."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlmodel import Session, select

from questionnaires import catalogue, loading
from questionnaires.catalogue import State
from questionnaires.exchange.sheet import faults
from survey_app.config import Config, from_environment
from survey_app.db import transaction
from survey_app.services import people
from survey_app.services.roles import Role
from survey_app.services.translations import editing, sources
from survey_app.tables import AuditEvent
from tests.integration.conftest import Database
from tests.integration.web import add_person, browser, make_app

CORE = "thriving-places-core"


@dataclass
class Office:
    app: Flask
    database: Database
    ola: str
    tia: str

    def browser(self, who: str) -> FlaskClient:
        return browser(self.app, self.database, who)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    with transaction(database.engine) as session:
        body = people.add_organisation(session, "County Office", actor="command-line")
        ola, tia = (
            add_person(session, f"{name}@example.org", [(Role.TRANSLATOR, body, "")])
            for name in ("ola", "tia")
        )
    return Office(
        make_app(database, tmp_path, languages=("en", "pl", "ur"), contact="01234"), database, ola, tia
    )


def message(source: str, language: str, text: str) -> tuple[str, str]:
    """The address of a message and the seal of what the files say."""
    found = next(each for each in sources.usable(config()) if each.id == source)
    entry = next(each for each in sources.read(found, language).entries if each.text == text)
    return f"/translations/{language}/{source}/{entry.id}", editing.seal(entry)


def config() -> Config:
    return from_environment({})


def sent(seen: str, text: str, state: str = "reviewed") -> dict[str, str]:
    return {"text-0": text, "state": state, "seen": seen}


def test_an_edit_is_on_the_pages_and_on_the_trail_without_its_words(office: Office) -> None:
    address, seen = message("interface", "pl", "Questions? %(contact)s")
    anyone = office.app.test_client()
    assert "Zapytaj" not in anyone.get("/?lang=pl").text
    done = office.browser(office.ola).post(address, data=sent(seen, "Zapytaj nas: %(contact)s"))
    assert done.status_code == 302
    assert "Zapytaj nas: 01234" in anyone.get("/?lang=pl").text
    assert "Zapytaj" not in anyone.get("/?lang=en").text
    with Session(office.database.engine) as session:
        event = session.exec(select(AuditEvent).where(AuditEvent.action == "translation.edit")).one()
    assert event.subject == "translation:interface"
    assert event.detail["language"] == "pl"
    assert "Zapytaj" not in str(event.detail)


def test_two_translators_never_overwrite_each_other_unseen(office: Office) -> None:
    address, seen = message(CORE, "pl", "Taking part")
    assert office.browser(office.ola).post(address, data=sent(seen, "Udział")).status_code == 302
    late = office.browser(office.tia).post(address, data=sent(seen, "Uczestnictwo", "draft"))
    assert late.status_code == 409
    assert "Udział" in late.text
    assert "Uczestnictwo" in late.text
    now = re.search(r'name="seen" value="(\w+)"', late.text)
    assert now is not None
    again = office.browser(office.tia).post(address, data=sent(now[1], "Uczestnictwo", "draft"))
    assert again.status_code == 302
    questionnaire = loading.load(loading.find(config().library, CORE, "1.0"))
    with Session(office.database.engine) as session:
        edits = editing.load(session)
    with catalogue.edited(edits):
        assert catalogue.translated(questionnaire, "pl").sections[0].title == "Uczestnictwo"
    assert catalogue.translated(questionnaire, "pl").sections[0].title == "Udział w ankiecie"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "Pytania?",
        "Pytania? %(contact)s %(site)s",
        "Pytania? %(contact)s 100%",
        "<script src=/x></script> %(contact)s",
        "<b>Pytania?</b> %(contact)s",
        "\u202ePytania? %(contact)s",
        "\u2067Pytania? %(contact)s",
        "Pytania\x00? %(contact)s",
    ],
)
def test_what_would_break_a_page_is_sent_back_as_typed(office: Office, text: str) -> None:
    address, seen = message("interface", "pl", "Questions? %(contact)s")
    page = office.browser(office.ola).post(address, data=sent(seen, text))
    assert page.status_code == 422
    assert "There is a problem" in page.text
    assert str(escape(text.strip())) in page.text
    with Session(office.database.engine) as session:
        assert editing.load(session).by_source == {}


def test_a_counted_text_with_a_per_cent_sign_is_sent_back(office: Office) -> None:
    found = next(each for each in sources.usable(config()) if each.id == "interface")
    sheet = sources.read(found, "ur")
    entry = next(each for each in sheet.entries if each.plural and "%(num)d" in each.text)
    for wrong in ("50% off %(num)d", "%(num)Z", "% 5"):
        data = {f"text-{n}": wrong for n in range(sheet.forms)}
        sent = {**data, "state": "draft", "seen": editing.seal(entry)}
        page = office.browser(office.ola).post(f"/translations/ur/interface/{entry.id}", data=sent)
        assert page.status_code == 422


def test_what_files_hold_fits(office: Office) -> None:
    for source in sources.usable(config()):
        for language in sources.languages():
            try:
                sheet = sources.read(source, language)
            except LookupError:
                continue
            for entry in sheet.entries:
                if entry.translated:
                    assert list(faults(entry, entry.texts, sheet)) == [], (source.id, language, entry.text)


def test_an_edit_goes_once_the_files_say_the_same(office: Office) -> None:
    address, seen = message(CORE, "pl", "Taking part")
    office.browser(office.ola).post(address, data=sent(seen, "Udział", "approved"))
    source = sources.by_id(config(), CORE)
    with transaction(office.database.engine) as session:
        edits = editing.load(session)
        editing.give_way(session, sources.read(source, "pl"), set())
        assert editing.load(session).by_source == edits.by_source, "the files do not say it yet"
        editing.give_way(session, sources.read(source, "pl", edits), set())
        assert editing.load(session).by_source == {}


def test_the_list_filters_and_searches(office: Office) -> None:
    ola = office.browser(office.ola)
    assert ola.get("/translations/").status_code == 200
    whole = ola.get(f"/translations/pl/{CORE}")
    assert re.search(r"\d{3} texts", whole.text)
    assert 'lang="ur" dir="rtl"' in ola.get(f"/translations/ur/{CORE}").text
    assert "0 texts" in ola.get(f"/translations/pl/{CORE}?q=no+such+words").text
    assert "1 text<" in ola.get(f"/translations/pl/{CORE}?q=section.consent.title").text
    assert ola.get("/translations/xx/interface").status_code == 404
    assert ola.get("/translations/pl/nothing").status_code == 404
    assert ola.get("/translations/pl/interface/nothing").status_code == 404


def test_the_states_are_ours(office: Office) -> None:
    address, seen = message("interface", "ur", "Sign in")
    office.browser(office.ola).post(address, data=sent(seen, "داخل ہوں", "nonsense"))
    with Session(office.database.engine) as session:
        made = editing.load(session).by_source["interface", "ur"]
    assert made["", "Sign in"] == (("داخل ہوں",), State.DRAFT)
