"""A workbook shaped like a published index of four levels, with made-up scores from 0 to 10.

Nothing in it is anyone's real figure: scores are drawn at random from a seed.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

Heading = tuple[str, ...]  # headline, then domain, sub-domain and indicator as far as it goes

HEADLINES: dict[str, dict[str, dict[str, tuple[str, ...]]]] = {
    "Local conditions": {
        "Place": {"Housing": ("Homes in disrepair", "Overcrowding"), "Safety": ("Crime",)},
        "Health": {"Mental health": ("Depression",)},
    },
    "Equality": {"Income": {"Pay gap": ("Gap between quarters",)}},
}
AREAS = {f"E0700000{n}": f"District {n}" for n in range(1, 7)}
LEVELS = 4


def headings(headline: str) -> list[Heading]:
    """Every score of a headline, each before those it is made of."""
    found: list[Heading] = [(headline,)]
    for domain, subdomains in HEADLINES[headline].items():
        found.append((headline, domain))
        for subdomain, indicators in subdomains.items():
            found.append((headline, domain, subdomain))
            found += [(headline, domain, subdomain, indicator) for indicator in indicators]
    return found


def scores(seed: int) -> dict[tuple[str, Heading], float]:
    """Area code and heading -> score, two decimals."""
    chance = random.Random(seed)
    return {
        (code, heading): round(chance.uniform(0, 10), 2)
        for headline in HEADLINES
        for heading in headings(headline)
        for code in AREAS
    }


def wide(path: Path, *, seed: int) -> Path:
    """One sheet: a title in row 1, headings in rows 2 to 5, merged as they reach, then a row per area."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["An index that nobody published"])
    _fill(sheet, [heading for headline in HEADLINES for heading in headings(headline)], seed, first=2)
    book.save(path)
    return path


def by_headline(path: Path, *, seed: int) -> Path:
    """A sheet per headline, its headings in rows 1 to 4."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for headline in HEADLINES:
        _fill(book.create_sheet(headline), headings(headline), seed, first=1)
    book.save(path)
    return path


def _fill(sheet: Worksheet, columns: Sequence[Heading], seed: int, *, first: int) -> None:
    given = scores(seed)
    sheet.cell(first, 1, "Area code")
    sheet.cell(first, 2, "Area")
    before: Heading = ()
    for column, heading in enumerate(columns, start=3):
        for level, text in enumerate(heading):
            if heading[: level + 1] != before[: level + 1]:
                reach = sum(other[: level + 1] == heading[: level + 1] for other in columns)
                sheet.cell(first + level, column, text)
                sheet.merge_cells(
                    start_row=first + level,
                    end_row=first + level,
                    start_column=column,
                    end_column=column + reach - 1,
                )
        before = heading
    for row, (code, name) in enumerate(AREAS.items(), start=first + LEVELS):
        sheet.cell(row, 1, code)
        sheet.cell(row, 2, name)
        for column, heading in enumerate(columns, start=3):
            sheet.cell(row, column, given[code, heading])
