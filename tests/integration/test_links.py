"""Links into a wave: posters carry a place and a language; a one-time link brings one submission."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlmodel import Session, select

from survey_app.cli import main
from survey_app.db import transaction
from survey_app.services import fieldwork, one_time_links, place_links
from survey_app.services.roles import Role
from survey_app.store import responses, waves
from survey_app.tables import AuditEvent, OneTimeLink, Wave
from tests.integration.conftest import Database
from tests.integration.residents import ABOUT, CONSENT, LIFE, Browser, change_wave, furnish, running, stored
from tests.integration.web import add_person, browser, office

SECRET = "test"


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Iterator[Flask]:
    furnish(database)
    with running(database, tmp_path) as app:
        yield app


def the_wave(session: Session) -> Wave:
    wave = waves.by_slug(session, "spring")
    if wave is None:
        raise LookupError("spring")
    return wave


def poster(database: Database, area: str = "W2", language: str = "ur") -> str:
    with transaction(database.engine) as session:
        link = place_links.make(
            session, the_wave(session), place="Library", area_code=area, language=language, actor="test"
        )
        return f"/p/{link.slug}"


def letters(database: Database, count: int = 1) -> tuple[str, ...]:
    with transaction(database.engine) as session:
        return one_time_links.make(
            session,
            the_wave(session),
            label="Letters",
            count=count,
            secret=SECRET,
            today=fieldwork.today(),
            actor="test",
        ).tokens


def states(database: Database) -> list[tuple[str, str | None]]:
    with Session(database.engine) as session:
        rows = session.exec(select(OneTimeLink).order_by(OneTimeLink.id))
        return [(row.state, row.draft_id) for row in rows]


def test_a_poster_brings_its_language_and_offers_its_area(app: Flask, database: Database) -> None:
    someone = Browser.on(app)
    someone.get(poster(database))
    assert someone.path == "/s/spring"
    assert '<html lang="ur"' in someone.text
    someone.answer(("consent", CONSENT), ("place", {"postcode": ""}))
    assert someone.path == "/s/spring/area"
    assert re.search(r'value="W2"[^>]* checked', someone.text)
    someone.send({"area": "W3"})  # it is only offered
    someone.answer(("life", LIFE), ("about", ABOUT))
    someone.get("/s/spring/check")
    someone.send({})
    (sent,) = stored(database)
    assert (sent.status, sent.area_code) == ("submitted", "W3")
    with Session(database.engine) as session:
        (listed,) = place_links.listed(session, the_wave(session))
    assert (listed.answers, sent.channel) == (1, f"poster:{listed.link.id}")


def test_a_poster_that_was_taken_down_leads_nowhere(app: Flask, database: Database) -> None:
    address = poster(database)
    with transaction(database.engine) as session:
        (listed,) = place_links.listed(session, the_wave(session))
        place_links.revoke(session, the_wave(session), listed.link.id or 0, actor="test")
    assert Browser.on(app).get(address).status_code == 404
    assert Browser.on(app).get("/p/nosuch").status_code == 404


def test_a_one_time_link_brings_one_submission_and_leaves_no_trace(app: Flask, database: Database) -> None:
    (token,) = letters(database)
    someone = Browser.on(app)
    someone.get(f"/i/{token}")
    assert someone.path == "/s/spring"
    assert states(database) == [("unused", None)]  # looking changes nothing: previews of a link cannot use it
    someone.answer(("consent", CONSENT))
    (draft,) = stored(database)
    assert states(database) == [("unused", draft.id)]
    someone.finish()
    (sent,) = stored(database)
    assert sent.channel == "invitation"
    assert states(database) == [("used", None)]  # nothing says which response it brought
    with Session(database.engine) as session:
        trail = [f"{e.action} {e.subject} {e.detail}" for e in session.exec(select(AuditEvent))]
    assert not [line for line in trail if token in line]
    again = Browser.on(app)
    assert again.get(f"/i/{token}").status_code == 410
    assert "Answers have been sent with this link" in again.text
    someone.get(f"/i/{token}")
    assert someone.path == "/s/spring/receipt"


def test_a_link_begun_elsewhere_asks_for_the_code(app: Flask, database: Database) -> None:
    (token,) = letters(database)
    first, second = Browser.on(app), Browser.on(app)
    first.get(f"/i/{token}")
    second.get(f"/i/{token}")  # opened before anyone had begun
    first.answer(("consent", CONSENT))
    second.answer(("consent", CONSENT))
    assert sorted(each.channel for each in stored(database)) == ["invitation", "open"]
    third = Browser.on(app)
    third.get(f"/i/{token}")
    assert "Someone has started with this link" in third.text
    first.get(f"/i/{token}")
    assert first.path == "/s/spring"


def test_a_household_with_two_letters_can_open_the_second_midway(app: Flask, database: Database) -> None:
    letter, reminder = letters(database, 2)
    someone = Browser.on(app)
    someone.get(f"/i/{letter}")
    someone.answer(("consent", CONSENT))
    someone.get(f"/i/{reminder}")
    someone.finish()
    (sent,) = stored(database)
    assert (sent.status, sent.channel) == ("submitted", "invitation")
    assert states(database) == [("used", None), ("unused", None)]  # the other is still good for someone else


def test_a_draft_that_was_deleted_frees_its_link(app: Flask, database: Database) -> None:
    (token,) = letters(database)
    someone = Browser.on(app)
    someone.get(f"/i/{token}")
    someone.answer(("consent", CONSENT))
    someone.get("/s/spring/later")
    someone.send({}, "/s/spring/stop")
    assert stored(database) == []
    other = Browser.on(app)
    other.get(f"/i/{token}")
    assert other.path == "/s/spring"
    other.answer(("consent", CONSENT))
    assert [each.channel for each in stored(database)] == ["invitation"]


def test_of_many_at_once_one_takes_the_link(app: Flask, database: Database) -> None:
    (token,) = letters(database)
    with transaction(database.engine) as session:
        drafts = [responses.start(session, the_wave(session), "web", "en").id for _ in range(8)]

    def claim(draft: str) -> bool:
        with transaction(database.engine) as session:
            held = responses.get_for_update(session, draft)
            return held is not None and one_time_links.claim(session, held, token, SECRET)

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(claim, drafts)) == [False] * 7 + [True]


def test_a_withdrawn_or_ended_link_says_so(app: Flask, database: Database) -> None:
    withdrawn, ended = letters(database, 2)
    with transaction(database.engine) as session:
        assert one_time_links.revoke_one(session, the_wave(session), withdrawn, SECRET, actor="test")
        assert not one_time_links.revoke_one(session, the_wave(session), withdrawn, SECRET, actor="test")
    change_wave(database, closes_on=fieldwork.today() - timedelta(days=1))
    for token in (withdrawn, ended, "3333-3333-3333", "nonsense"):
        someone = Browser.on(app)
        assert someone.get(f"/i/{token}").status_code == 410
        assert "This link no longer works" in someone.text


def test_only_hashes_are_kept(app: Flask, database: Database) -> None:
    (token,) = letters(database)
    with Session(database.engine) as session:
        (row,) = session.exec(select(OneTimeLink))
    assert token.replace("-", "") not in row.token_hash.upper()
    assert len(row.token_hash) == 64


@pytest.fixture
def manager(database: Database) -> str:
    organisation, _administrator = office(database)
    with transaction(database.engine) as session:
        return add_person(session, "mo@example.org", [(Role.SURVEY_MANAGER, organisation, "")])


def test_a_manager_makes_prints_and_withdraws(app: Flask, database: Database, manager: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client = browser(app, database, manager)
    made = client.post("/waves/spring/links/posters", data={"place": "Hub", "area": "W1", "language": "ur"})
    assert made.status_code == 302
    page = client.get("/waves/spring/links").text
    (printed,) = set(re.findall(r'href="(/waves/spring/links/posters/\d+)"', page))
    sheet = client.get(printed).text
    assert '<html lang="ur" dir="rtl">' in sheet
    assert "/p/" in sheet
    assert client.get(f"{printed}?size=a5").status_code == 200
    assert client.get(f"{printed}?size=a0").status_code == 404
    wrong = client.post("/waves/spring/links/posters", data={"place": "", "area": "L1", "language": "xx"})
    assert wrong.status_code == 422
    assert wrong.text.count('class="error"') == 3
    hidden = {"place": "Hub\x00", "area": "W1", "language": "ur"}
    assert client.post("/waves/spring/links/posters", data=hidden).status_code == 422
    assert (
        client.post("/waves/spring/links/batches", data={"label": "A\x00", "count": "1"}).status_code == 422
    )
    packed = client.post("/waves/spring/links/batches", data={"label": "Letters", "count": "3"})
    assert packed.status_code == 200
    with zipfile.ZipFile(io.BytesIO(packed.get_data())) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("links.csv").decode())))
        printed_sheet = archive.read("qr-sheet.html").decode()
    assert len(rows) == 3
    assert all(row["address"] == f"http://localhost/i/{row['code']}" for row in rows)
    assert printed_sheet.count("<li>") == 3
    assert client.post("/waves/spring/links/revoke", data={"code": rows[0]["code"]}).status_code == 302
    assert client.post("/waves/spring/links/revoke", data={"code": rows[0]["code"]}).status_code == 422
    batch = re.search(r"/waves/spring/links/batches/(\d+)/revoke", client.get("/waves/spring/links").text)
    assert batch is not None
    assert client.post(batch[0]).status_code == 302
    assert [state for state, _draft in states(database)] == ["revoked"] * 3
    with Session(database.engine) as session:
        actions = [e.action for e in session.exec(select(AuditEvent).order_by(AuditEvent.id))]
    assert actions[-4:] == [
        "place-link.make",
        "one-time-links.make",
        "one-time-links.revoke",
        "one-time-links.revoke",
    ]


@pytest.mark.parametrize("page", ["links", "review", "contacts"])
def test_a_manager_of_a_part_does_not_get_the_whole(database: Database, tmp_path: Path, page: str) -> None:
    furnish(database)  # covers D1 and D2
    organisation, _administrator = office(database)
    with transaction(database.engine) as session:
        part = add_person(session, "p@example.org", [(Role.SURVEY_MANAGER, organisation, "D1")])
    with running(database, tmp_path) as app:
        assert browser(app, database, part).get(f"/waves/spring/{page}").status_code == 404
        change_wave(database, area_codes=["D1"])
        assert browser(app, database, part).get(f"/waves/spring/{page}").status_code == 200


def test_the_command_writes_the_links_once(app: Flask, database: Database, tmp_path: Path) -> None:
    out, sheet = tmp_path / "links.csv", tmp_path / "sheet.html"
    environment = {
        "HEREABOUTS_DATABASE_URL": database.url,
        "HEREABOUTS_DATA_FOLDER": str(tmp_path),
        "HEREABOUTS_SECRET_KEY": SECRET,
        "HEREABOUTS_LIBRARY": str(tmp_path / "library"),
    }
    command = ["waves", "invite-links", "spring", "--count", "5", "--base-url", "https://s.example.org/"]
    command += ["--out", str(out), "--sheet", str(sheet)]
    done = CliRunner().invoke(main, command, env=environment)
    assert (done.exit_code, done.stderr) == (0, "")
    rows = list(csv.DictReader(io.StringIO(out.read_text())))
    assert len(rows) == 5
    assert rows[0]["address"].startswith("https://s.example.org/i/")
    assert sheet.read_text().count("<li>") == 5
    assert (out.stat().st_mode & 0o077, sheet.stat().st_mode & 0o077) == (0, 0)
    again = CliRunner().invoke(main, command, env=environment)
    assert (again.exit_code, "there already" in again.stderr) == (1, True)
    assert len(states(database)) == 5
    someone = Browser.on(app)
    someone.get(f"/i/{rows[0]['code']}")
    assert someone.path == "/s/spring"
