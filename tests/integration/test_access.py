"""Every route, as every role, against the access table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, event
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from survey_app.access import ACCESS, SIGNED_IN
from survey_app.db import transaction
from survey_app.reading_trail import READING_TRAIL
from survey_app.services import people
from survey_app.services.roles import Role
from tests.integration.conftest import Database
from tests.integration.web import add_person, browser, make_app


@dataclass(frozen=True)
class Site:
    app: Flask
    database: Database
    holders: dict[Role, str]  # a user of each role
    nobody: str  # a user without a role


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    with transaction(database.engine) as session:
        office = people.add_organisation(session, "County Office", actor="command-line")
        holders = {role: add_person(session, f"{role}@example.org", [(role, office, "")]) for role in Role}
        # A second administrator: the one who visits may then be deactivated without being the last.
        add_person(session, "second@example.org", [(Role.ADMINISTRATOR, office, "")])
        nobody = add_person(session, "nobody@example.org")
    return Site(make_app(database, tmp_path), database, holders, nobody)


def routes(app: Flask, method: str) -> list[tuple[str, str]]:
    """(endpoint, address) of every route that takes the method, placeholders filled with 1."""
    adapter = app.url_map.bind("localhost")
    return [
        (rule.endpoint, adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, _filling(rule))))
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ())
    ]


def _filling(rule: Rule) -> int | str:
    return "app.css" if rule.endpoint == "static" else 1


def visit(client: FlaskClient, address: str, method: str = "GET") -> TestResponse:
    """The response, read to its end and closed, as a browser does (static files are streamed)."""
    with client.open(address, method=method) as response:
        response.get_data()
        return response


def sent_to_sign_in(response: TestResponse) -> bool:
    return response.status_code == 302 and "/sign-in" in response.location


def test_every_route_is_declared_and_nothing_else_is(site: Site) -> None:
    assert {rule.endpoint for rule in site.app.url_map.iter_rules()} == set(ACCESS)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_not_signed_in(site: Site, method: str) -> None:
    for endpoint, address in routes(site.app, method):
        response = visit(site.app.test_client(), address, method)
        assert sent_to_sign_in(response) == bool(ACCESS[endpoint]), address
        assert response.status_code != 403, address


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("role", list(Role))
def test_each_role(site: Site, role: Role, method: str) -> None:
    for endpoint, address in routes(site.app, method):
        client = browser(site.app, site.database, site.holders[role])
        response = visit(client, address, method)
        if not ACCESS[endpoint] or role in ACCESS[endpoint]:
            assert response.status_code != 403, address
            # Signing out leads there by right; being turned away comes with the page to come back to.
            assert not (sent_to_sign_in(response) and "next=" in response.location), address
        else:
            assert response.status_code == 403, address
        if endpoint == "accounts.sign_out_everywhere":  # it has ended this role's sessions
            assert sent_to_sign_in(client.get("/account"))


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_someone_whose_last_role_was_taken_away(site: Site, method: str) -> None:
    for endpoint, address in routes(site.app, method):
        response = visit(browser(site.app, site.database, site.nobody), address, method)
        assert (response.status_code == 403) == (ACCESS[endpoint] not in (frozenset(), SIGNED_IN)), address


@pytest.fixture
def commits() -> Iterator[list[bool]]:
    """Whether each transaction committed while this runs was the reading trail's."""
    seen: list[bool] = []

    def note(connection: Connection) -> None:
        seen.append(bool(connection.get_execution_options().get(READING_TRAIL)))

    event.listen(Engine, "commit", note)
    yield seen
    event.remove(Engine, "commit", note)


def test_no_page_that_is_only_looked_at_commits(site: Site, commits: list[bool]) -> None:
    for role, user in site.holders.items():
        for _endpoint, address in routes(site.app, "GET"):
            client = browser(site.app, site.database, user)
            commits.clear()
            visit(client, address)
            assert commits in ([], [True]), f"{address} as {role}"


def test_the_spy_sees_commits(site: Site, commits: list[bool]) -> None:
    client = browser(site.app, site.database, site.holders[Role.ADMINISTRATOR])
    client.post("/people/organisations", data={"name": "Another"})
    client.get("/audit")
    assert commits == [False, True]


def test_every_form_refuses_without_its_token(database: Database, tmp_path: Path, site: Site) -> None:
    app = make_app(database, tmp_path, csrf=True)
    for _endpoint, address in routes(app, "POST"):
        for user in (None, *site.holders.values()):
            response = browser(app, database, user).post(address, data={"name": "x"})
            assert response.status_code == 400, address
            assert "out of date" in response.text


def test_an_undeclared_route_answers_nobody(site: Site) -> None:
    site.app._got_first_request = False
    site.app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    for user in (None, *site.holders.values()):
        assert browser(site.app, site.database, user).get("/forgotten").status_code == 403
