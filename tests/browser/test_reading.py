"""Every way of seeing a page: settings, Easy Read, narrow screens, zoom, forced colours, no motion."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import journey
from tests.browser.checkers import Checkers
from tests.browser.conftest import DESKTOP, PHONE, Demo

pytestmark = pytest.mark.browser
WAVE = "autumn-2026"
Drafts = Callable[[str], list[Any]]
NARROW = {"width": 320, "height": 640}
SETTINGS = (
    "large.black-on-white.normal",
    "largest.yellow-on-black.wide",
    "normal.cream.wide",
    "largest.standard.normal",
)
WIDER = """() => {
  const wide = document.documentElement.scrollWidth, room = document.documentElement.clientWidth;
  const out = [...document.querySelectorAll('main *, header *, footer *')].filter(e => {
    const box = e.getBoundingClientRect();
    if (box.width <= 1 || e.closest('.scroll, .hidden-visually')) return false;
    return box.right > room + 1 || box.left < -1;
  }).map(e => e.tagName + '.' + e.className);
  return wide > room ? [`${wide} > ${room}`, ...out.slice(0, 5)] : [];
}"""
RINGED = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
}"""


def chosen(page: Page, demo: Demo, cookie: str) -> None:
    page.context.add_cookies([{"name": "reading", "value": cookie, "url": demo.base}])


@pytest.fixture(scope="module")
def drafts(demo: Demo, browser: Browser) -> Drafts:
    """The cookies, by language, of somebody who has answered everything and is about to check it."""
    kept: dict[str, list[Any]] = {}

    def cookies(lang: str) -> list[Any]:
        if lang not in kept:
            with browser.new_context(viewport=PHONE) as context:
                page = context.new_page()
                journey.start(page, f"{demo.base}/s/{WAVE}?lang={lang}")
                assert "check" in journey.walk(page, postcode="CM1 1SN")
                kept[lang] = list(context.cookies())
        return kept[lang]

    return cookies


def pages(page: Page, demo: Demo, drafts: Drafts, lang: str) -> Iterator[str]:
    """Open one page of each look: the start, an error, buttons 0 to 10, lists, the check, the settings.

    The questions are as answered: what is ticked stands beside what is not.
    """
    page.goto(f"{demo.base}/s/{WAVE}?lang={lang}")
    yield "start"
    page.goto(f"{demo.base}/s/{WAVE}/q/consent")
    journey.send(page)
    yield "consent-error"
    page.context.add_cookies(drafts(lang))
    for place in ("q/feelings", "q/area", "q/health", "q/identity", "check"):
        page.goto(f"{demo.base}/s/{WAVE}/{place}")
        assert page.url.endswith(place), page.url
        yield place.replace("/", "-")
    page.goto(f"{demo.base}/reading")
    yield "reading"


@pytest.mark.parametrize("cookie", SETTINGS)
@pytest.mark.parametrize("lang", ["en", "ur"])
def test_every_setting_is_accessible(
    demo: Demo, drafts: Drafts, checkers: Checkers, open_page, shots: Path, cookie: str, lang: str
) -> None:
    page, faults = open_page(PHONE), []
    chosen(page, demo, cookie)
    for name in pages(page, demo, drafts, lang):
        label = f"reading {cookie} {lang} {name}"
        faults += checkers.look(page, label)
        faults += [f"{label}: {wide}" for wide in page.evaluate(WIDER)]
        page.screenshot(path=shots / f"{label.replace(' ', '-')}.png", full_page=True)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_easy_read_is_accessible_and_each_question_has_its_picture(
    demo: Demo, checkers: Checkers, open_page, shots: Path, viewport: dict[str, int]
) -> None:
    page, faults = open_page(viewport, javascript=True), []
    page.goto(f"{demo.base}/s/{WAVE}?lang=en-easy")
    faults += checkers.look(page, "easy start")
    journey.follow(page, "main a.button")
    for name in journey.walk(page, postcode="CM1 1SN"):
        if name.startswith("q-"):
            questions, pictures = page.locator(".question").count(), page.locator(".picture svg").count()
            assert questions == pictures > 0, name
            size = page.locator(".question legend, .question > label").first.evaluate(
                "e => parseFloat(getComputedStyle(e).fontSize)"
            )
            assert size >= 20
        if viewport == PHONE or name in {"q-consent", "q-feelings", "q-learning", "check", "receipt"}:
            faults += checkers.look(page, f"easy {viewport['width']} {name}")
        faults += [f"{name}: {wide}" for wide in page.evaluate(WIDER)]
        page.screenshot(path=shots / f"easy-{viewport['width']}-{name}.png", full_page=True)
        expect(page.locator("html")).to_have_attribute("lang", "en")
    assert journey.at_receipt(page)
    assert not faults, "\n".join(faults)


def test_settings_are_chosen_without_javascript_and_lead_back(demo: Demo, open_page) -> None:
    page = open_page(PHONE, javascript=False)
    page.goto(f"{demo.base}/s/{WAVE}/q/consent")
    with page.expect_navigation():
        page.get_by_role("link", name="Text size and colours").click()
    page.get_by_label("Yellow on black").check(force=True)
    page.get_by_label("Largest").check(force=True)
    with page.expect_navigation():
        page.get_by_role("button", name="Save and go back").click()
    assert page.url == f"{demo.base}/s/{WAVE}/q/consent"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(255, 255, 0)"
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == pytest.approx(
        25.6
    )


@pytest.mark.parametrize("lang", ["en", "ur", "bn", "en-easy"])
@pytest.mark.parametrize("cookie", ["normal.standard.normal", "largest.standard.wide"])
def test_nothing_scrolls_sideways_at_320_pixels(
    demo: Demo, drafts: Drafts, open_page, shots: Path, lang: str, cookie: str
) -> None:
    """320 CSS pixels are also what a screen 1280 wide leaves at 400% zoom (WCAG 1.4.10)."""
    page, faults = open_page(NARROW), []
    chosen(page, demo, cookie)
    for name in pages(page, demo, drafts, lang):
        faults += [f"{name}: {wide}" for wide in page.evaluate(WIDER)]
        page.screenshot(path=shots / f"narrow-{lang}-{cookie}-{name}.png", full_page=True)
    page.goto(f"{demo.base}/")
    faults += [f"front: {wide}" for wide in page.evaluate(WIDER)]
    assert not faults, "\n".join(faults)


def test_zoomed_to_400_percent_nothing_is_lost(demo: Demo, open_page) -> None:
    page = open_page(NARROW, device_scale_factor=4)
    page.goto(f"{demo.base}/s/{WAVE}/q/consent")
    assert page.evaluate(WIDER) == []
    for control in page.locator("main :is(input:not([type=hidden], [tabindex='-1']), button)").all():
        control.scroll_into_view_if_needed()
        box = control.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= NARROW["width"]


def test_forced_colours_keep_focus_ticks_and_faults_visible(demo: Demo, open_page, shots: Path) -> None:
    page = open_page(PHONE, forced_colors="active")
    page.goto(f"{demo.base}/s/{WAVE}/q/consent")
    journey.send(page)
    marks = page.evaluate(
        """() => ['.error-summary', '.field-error', '.choice'].map(s => {
          const style = getComputedStyle(document.querySelector(s));
          return Math.max(parseFloat(style.borderInlineStartWidth), parseFloat(style.borderBlockStartWidth));
        })"""
    )
    assert all(width >= 2 for width in marks), marks
    box = page.locator(".choice input").first
    box.check(force=True)
    around = page.locator(".choice").first.evaluate("e => getComputedStyle(e).outlineStyle")
    assert around != "none", "a ticked choice is marked by more than a colour"
    page.keyboard.press("Tab")
    assert page.evaluate(RINGED)
    page.screenshot(path=shots / "forced-colours-consent-error.png", full_page=True)
    page.goto(f"{demo.base}/s/{WAVE}/q/consent?lang=en-easy")
    page.screenshot(path=shots / "forced-colours-easy.png", full_page=True)
    assert page.locator(".picture").first.evaluate("e => getComputedStyle(e).color") == page.evaluate(
        "getComputedStyle(document.body).color"
    )


def test_nothing_moves_for_someone_who_asked_for_less_motion(demo: Demo, open_page) -> None:
    page = open_page(PHONE, reduced_motion="reduce")
    page.goto(f"{demo.base}/s/{WAVE}/q/consent")
    moving = page.evaluate(
        """() => [...document.querySelectorAll('*')].filter(e => {
          const style = getComputedStyle(e);
          return style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0;
        }).map(e => e.className)"""
    )
    assert moving == []


def test_every_page_looked_at_is_valid_html(checkers: Checkers, tmp_path: Path) -> None:
    assert len(checkers.pages) > 20, "run together with the tests above"
    assert checkers.html_faults(tmp_path) == []
