"""The order in which options are shown: as written, or random but the same each time for one person."""

from __future__ import annotations

import hashlib

from questionnaires.model import Item, Order


def shown(item: Item, seed: str) -> tuple[int, ...]:
    """Codes of the options in the order to show them. `seed` is the response's id.

    Options that keep their place (see `Option.keeps_its_place`) do; the others take the places between in
    an order that the seed and the item's code fix.
    """
    written = tuple(option.code for option in item.options)
    if item.order != Order.RANDOM:
        return written
    free = [option.code for option in item.options if not option.keeps_its_place]
    mixed = iter(sorted(free, key=lambda code: _digest(seed, item.code, code)))
    movable = set(free)
    return tuple(next(mixed) if code in movable else code for code in written)


def _digest(seed: str, item: str, code: int) -> bytes:
    return hashlib.sha256(f"{seed}\0{item}\0{code}".encode()).digest()
