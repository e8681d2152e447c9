"""Easy Read pictures as they stand in a page: inside it, so that they take the colours its reader chose."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from markupsafe import Markup

from questionnaires.symbols import SYMBOLS

FOLDER = Path(__file__).resolve().parent.parent / "static" / "symbols"


@cache
def picture(name: str) -> Markup:
    """The picture with a name, hidden from screen readers; empty for a name that is none of ours."""
    if name not in SYMBOLS:
        return Markup("")
    return Markup((FOLDER / f"{name}.svg").read_text(encoding="utf-8").strip())  # noqa: S704 our own files
