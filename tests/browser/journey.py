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


def fill(page: Page, *, postcode: str = "", text: str = "") -> None:
    """Answer everything on the page: the first option of each choice, the first box of each list."""
    done: set[str] = set()
    for control in page.query_selector_all("main form[method=post] input, main form[method=post] textarea"):
        name, kind = control.get_attribute("name") or "", control.get_attribute("type") or "text"
        if kind == "hidden" or name in done:
            continue
        if control.get_attribute("autocomplete") == "postal-code":
            done.add(name)
            if postcode:
                control.fill(postcode)
        elif kind in {"radio", "checkbox"}:
            done.add(name)
            control.evaluate("box => box.checked || box.click()")
        elif kind == "text":
            done.add(name)
            control.fill(text if control.get_attribute("inputmode") != "numeric" else "3")


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
