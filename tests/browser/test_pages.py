"""Every page, for every kind of user, in English and in Urdu: accessible, valid and light."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import journey
from tests.browser.checkers import Checkers
from tests.browser.conftest import DESKTOP, PHONE, Demo

pytestmark = pytest.mark.browser
LANGUAGES = ("en", "ur")
WAVE = "autumn-2026"

STAFF_PAGES = {
    "administrator": (
        "/account",
        "/account/password",
        "/people",
        "/people/invite",
        "/people/organisations",
        "/audit",
    ),
    "alliance-viewer": ("/results/", "/results/E07000070", "/results/E05010366", "/map", "/map?level=lad"),
    "survey-manager": ("/waves/", "/results/", f"/print/{WAVE}/en", f"/print/{WAVE}/ur"),
    "outreach-worker": ("/paper/",),
}


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
    page.click("main a.button")
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
        response = page.goto(demo.base + path)
        assert response is not None
        assert response.status == 200, path
        name = f"{role} {lang} {path.strip('/').replace('/', '-').replace('?', '-')}"
        faults += checkers.look(page, name)
        page.screenshot(path=shots / f"{name.replace(' ', '-')}.png", full_page=True)
    assert not faults, "\n".join(faults)


def test_every_page_looked_at_is_valid_html(checkers: Checkers, tmp_path: Path) -> None:
    assert len(checkers.pages) > 40, "run together with the tests above"
    assert checkers.html_faults(tmp_path) == []
