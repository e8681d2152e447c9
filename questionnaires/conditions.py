"""What a routing condition depends on, whatever its shape."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from questionnaires.model import Condition

NAMES_ITEMS = frozenset({"item", "items", "other"})
"""Fields of conditions that hold codes of items."""


def items_read(condition: Condition) -> list[str]:
    """Codes of the items a condition reads, in the order written."""
    return list(_read(condition))


def _read(part: object) -> Iterator[str]:
    for each in fields(part):  # type: ignore[arg-type]
        value = getattr(part, each.name)
        if each.name in NAMES_ITEMS:
            yield from ((value,) if isinstance(value, str) and value else value or ())
        elif each.name == "condition":
            yield from _read(value)
        elif each.name == "conditions":
            for inner in value:
                yield from _read(inner)
