"""Generated walks in Chromium on a phone: every kind of question, and two hundred of them, with and without
JavaScript. What each page shows, and what comes of it, is held against the same model as in tests/scenarios.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import ConsoleMessage, Locator, Page, Response

from questionnaires.model import Questionnaire
from survey_app.db import make_engine
from survey_app.store import schema
from tests.browser import journey
from tests.browser.conftest import PHONE
from tests.browser.test_reading import WIDER
from tests.integration.conftest import Database
from tests.server import Server, command, serving
from tests.walks import outcome
from tests.walks.answers import Raw
from tests.walks.walk import Walk

# Taking the browser's name keeps the tests here in their order when other files run beside them.
pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("browser_name")]

WALKS = [
    ("every-kind", 101, True),
    ("every-kind", 102, False),
    ("every-kind-singly", 103, True),
    ("deep", 104, False),
    ("deep-singly", 105, True),
]
REFUSED = "the server responded with a status of 422"  # how Chromium notes a page drawn with faults
HELD = """() => {
  const held = {};
  for (const e of document.querySelectorAll('main form[method=post] :is(input, select, textarea)')) {
    if (e.type === 'hidden' || e.tabIndex === -1 || e.name === 'confirm') continue;
    const here = held[e.name] ||= [];
    const seen = e.type !== 'text' || e.offsetParent !== null;
    const ticked = e.type !== 'radio' && e.type !== 'checkbox' || e.checked;
    if (seen && ticked && e.value) here.push(e.value);
  }
  return held;
}"""
AT_FOCUS = """() => document.activeElement.name || document.activeElement.className"""


@dataclass
class BrowserWindow:
    """A page of Chromium. Everything wrong that it notices on the way is in `wrong`."""

    page: Page
    base: str
    shots: Path
    name: str
    wrong: list[str] = field(default_factory=list)
    seen: int = 0

    def __post_init__(self) -> None:
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        self.page.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and REFUSED not in message.text:
            self.wrong.append(f"{self.place}: {message.type}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status != 422:
            self.wrong.append(f"{response.status} {response.url}")

    @property
    def place(self) -> str:
        return self.page.url.removeprefix(self.base).split("?")[0].split("#")[0].strip("/")

    @property
    def from_check(self) -> bool:
        return "from=check" in urlsplit(self.page.url).query

    def open(self, address: str) -> None:
        self.page.goto(f"{self.base}/{address}".rstrip("/"))
        self._look()

    def onward(self) -> None:
        journey.follow(self.page, "main a.button")
        self._look()

    def back(self) -> None:
        journey.follow(self.page, "a.back")
        self._look()

    def held(self) -> Raw:
        return self.page.evaluate(HELD)

    def clears(self, name: str) -> bool:
        return self.page.locator(f"main input[type=radio][name='{name}'][value='']").count() > 0

    def faults(self) -> list[str]:
        links = self.page.locator(".error-summary li a")
        return list(links.evaluate_all("all => all.map(e => e.getAttribute('href'))"))

    def follow(self, fault: str) -> None:
        self.page.click(f".error-summary a[href='{fault}']")
        if fault.startswith("#"):
            named = self.page.evaluate(AT_FOCUS)
            if not named.startswith(fault.removeprefix("#q-").split("-")[0]):
                self.wrong.append(f"{fault} leads to {named!r} on {self.place}")
        else:
            self.page.wait_for_url(f"**{urlsplit(fault).path}*")
            self._look()

    def send(self, raw: Raw, keep: bool = False) -> None:
        for name, values in self.held().items():
            self._put(name, values, raw.get(name, []))
        if keep:
            for box in self.page.locator("main input[type=checkbox][name=confirm]").all():
                box.check(force=True)
        with self.page.expect_navigation():
            self.page.locator("main form[method=post] button[type=submit]").first.click()
        self._look()

    def _put(self, name: str, held: list[str], wanted: list[str]) -> None:
        """Make a control, or the buttons and boxes of a name, hold what is wanted, as a hand would."""
        if sorted(held) == sorted(wanted):
            return
        controls = self.page.locator(f"main form[method=post] [name='{name}']")
        drawn: list[list[str]] = controls.evaluate_all("all => all.map(e => [e.type, e.value])")
        ticks = {value for kind, value in drawn if kind in ("radio", "checkbox")}
        for index, (kind, value) in enumerate(drawn):
            control = controls.nth(index)
            if kind in ("radio", "checkbox"):
                if value in (wanted or [""]):  # "" is "clear my answer"
                    self._unfold(control)
                    control.check(force=True)
                elif kind == "checkbox":
                    control.uncheck(force=True)
            elif kind.startswith("select"):
                control.select_option(wanted[0] if wanted else "")
            elif control.is_visible():
                control.fill(wanted[0] if wanted and wanted[0] not in ticks else "")
            elif wanted:
                self.wrong.append(f"{name} is not in sight on {self.place}")

    def _unfold(self, control: Locator) -> None:
        """Open the group that a choice is in, as a hand must before it can reach it."""
        closed = control.locator("xpath=ancestor::details[not(@open)]/summary")
        if closed.count():
            closed.click()

    def _look(self) -> None:
        wide: list[Any] = self.page.evaluate(WIDER)
        self.wrong += [f"{self.place} scrolls sideways: {each}" for each in wide]
        if self.seen % 7 == 0:
            place = self.place.replace("/", "-") or "start"
            self.page.screenshot(
                path=self.shots / f"walk-{self.name}-{self.seen}-{place}.png", full_page=True
            )
        self.seen += 1


@dataclass
class Survey:
    server: Server
    environment: dict[str, str]
    database: Database
    asked: dict[str, Questionnaire]


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Survey]:
    folder = tmp_path_factory.mktemp("walks")
    url = f"sqlite:///{folder / 'walks.sqlite3'}"
    schema.upgrade(url)
    database = Database("sqlite", url, make_engine(url))
    library = folder / "library"
    asked = {slug: outcome.furnished(database, library, slug) for slug in outcome.WRITTEN}
    environment = outcome.environment(database, library, folder)
    with serving(environment, folder / "gunicorn.log") as server:
        yield Survey(server, environment, database, asked)
    database.engine.dispose()


WALKED: dict[str, list[Walk]] = {slug: [] for slug in outcome.WRITTEN}


@pytest.mark.parametrize(("slug", "seed", "javascript"), WALKS)
def test_a_generated_walk_in_a_browser(
    survey: Survey, open_page, shots: Path, slug: str, seed: int, javascript: bool
) -> None:
    page: Page = open_page(PHONE, javascript=javascript)
    window = BrowserWindow(page, urljoin(survey.server.base, f"/s/{slug}"), shots, f"{slug}-{seed}")
    walk = Walk(survey.asked[slug], window, seed, turns=2)
    WALKED[slug].append(walk)
    walk.play()
    assert not window.wrong, "\n".join(window.wrong)


@pytest.mark.parametrize("slug", outcome.WRITTEN)
def test_what_was_walked_is_stored_exported_and_counted(survey: Survey, slug: str, tmp_path: Path) -> None:
    walked = [walk.sheet for walk in WALKED[slug]]
    assert walked, "run together with the test above"
    outcome.check_stored(survey.database, slug, walked)
    command(survey.environment, "export", slug, "--format", "csv", "--out", str(tmp_path / "answers.csv"))
    outcome.check_exported(tmp_path / "answers.csv", survey.database, slug, walked)
    command(survey.environment, "snapshot", slug)
    folder = Path(survey.environment["HEREABOUTS_DATA_FOLDER"]) / "snapshots" / slug
    outcome.check_counted(folder, walked)
