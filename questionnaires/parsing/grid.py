"""Grids: several statements answered on the same options. Each row becomes an item of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from questionnaires.model import Condition, Every, Grid, Item
from questionnaires.parsing.condition import condition
from questionnaires.parsing.extras import media
from questionnaires.parsing.fields import Fields, Places
from questionnaires.parsing.item import item, source

KIND = "grid"


def items(fields: Fields, places: Places) -> Iterator[Item]:
    """The item that a mapping describes; for a grid, one item for each row."""
    whole = item(fields, places)
    rows = [each for each in fields.each("rows") if each.readable] if whole.kind == KIND else []
    if not rows:
        yield whole
        return
    grid = Grid(
        code=whole.code,
        text=whole.text,
        hint=whole.hint,
        help=whole.help,
        define=whole.define,
        media=whole.media,
    )
    places.note(grid, fields)
    for row in rows:
        yield _row(row, whole, grid, fields, places)


def _row(fields: Fields, whole: Item, grid: Grid, shared: Fields, places: Places) -> Item:
    found = replace(
        whole,
        code=fields.text("code", required=True),
        text=fields.text("text", required=True),
        hint="",
        help="",
        define=(),
        media=media(fields, places),
        symbol=fields.text("symbol"),
        note=fields.text("note") or whole.note,
        subdomains=fields.texts("subdomains") or whole.subdomains,
        source=source(fields) or whole.source,
        when=_both(whole.when, condition(fields, "when", places), fields, places),
        grid=grid,
        name=fields.text("name"),
    )
    fields.close()
    places.note(found, fields, shared)
    return found


def _both(whole: Condition | None, row: Condition | None, fields: Fields, places: Places) -> Condition | None:
    if whole is None or row is None:
        return whole or row
    both = Every(conditions=(whole, row))
    places.note(both, fields)
    return both
