"""Every kind of question in a browser: on a phone and a desk, in both directions."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from questionnaires import clock
from tests.browser import journey
from tests.browser.checkers import Checkers
from tests.browser.conftest import DESKTOP, PHONE, Demo
from tests.server import command

pytestmark = pytest.mark.browser
WAVE = "every-kind"
NARROW = {"width": 320, "height": 640}
KEYED = {
    "agree": "1",
    "heating": "4",
    "heating-other": "Peat",
    "likes": "1 4",
    "best": "3 1",
    "belonging": "2",
    "sleep": "7,5",
    "visited": "7 3 2026",
    "moved": "11 2019",
    "built": "1964",
    "town": "13",
}


@pytest.fixture(scope="module")
def wave(demo: Demo) -> str:
    """The address of a survey that asks one question of every kind."""
    today = clock.today()
    days = ("--opens", str(today), "--closes", str(today + timedelta(days=30)))
    version = ("--questionnaire", "every-kind", "--version", "1.0")
    command(demo.environment, "waves", "create", WAVE, "--title", "Every kind", *version, *days)
    because = ("--allow-incomplete", "ur", "--because", "a specimen")
    command(demo.environment, "waves", "open", WAVE, *because)
    return f"{demo.base}/s/{WAVE}"


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def wrong_then_right(page: Page) -> None:
    """Give each kind an answer that cannot be taken, then one that can."""
    for name, value in {"rooms": "25", "sleep": "7.25", "moved-month": "3", "built": "17"}.items():
        page.fill(f"input[name={name}]", value)
    for part, value in {"day": "31", "month": "2", "year": "2026"}.items():
        page.fill(f"input[name=visited-{part}]", value)
    journey.send(page)
    expect(page.locator(".error-summary li")).to_have_count(5)


@pytest.mark.parametrize("lang", ["en", "ur"])
@pytest.mark.parametrize("viewport", [NARROW, PHONE, DESKTOP], ids=lambda each: str(each["width"]))
def test_every_kind_is_drawn_and_answered(
    demo: Demo, checkers: Checkers, open_page, shots: Path, wave: str, lang: str, viewport: dict[str, int]
) -> None:
    page: Page = open_page(viewport, javascript=True)
    faults: list[str] = []

    def look(name: str) -> None:
        faults.extend(checkers.look(page, f"kinds {lang} {viewport['width']} {name}"))
        page.screenshot(path=shots / f"kinds-{lang}-{viewport['width']}-{name}.png", full_page=True)
        if not fits(page):
            faults.append(f"{name} scrolls sideways at {viewport['width']} px")

    journey.start(page, f"{wave}?lang={lang}")
    look("consent")
    page.check("input[name=agree]")
    journey.send(page)
    look("choosing")
    page.check("input[name=heating][value='4']")
    page.fill("input[name=heating-other]", "Peat")
    page.check("input[name=belonging][value='2']")
    for code, rank in {"1": "1", "3": "1"}.items():
        page.select_option(f"select[name=best-{code}]", rank)
    journey.send(page)
    expect(page.locator(".error-summary a")).to_have_attribute("href", "#q-best")
    look("choosing-error")
    page.select_option("select[name=best-1]", "2")
    journey.send(page)
    look("writing")
    wrong_then_right(page)
    look("writing-error")
    for name, value in {"sleep": "7.5", "moved-year": "2019", "built": "1964", "visited-day": "7"}.items():
        page.fill(f"input[name={name}]", value)
    page.select_option("select[name=town]", "13")
    page.check("input[name=confirm]")
    page.check("#q-postcode-decline")
    journey.send(page)
    page.check("main input[value=prefer-not-to-say]")  # the list of areas
    journey.send(page)
    page.fill("input[name=adults]", "2")
    page.fill("input[name=children]", "3")
    journey.send(page)
    expect(page.locator("main")).to_contain_text("Harlow")  # said again in a later question
    look("sums")
    journey.send(page)
    expect(page.locator("#row-best ~ dd ol li")).to_have_count(2)
    for text in ("Peat", "2026", "2019", "Harlow"):
        expect(page.locator("main")).to_contain_text(text)
    look("check")
    journey.send(page)
    assert journey.at_receipt(page)
    assert not faults, "\n".join(faults)


def test_words_beside_an_answer_are_in_sight_while_it_is_chosen(wave: str, open_page) -> None:
    page: Page = open_page(PHONE, javascript=False)
    journey.start(page, wave)
    page.check("input[name=agree]")
    journey.send(page)
    box = page.locator("input[name=heating-other]")
    expect(box).to_be_hidden()
    page.check("input[name=heating][value='4']")
    expect(box).to_be_visible()
    page.check("input[name=heating][value='1']")
    expect(box).to_be_hidden()


def test_every_kind_is_printed_and_keyed(
    demo: Demo, checkers: Checkers, open_page, shots: Path, wave: str
) -> None:
    page: Page = open_page(DESKTOP)
    demo.sign_in(page, "survey-manager")
    faults: list[str] = []
    for lang in ("en", "ur"):
        page.goto(f"{demo.base}/print/{WAVE}/{lang}")
        faults += checkers.look(page, f"kinds printed {lang}")
        page.screenshot(path=shots / f"kinds-printed-{lang}.png", full_page=True)
    worker: Page = open_page(DESKTOP)
    demo.sign_in(worker, "outreach-worker")
    worker.goto(f"{demo.base}/paper/open?wave={WAVE}")
    for name, value in {"place": "Library", "held_on": str(clock.today()), "returned": "1"}.items():
        worker.fill(f"[name={name}]", value)
    worker.click("main button[type=submit]")
    faults += checkers.look(worker, "kinds keying")
    worker.fill("#serial", "EK1")
    for code, value in (KEYED | {"town": "99", "visited": "31 2 2026"}).items():
        worker.fill(f"#q-{code}", value)
    worker.click("#save")
    expect(worker.locator(".error-summary li")).to_have_count(2)
    faults += checkers.look(worker, "kinds keying slips")
    worker.screenshot(path=shots / "kinds-keying.png", full_page=True)
    for code in ("town", "visited"):
        worker.fill(f"#q-{code}", KEYED[code])
    worker.click("#save")
    expect(worker.locator("main")).to_contain_text(
        "Form EK1 is saved. Nothing is lost. 10 questions answered"
    )
    assert not faults, "\n".join(faults)


def test_every_page_of_every_kind_is_valid_html(checkers: Checkers, tmp_path: Path) -> None:
    assert sum(name.startswith("kinds ") for name in checkers.pages) > 30, "run together with the tests above"
    assert checkers.html_faults(tmp_path) == []
