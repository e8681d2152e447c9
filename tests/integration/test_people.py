"""Invitations, roles given and taken away, people and organisations switched off and on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from survey_app.db import transaction
from survey_app.services import invitations, people
from survey_app.services.people import LastAdministratorError
from survey_app.services.roles import Role
from survey_app.store import accounts as store
from survey_app.tables import Invitation
from survey_app.tables.base import now
from tests.integration.conftest import Database
from tests.integration.samples import place_tree
from tests.integration.web import PASSWORD, add_person, browser, link_shown, make_app, office

NEW = {"name": "Bo Larsen", "password": "harbour violin seventeen", "again": "harbour violin seventeen"}


@dataclass
class Office:
    """An organisation, its administrator's browser, and the app."""

    app: Flask
    database: Database
    organisation_id: int
    ada: str
    browser: FlaskClient

    def invite(self, email: str = "bo@example.org", **given: str):
        data = {
            "email": email,
            "role": "outreach-worker",
            "organisation": str(self.organisation_id),
            "area": "",
        }
        return self.browser.post("/people/invite", data=data | given)

    def person(self, email: str) -> people.Person:
        with Session(self.database.engine) as session:
            return next(person for person in people.everyone(session) if person.email == email)


@pytest.fixture
def county(database: Database, tmp_path: Path) -> Office:
    organisation_id, ada = office(database)
    app = make_app(database, tmp_path)
    return Office(app, database, organisation_id, ada, browser(app, database, ada))


def held(person: people.Person) -> list[tuple[str, str, str]]:
    return [(role.role.value, role.organisation, role.area_code) for role in person.roles]


def test_an_invitation_makes_an_account_once(county: Office) -> None:
    page = county.invite("  Bo@Example.org ")
    link = link_shown(page.text)
    assert "bo@example.org" in page.text
    assert "shown only once" in page.text
    client = county.app.test_client()
    assert "Outreach worker" in client.get(link).text
    assert client.post(link, data=NEW).location == "/account"
    assert "Bo Larsen" in client.get("/account").text
    assert held(county.person("bo@example.org")) == [("outreach-worker", "County Office", "")]
    assert county.app.test_client().get(link).status_code == 410
    assert county.app.test_client().post(link, data=NEW).status_code == 410


def test_only_the_hash_of_the_token_is_kept(county: Office) -> None:
    token = link_shown(county.invite().text).rpartition("/")[2]
    with Session(county.database.engine) as session:
        (row,) = store.invitations(session)
        assert token not in repr(row.model_dump())
        assert row.invited_by == county.ada
        assert timedelta(days=6, hours=23) < row.expires_at - now() <= timedelta(days=7)


def test_every_problem_with_an_invitation_is_named(county: Office) -> None:
    page = county.invite("bo at example", role="", organisation="", area="x" * 101).text
    for target in ("email", "role", "organisation", "area"):
        assert f'<a href="#{target}">' in page
    assert "We hold no area with this name or code" in county.invite(area="Atlantis").text
    with Session(county.database.engine) as session:
        assert store.invitations(session) == []


def test_choosing_a_password_is_checked_before_anything_is_made(county: Office) -> None:
    link = link_shown(county.invite().text)
    client = county.app.test_client()
    for change, said in (
        ({"name": " "}, "Enter your name"),
        ({"again": "harbour"}, "are not the same"),
        ({"password": "bo@example.org", "again": "bo@example.org"}, "too easy to guess"),
    ):
        assert said in client.post(link, data=NEW | change).text
    assert client.post(link, data=NEW).status_code == 302


@pytest.mark.parametrize("given", ["A1", "North & East", "north and east"])
def test_a_role_for_one_area_by_code_or_name(county: Office, given: str) -> None:
    with transaction(county.database.engine) as session:
        place_tree(session)
    link = link_shown(county.invite(role="alliance-viewer", area=given).text)
    assert "North &amp; East" in county.app.test_client().get(link).text
    county.app.test_client().post(link, data=NEW)
    assert held(county.person("bo@example.org")) == [("alliance-viewer", "County Office", "A1")]


def test_several_areas_of_one_name_are_listed_to_choose_from(county: Office) -> None:
    with transaction(county.database.engine) as session:
        areas = place_tree(session)
        areas["X1"].name = "Northfield"
    page = county.invite(area="Northfield").text
    assert "(D1)" in page
    assert "(X1)" in page


def test_someone_with_an_account_accepts_after_signing_in(county: Office) -> None:
    with transaction(county.database.engine) as session:
        bo = add_person(session, "bo@example.org", password=PASSWORD)
    link = link_shown(county.invite(role="analyst").text)
    client = county.app.test_client()
    assert f"/sign-in?next={link}" in client.get(link).text
    assert client.post(link, data=NEW).status_code == 200
    assert held(county.person("bo@example.org")) == []  # the link alone is not enough
    stranger = county.browser
    assert "another e-mail address" in stranger.get(link).text
    stranger.post(link)
    assert held(county.person("bo@example.org")) == held(county.person("ada@example.org"))[1:] == []
    owner = browser(county.app, county.database, bo)
    assert "Accept" in owner.get(link).text
    assert owner.post(link).location == "/account"
    assert held(county.person("bo@example.org")) == [("analyst", "County Office", "")]
    assert owner.get(link).status_code == 410


def test_an_invitation_withdrawn_repeated_or_out_of_date_does_not_work(county: Office) -> None:
    first = link_shown(county.invite().text)
    second = link_shown(county.invite().text)  # to the same: only the latest works
    assert county.app.test_client().get(first).status_code == 410
    with Session(county.database.engine) as session:
        (waiting,) = invitations.waiting(session)
    assert "bo@example.org" in county.browser.get("/people").text
    assert county.browser.post(f"/people/invitations/{waiting.id}/revoke").location == "/people"
    assert county.app.test_client().get(second).status_code == 410
    assert "bo@example.org" not in county.browser.get("/people").text
    third = link_shown(county.invite().text)
    with transaction(county.database.engine) as session:
        row = session.get_one(Invitation, waiting.id + 1)
        row.expires_at = now() - timedelta(seconds=1)
    assert county.app.test_client().post(third, data=NEW).status_code == 410
    assert county.app.test_client().get("/invitation/guessed").status_code == 410


def test_an_invitation_to_an_organisation_since_deactivated_does_not_work(county: Office) -> None:
    county.browser.post("/people/organisations", data={"name": "Community Assembly"})
    with Session(county.database.engine) as session:
        assembly = store.organisation_by_name(session, "Community Assembly")
        assert assembly is not None
    link = link_shown(county.invite(organisation=str(assembly.id)).text)
    county.browser.post(f"/people/organisations/{assembly.id}/deactivate")
    assert county.app.test_client().get(link).status_code == 410
    assert "Not a valid choice" in county.invite(organisation=str(assembly.id)).text


def test_a_role_taken_away_works_no_more(county: Office) -> None:
    with transaction(county.database.engine) as session:
        second = add_person(session, "bo@example.org", [(Role.ADMINISTRATOR, county.organisation_id, "")])
    client = browser(county.app, county.database, second)
    assert client.get("/people").status_code == 200
    grant = county.person("bo@example.org").roles[0].grant_id
    assert county.browser.post(f"/people/{county.ada}/roles/{grant}/remove").status_code == 404  # not hers
    county.browser.post(f"/people/{second}/roles/{grant}/remove")
    assert client.get("/people").status_code == 403
    assert "You have no role" in client.get("/account").text


def test_deactivating_a_person_and_undoing_it(county: Office) -> None:
    with transaction(county.database.engine) as session:
        bo = add_person(session, "bo@example.org", [(Role.ANALYST, county.organisation_id, "")])
    client = browser(county.app, county.database, bo)
    county.browser.post(f"/people/{bo}/deactivate")
    assert client.get("/account").status_code == 302
    assert not county.person("bo@example.org").active
    assert county.browser.post(f"/people/{bo}/new-password-link").status_code == 404
    county.browser.post(f"/people/{bo}/reactivate")
    assert county.person("bo@example.org").active
    assert client.get("/account").status_code == 302  # the old session stays ended
    assert "Analyst" in browser(county.app, county.database, bo).get("/account").text


def test_an_organisation_deactivated_keeps_its_history(county: Office) -> None:
    with transaction(county.database.engine) as session:
        assembly = people.add_organisation(session, "Community Assembly", actor="command-line")
        bo = add_person(session, "bo@example.org", [(Role.OUTREACH_WORKER, assembly, "")])
    client = browser(county.app, county.database, bo)
    county.browser.post(f"/people/organisations/{assembly}/deactivate")
    assert "You have no role" in client.get("/account").text
    assert [role.working for role in county.person("bo@example.org").roles] == [False]
    assert "Community Assembly" in county.browser.get("/people/organisations").text
    county.browser.post(f"/people/organisations/{assembly}/reactivate")
    assert "Outreach worker" in client.get("/account").text


def test_two_organisations_cannot_share_a_name(county: Office) -> None:
    page = county.browser.post("/people/organisations", data={"name": " county  OFFICE "})
    assert "There is an organisation with this name already" in page.text
    assert "Enter the name" in county.browser.post("/people/organisations", data={"name": " "}).text
    with Session(county.database.engine) as session:
        assert [row.name for row in store.organisations(session)] == ["County Office"]


def test_the_last_administrator_stays(county: Office) -> None:
    (grant,) = county.person("ada@example.org").roles
    with transaction(county.database.engine) as session:
        # Neither someone deactivated nor someone in an inactive organisation would be left to help.
        closed = people.add_organisation(session, "Closed", actor="command-line")
        add_person(session, "closed@example.org", [(Role.ADMINISTRATOR, closed, "")])
        away = add_person(session, "away@example.org", [(Role.ADMINISTRATOR, county.organisation_id, "")])
        people.set_organisation_active(session, closed, False, actor="command-line")
        people.deactivate(session, away, actor="command-line")
    for address in (
        f"/people/{county.ada}/roles/{grant.grant_id}/remove",
        f"/people/{county.ada}/deactivate",
        f"/people/organisations/{county.organisation_id}/deactivate",
    ):
        page = county.browser.post(address, follow_redirects=True)
        assert "This would leave no administrator" in page.text
        assert county.browser.get("/people").status_code == 200
    county.browser.post(f"/people/{away}/reactivate")
    county.browser.post(f"/people/{county.ada}/deactivate")
    assert county.browser.get("/people").status_code == 302


def test_two_administrators_cannot_remove_each_other_at_once(county: Office) -> None:
    with transaction(county.database.engine) as session:
        bo = add_person(session, "bo@example.org", [(Role.ADMINISTRATOR, county.organisation_id, "")])

    def deactivate(user_id: str) -> bool:
        try:
            with transaction(county.database.engine) as session:
                people.deactivate(session, user_id, actor="command-line")
        except LastAdministratorError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(deactivate, [county.ada, bo])) == [False, True]


def test_names_are_text_not_markup(county: Office) -> None:
    hostile = '<script>alert("x")</script> \u202eevil'
    with transaction(county.database.engine) as session:
        bo = add_person(session, "bo@example.org", name=hostile)
    for address in ("/people", f"/people/{bo}"):
        page = county.browser.get(address).text
        assert "<script>" not in page
        assert "&lt;script&gt;" in page
