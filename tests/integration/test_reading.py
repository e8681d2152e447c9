"""Settings for reading, Easy Read with the codes of every language, and the media a questionnaire names."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import select

from questionnaires import catalogue, loading
from survey_app.config import Config
from survey_app.db import transaction
from survey_app.presenters import reading
from survey_app.tables import Response
from tests.integration.conftest import Database
from tests.integration.residents import Browser, furnish, running

LIBRARY = Config.__dataclass_fields__["library"].default
CORE = loading.load(loading.find(LIBRARY, "thriving-places-core", "1.0"))
FILES = Path(__file__).resolve().parents[1] / "unit" / "questionnaires" / "every-kind" / "media"
SIGNED = """\
format: 1
id: signed
version: "1"
title: Signed
language: en
languages: [en, en-bsl]
framework: thriving-places
sections:
  - code: home
    title: Your home
    items:
      - code: tenure
        kind: single_choice
        purpose: context
        text: Do you own or rent your home?
        media: [{kind: bsl, file: tenure.mp4, alt: In British Sign Language}]
        options: [{code: 1, text: Own}, {code: 2, text: Rent}]
      - {code: more, kind: short_text, purpose: context, text: Anything else?}
"""

only_once = pytest.mark.parametrize("migrated_database", ["sqlite"], indirect=True)


@pytest.fixture
def core(database: Database, tmp_path: Path) -> Iterator[Flask]:
    of_core = {"questionnaire_id": CORE.id, "questionnaire_version": CORE.version}
    furnish(database, **of_core, languages=["en", "ur", "en-easy"])
    with running(database, tmp_path, library=LIBRARY) as app:
        yield app


@pytest.fixture
def signed(database: Database, tmp_path: Path) -> Iterator[Flask]:
    folder = tmp_path / "shelf" / "signed" / "1"
    shutil.copytree(FILES, folder / "media")
    (folder / "questionnaire.yaml").write_text(SIGNED)
    of_signed = {"questionnaire_id": "signed", "questionnaire_version": "1"}
    furnish(database, **of_signed, languages=["en", "en-bsl"])
    with running(database, tmp_path, library=tmp_path / "shelf") as app:
        yield app


def of_html(browser: Browser) -> str:
    found = re.search(r"<html[^>]*>", browser.text)
    assert found
    return found[0]


@only_once
def test_what_a_reader_chooses_is_on_every_page_and_can_be_undone(core: Flask) -> None:
    browser = Browser.on(core)
    browser.get("/reading?next=/s/spring")
    assert "class=" not in of_html(browser)
    browser.send({"size": "largest", "colours": "yellow-on-black", "spacing": "wide", "next": "/s/spring"})
    assert browser.path == "/s/spring"
    for address in ("/s/spring", "/", "/sign-in", "/no-such-page", "/s/spring?lang=ur"):
        browser.get(address)
        assert 'class="text-largest colours-yellow-on-black lines-wide"' in of_html(browser)
        assert "reading.css" in browser.text
    assert 'dir="rtl"' in of_html(browser)
    kept = browser.client.get_cookie(reading.COOKIE)
    assert kept is not None
    assert kept.value == "largest.yellow-on-black.wide"
    browser.get("/reading")
    assert browser.text.count(" checked") == 3
    browser.send({"size": "normal", "colours": "standard", "spacing": "normal"})
    assert browser.client.get_cookie(reading.COOKIE) is None
    assert "class=" not in of_html(browser)
    assert "reading.css" not in browser.text


@only_once
@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/s/spring/q/consent", "/s/spring/q/consent"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example", "/"),
        ("/s/spring/stop", "/"),  # can only be sent to
        ("/no-such-page", "/"),
    ],
)
def test_saving_leads_back_to_a_page_of_ours_only(core: Flask, asked: str, led_to: str) -> None:
    browser = Browser.on(core)
    browser.get("/reading")
    answer = browser.send({"size": "large", "next": asked}, follow=False)
    assert (answer.status_code, answer.headers["Location"]) == (302, led_to)


@only_once
def test_easy_read_is_offered_where_a_survey_has_it(core: Flask) -> None:
    browser = Browser.on(core)
    browser.get("/reading")
    assert "/s/spring?lang=en-easy" in browser.text
    browser.get("/s/spring")
    assert re.search(r'href="[^"]*lang=en-easy" lang="en" dir="ltr" hreflang="en">Easy Read<', browser.text)


def test_easy_read_is_answered_with_the_same_codes_and_says_what_was_read(
    core: Flask, database: Database
) -> None:
    easy = catalogue.translated(CORE, "en-easy")
    browser = Browser.on(core)
    browser.get("/s/spring?lang=en-easy")
    assert 'lang="en" dir="ltr" class="easy"' in of_html(browser)
    browser.get("/s/spring/q/consent")
    assert easy.item("consent_take_part").text.split("\n")[1] in browser.text
    assert '<span class="picture" aria-hidden="true"><svg' in browser.text
    browser.send({"consent_take_part": "1", "consent_results": "1", "consent_research": "2"})
    with transaction(database.engine) as session:
        stored = session.exec(select(Response)).one()
        assert stored.language == "en-easy"
        assert stored.answers["consent_take_part"] == 1
    browser.get("/s/spring/q/consent?lang=en")
    assert "picture" not in browser.text
    assert "checked" in browser.text


@only_once
def test_a_survey_that_is_not_in_easy_read_is_shown_in_its_base_language(signed: Flask) -> None:
    browser = Browser.on(signed)
    browser.get("/s/spring?lang=en-easy")
    assert "class=" not in of_html(browser)
    assert re.search(r'aria-current="true">English<', browser.text)


@only_once
def test_the_sign_language_variant_says_where_a_video_is_missing(signed: Flask) -> None:
    browser = Browser.on(signed)
    browser.get("/s/spring?lang=en-bsl")
    assert re.search(r'aria-current="true">British Sign Language<', browser.text)
    browser.get("/s/spring/q/home")
    assert "Do you own or rent your home?" in browser.text
    assert browser.text.count("There is no British Sign Language video") == 1
    browser.get("/s/spring/q/home?lang=en")
    assert "There is no British Sign Language video" not in browser.text


@only_once
@pytest.mark.parametrize(("name", "kind"), [("tenure.mp4", "video/mp4"), ("tenure.vtt", "text/vtt")])
def test_media_a_questionnaire_names_are_served_whole_in_parts_and_once(
    signed: Flask, name: str, kind: str
) -> None:
    client, data = signed.test_client(), (FILES / name).read_bytes()
    whole = client.get(f"/media/signed/1/{name}", buffered=True)
    assert (whole.status_code, whole.data) == (200, data)
    assert whole.mimetype == kind
    assert "no-store" not in whole.headers["Cache-Control"]
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert "media-src 'self'" in whole.headers["Content-Security-Policy"]
    part = client.get(f"/media/signed/1/{name}", buffered=True, headers={"Range": "bytes=2-5"})
    assert (part.status_code, part.data) == (206, data[2:6])
    assert part.headers["Content-Range"] == f"bytes 2-5/{len(data)}"
    again = client.get(
        f"/media/signed/1/{name}", buffered=True, headers={"If-None-Match": whole.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")
    (signed.extensions["hereabouts"].library / "signed" / "1" / "media" / name).write_bytes(data + b"!")
    assert client.get(f"/media/signed/1/{name}", buffered=True).headers["ETag"] != whole.headers["ETag"]


@only_once
@pytest.mark.parametrize(
    "address",
    [
        "signed/1/tenure.png",  # is there, but the questionnaire does not name it
        "signed/1/no-such.mp4",
        "signed/1/../questionnaire.yaml",
        "signed/1/..%2fquestionnaire.yaml",
        "signed/1/%2e%2e/questionnaire.yaml",
        "signed/1/media/tenure.mp4",
        "signed/1//etc/passwd",
        "signed/2/tenure.mp4",
        "../1/tenure.mp4",
        "..%2f..%2f/1/tenure.mp4",
        "signed/1/tenure.mp4%00.png",
    ],
)
def test_no_other_file_is_served(signed: Flask, address: str) -> None:
    assert signed.test_client().get(f"/media/{address}").status_code in {404, 308}
    assert b"format: 1" not in signed.test_client().get(f"/media/{address}", follow_redirects=True).data


@only_once
def test_a_file_that_leads_out_of_the_folder_is_not_served(signed: Flask) -> None:
    folder = signed.extensions["hereabouts"].library / "signed" / "1" / "media"
    (folder / "tenure.mp4").unlink()
    assert signed.test_client().get("/media/signed/1/tenure.mp4").status_code == 404
    secret = folder.parents[3] / "secret.mp4"
    secret.write_bytes(b"secret")
    (folder / "tenure.mp4").symlink_to(secret)
    assert signed.test_client().get("/media/signed/1/tenure.mp4").status_code == 404
