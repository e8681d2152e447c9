"""What a screen reader says and in which order, and the whole survey by keyboard alone."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from tests.browser import journey
from tests.browser.conftest import PHONE, Demo

pytestmark = pytest.mark.browser
WAVE = "autumn-2026"
SAID = {
    "heading",
    "link",
    "button",
    "radio",
    "checkbox",
    "textbox",
    "combobox",
    "group",
    "alert",
    "StaticText",
    "progressbar",
}


@dataclass(frozen=True)
class Said:
    """A node of the accessibility tree as it is read out."""

    role: str
    name: str
    description: str


def tree(page: Page) -> list[Said]:
    """The page in the order a screen reader goes through it, as Chromium hands it to one."""
    page.wait_for_load_state("load")
    session = page.context.new_cdp_session(page)
    session.send("Accessibility.enable")
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    by_id = {node["nodeId"]: node for node in nodes}
    found: list[Said] = []

    def walk(node: dict) -> None:
        role = node.get("role", {}).get("value", "")
        if not node.get("ignored") and role in SAID:
            name = node.get("name", {}).get("value", "").strip()
            found.append(Said(role, name, node.get("description", {}).get("value", "")))
        for child in node.get("childIds", ()):
            if child in by_id:
                walk(by_id[child])

    walk(nodes[0])
    return found


def place(said: list[Said], role: str, name: str) -> int:
    for index, each in enumerate(said):
        if each.role == role and name in each.name:
            return index
    raise AssertionError(f"no {role} {name!r} among {[(s.role, s.name) for s in said]}")


def in_order(said: list[Said], *wanted: tuple[str, str]) -> None:
    places = [place(said, role, name) for role, name in wanted]
    assert places == sorted(places), list(zip(wanted, places, strict=True))


@pytest.fixture
def at_feelings(demo: Demo, open_page) -> Page:
    page: Page = open_page(PHONE)
    journey.start(page, f"{demo.base}/s/{WAVE}?lang=en")
    for name in journey.walk(page, postcode="CM1 1SN"):
        if name == "q-feelings":
            return page
    raise AssertionError("there is no page on feelings")


def test_a_page_begins_with_where_one_is(at_feelings: Page) -> None:
    said = tree(at_feelings)
    in_order(
        said,
        ("link", "Skip to the main content"),
        ("link", "Text size and colours"),
        ("StaticText", "Language"),
        ("link", "Back"),
        ("StaticText", " of "),  # section 3 of 14
        ("heading", "How you feel"),
        ("group", "how satisfied are you with your life"),
        ("button", "Save and continue"),
    )


def test_a_scale_says_its_question_its_ends_and_every_number(at_feelings: Page) -> None:
    said = tree(at_feelings)
    start = place(said, "group", "how satisfied are you with your life")
    radios = [each.name for each in said[start:] if each.role == "radio"][:11]
    assert [int(name.split()[0]) for name in radios] == list(range(11))
    assert radios[0] == "0 Not at all satisfied"
    assert radios[10] == "10 Completely satisfied"


def test_radios_stand_in_a_group_named_by_their_question(at_feelings: Page) -> None:
    said = tree(at_feelings)
    start = place(said, "group", "How often do you feel lonely?")
    options = [each.name for each in said[start:] if each.role == "radio"][:5]
    assert options == ["Often or always", "Some of the time", "Occasionally", "Hardly ever", "Never"]


def test_faults_come_first_name_their_question_and_are_said_with_it(demo: Demo, open_page) -> None:
    page: Page = open_page(PHONE)
    page.goto(f"{demo.base}/s/{WAVE}/q/consent?lang=en")
    journey.send(page)
    assert page.title().startswith("Error:")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    said = tree(page)
    in_order(
        said,
        ("alert", "There is a problem"),
        ("heading", "There is a problem"),
        ("heading", "Taking part"),
        ("group", "I am 16 or over"),
        ("checkbox", "I agree to take part"),
    )
    group = said[place(said, "group", "I am 16 or over")]
    assert "Error:" in group.description


def test_several_boxes_are_said_with_their_question_and_hint(demo: Demo, open_page) -> None:
    page: Page = open_page(PHONE)
    journey.start(page, f"{demo.base}/s/{WAVE}?lang=en")
    for name in journey.walk(page, postcode="CM1 1SN"):
        if name == "q-work":
            break
    said = tree(page)
    group = said[place(said, "group", "have you done any of these?")]
    assert group.description == "Choose all that apply."
    in_order(
        said,
        ("group", "have you done any of these?"),
        ("checkbox", "Training for work"),
        ("checkbox", "None of these"),
    )


def test_pictures_are_not_read_out(demo: Demo, open_page) -> None:
    page: Page = open_page(PHONE)
    page.goto(f"{demo.base}/s/{WAVE}/q/consent?lang=en-easy")
    assert page.locator(".picture").count() > 0
    group = tree(page)[place(tree(page), "group", "I am 16 or older.")]
    assert group.name == "I am 16 or older. I have read about this survey. I agree to take part."


def test_the_whole_survey_by_keyboard_alone(demo: Demo, open_page) -> None:
    page: Page = open_page(PHONE)
    page.goto(f"{demo.base}/s/{WAVE}?lang=en")
    _press(page, "Start")
    for _page in range(journey.MAX_PAGES * 2):
        if journey.at_receipt(page):
            return
        before = page.url
        _answer_page(page)
        assert page.url != before or "check" in before, before
    raise AssertionError(f"no receipt: {page.url}")


FOCUSED = """() => {
  const e = document.activeElement;
  return {
    tag: e.tagName, type: e.type || '', name: e.name || '', text: (e.textContent || '').trim(),
    main: !!e.closest('main form'), post: e.autocomplete || '', digits: e.inputMode || '',
  };
}"""


def _press(page: Page, words: str) -> None:
    """Tab to what has these words, and press Enter."""
    for _step in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED)["text"] == words:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"Tab never reaches {words!r}")


def _answer_page(page: Page) -> None:
    """Tab through the page: Space ticks, digits are typed, and Enter on the first button sends."""
    done: set[str] = set()
    for _step in range(120):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if not at["main"]:
            continue
        if at["tag"] == "BUTTON":
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
        if at["name"] in done:
            continue
        done.add(at["name"])
        if at["type"] in {"radio", "checkbox"}:
            page.keyboard.press("Space")
        elif at["post"] == "postal-code":
            page.keyboard.type("CM1 1SN")
        elif at["digits"] == "numeric":
            page.keyboard.type("3")
    raise AssertionError(f"Tab never reaches a button on {page.url}")
