"""Publishing on the web: looked at first, published as looked at, withdrawn with a reason readers see."""

from __future__ import annotations

import fcntl
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from analysis.release import from_json
from questionnaires.framework import Framework
from questionnaires.loading import FILE_NAME
from questionnaires.model import Questionnaire
from survey_app.db import transaction
from survey_app.services import people, proposals
from survey_app.services.roles import Role
from survey_app.store import releases, waves
from survey_app.tables import AuditEvent, PublishedRelease
from tests.integration.conftest import Database
from tests.integration.test_publishing import asked, submit
from tests.integration.web import add_person, browser, make_app

__all__ = ["asked"]  # a fixture
pytestmark = pytest.mark.usefixtures("worked_out_here")

BECAUSE = "The margins were those of 2011."


@dataclass(frozen=True)
class Site:
    app: Flask
    database: Database
    office: int
    folder: Path

    def who(self, role: Role = Role.SURVEY_MANAGER, area: str = "") -> FlaskClient:
        with transaction(self.database.engine) as session:
            email = f"{role}-{area or 'all'}-{datetime.now(UTC).timestamp()}@example.org"
            user = add_person(session, email, [(role, self.office, area)])
        return browser(self.app, self.database, user)


def make_site(database: Database, questionnaire: Questionnaire, tmp_path: Path) -> Site:
    """A wave that nobody has answered, its questionnaire in a library of its own."""
    library = tmp_path / "library"
    (library / "every-kind" / "1").mkdir(parents=True)
    (tmp_path / "questionnaire.yaml").rename(library / "every-kind" / "1" / FILE_NAME)
    with transaction(database.engine) as session:
        office = people.add_organisation(session, "County Office", actor="command-line")
        wave = waves.by_slug(session, "spring")
        assert wave is not None
        wave.questionnaire_id, wave.questionnaire_version = "every-kind", "1"
        wave.questionnaire_digest = questionnaire.digest
    return Site(make_app(database, tmp_path / "data", library=library), database, office, tmp_path / "data")


@pytest.fixture
def site(database: Database, asked: tuple[Questionnaire, Framework], tmp_path: Path) -> Site:
    """A wave of forty answers."""
    made = make_site(database, asked[0], tmp_path)
    submit(database, 40)
    return made


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def worked_out(client: FlaskClient) -> str:
    response = client.post("/publishing/spring/work-out", follow_redirects=True)
    assert response.status_code == 200, response.text
    return response.text


def digest(page: str) -> str:
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found.group(1)


def stored(site: Site) -> list[PublishedRelease]:
    with Session(site.database.engine) as session:
        wave = waves.by_slug(session, "spring")
        return releases.of_wave(session, wave.id or 0 if wave else 0)


def publish(client: FlaskClient, shown: str) -> None:
    given = {"digest": digest(shown), "sure": "yes"}
    response = client.post("/publishing/spring/publish", data=given, follow_redirects=True)
    assert "is published" in response.text


def test_it_is_looked_at_first_and_published_as_it_was_looked_at(site: Site, own_process: None) -> None:
    client = site.who()
    assert "Nothing published yet" in client.get("/publishing/").text
    page = worked_out(client)
    said = words(page)
    assert "What release 1 would be" in said
    assert "Responses 40" in said
    assert "fewer answers than the minimum base" in said
    assert "Online 40 100.0%" in said
    assert stored(site) == []
    submit(site.database, 20)  # they come while the manager reads
    publish(client, page)
    (row,) = stored(site)
    assert row.digest == digest(page)
    assert from_json(row.document).responses == 40
    assert "What readers see" in words(client.get("/publishing/spring").text)
    assert "Release 1 of" in client.get("/publishing/").text
    with Session(site.database.engine) as session:
        told = session.exec(select(AuditEvent).where(AuditEvent.action == "release.publish")).one()
        assert told.actor == row.published_by != "command-line"


def test_what_would_move_and_why_is_told(site: Site) -> None:
    client = site.who()
    publish(client, worked_out(client))
    submit(site.database, 40, answers={"agree": 1, "life_sat": 2, "age": 1})
    said = words(worked_out(client))
    assert "Figures, compared with release 1" in said
    assert "Moved beyond the interval given before" in said
    assert "the answers counted: changed" in said
    assert "7 4.5" in said


def test_nothing_is_published_unless_one_says_so(site: Site) -> None:
    client = site.who()
    page = worked_out(client)
    response = client.post("/publishing/spring/publish", data={"digest": digest(page)})
    assert 'id="sure-error"' in response.text
    assert 'value="yes" aria-describedby="sure-error" aria-invalid="true"' in response.text
    assert (response.status_code, stored(site)) == (422, [])
    assert 'href="#sure"' in response.text


def test_the_same_form_sent_twice_publishes_once(site: Site) -> None:
    client = site.who()
    page = worked_out(client)
    publish(client, page)
    again = client.post("/publishing/spring/publish", data={"digest": digest(page), "sure": "yes"})
    assert again.status_code == 409
    assert len(stored(site)) == 1


def test_a_proposal_that_another_replaced_is_not_published(site: Site) -> None:
    client = site.who()
    old = worked_out(client)
    new = worked_out(site.who())
    assert digest(old) != digest(new)
    response = client.post("/publishing/spring/publish", data={"digest": digest(old), "sure": "yes"})
    assert (response.status_code, stored(site)) == (409, [])


def test_two_managers_with_the_same_proposal_publish_once(site: Site) -> None:
    """The second comes from a copy of the file, as if both had read it at the same moment."""
    client = site.who()
    page = worked_out(client)
    path = site.folder / "proposals" / "spring.json"
    kept = path.read_text()
    publish(client, page)
    path.write_text(kept)
    response = client.post("/publishing/spring/publish", data={"digest": digest(page), "sure": "yes"})
    assert response.status_code == 409
    assert "published or withdrawn, or a comment taken back, since" in response.text
    assert len(stored(site)) == 1


def test_an_old_proposal_is_not_offered(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    client = site.who()
    assert "digest" in worked_out(client)
    monkeypatch.setattr(proposals, "GOOD_FOR", timedelta(0))
    assert 'name="digest"' not in client.get("/publishing/spring").text


def test_a_proposal_is_for_the_service_alone(site: Site) -> None:
    worked_out(site.who())
    path = site.folder / "proposals" / "spring.json"
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_one_is_worked_out_at_a_time(site: Site) -> None:
    site.folder.mkdir(exist_ok=True)
    with (site.folder / ".proposing").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        response = site.who().post("/publishing/spring/work-out")
    assert response.status_code == 409
    assert "just now" in response.text


def test_reasons_against_a_release_are_shown(site: Site) -> None:
    with transaction(site.database.engine) as session:
        wave = waves.by_slug(session, "spring")
        assert wave is not None
        wave.published_levels = ["ward", "nowhere"]
        wave.area_codes = ["D9"]
    response = site.who().post("/publishing/spring/work-out")
    assert response.status_code == 422
    said = words(response.text)
    assert "No area of the wave is at a published level: ward, nowhere." in said
    assert "No population margin" in said


def test_a_wave_too_large_for_a_web_server_is_sent_to_the_command_line(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposals, "MOST_RESPONSES", 39)
    response = site.who().post("/publishing/spring/work-out")
    assert response.status_code == 422
    assert "command line" in response.text


def test_a_withdrawn_release_is_gone_for_readers_who_see_when_and_why(site: Site) -> None:
    manager, reader = site.who(), site.who(Role.ANALYST)
    publish(manager, worked_out(manager))
    submit(site.database, 40, answers={"agree": 1, "life_sat": 2, "age": 1})
    publish(manager, worked_out(manager))
    assert "about 80 people" in words(reader.get("/results/").text)
    given = {"number": "2", "because": BECAUSE}
    done = manager.post("/publishing/spring/withdraw", data=given, follow_redirects=True)
    assert "Withdrawn: release 2." in done.text
    page = words(reader.get("/results/").text)
    assert "about 40 people" in page
    assert "Release 2 was withdrawn on" in page
    assert BECAUSE in page
    assert BECAUSE in words(reader.get("/results/D1").text)
    told = words(reader.get("/results/releases").text)
    assert re.search(rf"2 \d+ \w+ \d{{4}} Withdrawn on \d+ \w+ \d{{4}} : {BECAUSE}", told) or BECAUSE in told
    manager.post("/publishing/spring/withdraw", data={"number": "1", "because": BECAUSE})
    for address in ("/results/", "/results/D1", "/map", "/results/?wave=spring"):
        response = reader.get(address)
        assert response.status_code == 200
        assert "These results were withdrawn" in response.text
        assert "people answered" not in response.text


def test_a_superseded_release_is_named_for_readers(site: Site) -> None:
    manager = site.who()
    publish(manager, worked_out(manager))
    submit(site.database, 40)
    publish(manager, worked_out(manager))
    assert "Superseded by release 2" in site.who(Role.ALLIANCE_VIEWER).get("/results/releases").text


@pytest.mark.parametrize(
    ("given", "target"),
    [({"number": "1", "because": "wrong"}, "because"), ({"number": "7", "because": BECAUSE}, "number")],
)
def test_a_withdrawal_that_is_not_in_order_is_refused(site: Site, given: dict[str, str], target: str) -> None:
    manager = site.who()
    publish(manager, worked_out(manager))
    response = manager.post("/publishing/spring/withdraw", data=given)
    assert response.status_code == 422
    assert f'href="#{target}"' in response.text
    assert f'value="{given["because"]}"' in response.text
    assert "Withdrawn on" not in manager.get("/publishing/spring").text


def test_withdrawing_what_another_stands_on_asks_for_both(site: Site) -> None:
    manager = site.who()
    publish(manager, worked_out(manager))
    submit(site.database, 1)
    publish(manager, worked_out(manager))
    given = {"number": "1", "because": BECAUSE}
    assert "at the same time" in manager.post("/publishing/spring/withdraw", data=given).text
    done = manager.post("/publishing/spring/withdraw", data=given | {"later": "yes"}, follow_redirects=True)
    assert "Withdrawn: release 1, 2." in done.text


def test_someone_who_looks_after_another_part_does_not_find_the_wave(site: Site) -> None:
    elsewhere = site.who(area="D2")
    assert "spring" not in elsewhere.get("/publishing/").text
    assert elsewhere.get("/publishing/spring").status_code == 404
    for action in ("work-out", "publish", "withdraw"):
        assert elsewhere.post(f"/publishing/spring/{action}").status_code == 404
