"""A resident's way through the questionnaire in a browser, whatever the questionnaire asks."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page

MAX_PAGES = 80


def start(page: Page, address: str) -> None:
    """Open the survey and go past its first page."""
    page.goto(address)
    follow(page, "main a.button")


def follow(page: Page, selector: str) -> None:
    """Click what leads to another page, and wait until it is there: a busy machine is slower than a test."""
    with page.expect_navigation():
        page.click(selector)


# Ticks the first of each choice, as a click does; says which controls are to be typed in. All in one go: a
# page has dozens of controls, and a word with the browser about each takes longer than the page.
TICK = """() => {
  const done = new Set(), typed = [];
  for (const e of document.querySelectorAll('main form[method=post] :is(input, textarea)')) {
    const kind = e.getAttribute('type') || 'text';
    if (kind === 'hidden' || done.has(e.name)) continue;
    const postcode = e.autocomplete === 'postal-code';
    if (!postcode && (kind === 'radio' || kind === 'checkbox')) e.checked || e.click();
    else if (postcode || kind === 'text') typed.push([e.name, postcode ? 'postcode' : e.inputMode]);
    else continue;
    done.add(e.name);
  }
  return typed;
}"""


def fill(page: Page, *, postcode: str = "", text: str = "") -> None:
    """Answer everything on the page: the first option of each choice, the first box of each list."""
    for name, kind in page.evaluate(TICK):
        value = {"postcode": postcode, "numeric": "3"}.get(kind, text)
        if value or kind != "postcode":
            page.locator(f"main form[method=post] [name='{name}']").first.fill(value)


def send(page: Page) -> None:
    follow(page, "main form[method=post] button[type=submit]")


def at_receipt(page: Page) -> bool:
    return "/receipt" in page.url


def walk(page: Page, *, postcode: str = "", text: str = "") -> Iterator[str]:
    """Answer page after page to the receipt, yielding each page's name once it is open."""
    for _page in range(MAX_PAGES):
        yield page.url.split("/s/")[1].split("?")[0].partition("/")[2].replace("/", "-")
        if at_receipt(page):
            return
        fill(page, postcode=postcode, text=text)
        send(page)
    raise AssertionError(f"no receipt after {MAX_PAGES} pages: {page.url}")
