"""The printed form: complete, in each language, with the numbers the keying screen asks for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from questionnaires import answering, loading
from survey_app.cli import main
from survey_app.config import Config
from survey_app.db import transaction
from survey_app.services import fieldwork
from survey_app.store import waves
from tests.integration import samples
from tests.integration.conftest import Database
from tests.integration.paperwork import TODAY, Office, office

NUMBER = re.compile(r'<h3><span class="number">(\d+)</span>')
ITEM = re.compile(r'<div class="item">(.*?)(?=<div class="item">|</main>)', re.DOTALL)


@pytest.fixture
def desk(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(fieldwork, "today", lambda moment=None: TODAY)
    return office(database, tmp_path)


def core():
    config = Config(database_url="", data_folder=Path())
    return loading.load(loading.find(config.library, "thriving-places-core", "1.0"), config.frameworks)


@pytest.mark.parametrize(("code", "direction"), [("en", "ltr"), ("pl", "ltr"), ("ur", "rtl")])
def test_every_question_is_printed_once_in_every_language(desk: Office, code: str, direction: str) -> None:
    page = desk.client.get(
        f"/print/spring/{code}?lang=en"
    ).text  # whatever language the reader's pages are in
    assert f'<html lang="{code}" dir="{direction}">' in page
    assert NUMBER.findall(page) == [str(number) for number in range(1, 49)]
    assert "style=" not in page
    assert "<script" not in page


def test_the_numbers_beside_the_boxes_are_those_that_are_keyed(desk: Office) -> None:
    page = desk.client.get("/print/spring/en").text
    items = ITEM.findall(page)
    assert len(items) == 48
    for item, html in zip(core().items(), items, strict=True):
        printed = [int(number) for number in re.findall(r"<small>(\d+)</small>", html)]
        printed += [int(number) for number in re.findall(r"</span><span>(\d+)</span></li>", html)]
        assert printed == [code.number for code in answering.paper_codes(item)], item.code
        assert html.count('class="box"') == len(printed)
    keyed = desk.page(desk.open_batch())
    for item in core().items():
        shown = keyed[keyed.index(f'id="q-{item.code}-codes"') :].split("</p>")[0]
        if item.scale is None:
            numbers = re.findall(r"<span><b>(\d+)</b>", shown)
            assert numbers == [str(code.number) for code in answering.paper_codes(item)], item.code


def test_routing_is_said_in_words(desk: Office) -> None:
    page = desk.client.get("/print/spring/en").text
    assert (
        "Answer questions 33 to 35 only if you answered “Working for an employer” or "
        "“Self-employed or freelance” at question 31. If not, go to question 36." in page
    )
    assert "Answer question 40 only if you answered “Yes” at question 39. If not, go to question 41." in page


def test_the_form_says_where_to_hand_it_in_and_where_else_to_answer(desk: Office) -> None:
    page = desk.client.get("/print/spring/en").text
    assert "by 31 December 2026" in page
    assert "http://localhost/s/spring" in page
    assert "Serial number" in page


def test_managers_print_too_and_others_do_not(desk: Office) -> None:
    assert desk.manager.get("/print/spring/en").status_code == 200
    assert desk.manager.get("/paper/").status_code == 403
    assert desk.app.test_client().get("/print/spring/en").status_code == 302


def test_only_the_waves_own_languages(desk: Office) -> None:
    assert desk.client.get("/print/spring/bn").status_code == 404
    assert desk.client.get("/print/nothing/en").status_code == 404


def test_a_draft_says_that_it_is_one(desk: Office) -> None:
    assert "Draft." not in desk.client.get("/print/spring/en").text
    with transaction(desk.database.engine) as session:
        draft = samples.wave(
            slug="next", status="draft", questionnaire_id="thriving-places-core", questionnaire_version="1.0"
        )
        waves.add(session, draft)
    assert "Draft. The questions may still change" in desk.client.get("/print/next/en").text


def test_the_command_writes_the_same_form_as_one_file(
    desk: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEREABOUTS_DATABASE_URL", desk.database.url)
    monkeypatch.setenv("HEREABOUTS_DATA_FOLDER", str(tmp_path))
    out = tmp_path / "form.html"
    asked = ["paper", "print", "spring", "--lang", "ur", "--base-url", "https://survey.example/"]
    done = CliRunner().invoke(main, [*asked, "--out", str(out)])
    assert done.exit_code == 0, done.output
    page = out.read_text(encoding="utf-8")
    assert '<html lang="ur" dir="rtl">' in page
    assert "https://survey.example/s/spring" in page
    assert "@page" in page
    assert "/static/" not in page
    assert len(NUMBER.findall(page)) == 48


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["nothing", "--lang", "en"], "Waves: spring"), (["spring", "--lang", "bn"], "en, pl, ur")],
)
def test_the_command_says_what_there_is(
    desk: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.setenv("HEREABOUTS_DATABASE_URL", desk.database.url)
    done = CliRunner().invoke(main, ["paper", "print", *arguments, "--out", str(tmp_path / "x.html")])
    assert done.exit_code == 1
    assert words in done.stderr
    assert not (tmp_path / "x.html").exists()


def test_the_printed_style_runs_both_ways() -> None:
    style = (Path(__file__).parents[2] / "survey_app" / "static" / "paper.css").read_text()
    assert not re.search(r"(margin|padding|border)-(left|right)|text-align: (left|right)|float:", style)
    assert re.search(r"\.item \{[^}]*break-inside: avoid", style)  # no page break inside a question
