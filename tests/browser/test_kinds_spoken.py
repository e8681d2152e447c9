"""Each kind of question as a screen reader says it, by keyboard alone, zoomed in and in forced colours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from questionnaires import clock
from tests.browser import journey
from tests.browser.conftest import PHONE, Demo
from tests.browser.test_reading import NARROW, RINGED, WIDER
from tests.browser.test_screen_reader import FOCUSED, Said, in_order, place, tree
from tests.server import command

pytestmark = pytest.mark.browser
WAVE = "spoken-kinds"


@pytest.fixture(scope="module")
def wave(demo: Demo) -> str:
    """The address of a survey that asks one question of every kind."""
    today = clock.today()
    days = ("--opens", str(today), "--closes", str(today + timedelta(days=30)))
    version = ("--questionnaire", "every-kind", "--version", "1.0")
    command(demo.environment, "waves", "create", WAVE, "--title", "Spoken kinds", *version, *days)
    because = ("--allow-incomplete", "ur", "--because", "a specimen")
    command(demo.environment, "waves", "open", WAVE, *because)
    return f"{demo.base}/s/{WAVE}"


def at_choosing(page: Page, wave: str) -> Page:
    journey.start(page, wave)
    page.check("input[name=agree]", force=True)
    journey.send(page)
    assert page.url.endswith("/q/choosing")
    return page


def within(said: list[Said], start: tuple[str, str], role: str, count: int) -> list[str]:
    return [each.name for each in said[place(said, *start) :] if each.role == role][:count]


def test_a_grid_is_a_group_of_questions_each_said_whole(wave: str, open_page) -> None:
    said = tree(at_choosing(open_page(PHONE), wave))
    in_order(
        said,
        ("group", "How much do you agree?"),
        ("group", "I feel that I belong here"),
        ("group", "People here can be trusted"),
        ("group", "I would tell a friend to move here."),
    )
    assert said[place(said, "group", "How much do you agree?")].description == "Choose one answer for each."
    answers = ["Agree strongly", "Agree", "Neither agree nor disagree", "Disagree", "Disagree strongly"]
    for row in ("I feel that I belong here", "People here can be trusted"):
        assert within(said, ("group", row), "radio", 6) == [*answers, "Prefer not to say"]


def test_a_ranking_says_each_thing_with_its_list(wave: str, open_page) -> None:
    page = at_choosing(open_page(PHONE), wave)
    said = tree(page)
    group = ("group", "Which of these matter most to you?")
    assert said[place(said, *group)].description.startswith("Choose 1 for the one you put first")
    lists = within(said, group, "combobox", 4)
    assert lists[0] == "Buses and trains"
    assert lists[3] == "Safe roads"
    for code in ("1", "3"):
        page.select_option(f"select[name=best-{code}]", "1")
    journey.send(page)
    said = tree(page)
    in_order(said, ("alert", "There is a problem"), ("link", "You used 1 more than once"), group)
    assert "Error: You used 1 more than once" in said[place(said, *group)].description


def test_progress_is_said_once_and_in_words(wave: str, open_page) -> None:
    page = at_choosing(open_page(PHONE), wave)
    said = tree(page)
    in_order(said, ("link", "Back"), ("StaticText", "Part 2 of 4"), ("heading", "Your home"))
    assert page.locator("progress").count() == 1
    assert not [each for each in said if each.role == "progressbar"], "the bar repeats the words"


def test_dates_and_places_are_said_with_their_question_and_their_fault(wave: str, open_page) -> None:
    page = at_choosing(open_page(PHONE), wave)
    journey.send(page)
    page.fill("input[name=visited-day]", "31")
    page.fill("input[name=visited-month]", "2")
    page.fill("input[name=visited-year]", "2026")
    journey.send(page)
    said = tree(page)
    group = ("group", "When were you last in the park?")
    assert within(said, group, "textbox", 3) == ["Day", "Month", "Year"]
    assert "For example, 27 3 2026" in said[place(said, *group)].description
    assert "Error:" in said[place(said, *group)].description
    place(said, "combobox", "Which town is nearest to you?")
    page.click(".error-summary a")
    assert page.evaluate("document.activeElement.name") == "visited-day"


def typed(at: dict[str, str], page: Page) -> str:
    """What the keyboard does in a control: Space ticks, an arrow picks, digits are typed."""
    if at["type"] in {"radio", "checkbox"}:
        return "Space"
    return "ArrowDown" if at["tag"] == "SELECT" else ""


KEYS = {
    "visited-day": "7",
    "visited-month": "3",
    "visited-year": "2024",
    "moved-month": "11",
    "built": "1964",
}
KEYS |= {"moved-year": "2019", "sleep": "7.5", "rooms": "4", "adults": "2", "children": "1"}
LEFT = frozenset({"best-2", "best-3", "best-4", "visited", "sleep-decline", "email", "phone", "likes"})


def by_keys(page: Page) -> None:
    """Answer a page with Tab, Space, arrows, digits and Enter alone."""
    done: set[str] = set()
    before = page.url
    for _step in range(150):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        assert page.evaluate(RINGED), f"the focus on {at} cannot be seen"
        if at["tag"] == "BUTTON" and at["main"]:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            assert page.url != before, page.locator(".error-summary").all_inner_texts()
            return
        if not at["main"] or not at["name"] or at["name"] in done | LEFT:
            continue
        done.add(at["name"])
        if at["name"] in KEYS and at["type"] != "checkbox":
            page.keyboard.type(KEYS[at["name"]])
        elif key := typed(at, page):
            page.keyboard.press(key)
            if at["name"] == "area":  # from "somewhere else", first in sight, to "I'd rather not say"
                page.keyboard.press("ArrowDown")
    raise AssertionError(f"Tab never reaches a button on {page.url}")


def test_every_kind_by_keyboard_alone(wave: str, open_page) -> None:
    page = open_page(PHONE)
    page.goto(f"{wave}/q/consent")
    for _page in range(8):
        if page.url.endswith("/check"):
            break
        by_keys(page)
    rows = page.locator("main dl.summary")
    for said in ("Buses and trains", "7 March 2024", "November 2019", "Chelmsford", "7.5 hours", "1964"):
        assert said in " ".join(rows.all_inner_texts()), said
    by_keys(page)
    assert journey.at_receipt(page)


def pages(page: Page, wave: str) -> Iterator[str]:
    """Each page of every kind, with faults and without."""
    at_choosing(page, wave)
    for code in ("1", "3"):
        page.select_option(f"select[name=best-{code}]", "1")
    journey.send(page)
    yield "choosing"
    page.select_option("select[name=best-3]", "2")
    page.check("input[name=heating][value='4']", force=True)
    journey.send(page)
    page.fill("input[name=visited-day]", "31")
    page.fill("input[name=rooms]", "many")
    journey.send(page)
    yield "writing"


@pytest.mark.parametrize("cookie", ["normal.standard.normal", "largest.yellow-on-black.wide"])
def test_every_kind_fits_320_pixels_which_is_400_percent(
    demo: Demo, wave: str, open_page, shots, cookie: str
) -> None:
    page = open_page(NARROW, device_scale_factor=2)
    page.context.add_cookies([{"name": "reading", "value": cookie, "url": demo.base}])
    faults: list[str] = []
    for name in pages(page, wave):
        faults += [f"{name}: {wide}" for wide in page.evaluate(WIDER)]
        page.screenshot(path=shots / f"kinds-320-{cookie}-{name}.png", full_page=True)
    assert not faults, "\n".join(faults)


MARKED = """(name) => {
  const input = document.querySelector(`input[name="${name}"]:checked`);
  const choice = getComputedStyle(input.closest('.choice'));
  return choice.outlineStyle !== 'none';
}"""


def test_forced_colours_keep_every_kind_visible(wave: str, open_page, shots) -> None:
    page = open_page(PHONE, forced_colors="active")
    for name in pages(page, wave):
        ticked = {"choosing": ("likes", "happy", "belonging", "warm")}.get(name, ())
        for each in ticked:
            page.locator(f"input[name={each}]").first.check(force=True)
            assert page.evaluate(MARKED, each), f"{each} is ticked in colour alone"
        for selector in (".error-summary", ".field-error", "main select.input", "main .input"):
            if page.locator(selector).count():
                width = page.locator(selector).first.evaluate(
                    "e => Math.max(parseFloat(getComputedStyle(e).borderBlockStartWidth),"
                    " parseFloat(getComputedStyle(e).borderInlineStartWidth))"
                )
                assert width >= 1, f"{selector} on {name} has no edge"
        page.locator("main select, main .input").first.focus()
        page.keyboard.press("Tab")
        assert page.evaluate(RINGED), name
        page.screenshot(path=shots / f"forced-colours-kinds-{name}.png", full_page=True)
