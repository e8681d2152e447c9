"""Every rule of a stylesheet is for something that a page can show."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parents[2] / "survey_app"
STYLESHEETS = sorted((APP / "static").glob("*.css"))

ATTRIBUTE = re.compile(r'class="((?:\{\{.*?\}\}|\{%.*?%\}|[^"])*)"', re.DOTALL)
BLOCK = re.compile(r"\{% block (?:audience|main_class) %\}(.*?)\{% endblock %\}")
TAG = re.compile(r"\{%.*?%\}", re.DOTALL)
VALUE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
ANY = "\0"  # where a template puts in a value


def selectors(style: str) -> set[str]:
    """The classes that the rules are for."""
    style = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    return set(re.findall(r"\.([A-Za-z][\w-]*)", re.sub(r"\{[^{}]*\}", "{}", style)))


@cache
def shown() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """Classes that templates, scripts and presenters name, and patterns of those that end in a value."""
    named: set[str] = set()
    for page in (APP / "templates").rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        for given in [*ATTRIBUTE.findall(text), *BLOCK.findall(text)]:
            named.update(VALUE.sub(ANY, TAG.sub(" ", given)).split())
    for source in [*(APP / "static").glob("*.js"), *(APP / "presenters").glob("*.py")]:
        named.update(re.findall(r"[\"']([a-z][\w-]*)[\"']", source.read_text(encoding="utf-8")))
    partly = {name for name in named if ANY in name and name != ANY}
    # "notice-" and a value is any notice; a letter and a value is that letter with a number.
    patterns = tuple(
        re.compile(re.sub(ANY, r"[a-z0-9-]+" if f"-{ANY}" in name else r"\\d+", re.escape(name)))
        for name in sorted(partly)
    )
    return frozenset(name for name in named if ANY not in name), patterns


@pytest.mark.parametrize("path", STYLESHEETS, ids=lambda path: path.name)
def test_every_class_in_a_stylesheet_is_on_some_page(path: Path) -> None:
    named, patterns = shown()
    found = selectors(path.read_text(encoding="utf-8"))
    assert len(found) > 5
    unused = [name for name in found if name not in named and not any(p.fullmatch(name) for p in patterns)]
    assert sorted(unused) == [], f"take these rules out of {path.name}, or put the class on a page"


def test_a_class_that_no_page_has_is_found() -> None:
    named, patterns = shown()
    assert selectors("/* .no */ .gone, p.lost > .found { color: #a.b; } @media print { .row-9 {} }") == {
        "gone",
        "lost",
        "found",
        "row-9",
    }
    for name in ("vanished", "branchless", "key", "notice"):
        assert (name in named or any(p.fullmatch(name) for p in patterns)) == (name in {"key", "notice"})


@pytest.mark.parametrize("path", STYLESHEETS, ids=lambda path: path.name)
def test_a_stylesheet_has_a_page_that_loads_it(path: Path) -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in (APP / "templates").rglob("*.html"))
    assert f"asset('{path.name}')" in pages
