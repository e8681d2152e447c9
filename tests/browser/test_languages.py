"""Every language offered, on a phone: every glyph there, nothing wider than the screen, accessible, valid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from survey_app.config import OFFERED
from tests.browser import journey
from tests.browser.checkers import Checkers
from tests.browser.conftest import PHONE, Demo

pytestmark = pytest.mark.browser
WAVE = "autumn-2026"

# Accessibility on every page in these: each direction, each kind of script. Markup is the same in all, so
# elsewhere three pages do; every page of every language has its glyphs, width and HTML checked.
EVERY_PAGE = frozenset({"en", "ur", "ar", "bn", "zh-Hans"})

# The characters on the page, by the fonts they ask for.
SIGNS = """
() => {
  const found = {};
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.parentElement || node.parentElement.closest('script, style')) continue;
    const font = getComputedStyle(node.parentElement).fontFamily;
    const here = found[font] ||= new Set();
    for (const sign of node.data) if (!/[\\s\\p{M}\\p{Cc}\\p{Cf}]/u.test(sign)) here.add(sign);
  }
  return Object.fromEntries(Object.entries(found).map(([font, signs]) => [font, [...signs].join('')]));
}
"""

# Draws each character, and one that no font has: the same picture is a missing glyph.
TOFU = """
(fonts) => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 48;
  const pen = canvas.getContext('2d', {willReadFrequently: true});
  const picture = (text, font) => {
    pen.clearRect(0, 0, 48, 48);
    pen.font = '24px ' + font;
    pen.textBaseline = 'top';
    pen.fillText(text, 8, 8);
    return pen.getImageData(0, 0, 48, 48).data.join();
  };
  const missing = [];
  for (const [font, signs] of Object.entries(fonts)) {
    const none = picture('\\u{10FFFD}', font);
    for (const sign of signs) if (picture(sign, font) === none) missing.push(sign);
  }
  return missing;
}
"""


class Glyphs:
    """Characters seen on pages, to be drawn once each: a picture takes longer than a page."""

    def __init__(self) -> None:
        self.seen: dict[str, set[str]] = {}

    def note(self, page: Page) -> None:
        for font, signs in page.evaluate(SIGNS).items():
            self.seen.setdefault(font, set()).update(signs)

    def missing(self, page: Page) -> list[str]:
        """Those drawn as an empty box."""
        found: list[str] = page.evaluate(TOFU, {font: "".join(signs) for font, signs in self.seen.items()})
        return found


@pytest.mark.parametrize("language", OFFERED)
def test_a_resident_reads_every_page_on_a_phone(
    demo: Demo, checkers: Checkers, open_page: Any, shots: Path, language: str, tmp_path: Path
) -> None:
    page = open_page(PHONE)
    faults: list[str] = []
    before = set(checkers.pages)
    glyphs = Glyphs()

    def look(name: str) -> None:
        thorough = language in EVERY_PAGE or name in {"start", "consent-error", "check"}
        faults.extend(checkers.look(page, f"phone {language} {name}", accessible=thorough))
        glyphs.note(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append(f"{language} {name}: wider than the screen")
        if language in EVERY_PAGE:
            page.screenshot(path=shots / f"language-{language}-{name}.png", full_page=True)

    page.goto(f"{demo.base}/?lang={language}")
    assert page.evaluate("document.documentElement.lang") == language
    look("front")
    page.goto(f"{demo.base}/s/{WAVE}?lang={language}")
    look("start")
    journey.follow(page, "main a.button")
    journey.send(page)
    look("consent-error")
    journey.fill(page)
    journey.send(page)
    for name in journey.walk(page):
        look(name)
    page.goto(f"{demo.base}/resume?lang={language}")
    look("resume")
    assert len(checkers.pages.keys() - before) > 10
    faults.extend(f"{language}: no font here has {sign!r}" for sign in glyphs.missing(page))
    assert not faults, "\n".join(faults)


def test_every_page_in_every_language_is_valid_html(checkers: Checkers, tmp_path: Path) -> None:
    assert checkers.html_faults(tmp_path) == []


def test_an_empty_box_would_be_noticed(open_page: Any) -> None:
    page = open_page(PHONE)
    page.set_content('<p lang="en">read &#x378; me, \u4e2d\u6587, \u0a2a\u0a70\u0a1c\u0a3e\u0a2c\u0a40</p>')
    glyphs = Glyphs()
    glyphs.note(page)
    assert glyphs.missing(page) == ["\u0378"]
