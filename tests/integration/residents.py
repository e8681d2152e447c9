"""A resident at a browser, for tests: follows links, sends forms, fills a questionnaire of every kind."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey_app.app import create_app
from survey_app.config import Config
from survey_app.db import transaction
from survey_app.extensions import limiter
from survey_app.services import fieldwork
from survey_app.tables import Area, AreaParent, Postcode, Response, Wave
from tests.integration.conftest import Database

QUESTIONNAIRE = """\
format: 1
id: every-kind
version: "1"
title: A survey of every kind
language: en
framework: thriving-places
introduction: |
  This is about your place.

  It is short.
margins:
  - {name: age, item: age, levels: [young, old]}
scores:
  - {code: went_without, title: Went without, method: any, items: [went], codes: [1]}
sections:
  - code: consent
    title: Taking part
    items:
      - code: agree
        kind: consent
        purpose: consent
        required: true
        text: I agree to take part
        options: [{code: 1, text: I agree}]
      - code: research
        kind: consent
        purpose: consent
        text: May researchers use my answers?
        options: [{code: 1, text: "Yes"}, {code: 2, text: "No"}]
  - code: place
    title: Where you live
    items:
      - {code: postcode, kind: postcode, purpose: place, prefer_not_to_say: true, text: Your postcode}
  - code: life
    title: Your life
    items:
      - code: life_sat
        kind: scale
        purpose: context
        text: How satisfied are you?
        scale: {low: 0, high: 10, low_label: Not at all, high_label: Completely}
      - code: safe
        kind: likert
        purpose: context
        text: How safe is it?
        options: [{code: 1, text: Safe}, {code: 2, text: Fair}, {code: 3, text: Unsafe}]
      - code: went
        kind: single_choice
        purpose: context
        text: Did you go without?
        options: [{code: 1, text: "Yes"}, {code: 2, text: "No"}]
      - code: did
        kind: multiple_choice
        purpose: context
        text: What did you do?
        options:
          - {code: 1, text: Read}
          - {code: 2, text: Walk}
          - {code: 3, text: None of these, exclusive: true}
      - code: days
        kind: integer
        purpose: context
        text: How many days?
        minimum: 0
        maximum: 7
        unit: days
      - code: works
        kind: single_choice
        purpose: context
        text: Do you work?
        options: [{code: 1, text: I work}, {code: 2, text: I do not}]
  - code: job
    title: Your job
    when: {item: works, in: [1]}
    items:
      - code: secure
        kind: single_choice
        purpose: context
        required: true
        text: Is your job secure?
        options: [{code: 1, text: Secure}, {code: 2, text: Not secure}]
  - code: about
    title: About you
    items:
      - code: age
        kind: single_choice
        purpose: weighting
        margin: age
        prefer_not_to_say: true
        text: How old are you?
        source: {text: Written for a test, licence: CC0}
        options: [{code: 1, text: Under 50, level: young}, {code: 2, text: 50 or over, level: old}]
      - {code: change, kind: short_text, purpose: context, maximum: 40, text: What would you change?}
      - {code: comments, kind: long_text, purpose: context, maximum: 200, text: Anything else?}
"""

CONSENT = {"agree": "1", "research": "2"}
PLACE = {"postcode": "nf1 1aa"}
LIFE = {
    "life_sat": "0", "safe": "2", "went": "1", "did": ["1", "2"], "days": "3", "works": "2",
}  # fmt: skip
ABOUT = {"age": "2", "change": "Buses", "comments": "Nothing"}
PAGES: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("consent", CONSENT),
    ("place", PLACE),
    ("life", LIFE),
    ("about", ABOUT),
)

CODE = re.compile(r'<b class="code"[^>]*>([^<]+)</b>')


@contextmanager
def running(database: Database, folder: Path, **given: Any) -> Iterator[Flask]:
    """The app on a test database, with the small questionnaire as its library."""
    file = folder / "library" / "every-kind" / "1" / "questionnaire.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(QUESTIONNAIRE, encoding="utf-8")
    fields: dict[str, Any] = {
        "database_url": database.url,
        "data_folder": folder,
        "secret_key": "test",
        "https": False,
        "testing": True,
        "library": folder / "library",
    }
    app = create_app(Config(**(fields | given)))
    limiter.enabled = not app.config["TESTING"]  # one object serves every app a test makes
    try:
        yield app
    finally:
        if "engine" in app.extensions:
            app.extensions["engine"].dispose()


def furnish(database: Database, **given: Any) -> None:
    """An open wave in two districts of two wards each, with postcodes, and a district next door."""
    today = fieldwork.today()
    with transaction(database.engine) as session:

        def area(code: str, level: str, name: str, parent: Area | None = None) -> Area:
            made = Area(code=code, vintage="2024", level=level, name=name)
            session.add(made)
            session.flush()
            if parent is not None:
                session.add(AreaParent(child_id=made.id, parent_id=parent.id))
            return made

        def postcode(code: str, found: Area) -> None:
            session.add(Postcode(postcode=code, area_id=found.id))

        north, south = area("D1", "lad", "Northfield"), area("D2", "lad", "Southfield")
        first, second = area("W1", "ward", "St. Mary's", north), area("W2", "ward", "Leigh-on-Sea", north)
        third = area("W3", "ward", "Marsh & Mill", south)
        postcode("NF11AA", area("L1", "lsoa", "Northfield 001A", first))
        area("L2", "lsoa", "Northfield 002A", second)
        area("L3", "lsoa", "Southfield 001A", third)
        postcode("EL11AA", area("L9", "lsoa", "Elsewhere 001A", area("D9", "lad", "Elsewhere")))
        fields: dict[str, Any] = {
            "slug": "spring",
            "title": "Spring in the fields",
            "questionnaire_id": "every-kind",
            "questionnaire_version": "1",
            "status": "open",
            "opens_on": today - timedelta(days=3),
            "closes_on": today + timedelta(days=3),
            "languages": ["en", "ur"],
            "area_codes": ["D1", "D2"],
        }
        session.add(Wave(**(fields | given)))


def change_wave(database: Database, **values: Any) -> None:
    from sqlalchemy import update

    with transaction(database.engine) as session:
        session.connection().execute(update(Wave).values(**values))


def stored(database: Database) -> list[Response]:
    """Every response as the database holds it now."""
    from sqlmodel import Session, select

    with Session(database.engine, expire_on_commit=False) as session:
        return list(session.exec(select(Response).order_by(Response.started_at)))


@dataclass
class Browser:
    """One browser: a cookie jar, and the page it is on."""

    client: FlaskClient
    page: TestResponse | None = None

    @classmethod
    def on(cls, app: Flask) -> Browser:
        return cls(app.test_client())

    def twin(self, app: Flask) -> Browser:
        """Another tab of the same browser: the same cookies."""
        other = Browser.on(app)
        cookie = self.client.get_cookie("hereabouts")
        if cookie is not None:
            other.client.set_cookie("hereabouts", cookie.value)
        return other

    @property
    def text(self) -> str:
        return "" if self.page is None else self.page.get_data(as_text=True)

    @property
    def path(self) -> str:
        return "" if self.page is None else self.page.request.path

    @property
    def title(self) -> str:
        found = re.search(r"<title>(.*?)</title>", self.text, re.S)
        return html.unescape(found[1]) if found else ""

    @property
    def code(self) -> str:
        found = CODE.search(self.text)
        return found[1] if found else ""

    def get(self, address: str) -> TestResponse:
        self.page = self.client.get(address, follow_redirects=True)
        return self.page

    def token(self) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.text)
        return found[1] if found else ""

    def send(
        self, data: Mapping[str, str | Sequence[str]], address: str | None = None, follow: bool = True
    ) -> TestResponse:
        """Send the form on this page, to its own address or another."""
        where = address or (self.page.request.full_path.rstrip("?") if self.page else "/")
        self.page = self.client.post(
            where, data={"csrf_token": self.token(), **data}, follow_redirects=follow
        )
        return self.page

    def answer(self, *pages: tuple[str, Mapping[str, Any]], wave: str = "spring") -> None:
        """Open each section, fill it and save it."""
        for section, data in pages:
            self.get(f"/s/{wave}/q/{section}")
            self.send(data)

    def finish(self) -> str:
        """Answer everything, send it, and return the receipt code."""
        self.answer(*PAGES)
        self.get("/s/spring/check")
        self.send({})
        return self.code
