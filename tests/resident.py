"""A resident without a browser: reads the forms on each page, fills them in and sends them on.

Knows nothing of the questionnaire, so it answers any; used by the walk, the crash test and the benchmarks.
"""

from __future__ import annotations

import http.client
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

MAX_PAGES = 60
RELOADS = 8


@dataclass
class Field:
    """One control of a form. `options` are a select's values."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)


@dataclass
class Form:
    method: str
    action: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    """Collects the forms inside <main>, its first button that is a link, and the text of class "code"."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.code = ""
        self.title = ""
        self.onward = ""
        self._in_main = self._in_code = self._in_title = False
        self._form: Form | None = None
        self._select: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {key: value or "" for key, value in attrs}
        if tag == "main":
            self._in_main = True
        elif tag == "title":
            self._in_title = True
        elif tag == "form" and self._in_main:
            self._form = Form(a.get("method", "get").lower(), a.get("action", ""))
            self.forms.append(self._form)
        elif tag == "a" and self._in_main and "button" in a.get("class", "").split():
            self.onward = self.onward or a.get("href", "")
        elif tag == "option" and self._select is not None:
            self._select.options.append(a.get("value", ""))
        if "code" in a.get("class", "").split() and not self.code:
            self._in_code = True
        if self._form is not None and a.get("name"):
            self._control(tag, a)

    def _control(self, tag: str, a: dict[str, str]) -> None:
        if self._form is None:
            return
        if a.get("tabindex") == "-1":  # a trap for what is not a person: people never reach it
            return
        if tag == "input":
            kind = a.get("type", "text")
            self._form.fields.append(Field(a["name"], kind, a.get("value", "")))
        elif tag == "textarea":
            self._form.fields.append(Field(a["name"], "textarea"))
        elif tag == "select":
            self._select = Field(a["name"], "select")
            self._form.fields.append(self._select)
        elif tag == "button":
            self._form.buttons.append((a["name"], a.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "title":
            self._in_title = False
        self._in_code = False

    def handle_data(self, data: str) -> None:
        if self._in_code:
            self.code += data.strip()
        if self._in_title:
            self.title += data


@dataclass
class Page:
    status: int
    url: str
    html: str
    forms: list[Form]
    code: str
    title: str
    onward: str


Chooser = Callable[[str, str, list[str], random.Random], list[str]]


def any_answer(name: str, kind: str, options: list[str], rng: random.Random) -> list[str]:
    """A random option, never "elsewhere"; the first tick box always; words for texts; no postcode."""
    if kind in {"radio", "select"}:
        return [rng.choice([option for option in options if option not in {"", "elsewhere"}] or [""])]
    if kind == "checkbox":
        return [options[0]]
    if kind in {"text", "search", "number"} and "postcode" not in name:
        return [str(rng.randint(0, 7))]
    if kind == "textarea":
        return ["The park is lovely"]
    return []


class Resident:
    """One person with cookies of their own. `pages` counts requests; `receipt` is the code given."""

    def __init__(self, base: str, seed: int = 0, choose: Chooser = any_answer, timeout: float = 30) -> None:
        parts = urlsplit(base)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)
        self._cookies = SimpleCookie()
        self._choose = choose
        self._rng = random.Random(seed)
        self.pages = self.reloads = 0
        self.receipt = ""

    def close(self) -> None:
        self._connection.close()

    def request(self, method: str, url: str, data: list[tuple[str, str]] | None = None) -> Page:
        """One request and the redirects that follow it."""
        for _hop in range(10):
            headers = {"Cookie": "; ".join(f"{m.key}={m.value}" for m in self._cookies.values())}
            body = None
            if data is not None:
                body = urlencode(data)
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            response, html = self._exchange(method, url, body, headers)
            self.pages += 1
            for value in response.headers.get_all("Set-Cookie", []):
                self._cookies.load(value)
            if response.status in {301, 302, 303}:
                target = urlsplit(urljoin(url, response.headers["Location"]))
                url = target.path + (f"?{target.query}" if target.query else "")
                method, data = "GET", None
                continue
            found = _Forms()
            found.feed(html)
            return Page(response.status, url, html, found.forms, found.code, found.title, found.onward)
        raise RuntimeError(f"too many redirects at {url}")

    def _exchange(
        self, method: str, url: str, body: str | None, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, str]:
        """Send and read, and send again when the connection breaks, as someone does who presses reload."""
        for attempt in range(RELOADS):
            try:
                self._connection.request(method, url, body, headers)
                response = self._connection.getresponse()
                return response, response.read().decode()
            except (http.client.HTTPException, OSError):
                self.reloads += 1
                self._connection.close()
                time.sleep(0.05 * 2**attempt)
        raise RuntimeError(f"no answer from {url} after {RELOADS} tries")

    def fill(self, form: Form) -> list[tuple[str, str]]:
        """Values for every control of a form, chosen once per name."""
        data: list[tuple[str, str]] = []
        radios: dict[str, list[str]] = {}
        ticked: set[str] = set()
        for control in form.fields:
            if control.kind == "hidden":
                data.append((control.name, control.value))
            elif control.kind == "radio":
                radios.setdefault(control.name, []).append(control.value)
            elif control.kind == "checkbox":
                if control.name not in ticked:
                    ticked.add(control.name)
                    data += [
                        (control.name, v)
                        for v in self._choose(control.name, "checkbox", [control.value], self._rng)
                    ]
            else:
                values = self._choose(control.name, control.kind, control.options, self._rng)
                data += [(control.name, value) for value in values]
        for name, options in radios.items():
            data += [(name, value) for value in self._choose(name, "radio", options, self._rng)]
        return data

    def answer(self, start: str) -> str:
        """Go from the first page to the receipt; returns its code. Raises RuntimeError when stuck."""
        page = self.request("GET", start)
        trail = [page.url]
        for _step in range(MAX_PAGES):
            if page.code:
                self.receipt = page.code
                return page.code
            form = next((form for form in page.forms if form.method == "post"), None)
            if form is None and page.onward and page.status == 200:
                page = self.request("GET", urljoin(page.url, page.onward))
                continue
            if form is None or page.status >= 500:
                raise RuntimeError(f"stuck at {page.url} ({page.status}) after {trail}")
            data = self.fill(form)
            page = self.request("POST", urljoin(page.url, form.action) if form.action else page.url, data)
            trail.append(page.url)
        raise RuntimeError(f"never reached a receipt: {trail}")
