"""Browser tests: Chromium against a real gunicorn serving the seeded demonstration."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from questionnaires.loading import LIBRARY
from tests import demonstration
from tests.browser.checkers import Checkers
from tests.server import Server, serving

SPECIMENS = Path(__file__).resolve().parents[1] / "specimen"  # questionnaires that only tests ask
# The same engine without windows draws a page at a third of the work: a distribution may have it apart.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}


@dataclass(frozen=True)
class Demo:
    """A served demonstration: its address, its settings and a sign-in for each role."""

    server: Server
    environment: dict[str, str]
    sign_ins: dict[str, dict[str, str]]

    @property
    def base(self) -> str:
        return self.server.base

    def sign_in(self, page: Page, role: str) -> None:
        who = self.sign_ins[role]
        page.goto(f"{self.base}/sign-in")
        page.fill("input[name=email]", who["email"])
        page.fill("input[name=password]", who["password"])
        page.click("main button[type=submit]")
        page.wait_for_url("**/account*")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    if CHROMIUM is None:
        pytest.skip("CHROMIUM IS NOT INSTALLED: no page is being looked at (apt-get install chromium)")
    return {"executable_path": CHROMIUM, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    library = folder / "library"
    library.mkdir()
    for shelf in (LIBRARY, SPECIMENS):
        for questionnaire in shelf.iterdir():
            (library / questionnaire.name).symlink_to(questionnaire)
    environment = {
        "HEREABOUTS_DEMO": "yes",
        "HEREABOUTS_LIBRARY": str(library),
        "HEREABOUTS_DATA_FOLDER": str(folder),
        "HEREABOUTS_SIGN_IN_LIMIT": "1000 per minute",
    }
    sign_ins = demonstration.copied(tmp_path_factory, folder)
    with serving(environment, folder / "gunicorn.log") as server:
        yield Demo(server, environment, sign_ins)


@pytest.fixture(scope="session")
def checkers() -> Checkers:
    return Checkers.installed()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Any]:
    """A function that opens a page of its own: open_page(viewport=..., javascript=...)."""
    contexts: list[BrowserContext] = []

    def opened(viewport: dict[str, int] = PHONE, *, javascript: bool = True, **options: Any) -> Page:
        context = browser.new_context(viewport=viewport, java_script_enabled=javascript, **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def shots(request: pytest.FixtureRequest) -> Path:
    """Where screenshots of this run are left to be looked at."""
    folder = request.config.rootpath / "test-results" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
