"""What survey managers see of questionnaires: the list, a version, its routing, trying it out, changes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlmodel import Session, select

from questionnaires import loading
from survey_app.cli import main
from survey_app.db import transaction
from survey_app.services import people
from survey_app.services.roles import Role
from survey_app.store import waves
from survey_app.tables import Response, Wave
from tests.integration import samples
from tests.integration.conftest import Database
from tests.integration.test_export import NEW, OLD
from tests.integration.web import add_person, browser, make_app

ROUTED = (
    OLD.replace("language: en\n", "language: en\nlanguages: [en, ur]\n")
    + """\
      - code: hours
        kind: integer
        purpose: context
        text: How many hours?
        minimum: 0
        maximum: 100
        when: {item: mood, at-least: 5}
        checks:
          - {when: {item: hours, at-least: 80}, text: That is a lot. Is it right?}
"""
)


@dataclass(frozen=True)
class Desk:
    client: FlaskClient
    database: Database
    library: Path

    def write(self, version: str, text: str) -> Path:
        path = self.library / "town" / version / "questionnaire.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def walk(self, page: str, **values: str | list[str]) -> str:
        """Send the page with these values."""
        hidden = dict(re.findall(r'<input type="hidden" name="(trial|in)" value="([^"]+)"', page))
        return self.client.post("/questionnaires/town/1.0/walk", data={**hidden, **values}).text


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    with transaction(database.engine) as session:
        office = people.add_organisation(session, "County Office", actor="command-line")
        user = add_person(session, "m@example.org", [(Role.SURVEY_MANAGER, office, "")])
    app = make_app(database, tmp_path, library=tmp_path / "library")
    made = Desk(browser(app, database, user), database, tmp_path / "library")
    made.write("1.0", ROUTED)
    return made


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_list_says_what_state_each_version_is_in(desk: Desk) -> None:
    desk.write("1.1", NEW)
    desk.write("1.2", NEW.replace('"1.1"', '"1.2"').replace("kind: consent", "kind: nonsense"))
    with transaction(desk.database.engine) as session:
        samples.place_tree(session)
        waves.add(session, samples.wave(questionnaire_id="town", questionnaire_version="1.0"))
    said = words(desk.client.get("/questionnaires/").text)
    assert "Our town version 1.0 State Asked by: Spring survey" in said
    assert "Our town version 1.1 State Draft: it can still change" in said
    assert "town version 1.2 State Cannot be used: its file has problems." in said
    assert "[unknown-kind]" in said
    assert desk.client.get("/questionnaires/town/1.2/").status_code == 409
    assert desk.client.get("/questionnaires/town/9/").status_code == 404
    assert '/questionnaires/town/1.0/"' in desk.client.get("/waves/").text


def test_a_frozen_version_says_so_and_a_change_to_it(desk: Desk) -> None:
    path = desk.write("1.0", ROUTED)
    environment = {"HEREABOUTS_LIBRARY": str(desk.library)}
    assert (
        CliRunner().invoke(main, ["questionnaires", "freeze", "town", "1.0"], env=environment).exit_code == 0
    )
    assert "Frozen." in words(desk.client.get("/questionnaires/").text)
    path.write_text(ROUTED.replace("How are you?", "How goes it?"))
    assert "changed since this version was frozen" in words(desk.client.get("/questionnaires/").text)
    assert "How goes it?" in desk.client.get("/questionnaires/town/1.0/").text, "it can still be looked at"


def test_a_version_is_told_in_full_and_as_its_file_stands_now(desk: Desk) -> None:
    said = words(desk.client.get("/questionnaires/town/1.0/").text)
    for words_ in (
        "How many hours? hours a whole number context from 0 to 100",
        "Only if your answer to question 3 is 5 or more.",
        "Asks again if your answer to question 8 is 80 or more: That is a lot. Is it right?",
        "2 Male (level M)",
        "0 Bad – 10 Good",
    ):
        assert words_ in said, words_
    desk.write("1.0", ROUTED.replace("How are you?", "How goes it with you?"))
    assert "How goes it with you?" in desk.client.get("/questionnaires/town/1.0/").text


def test_who_is_asked_what_as_a_drawing_and_in_words(desk: Desk) -> None:
    page = desk.client.get("/questionnaires/town/1.0/routing").text
    assert page.count('<g class="line">') == 1
    assert "<title" in page
    assert "<desc" in page
    assert "Question 8 hours How many hours? Only if your answer to question 3 is 5 or more." in words(page)


def test_walking_through_keeps_nothing(desk: Desk) -> None:
    page = desk.client.get("/questionnaires/town/1.0/walk").text
    assert "Preview, nothing is kept." in page
    page = desk.walk(page, postcode="CM1 1GT", mood="7")
    assert "There is a problem" in page, "consent is needed here as it is for residents"
    page = desk.walk(page, consent="1", mood="7", did=["1", "2"], sex="1")
    assert "How many hours?" in page
    page = desk.walk(page, hours="90")
    assert "That is a lot. Is it right?" in page
    kept = re.search(r'name="confirm"[^>]*value="([^"]+)"', page) or re.search(
        r'value="([^"]+)"[^>]*name="confirm"', page
    )
    assert kept is not None
    page = desk.walk(page, hours="90", confirm=kept[1])
    said = words(page)
    assert "That was the last page" in said
    assert "hours 90" in said
    assert "did__2 1" in said
    with Session(desk.database.engine) as session:
        assert session.exec(select(Response)).all() == []
        assert session.exec(select(Wave)).all() == []


def test_a_walk_is_of_one_text_of_one_questionnaire(desk: Desk) -> None:
    """An answer may mean nothing in another: a text where a number is asked would break its conditions."""
    first = desk.client.get("/questionnaires/town/1.0/walk").text
    second = desk.walk(first, consent="1", mood="7")
    assert "How many hours?" in second
    desk.write("1.0", ROUTED.replace("How many hours?", "How many hours, all told?"))
    again = desk.walk(second, action="language")
    assert "all told" not in again  # begun anew, at the first page
    assert 'name="mood"' in again


def test_a_walk_goes_back_changes_language_and_takes_no_state_that_is_not_its_own(desk: Desk) -> None:
    first = desk.client.get("/questionnaires/town/1.0/walk").text
    second = desk.walk(first, consent="1", mood="7")
    assert 'value="7" checked' in desk.walk(second, action="back").replace('id="q-mood-7" ', "")
    urdu = desk.client.post(
        "/questionnaires/town/1.0/walk",
        data={
            "trial": re.findall(r'name="trial" value="([^"]+)"', second)[0],
            "action": "language",
            "in": "ur",
        },
    ).text
    assert '<html lang="ur" dir="rtl">' in urdu
    assert "How many hours?" in urdu
    forged = desk.client.post("/questionnaires/town/1.0/walk", data={"trial": "x.y", "action": "language"})
    assert "I agree." in forged.text, "it starts again"


def test_what_changed_between_two_versions(desk: Desk) -> None:
    desk.write("1.0", OLD)
    desk.write("1.1", NEW)
    page = desk.client.get("/questionnaires/town/1.1/compare/1.0").text
    said = words(page)
    assert "From version 1.0 to 1.1" in said
    assert "mood not comparable the scale" in said
    assert "safe comparable with care the question Do you feel safe? How safe do you feel?" in said
    assert "days added" in said
    assert "/questionnaires/town/1.1/compare/1.0" in desk.client.get("/questionnaires/town/1.1/").text


def test_the_paper_form_is_marked_as_a_draft(desk: Desk) -> None:
    said = words(desk.client.get("/questionnaires/town/1.0/print?in=ur").text)
    assert "How many hours?" in said


def test_preview_writes_a_folder_to_look_at(desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "out"
    environment = {"HEREABOUTS_LIBRARY": str(desk.library), "HEREABOUTS_DATA_FOLDER": str(tmp_path)}
    done = CliRunner().invoke(main, ["questionnaires", "preview", "town", "--out", str(out)], env=environment)
    assert done.exit_code == 0, done.output
    index = (out / "index.html").read_text()
    for link in re.findall(r'(?:href|src)="([^"#]+)"', index):
        assert (out / link).is_file(), link
    assert "How many hours?" in (out / "pages.ur.html").read_text()
    assert 'dir="rtl"' in (out / "pages.ur.html").read_text()
    assert "How many hours?" in (out / "paper.en.html").read_text()
    gone = CliRunner().invoke(main, ["questionnaires", "preview", "city"], env=environment)
    assert (gone.exit_code, "In the library: town" in gone.stderr) == (1, True)


def test_every_kind_of_question_can_be_looked_at(tmp_path: Path) -> None:
    specimen = Path(__file__).parents[1] / "specimen" / "every-kind" / "1.0" / "questionnaire.yaml"
    asked = loading.load(specimen)
    out = tmp_path / "out"
    done = CliRunner().invoke(
        main,
        ["questionnaires", "preview", str(specimen), "--out", str(out)],
        env={"HEREABOUTS_DATA_FOLDER": str(tmp_path)},
    )
    assert done.exit_code == 0, done.output
    index = (out / "index.html").read_text()
    assert all(f'id="i-{item.code}"' in index for item in asked.items())


def test_opening_a_wave_freezes_its_questionnaire_and_a_changed_one_is_not_opened(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEREABOUTS_LIBRARY", str(desk.library))
    monkeypatch.setenv("HEREABOUTS_DATABASE_URL", desk.database.url)
    path = desk.write("1.0", OLD)
    asked = {"questionnaire_id": "town", "questionnaire_version": "1.0", "closes_on": date(2999, 1, 1)}
    with transaction(desk.database.engine) as session:
        samples.place_tree(session)
        for slug in ("first", "second"):
            waves.add(session, samples.wave(slug=slug, status="draft", **asked))
    opened = CliRunner().invoke(main, ["waves", "open", "first"])
    assert (opened.exit_code, "Frozen: town 1.0." in opened.stdout) == (0, True), opened.output
    assert (path.parent / "frozen.json").is_file()
    path.write_text(OLD.replace("How are you?", "How goes it?"))
    refused = CliRunner().invoke(main, ["waves", "open", "second"])
    assert (refused.exit_code, "questionnaires new --from town 1.0" in refused.stderr) == (1, True)
