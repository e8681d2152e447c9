"""A resident with a phone, no JavaScript and no account."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import journey
from tests.browser.conftest import PHONE, Demo

pytestmark = pytest.mark.browser
WAVE = "autumn-2026"


@pytest.mark.parametrize("lang", ["en", "ur"])
def test_the_whole_way_without_javascript(demo: Demo, open_page, lang: str) -> None:
    page: Page = open_page(PHONE, javascript=False)
    journey.start(page, f"{demo.base}/s/{WAVE}?lang={lang}")
    seen = []
    for name in journey.walk(page, postcode="CM1 1SN"):
        html = page.locator("html")
        expect(html).to_have_attribute("lang", lang)
        expect(html).to_have_attribute("dir", "rtl" if lang == "ur" else "ltr")
        wide = page.locator("body").bounding_box()
        assert wide is not None
        assert wide["width"] <= PHONE["width"], f"{name} scrolls sideways"
        seen.append(name)
    assert seen[-2:] == ["check", "receipt"]
    expect(page.locator(".code")).to_be_visible()


def test_a_postcode_is_not_on_the_receipt_nor_asked_again(demo: Demo, open_page) -> None:
    page: Page = open_page(PHONE)
    journey.start(page, f"{demo.base}/s/{WAVE}")
    *_rest, _receipt = journey.walk(page, postcode="CM1 1SN")
    assert "CM1 1SN" not in page.content()
    code = page.locator(".code").inner_text()
    page.reload()
    assert page.locator(".code").inner_text() == code, "a refresh shows the same receipt"
    page.go_back()
    page.goto(f"{demo.base}/s/{WAVE}/q/feelings")
    assert journey.at_receipt(page), "what was sent is not asked again"


def test_going_back_loses_nothing(demo: Demo, open_page) -> None:
    page: Page = open_page(PHONE)
    journey.start(page, f"{demo.base}/s/{WAVE}")
    names = journey.walk(page, postcode="CM1 1SN")
    for name in names:
        if name == "q-area":
            break
    journey.follow(page, "a.back")
    assert page.url.endswith("/q/feelings")
    assert page.locator("input:checked").count() >= 5


def test_the_keyboard_alone_is_enough(demo: Demo, open_page) -> None:
    page: Page = open_page(PHONE)
    page.goto(f"{demo.base}/s/{WAVE}/q/consent")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    for _step in range(3):
        page.keyboard.press("Tab")
        kind = page.evaluate("document.activeElement.type")
        page.keyboard.press("Space")
        assert kind in {"checkbox", "radio"}
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/q/place*")
