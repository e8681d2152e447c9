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

# Accessibility on every page in these: each direction, and each kind of script. The markup is the same in
# all, so elsewhere three pages do; every page of every language has its glyphs, width and HTML checked.
EVERY_PAGE = frozenset({"en", "ur", "ar", "bn", "zh-Hans"})

# Draws each character, and one that no font has: the same picture is a missing glyph.
TOFU = """
() => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 48;
  const pen = canvas.getContext('2d', {willReadFrequently: true});
  const picture = (text, font) => {
    pen.clearRect(0, 0, 48, 48);
    pen.font = font;
    pen.textBaseline = 'top';
    pen.fillText(text, 8, 8);
    return pen.getImageData(0, 0, 48, 48).data.join();
  };
  const seen = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const missing = {};
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.parentElement || node.parentElement.closest('script, style')) continue;
    const font = '24px ' + getComputedStyle(node.parentElement).fontFamily;
    if (!seen.has(font)) seen.set(font, {none: picture('\\u{10FFFD}', font), known: new Map()});
    const {none, known} = seen.get(font);
    for (const sign of node.data) {
      if (/[\\s\\p{M}\\p{Cc}\\p{Cf}]/u.test(sign)) continue;
      if (!known.has(sign)) known.set(sign, picture(sign, font) === none);
      if (known.get(sign)) missing[sign] = node.data.trim().slice(0, 60);
    }
  }
  return missing;
}
"""


def missing_glyphs(page: Page) -> dict[str, str]:
    """Characters drawn as an empty box, each with words it stands in."""
    found: dict[str, str] = page.evaluate(TOFU)
    return found


@pytest.mark.parametrize("language", OFFERED)
def test_a_resident_reads_every_page_on_a_phone(
    demo: Demo, checkers: Checkers, open_page: Any, shots: Path, language: str, tmp_path: Path
) -> None:
    page = open_page(PHONE)
    faults: list[str] = []
    before = set(checkers.pages)

    def look(name: str) -> None:
        thorough = language in EVERY_PAGE or name in {"start", "consent-error", "check"}
        faults.extend(checkers.look(page, f"phone {language} {name}", accessible=thorough))
        faults.extend(
            f"{language} {name}: no font here has {sign!r} ({words})"
            for sign, words in missing_glyphs(page).items()
        )
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append(f"{language} {name}: wider than the screen")
        page.screenshot(path=shots / f"language-{language}-{name}.png", full_page=True)

    page.goto(f"{demo.base}/?lang={language}")
    assert page.evaluate("document.documentElement.lang") == language
    look("front")
    page.goto(f"{demo.base}/s/{WAVE}?lang={language}")
    look("start")
    page.click("main a.button")
    journey.send(page)
    look("consent-error")
    journey.fill(page)
    journey.send(page)
    for name in journey.walk(page):
        look(name)
    page.goto(f"{demo.base}/resume?lang={language}")
    look("resume")
    assert len(checkers.pages.keys() - before) > 10
    assert not faults, "\n".join(faults)


def test_every_page_in_every_language_is_valid_html(checkers: Checkers, tmp_path: Path) -> None:
    assert checkers.html_faults(tmp_path) == []


def test_an_empty_box_would_be_noticed(open_page: Any) -> None:
    page = open_page(PHONE)
    page.set_content('<p lang="en">read &#x378; me, \u4e2d\u6587, \u0a2a\u0a70\u0a1c\u0a3e\u0a2c\u0a40</p>')
    assert list(missing_glyphs(page)) == ["\u0378"]
