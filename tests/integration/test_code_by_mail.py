"""The code by e-mail: handed to the mail server at once, and the address kept nowhere."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import text

from survey_app.config import ConfigError, from_environment
from survey_app.tables import metadata
from tests.integration.conftest import Database
from tests.integration.residents import CONSENT, Browser, furnish, running

TO = "resident@example.org"


class Sink:
    """What the mail server took."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], bytes]] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"


@pytest.fixture
def sink() -> Iterator[tuple[Sink, int]]:
    handler = Sink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, port
    controller.stop()


@pytest.fixture
def app(database: Database, tmp_path: Path, sink: tuple[Sink, int]) -> Iterator[Flask]:
    furnish(database)
    mail = {"smtp_host": "127.0.0.1", "smtp_port": sink[1], "smtp_from": "survey@example.org"}
    with running(database, tmp_path, smtp_starttls=False, **mail) as app:
        yield app


def saved(app: Flask) -> Browser:
    someone = Browser.on(app)
    someone.answer(("consent", CONSENT))
    someone.get("/s/spring/later")
    return someone


def test_the_message_brings_the_code_and_the_address_is_nowhere(
    app: Flask, database: Database, sink: tuple[Sink, int], capsys: pytest.CaptureFixture[str]
) -> None:
    someone = saved(app)
    code = someone.code
    someone.send({"email": TO})
    assert "We have sent the code" in someone.text
    assert TO not in someone.text
    ((recipients, content),) = sink[0].taken
    message = email.message_from_bytes(content, policy=email.policy.default)
    body = message.get_content()
    assert recipients == [TO]
    assert f"http://localhost/resume#{code}" in body
    assert message["From"].addresses[0].addr_spec == "survey@example.org"
    assert TO not in capsys.readouterr().out
    with database.engine.connect() as connection:
        for table in metadata.tables:
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                assert TO not in repr(row)


def test_it_is_in_the_language_of_the_page(app: Flask, sink: tuple[Sink, int]) -> None:
    someone = saved(app)
    someone.get("/s/spring/later?lang=ur")
    someone.send({"email": TO}, "/s/spring/later")
    ((_recipients, content),) = sink[0].taken
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert someone.code in message.get_content()


@pytest.mark.parametrize(
    "typed", ["", "nobody", "a b@example.org", "a@b", "a@example.org\r\nBcc: x@example.org"]
)
def test_what_is_no_address_is_not_sent(app: Flask, sink: tuple[Sink, int], typed: str) -> None:
    someone = saved(app)
    assert someone.send({"email": typed}).status_code == 422
    assert "Enter an email address in full" in someone.text
    assert sink[0].taken == []


def test_a_mail_server_that_is_away_loses_nothing(app: Flask) -> None:
    app.extensions["hereabouts"] = replace(app.extensions["hereabouts"], smtp_port=1)
    someone = saved(app)
    code = someone.code
    assert someone.send({"email": TO}).status_code == 503
    assert "write the code down instead" in someone.text
    assert someone.code == code


def test_without_a_mail_server_nothing_is_offered(database: Database, tmp_path: Path) -> None:
    furnish(database)
    with running(database, tmp_path) as app:
        someone = saved(app)
        assert 'name="email"' not in someone.text
        someone.send({"email": TO}, "/s/spring/later")
        assert someone.path == "/s/spring/later"


def test_five_an_hour(database: Database, tmp_path: Path, sink: tuple[Sink, int]) -> None:
    furnish(database)
    mail = {"smtp_host": "127.0.0.1", "smtp_port": sink[1], "smtp_from": "survey@example.org"}
    with running(database, tmp_path, testing=False, smtp_starttls=False, **mail) as app:
        someone = saved(app)
        token = someone.token()
        form = {"email": TO, "csrf_token": token}
        statuses = [someone.send(form, "/s/spring/later").status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    assert len(sink[0].taken) == 5


def test_a_mail_server_needs_a_sender(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="HEREABOUTS_SMTP_FROM"):
        from_environment(
            {"HEREABOUTS_DATA_FOLDER": str(tmp_path), "HEREABOUTS_SMTP_HOST": "mail.example.org"}
        )
