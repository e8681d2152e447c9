"""`survey-app users`: the first administrator starts here."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey_app.cli import main
from survey_app.db import transaction
from survey_app.services import people
from tests.integration.conftest import Database
from tests.integration.samples import place_tree
from tests.integration.test_people import NEW
from tests.integration.web import make_app

Run = Callable[..., Result]


@pytest.fixture
def run(database: Database, tmp_path: Path) -> Run:
    environment = {
        "HEREABOUTS_DATABASE_URL": database.url,
        "HEREABOUTS_DATA_FOLDER": str(tmp_path),
        "HEREABOUTS_SECRET_KEY": "test",
    }
    return lambda *words: CliRunner().invoke(main, ["users", *words], env=environment)


FIRST = ("invite", "ada@example.org", "--role", "administrator", "--organisation", "County Office")


def test_from_an_empty_database_to_the_people_page(run: Run, database: Database, tmp_path: Path) -> None:
    result = run(*FIRST, "--create-organisation", "--base-url", "https://surveys.example/")
    assert result.exit_code == 0, result.output
    link = result.stdout.splitlines()[-1]
    assert link.startswith("https://surveys.example/invitation/")
    client = make_app(database, tmp_path).test_client()
    assert client.post(link.removeprefix("https://surveys.example"), data=NEW).location == "/account"
    assert client.get("/people").status_code == 200
    assert "administrator: County Office" in run("list").stdout
    (record,) = json.loads(run("list", "--json").stdout)
    assert record["email"] == "ada@example.org"
    assert record["roles"] == [
        {"role": "administrator", "organisation": "County Office", "area": None, "working": True}
    ]


def test_json_is_one_document(run: Run) -> None:
    made = json.loads(run(*FIRST, "--create-organisation", "--json").stdout)
    assert set(made) == {"email", "link", "expires_at"}


def test_every_reason_for_refusing_at_once(run: Run) -> None:
    result = run("invite", "ada", "--role", "analyst", "--organisation", "Nowhere", "--area", "Atlantis")
    assert result.exit_code == 1
    for said in ("not an e-mail address", "No organisation is named 'Nowhere'", "No area has the code"):
        assert said in result.stderr
    assert run("invite", "ada@example.org", "--role", "queen", "--organisation", "x").exit_code == 2


def test_nothing_is_made_when_anything_is_refused(run: Run, database: Database) -> None:
    refused = run(*FIRST, "--create-organisation", "--area", "Atlantis")
    assert refused.exit_code == 1
    assert "There is none yet" in run(*FIRST).stderr


def test_several_areas_of_one_name(run: Run, database: Database) -> None:
    with transaction(database.engine) as session:
        place_tree(session)["X1"].name = "Northfield"
        people.add_organisation(session, "County Office", actor="command-line")
    result = run(*FIRST, "--area", "northfield")
    assert result.exit_code == 1
    assert "D1  Northfield (lad)" in result.stderr
    assert run(*FIRST, "--area", "d1").exit_code == 0


def test_a_link_for_a_new_password(run: Run, database: Database, tmp_path: Path) -> None:
    made = json.loads(run(*FIRST, "--create-organisation", "--json").stdout)
    client = make_app(database, tmp_path).test_client()
    client.post(made["link"].removeprefix("http://127.0.0.1:8000"), data=NEW)
    result = run("new-password", "Ada@example.org")
    link = result.stdout.splitlines()[-1].removeprefix("http://127.0.0.1:8000")
    assert client.get(link).status_code == 200
    assert run("new-password", "nobody@example.org").exit_code == 1
