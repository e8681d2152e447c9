"""axe for accessibility and the Nu checker for HTML, at the versions of package-lock.json."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import APIResponse, Page

MODULES = Path(__file__).parent / "node_modules"
PAGE_LIMIT = 15 * 1024
AXE = "async () => (await axe.run(document, {resultTypes: ['violations', 'incomplete']}))"

# What axe cannot decide by itself (rule, start of the selector), and why each is right. Anything else that is
# "incomplete" fails.
EXPLAINED: dict[tuple[str, str], str] = {
    ("color-contrast", "text["): "axe cannot see the fill behind the name on a tile of the map; the colours "
    "themselves are held to 4.5 in tests/unit/test_colours.py",
    **{
        (
            "color-contrast",
            start,
        ): "axe cannot see the fill behind words in a drawing; on the routing map they "
        "are ink and quiet ink on paper and wash, as tests/unit/test_colours.py holds them"
        for start in (".nr[", ".mono[", ".heading > text")
    },
    (
        "color-contrast",
        ".ticked",
    ): "the sample of a ticked box on the printed form: one sign in ink on paper, "
    "not text, and hidden from screen readers",
}


@dataclass
class Checkers:
    """Looks at pages and gathers everything wrong with them."""

    axe: str
    html: Path
    pages: dict[str, str] = field(default_factory=dict)
    checked: dict[str, str] = field(default_factory=dict)

    @classmethod
    def installed(cls) -> Checkers:
        axe, html = MODULES / "axe-core" / "axe.min.js", MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
        if not axe.exists() or not html.exists():
            pytest.skip("AXE AND THE HTML CHECKER ARE NOT INSTALLED: run .ci/browser-packages (needs npm)")
        return cls(axe.read_text(encoding="utf-8"), html)

    def look(self, page: Page, name: str, *, accessible: bool = True) -> list[str]:
        """Faults of the page as it is now: accessibility and weight. Its HTML is kept for `html_faults`."""
        response = _again(page) if page.url.startswith("http") else None
        html = page.content() if response is None else response.text()
        self.pages[name] = html
        if page.query_selector(".error-summary"):  # drawn by a POST: what a GET gives is another page
            self.pages[f"{name} as drawn"] = page.content()
        faults = []
        weight = len(gzip.compress(html.encode(), 6))
        if weight > PAGE_LIMIT:
            faults.append(f"{name}: {weight:,} bytes gzipped")
        if not accessible:
            return faults
        page.evaluate("scrollTo(0, 0)")  # a bar that stays in sight hides what is scrolled under it
        page.evaluate(self.axe)
        found = page.evaluate(AXE)
        for kind in ("violations", "incomplete"):
            for rule in found[kind]:
                nodes = [n for n in rule["nodes"] if kind == "violations" or not _explained(rule["id"], n)]
                faults += [
                    f"{name}: {kind} {rule['id']}: {rule['help']}: {_place(node)}" for node in nodes[:3]
                ]
        return faults

    def html_faults(self, folder: Path) -> list[str]:
        """Errors the Nu HTML checker finds in every page looked at since it last looked."""
        java = shutil.which("java")
        if java is None:
            pytest.skip("JAVA IS NOT INSTALLED: no HTML is checked (apt-get install default-jre-headless)")
        new = {name: html for name, html in self.pages.items() if self.checked.get(name) != html}
        self.checked |= new
        for name, html in new.items():
            (folder / f"{name.replace('/', '_').replace(' ', '_')}.html").write_text(html, encoding="utf-8")
        done = subprocess.run(
            [java, "-Xss4m", "-jar", str(self.html), "--errors-only", "--format", "json", str(folder)],
            capture_output=True,
            text=True,
        )
        return [
            f"{Path(message['url']).name}:{message.get('lastLine')}: {message['message']}"
            for message in json.loads(done.stderr)["messages"]
            if message["type"] == "error"
        ]


def _again(page: Page) -> APIResponse:
    """The page as the server sends it. Its connection may have rested too long and been closed: then anew."""
    return page.request.get(page.url, max_retries=2)


def _explained(rule: str, node: dict[str, Any]) -> bool:
    return any(rule == known and str(node["target"][0]).startswith(start) for known, start in EXPLAINED)


def _place(node: dict[str, Any]) -> str:
    reasons = [check["message"] for check in node.get("any", [])]
    return f"{node['target']} {' '.join(reasons)}"
