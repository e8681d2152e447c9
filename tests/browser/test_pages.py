"""Every page, for every kind of user, in English and in Urdu: accessible, valid and light."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser import journey
from tests.browser.checkers import Checkers
from tests.browser.conftest import DESKTOP, PHONE, Demo
from tests.server import command

pytestmark = pytest.mark.browser
LANGUAGES = ("en", "ur")
WAVE = "autumn-2026"
VERSION = "/questionnaires/thriving-places-core/1.0"

STAFF_PAGES = {
    "administrator": (
        "/account",
        "/account/password",
        "/people",
        "/people/invite",
        "/people/organisations",
        "/audit",
    ),
    "alliance-viewer": (
        "/results/",
        "/results/E07000070",
        "/results/E05010366",
        "/results/E07000070/belonging",
        "/results/ways",
        "/results/comments",
        "/results/comments?place=E07000070",
        "/results/changes",
        "/results/models",
        "/results/releases",
        "/map",
        "/map?level=lad",
    ),
    "survey-manager": (
        "/waves/",
        "/results/",
        f"/print/{WAVE}/en",
        f"/print/{WAVE}/ur",
        "/questionnaires/",
        f"{VERSION}/",
        f"{VERSION}/routing",
        f"{VERSION}/walk",
        f"{VERSION}/compare/1.0",
        f"{VERSION}/print?in=ur",
        "/publishing/",
        f"/publishing/{WAVE}",
        "/publishing/spring-2026",
        "/indicators/",
        "/indicators/healthy_housing",
        "/indicators/new",
        f"/waves/{WAVE}/links",
        f"/waves/{WAVE}/review",
        f"/waves/{WAVE}/comments",
        f"/waves/{WAVE}/comments/themes",
        f"/waves/{WAVE}/contacts",
    ),
    "outreach-worker": ("/paper/",),
}

FOLLOWED = {"/paper/": r"/paper/.+", "/people": r"/people/.+"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_a_resident_sees(demo: Demo, checkers: Checkers, open_page, shots: Path, lang: str) -> None:
    page = open_page(PHONE)
    faults: list[str] = []

    def look(name: str) -> None:
        faults.extend(checkers.look(page, f"resident {lang} {name}"))
        page.screenshot(path=shots / f"resident-{lang}-{name}.png", full_page=True)

    page.goto(f"{demo.base}/?lang={lang}")
    look("front")
    page.goto(f"{demo.base}/s/{WAVE}?lang={lang}")
    look("start")
    journey.follow(page, "main a.button")
    journey.send(page)
    look("consent-error")
    journey.fill(page)
    journey.send(page)
    for postcode, name in (("nonsense", "place-error"), ("SW1A 1AA", "area-list"), ("CM1 1SN", "")):
        if "/q/place" not in page.url:
            page.goto(f"{demo.base}/s/{WAVE}/q/place")
        page.fill("input[autocomplete=postal-code]", postcode)
        journey.send(page)
        if name:
            look(name)
    for name in journey.walk(page, text="<b>مرحبا</b> & =1+1"):
        look(name)
    for path in (f"/s/{WAVE}/answers", f"/s/{WAVE}/withdraw", "/receipt"):
        page.goto(f"{demo.base}{path}")
        look(path.rpartition("/")[2])
    page.goto(f"{demo.base}/resume?lang={lang}")
    look("resume")
    page.goto(f"{demo.base}/no-such-page?lang={lang}")
    look("not-found")
    page.goto(f"{demo.base}/s/spring-2026?lang={lang}")
    look("closed")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("role", STAFF_PAGES)
def test_what_staff_see(demo: Demo, checkers: Checkers, open_page, shots: Path, role: str, lang: str) -> None:
    page = open_page(DESKTOP)
    page.goto(f"{demo.base}/sign-in?lang={lang}")
    faults = checkers.look(page, f"sign-in {lang} {role}")
    page.goto(f"{demo.base}/?lang={lang}")
    demo.sign_in(page, role)
    for path in STAFF_PAGES[role]:
        faults += _look(demo, checkers, page, shots, f"{role} {lang}", path)
        for onward in _onward(page, path):
            faults += _look(demo, checkers, page, shots, f"{role} {lang}", onward)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_people_see_who_are_given_a_link(
    demo: Demo, checkers: Checkers, open_page, shots: Path, lang: str
) -> None:
    """The one-time links: to make an account, and to choose a new password."""
    invited = ("users", "invite", f"new-{lang}@example.org", "--role", "analyst", "--organisation", "SAVS")
    known = demo.sign_ins["analyst"]["email"]
    faults: list[str] = []
    for name, words in (("invitation", invited), ("new-password", ("users", "new-password", known))):
        link = command(demo.environment, *words, "--base-url", demo.base).split()[-1]
        page = open_page(PHONE)
        page.goto(f"{demo.base}/?lang={lang}")
        response = page.goto(link)
        assert response is not None
        assert response.status == 200
        faults += checkers.look(page, f"{name} {lang}")
        page.screenshot(path=shots / f"{name}-{lang}.png", full_page=True)
        journey.follow(page, "main form button[type=submit]")
        faults += checkers.look(page, f"{name} {lang} error")
    assert not faults, "\n".join(faults)


def _look(demo: Demo, checkers: Checkers, page: Page, shots: Path, who: str, path: str) -> list[str]:
    response = page.goto(demo.base + path)
    assert response is not None
    assert response.status == 200, path
    name = f"{who} {path.strip('/').replace('/', '-').replace('?', '-')}"
    page.screenshot(path=shots / f"{name.replace(' ', '-')}.png", full_page=True)
    return checkers.look(page, name)


def _onward(page: Page, path: str) -> list[str]:
    """The pages inside a list, one of each kind: the batch to key, to close; the person to look after."""
    pattern = FOLLOWED.get(path)
    if pattern is None:
        return []
    links = page.eval_on_selector_all("main a", "all => all.map(a => a.getAttribute('href'))")
    kinds = {re.sub(r"[0-9a-f-]{8,}|\d+", "*", link): link for link in links if re.fullmatch(pattern, link)}
    return [link for link in kinds.values() if link not in sum(STAFF_PAGES.values(), ())]


def test_every_page_looked_at_is_valid_html(checkers: Checkers, tmp_path: Path) -> None:
    assert len(checkers.pages) > 40, "run together with the tests above"
    assert checkers.html_faults(tmp_path) == []
