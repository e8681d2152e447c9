"""Which files the words that residents read come from: worked out from what their pages import and draw.

A language may be offered once residents' words are whole in it; words that only staff read may be in English.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from jinja2 import Environment, meta

from survey_app.access import ACCESS, READ_BY_RESIDENTS

PACKAGE = Path(__file__).resolve().parent
TEMPLATES = PACKAGE / "templates"
SPEAKING = (
    "survey_app.views.",
    "survey_app.presenters.",
    "survey_app.forms.",
)  # the wings with words in them

# Drawn by the application itself, whoever asks: errors, and the frame around each page.
EVERYWHERE = (PACKAGE / "app.py", PACKAGE / "templates" / "base.html")


def files_residents_read() -> frozenset[str]:
    """Source files, as "survey_app/...", with words on pages and papers that need no account."""
    theirs, staffs = _views()
    modules = _imported(theirs, without=staffs)
    templates = _included({name for path in (*modules, EVERYWHERE[0]) for name in _templates_named(path)})
    return frozenset(
        path.relative_to(PACKAGE.parent).as_posix() for path in (*modules, *templates, *EVERYWHERE)
    )


def mixed() -> frozenset[str]:
    """Blueprints with pages for anyone beside pages for people with an account; their words are staff's."""
    roles: dict[str, set[bool]] = {}
    for endpoint, allowed in ACCESS.items():
        roles.setdefault(endpoint.partition(".")[0], set()).add(not allowed)
    return frozenset(name for name, kinds in roles.items() if len(kinds) > 1)


def _views() -> tuple[set[Path], set[Path]]:
    """Modules of pages that need no account, or are printed for residents; and those of all other pages."""
    from survey_app.views import BLUEPRINTS

    closed = {
        endpoint.partition(".")[0] for endpoint, allowed in ACCESS.items() if allowed
    } - READ_BY_RESIDENTS
    modules = {blueprint.name: _module(blueprint.import_name) for blueprint in BLUEPRINTS}
    staffs = {module for name, module in modules.items() if name in closed}
    return set(modules.values()) - staffs, staffs


def _module(name: str) -> Path:
    path = PACKAGE.parent / Path(*name.split("."))
    return path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"


def _imported(start: Iterable[Path], *, without: set[Path]) -> set[Path]:
    """These modules and those with words in them that they import, however far; not the pages of staff."""
    found: set[Path] = set()
    left = list(start)
    while left:
        path = left.pop()
        if path not in found | without:
            found.add(path)
            left += _imports(path)
    return found


def _imports(path: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            module = _module(name)
            if name.startswith(SPEAKING) and module.name != "__init__.py" and module.exists():
                yield module


def _templates_named(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".html"):
            yield node.value


def _included(start: Iterable[str]) -> set[Path]:
    """These templates and all that they extend, include or import."""
    environment = Environment(extensions=["jinja2.ext.i18n"])  # noqa: S701  (only parses)
    found, left = set(), list(start)
    while left:
        path = TEMPLATES / left.pop()
        if path not in found and path.exists():
            found.add(path)
            tree = environment.parse(path.read_text(encoding="utf-8"))
            left += [name for name in meta.find_referenced_templates(tree) if name]
    return found
