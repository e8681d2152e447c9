"""Hundreds of visits with two tabs, two devices, a Back button: nothing lost, none sent twice.

Each run makes its moves at random from its seed, over the real application and a real database, and keeps a
model of what must be true: each item is as the last page saved with it says. Whenever a page is opened it
must show the model's answers; at the end exactly one response is stored, sent once, with those answers in it.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from survey_app.db import make_engine
from survey_app.store import schema
from survey_app.tables import Response
from tests.integration.conftest import Database
from tests.integration.residents import CODE, furnish, running

RUNS, MOVES = int(os.environ.get("INTERLEAVINGS", "400")), 5  # INTERLEAVINGS=1000 takes a minute and a half
Raw = dict[str, list[str]]

ANYTHING: dict[str, dict[str, list[list[str]]]] = {
    "consent": {"agree": [["1"]], "research": [[], ["1"], ["2"]]},
    "place": {"postcode": [[""], ["NF1 1AA"]]},
    "life": {
        "life_sat": [[], ["0"], ["7"], ["10"]],
        "safe": [[], ["1"], ["3"]],
        "went": [[], ["1"], ["2"]],
        "did": [[], ["1"], ["1", "2"], ["3"]],
        "days": [[""], ["0"], ["7"]],
        "works": [["1"], ["2"], ["2"]],
    },
    "job": {"secure": [["1"], ["2"]]},
    "about": {
        "age": [[], ["1"], ["2"], ["prefer-not-to-say"]],
        "change": [[""], ["Buses"], ["Trees & <benches>"]],
        "comments": [[""], ["Nothing"], ["It’s “fine”"]],
    },
}
"""What may be sent for each item of each page."""

MISSING = {"missing": "not-answered"}
NOT_ASKED = {"missing": "not-asked"}
DECLINED = "prefer-not-to-say"


class _Filled(HTMLParser):
    """What the form of a page holds: ticked, typed, by name."""

    def __init__(self) -> None:
        super().__init__()
        self.values: Raw = {}
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        name = a.get("name", "")
        if tag == "textarea":
            self._area = name
            self.values[name] = [""]
        elif tag == "input" and name and a.get("type", "text") in {"radio", "checkbox"}:
            self.values.setdefault(name, [])
            if "checked" in a:
                self.values[name].append(a["value"])
        elif tag == "input" and name and a.get("type", "text") != "hidden":
            self.values[name] = [a.get("value", "")]

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            # A browser leaves out the line break after the opening tag, as HTML says.
            self.values[self._area] = [(self.values[self._area][0] + data).removeprefix("\n")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None


@dataclass
class Tab:
    """One window: the pages it has been on, each as it was filled in when it was left."""

    client: FlaskClient
    history: list[tuple[str, Raw]] = field(default_factory=list)


class Run:
    """One person's visit, move by move, with the model of what must be stored."""

    def __init__(self, app: Flask, seed: int) -> None:
        self.rng = random.Random(seed)
        self.app = app
        phone = app.test_client()
        self.tabs = [Tab(phone), Tab(phone)]
        self.saved: Raw = {}
        self.code = ""
        self.sent = False

    def play(self) -> None:
        for tab in self.tabs:  # both open before anything is stored: one ticket, one response
            self.open(tab, "consent")
        self.edit(self.tabs[0])
        self.save(self.tabs[0])
        moves = [self.turn, self.turn, self.turn, self.back, self.refresh, self.other_language, self.slip]
        moves += [self.second_device, self.send]
        for _ in range(MOVES):
            self.rng.choice(moves)(self.rng.choice(self.tabs))
        if not self.sent:
            self.finish(self.tabs[-1])
        for _ in range(2):
            self.rng.choice([self.save, self.send, self.back, self.turn])(self.rng.choice(self.tabs))

    # -- moves ------------------------------------------------------------------------------------------

    def turn(self, tab: Tab) -> None:
        """Open some page, change something on it, and save it (or not)."""
        self.open(tab, self.rng.choice(["consent", "place", "life", "job", "about"]))
        self.edit(tab)
        if self.rng.random() < 0.8:
            self.save(tab)

    def back(self, tab: Tab) -> None:
        """The page before, as it was left: perhaps long stale. Sent again, more often than not."""
        if len(tab.history) > 1:
            tab.history.pop()
        if self.rng.random() < 0.6:
            self.save(tab)

    def refresh(self, tab: Tab) -> None:
        if tab.history:
            self.open(tab, tab.history[-1][0])

    def other_language(self, tab: Tab) -> None:
        if tab.history:
            self.open(tab, tab.history[-1][0], f"?lang={self.rng.choice(['en', 'ur'])}")

    def slip(self, tab: Tab) -> None:
        """A number that cannot be: the page is refused whole, and nothing of it is stored."""
        answer = tab.client.post("/s/spring/q/life", data={"days": "many", "life_sat": "3"})
        assert answer.status_code == (302 if self.sent else 422)

    def second_device(self, _tab: Tab) -> None:
        if not self.code:
            found = CODE.search(self.tabs[0].client.get("/s/spring/later", follow_redirects=True).text)
            assert found is not None
            self.code = found[1]
        tablet = self.app.test_client()
        assert tablet.post("/resume", data={"code": self.code}).status_code == 302
        self.tabs.append(Tab(tablet))

    def send(self, tab: Tab) -> None:
        answer = tab.client.post("/s/spring/check")
        if self.sent:
            assert answer.headers["Location"] == "/s/spring/receipt"
        elif self.incomplete():
            assert answer.status_code == 422
        else:
            assert answer.headers["Location"] == "/s/spring/receipt"
            self.sent = True
            page = tab.client.get("/s/spring/receipt").text
            found = CODE.search(page)
            assert found is not None
            assert self.code in {"", found[1]}, "one code for good"
            self.code = found[1]

    def finish(self, tab: Tab) -> None:
        if self.incomplete():
            self.open(tab, "job")
            self.edit(tab)
            self.save(tab)
        self.send(tab)
        assert self.sent

    # -- what a browser does ----------------------------------------------------------------------------

    def open(self, tab: Tab, page: str, query: str = "") -> None:
        answer = tab.client.get(f"/s/spring/q/{page}{query}")
        if self.sent:
            assert answer.headers["Location"] == "/s/spring/receipt"
            again = CODE.search(tab.client.get("/s/spring/receipt").text)  # and refreshed, it is the same
            assert again is not None
            assert again[1] == self.code
            return
        if answer.status_code == 302:
            assert page == "job", "only what was not asked leads elsewhere"
            assert self.saved.get("works") != ["1"]
            return
        parser = _Filled()
        parser.feed(answer.text)
        drawn = {name: parser.values[name] for name in ANYTHING[page]}
        assert drawn == {name: self.saved.get(name, blank(name)) for name in drawn}, "shown as last saved"
        tab.history.append((page, drawn))

    def edit(self, tab: Tab) -> None:
        """Change some answers on the page that is open; the rest stays as the page was drawn."""
        if self.sent or not tab.history:
            return
        page, values = tab.history[-1]
        for name, choices in ANYTHING[page].items():
            if self.rng.random() < 0.5 or not any(values[name]):
                values = {**values, name: self.rng.choice(choices)}
        tab.history[-1] = (page, values)

    def save(self, tab: Tab) -> None:
        if not tab.history:
            return
        page, values = tab.history[-1]
        if page == "consent" and values["agree"] != ["1"]:
            return
        reached = page != "job" or self.saved.get("works") == ["1"]
        answer = tab.client.post(f"/s/spring/q/{page}", data=values)
        assert answer.status_code == 302, answer.text
        if self.sent:
            assert answer.headers["Location"] == "/s/spring/receipt", "a stale page leads to the receipt"
        elif reached:
            self.saved |= values

    # -- the model --------------------------------------------------------------------------------------

    def incomplete(self) -> bool:
        return self.saved.get("works") == ["1"] and not self.saved.get("secure")

    def expected(self) -> dict[str, Any]:
        found = {
            name: stored(name, self.saved.get(name, []))
            for page in ANYTHING.values()
            for name in page
            if name != "postcode"
        }
        if self.saved.get("works") != ["1"]:
            found["secure"] = NOT_ASKED
        went = found["went"]
        return {**found, "went_without": int(went == 1) if isinstance(went, int) else MISSING}


def blank(name: str) -> list[str]:
    return [""] if name in {"postcode", "days", "change", "comments"} else []


def stored(name: str, raw: list[str]) -> Any:
    """A form's values as the answer they give."""
    given = [value for value in raw if value]
    if not given:
        return MISSING
    if given == [DECLINED]:
        return {"missing": DECLINED}
    if name == "did":
        return [int(value) for value in given]
    return given[0] if name in {"change", "comments"} else int(given[0])


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'runs.sqlite3'}"
    schema.upgrade(url)
    engine = make_engine(url)
    yield Database("sqlite", url, engine)
    engine.dispose()


def test_interleavings_lose_nothing_and_count_no_one_twice(database: Database, tmp_path: Path) -> None:
    furnish(database)
    with running(database, tmp_path) as app:
        app.config["WTF_CSRF_ENABLED"] = False  # held by the tests of safety; here only time
        for seed in range(RUNS):
            run = Run(app, seed)
            run.play()
            with Session(database.engine) as session:
                rows = session.exec(select(Response).where(Response.sequence == seed + 1)).all()
                drafts = session.exec(select(Response.id).where(Response.status == "draft")).all()
            assert len(rows) == 1, f"seed {seed}: sent once"
            assert drafts == [], f"seed {seed}: nothing left over"
            assert rows[0].answers == run.expected(), f"seed {seed}"
            area = "L1" if run.saved.get("postcode", [""]) != [""] else None
            assert (rows[0].area_code, rows[0].postcode) == (area, None), f"seed {seed}"
    with Session(database.engine) as session:
        assert len(session.exec(select(Response.id)).all()) == RUNS
