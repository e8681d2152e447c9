"""A window without a browser: it reads a page's form and sends what a browser would."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.walks.answers import Raw

HIDDEN = frozenset({"csrf_token", "drawn", "home-page", "action", "confirm"})


class _Drawn(HTMLParser):
    """What stands in <main>: controls with what they hold and offer, links, ids."""

    def __init__(self) -> None:
        super().__init__()
        self.held: Raw = {}
        self.offered: dict[str, set[str]] = {}
        self.hidden: list[tuple[str, str]] = []
        self.keeps: list[str] = []
        self.faults: list[str] = []
        self.ids: set[str] = set()
        self.back = self.onward = ""
        self._area = self._select = ""
        self._inside = self._form = self._summary = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        self.ids.add(a.get("id", ""))
        classes = a.get("class", "").split()
        self._inside |= tag == "main"
        self._form |= tag == "form" and self._inside
        self._summary |= "error-summary" in classes
        if tag == "a":
            self._link(a, classes)
        elif self._form and tag == "input":
            self._input(a)
        elif self._form and tag in ("textarea", "select"):
            self._area, self._select = (a["name"], "") if tag == "textarea" else ("", a["name"])
            self.held[a["name"]] = []
        elif self._select and tag == "option":
            self._option = a.get("value")
            self._selected = "selected" in a
            self._take_option(a.get("value"))

    def _link(self, a: dict[str, str], classes: list[str]) -> None:
        if "back" in classes:
            self.back = a["href"]
        elif self._summary:
            self.faults.append(a["href"])
        elif "button" in classes:
            self.onward = self.onward or a["href"]

    def _input(self, a: dict[str, str]) -> None:
        name, kind, value = a["name"], a.get("type", "text"), a.get("value", "")
        if kind == "hidden":
            self.hidden.append((name, value))
        elif name == "confirm":
            self.keeps.append(value)
        elif kind in ("radio", "checkbox"):
            held = self.held.setdefault(name, [])
            self.offered.setdefault(name, set()).add(value)
            if "checked" in a:
                held.append(value)
        elif name not in HIDDEN:
            # A box beside ticks of the same name ("prefer not to say") shares what is held.
            self.held.setdefault(name, []).extend([value] if value else [])

    def _take_option(self, value: str | None) -> None:
        if value is not None:
            self.offered.setdefault(self._select, set()).add(value)
            if self._selected and value:
                self.held[self._select] = [value]

    def handle_data(self, data: str) -> None:
        if self._area:
            text = "".join(self.held[self._area]) + data
            self.held[self._area] = [text] if text.strip() else []
        elif self._select and getattr(self, "_option", "") is None and data.strip():
            self._selected, self._option = self._selected, data.strip()
            self._take_option(data.strip())

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # HTML leaves out the line break after the opening tag.
            self.held[self._area] = [text.removeprefix("\n") for text in self.held[self._area]]
            self._area = ""
        elif tag == "select":
            self._select = ""
        elif tag == "form":
            self._form = False
        elif tag == "main":
            self._inside = False
        elif tag == "ul":
            self._summary = False


class ClientWindow:
    """Pages of one survey by Flask's test client."""

    def __init__(self, client: FlaskClient, slug: str) -> None:
        self.client = client
        self.base = f"/s/{slug}"
        self.url = ""
        self.drawn = _Drawn()

    @property
    def place(self) -> str:
        return urlsplit(self.url).path.removeprefix(self.base).strip("/")

    @property
    def from_check(self) -> bool:
        return "from=check" in urlsplit(self.url).query

    def open(self, address: str) -> None:
        self._show(self.client.get(f"{self.base}/{address}".rstrip("/"), follow_redirects=True))

    def onward(self) -> None:
        self._show(self.client.get(self.drawn.onward, follow_redirects=True))

    def back(self) -> None:
        self._show(self.client.get(self.drawn.back, follow_redirects=True))

    def held(self) -> Raw:
        return self.drawn.held

    def clears(self, name: str) -> bool:
        return "" in self.drawn.offered.get(name, ())

    def faults(self) -> list[str]:
        return self.drawn.faults

    def follow(self, fault: str) -> None:
        if fault.startswith("#"):
            assert fault[1:] in self.drawn.ids, f"{fault} leads nowhere"
        else:
            self._show(self.client.get(fault.split("#")[0], follow_redirects=True))
            assert fault.split("#")[1] in self.drawn.ids, f"{fault} leads nowhere"

    def send(self, raw: Raw, keep: bool = False) -> None:
        for name, values in raw.items():
            assert name in self.drawn.held, f"there is no control {name}"
            ticks = self.drawn.offered.get(name)
            assert ticks is None or set(values) <= ticks or len(ticks) == 1, f"{name} does not offer {values}"
        data: dict[str, list[str]] = {}
        for name, value in self.drawn.hidden:
            data.setdefault(name, []).append(value)
        if keep:
            data.setdefault("confirm", []).extend(self.drawn.keeps)
        self._show(self.client.post(self.url, data=data | raw, follow_redirects=True))

    def _show(self, answer: TestResponse) -> None:
        assert answer.status_code in (200, 422), f"{answer.status_code} at {answer.request.full_path}"
        self.url = urljoin("/", answer.request.full_path.rstrip("?"))
        self.drawn = _Drawn()
        self.drawn.feed(answer.text)
