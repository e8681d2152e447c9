"""Tables written to files as they come, row by row: comma-separated files, or the sheets of a workbook.

Each format is one entry of `FORMATS`. Files are readable by their owner only.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

Row = Sequence[int | str]
EXCEL_ROWS = 1_048_576
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


class TooLongError(Exception):
    """There are more rows than the format can hold."""


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    header: Sequence[str]
    rows: Iterator[Row]


def plain(value: int | str) -> int | str:
    """The value as a spreadsheet will not run it: words that look like a formula get an apostrophe before."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULAS) else value


def write_csv(out: Path, tables: Sequence[Table]) -> list[Path]:
    """The first table in `out`, every other beside it, as answers.codebook.csv."""
    files = [out, *(out.with_name(f"{out.stem}.{table.name}{out.suffix}") for table in tables[1:])]
    for path, table in zip(files, tables, strict=True):
        with open(path, "w", encoding="utf-8", newline="", opener=_private) as stream:
            writer = csv.writer(stream)
            for row in chain([table.header], table.rows):
                writer.writerow([plain(value) for value in row])
    return files


def write_workbook(out: Path, tables: Sequence[Table]) -> list[Path]:
    """One workbook with a sheet for each table. Raises TooLongError for more rows than a sheet has."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(table.name)
        for number, row in enumerate(chain([table.header], table.rows), 1):
            if number > EXCEL_ROWS:
                raise TooLongError(
                    f"There are more rows than the {EXCEL_ROWS - 1:,} a sheet holds. Use --format csv."
                )
            sheet.append([plain(value) for value in row])
    with open(out, "wb", opener=_private) as stream:
        book.save(stream)
    return [out]


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


FORMATS: Mapping[str, Callable[[Path, Sequence[Table]], list[Path]]] = {
    "csv": write_csv,
    "xlsx": write_workbook,
}
