"""Easy Read pictures as they stand in a page: inside it, so that they take the colours its reader chose."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from markupsafe import Markup

from questionnaires.model import Item, MediaKind
from questionnaires.symbols import SYMBOLS
from questionnaires.variants import VARIANTS

FOLDER = Path(__file__).resolve().parent.parent / "static" / "symbols"


def beside(item: Item, page: str) -> Markup:
    """The picture beside an item on pages in a language: in Easy Read, unless it has an image of its own."""
    variant = VARIANTS.get(page)
    own = any(each.kind is MediaKind.IMAGE for each in item.media)
    return picture(item.symbol) if variant is not None and variant.easy and not own else Markup("")


@cache
def picture(name: str) -> Markup:
    """The picture with a name; empty for a name that is none of ours."""
    if name not in SYMBOLS:
        return Markup("")
    return Markup((FOLDER / f"{name}.svg").read_text(encoding="utf-8").strip())  # noqa: S704 our own files
