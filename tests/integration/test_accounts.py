"""Signing in and out, waits after wrong passwords, sessions that end, passwords changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from survey_app.db import transaction
from survey_app.extensions import limiter
from survey_app.services import accounts, passwords
from survey_app.services.accounts import LONGEST_WAIT, wait_after
from survey_app.services.roles import Role
from survey_app.signed_in import IDLE_LIMIT, LONGEST_SESSION
from survey_app.store import accounts as store
from survey_app.store import audit as audit_store
from survey_app.views.accounts import is_local
from tests.integration.conftest import Database
from tests.integration.web import PASSWORD, add_person, browser, link_shown, make_app, office

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
EMAIL = "wyn@example.org"


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Flask:
    return make_app(database, tmp_path)


@pytest.fixture
def wyn(database: Database) -> str:
    organisation_id, _ = office(database)
    with transaction(database.engine) as session:
        return add_person(
            session, EMAIL, [(Role.OUTREACH_WORKER, organisation_id, "")], name="Wyn", password=PASSWORD
        )


def try_to_sign_in(
    client: FlaskClient, password: str = PASSWORD, email: str = EMAIL, address: str = "/sign-in"
):
    return client.post(address, data={"email": email, "password": password})


def without_token(page: str) -> str:
    return re.sub(r'(name="csrf_token" value=)"[^"]*"', r"\1", page)


def trail(database: Database, action: str | None = None) -> list[tuple[str, str, str]]:
    with Session(database.engine) as session:
        return [(row.actor, row.action, row.subject) for row in audit_store.events(session, action=action)]


def test_signing_in_leads_to_what_one_can_do(app: Flask, wyn: str) -> None:
    client = app.test_client()
    assert client.get("/account").location == "/sign-in?next=/account"
    assert try_to_sign_in(client, email="  WYN@example.org ").location == "/account"
    page = client.get("/account").text
    assert "Wyn" in page
    assert "Outreach worker" in page
    assert "County Office" in page
    assert client.get("/sign-in").location == "/account"


def test_signing_out_is_a_post_and_ends_the_session(app: Flask, database: Database, wyn: str) -> None:
    client = browser(app, database, wyn)
    assert client.get("/sign-out").status_code == 405
    assert client.get("/account").status_code == 200
    client.post("/sign-out")
    assert client.get("/account").status_code == 302


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("/people?page=2", "/people?page=2"),
        ("https://evil.example/", "/account"),
        ("//evil.example/", "/account"),
        ("/\\evil.example/", "/account"),
        ("/\t/evil.example/", "/account"),
        ("javascript:alert(1)", "/account"),
        ("people", "/account"),
        ("", "/account"),
    ],
)
def test_after_signing_in_only_pages_of_this_site(app: Flask, wyn: str, asked: str, leads_to: str) -> None:
    client = app.test_client()
    response = client.post(
        "/sign-in", query_string={"next": asked}, data={"email": EMAIL, "password": PASSWORD}
    )
    assert response.location == leads_to


def test_a_page_that_is_only_posted_to_is_not_returned_to(app: Flask) -> None:
    assert app.test_client().post("/sign-out").location == "/sign-in"
    assert is_local("/a/b?c=d")


def test_nothing_planted_in_the_browser_before_survives_signing_in(app: Flask, wyn: str) -> None:
    client = app.test_client()
    client.get("/sign-in?lang=ur")
    with client.session_transaction() as cookie:
        cookie["planted"] = "by someone else"
        cookie["csrf_token"] = "known to someone else"
    try_to_sign_in(client)
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie.get("csrf_token") != "known to someone else"
        assert cookie["language"] == "ur"


def test_empty_fields_are_both_named(app: Flask) -> None:
    page = app.test_client().post("/sign-in", data={}).text
    assert "Enter your e-mail address" in page
    assert "Enter your password" in page
    assert 'href="#email"' in page
    assert "<title>Problem: Sign in" in page


def test_an_unknown_address_and_a_wrong_password_look_the_same(
    app: Flask, database: Database, wyn: str
) -> None:
    with transaction(database.engine) as session:
        leaver = add_person(session, "left@example.org", password=PASSWORD)
        user = store.user(session, leaver)
        assert user is not None
        user.active = False
    known, unknown, left = app.test_client(), app.test_client(), app.test_client()
    for _ in range(7):  # through the first waits
        pages = {
            without_token(try_to_sign_in(known, "wrong").text),
            without_token(try_to_sign_in(unknown, "wrong", "nobody@example.org").text).replace(
                "nobody@", "wyn@"
            ),
            without_token(try_to_sign_in(left, PASSWORD, "left@example.org").text).replace("left@", "wyn@"),
        }
        assert len(pages) == 1
    assert "Wait 1 minute, then try again" in pages.pop()


def test_the_fifth_wrong_try_starts_a_wait_that_grows(database: Database, wyn: str) -> None:
    def attempt(password: str, moment: datetime) -> bool:
        with transaction(database.engine) as session:
            return accounts.sign_in(session, EMAIL, password, moment=moment) is not None

    moment = NOON
    for _ in range(4):
        assert not attempt("wrong", moment)
    assert attempt(PASSWORD, moment)  # four wrong tries cost nothing, and the count starts again
    for _ in range(5):
        assert not attempt("wrong", moment)
    for minutes in (1, 2, 4, 8, 16, 30, 30):
        wait = timedelta(minutes=minutes)
        assert not attempt(PASSWORD, moment + wait - timedelta(seconds=1))
        moment += wait
        if minutes < 30:
            assert not attempt(
                "wrong", moment
            )  # at the end of the wait one may try; wrong again: twice as long
        else:
            break
    assert attempt(PASSWORD, moment)


@pytest.mark.parametrize(
    ("wrong", "minutes"), [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (9, 16), (10, 30), (11, 30), (10_000, 30)]
)
def test_waits(wrong: int, minutes: int) -> None:
    assert wait_after(wrong) == timedelta(minutes=minutes) <= LONGEST_WAIT


def test_tries_sent_side_by_side_gain_nothing(database: Database, wyn: str) -> None:
    def attempt(_number: int) -> bool:
        with transaction(database.engine) as session:
            return accounts.sign_in(session, EMAIL, "wrong", moment=NOON) is not None

    with ThreadPoolExecutor(8) as pool:
        assert not any(pool.map(attempt, range(20)))
    assert len(trail(database, "sign-in.fail")) == 5
    assert len(trail(database, "sign-in.lock")) == 1
    assert len(trail(database, "sign-in.refuse")) == 15


def test_kept_under_newer_parameters_at_the_next_sign_in(app: Flask, database: Database, wyn: str) -> None:
    older = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    with transaction(database.engine) as session:
        user = store.user(session, wyn)
        assert user is not None
        user.password_hash = older
    try_to_sign_in(app.test_client())
    with Session(database.engine) as session:
        user = store.user(session, wyn)
        assert user is not None
        assert user.password_hash != older
        assert not passwords.needs_rehash(user.password_hash)
        assert passwords.verify(user.password_hash, PASSWORD)


def test_the_trail_of_signing_in_names_people_by_id_only(app: Flask, database: Database, wyn: str) -> None:
    client = app.test_client()
    try_to_sign_in(client, "wrong")
    try_to_sign_in(client, "wrong", "nobody@example.org")
    try_to_sign_in(client)
    client.post("/sign-out")
    assert [row for row in trail(database) if row[1].startswith("sign-")] == [
        (wyn, "sign-out.done", ""),
        (wyn, "sign-in.done", ""),
        ("visitor", "sign-in.fail", ""),
        ("visitor", "sign-in.fail", f"user:{wyn}"),
    ]


@pytest.mark.parametrize(
    ("idle", "status"), [(IDLE_LIMIT - timedelta(seconds=20), 200), (IDLE_LIMIT + timedelta(seconds=1), 302)]
)
def test_a_session_ends_after_an_hour_of_rest(
    app: Flask, database: Database, wyn: str, idle: timedelta, status: int
) -> None:
    client = browser(app, database, wyn, idle=idle.total_seconds())
    assert client.get("/account").status_code == status
    said = "You were signed out because" in client.get("/sign-in", follow_redirects=True).text
    assert said == (status == 302)


def test_use_keeps_a_session_alive_but_not_for_ever(app: Flask, database: Database, wyn: str) -> None:
    client = browser(app, database, wyn, idle=3500)
    client.get("/account")
    with client.session_transaction() as cookie:
        assert cookie["last_used_at"] - cookie["signed_in_at"] >= 3499
        cookie["signed_in_at"] -= int(LONGEST_SESSION.total_seconds()) - 3400
    assert client.get("/account").status_code == 302


def test_a_form_sent_after_a_rest_can_be_sent_again(database: Database, tmp_path: Path, wyn: str) -> None:
    app = make_app(database, tmp_path, csrf=True)
    client = browser(app, database, wyn)

    def token(page: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found
        return found.group(1)

    new = "harbour violin seventeen"
    form = {"present": PASSWORD, "password": new, "again": new}
    form["csrf_token"] = token(client.get("/account/password").text)
    with client.session_transaction() as cookie:
        cookie["last_used_at"] -= int(IDLE_LIMIT.total_seconds())
    answer = client.post("/account/password", data=form)
    assert answer.status_code == 401
    assert "not saved yet" in answer.text
    signing_in = {"email": EMAIL, "password": PASSWORD, "csrf_token": token(client.get("/sign-in").text)}
    assert client.post("/sign-in", data=signing_in).status_code == 302
    assert client.post("/account/password", data=form).location == "/account"


def test_another_person_signing_in_starts_with_another_form_token(
    app: Flask, database: Database, wyn: str
) -> None:
    with Session(database.engine) as session:
        ada = store.user_by_email(session, "ada@example.org")
        assert ada is not None
    client = browser(app, database, ada.id, idle=IDLE_LIMIT.total_seconds())
    with client.session_transaction() as cookie:
        cookie["csrf_token"] = "known to Ada"
    try_to_sign_in(client)
    with client.session_transaction() as cookie:
        assert cookie.get("csrf_token") != "known to Ada"


def test_sign_out_everywhere(app: Flask, database: Database, wyn: str) -> None:
    here, there = browser(app, database, wyn), browser(app, database, wyn)
    here.post("/account/sign-out-everywhere")
    assert here.get("/account").status_code == there.get("/account").status_code == 302


def test_changing_a_password(app: Flask, database: Database, wyn: str) -> None:
    here, there = browser(app, database, wyn), browser(app, database, wyn)
    new = "harbour violin seventeen"

    def change(present: str, password: str, again: str):
        return here.post("/account/password", data={"present": present, "password": password, "again": again})

    assert "not the password you have now" in change("wrong", new, new).text
    assert "are not the same" in change(PASSWORD, new, "harbour").text
    assert "too short" in change(PASSWORD, "short", "short").text
    assert "too easy to guess" in change(PASSWORD, "hereabouts2026", "hereabouts2026").text
    assert there.get("/account").status_code == 200
    assert change(PASSWORD, new, new).location == "/account"
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302
    assert try_to_sign_in(app.test_client()).status_code == 200
    assert try_to_sign_in(app.test_client(), new).status_code == 302


def test_someone_deactivated_is_out_at_once(app: Flask, database: Database, wyn: str) -> None:
    client = browser(app, database, wyn)
    assert client.get("/account").status_code == 200
    with transaction(database.engine) as session:
        user = store.user(session, wyn)
        assert user is not None
        user.active = False
    assert client.get("/account").status_code == 302


def test_a_link_for_a_new_password_works_once(app: Flask, database: Database, wyn: str) -> None:
    with Session(database.engine) as session:
        ada = store.user_by_email(session, "ada@example.org")
        assert ada is not None
    administrator, new = browser(app, database, ada.id), "harbour violin seventeen"
    first = link_shown(administrator.post(f"/people/{wyn}/new-password-link").text)
    second = link_shown(administrator.post(f"/people/{wyn}/new-password-link").text)
    client = app.test_client()
    assert "Wyn" in client.get(first).text
    assert "too short" in client.post(first, data={"password": "short", "again": "short"}).text
    assert client.post(first, data={"password": new, "again": new}).location == "/account"
    assert client.get("/account").status_code == 200
    for link in (first, second, first[:-1]):  # used; made before the change; spoilt
        assert app.test_client().get(link).status_code == 410
        assert app.test_client().post(link, data={"password": new, "again": new}).status_code == 410
    assert try_to_sign_in(app.test_client(), new).status_code == 302


def test_a_link_for_a_new_password_runs_out(
    database: Database, wyn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction(database.engine) as session:
        link = accounts.new_password_link(session, wyn, secret_key="k", actor="command-line")
        assert accounts.who_may_choose(session, link.token, secret_key="k").id == wyn
        with pytest.raises(accounts.LinkUsedError):
            accounts.who_may_choose(session, link.token, secret_key="another installation")
        monkeypatch.setattr(accounts, "NEW_PASSWORD_LINK_LASTS", timedelta(seconds=-1))
        with pytest.raises(accounts.LinkUsedError):
            accounts.who_may_choose(session, link.token, secret_key="k")


@pytest.fixture
def limited(database: Database, tmp_path: Path) -> Iterator[Flask]:
    yield make_app(database, tmp_path, testing=False, sign_in_limit="3 per minute")
    limiter.reset()
    limiter.enabled = False


def test_tries_from_one_address_are_limited(limited: Flask, wyn: str) -> None:
    client = limited.test_client()
    answers = [try_to_sign_in(client, "wrong", f"someone{number}@example.org") for number in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "Too many tries" in answers[3].text
    assert client.get("/sign-in").status_code == 200  # looking is not trying
    elsewhere = client.post(
        "/sign-in", data={"email": EMAIL, "password": PASSWORD}, environ_base={"REMOTE_ADDR": "10.0.0.9"}
    )
    assert elsewhere.status_code == 302


def test_every_try_costs_one_check_of_a_password(
    database: Database, wyn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks: list[str] = []
    real = passwords.verify

    def counting(stored: str | None, password: str) -> bool:
        checks.append(password)
        return real(stored, password)

    monkeypatch.setattr(passwords, "verify", counting)
    with transaction(database.engine) as session:
        leaver = store.user(session, add_person(session, "left@example.org", password=PASSWORD))
        waiting = store.user(session, add_person(session, "waits@example.org", password=PASSWORD))
        assert leaver is not None
        assert waiting is not None
        leaver.active, waiting.locked_until = False, NOON + timedelta(minutes=1)
    for email, password in (
        ("nobody@example.org", "unknown"),
        (EMAIL, "wrong"),
        ("left@example.org", PASSWORD),
        ("waits@example.org", PASSWORD),
    ):
        with transaction(database.engine) as session:
            assert accounts.sign_in(session, email, password, moment=NOON) is None
    assert checks == ["unknown", "wrong", PASSWORD, PASSWORD]


def test_checking_a_password_holds_up_nobody(
    database: Database, wyn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_meanwhile(_stored: str | None, _password: str) -> bool:
        with transaction(database.engine) as session:
            store.add_organisation(session, "Written meanwhile")
        return True

    monkeypatch.setattr(passwords, "verify", write_meanwhile)
    with transaction(database.engine) as session:
        assert accounts.sign_in(session, EMAIL, PASSWORD, moment=NOON) is not None


def test_a_password_changed_while_the_old_one_is_checked(
    database: Database, wyn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change_meanwhile(_stored: str | None, _password: str) -> bool:
        with transaction(database.engine) as session:
            accounts.sign_out_everywhere(session, wyn)
        return True

    monkeypatch.setattr(passwords, "verify", change_meanwhile)
    with transaction(database.engine) as session:
        assert accounts.sign_in(session, EMAIL, PASSWORD, moment=NOON) is None


def test_the_cookie_is_for_this_site_over_https_only(database: Database, tmp_path: Path, wyn: str) -> None:
    app = make_app(database, tmp_path, https=True)
    response = app.test_client().post(
        "/sign-in", data={"email": EMAIL, "password": PASSWORD}, base_url="https://localhost"
    )
    (cookie,) = response.headers.getlist("Set-Cookie")
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    assert PASSWORD not in cookie
    assert EMAIL not in cookie


def test_the_front_page_offers_staff_the_way_in(app: Flask) -> None:
    assert 'href="/sign-in"' in app.test_client().get("/").text
