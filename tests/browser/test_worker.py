"""A worker keys paper with the keyboard alone; the wave is published; a reader sees paper and web counted."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import journey
from tests.browser.conftest import DESKTOP, PHONE, Demo
from tests.server import command

pytestmark = pytest.mark.browser
WAVE, TITLE, POSTCODE, WARD, DISTRICT = "autumn-2026", "autumn 2026", "CM1 1SN", "Marconi", "E07000070"
KEYED = {
    "postcode": POSTCODE,
    "learning": "1 3",
    "tenure": "1 2",  # two ticks
    "belong": "",
    "gp": "/",
    "one_change": "More buses",
    "comments": "",
}


def modes(demo: Demo) -> dict[str, int]:
    """Responses by mode, as the manager is told before publishing."""
    told = json.loads(command(demo.environment, "publish", WAVE, "--dry-run", "--json"))
    counted: dict[str, int] = told["report"]["modes"]
    return counted


def key(page: Page, serial: str) -> None:
    """One form, without touching the mouse."""
    page.locator("#serial").focus()
    page.keyboard.type(serial)
    page.keyboard.press("Enter")
    for _field in range(100):
        name, tag = page.evaluate("[document.activeElement.name || '', document.activeElement.tagName]")
        if tag == "BUTTON":
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
        if name.startswith("q-"):
            page.keyboard.type(KEYED.get(name.removeprefix("q-"), "1"))
        page.keyboard.press("Tab")
    raise AssertionError("never came to the button")


def test_paper_and_web_are_counted_together(demo: Demo, open_page) -> None:
    before = modes(demo)
    resident = open_page(PHONE, javascript=False)
    journey.start(resident, f"{demo.base}/s/{WAVE}?lang=ur")
    assert [*journey.walk(resident, postcode=POSTCODE)][-1] == "receipt"

    worker = open_page(DESKTOP)
    demo.sign_in(worker, "outreach-worker")
    worker.goto(f"{demo.base}/paper/")
    journey.follow(worker, f"main tr:has(.batch-wave:has-text('{TITLE}')) a[href$='/key']")
    left = int(re.search(r"(\d+) left", worker.inner_text("main")).group(1))
    for serial in ("K9001", "K9002", "K9003"):
        key(worker, serial)
        expect(worker.locator("main")).to_contain_text(f"Form {serial} is saved. Nothing is lost.")
    expect(worker.locator("main")).to_contain_text(f"{left - 3} left")
    expect(worker.locator("main")).to_contain_text("2 not readable or marked twice")

    key(worker, "K9002")
    expect(worker.locator(".error-summary")).to_contain_text("K9002")

    after = modes(demo)
    assert (after["web"] - before["web"], after["paper"] - before["paper"]) == (1, 3)
    assert f"Published release 1 of {WAVE}" in command(demo.environment, "publish", WAVE)

    reader = open_page(DESKTOP)
    demo.sign_in(reader, "alliance-viewer")
    reader.goto(f"{demo.base}/results/")
    expect(reader.locator("main")).to_contain_text("autumn 2026")
    reader.click(f"main a:text-is('{WARD}')")
    expect(reader.locator("h1")).to_have_text(WARD)
    expect(reader.locator("main")).to_contain_text("about")
    reader.goto(f"{demo.base}/results/{DISTRICT}")
    expect(reader.locator("h1")).to_have_text("Chelmsford")
    reader.goto(f"{demo.base}/map")
    expect(reader.locator("svg[role=img], svg.map, main svg").first).to_be_visible()
    expect(reader.locator("main table")).to_contain_text(WARD)
