"""A table in a file: CSV, CSV compressed with gzip, or one sheet of an Excel workbook."""

from __future__ import annotations

import csv
import difflib
import gzip
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from survey_app.services.imports.outcome import Progress, silent
from survey_app.services.imports.problems import Findings

TELL_EVERY = 1_000  # rows between two reports of progress

SAVE_AS = "Save it as CSV UTF-8 (comma delimited)."


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its number as a spreadsheet shows it, and its cells by column, stripped."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclass(frozen=True, slots=True)
class Table:
    """A whole table."""

    file: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]

    def require(self, findings: Findings, *columns: str) -> bool:
        """Report every one of `columns` the table does not have; True when it has them all."""
        missing = [column for column in columns if column not in self.header]
        for column in missing:
            findings.add(
                1,
                column,
                "There is no such column.",
                self._suggestion(column),
            )
        return not missing

    def _suggestion(self, column: str) -> str:
        if close := difflib.get_close_matches(column, self.header, n=3):
            return f"Did you mean {' or '.join(close)}?"
        return f"The columns are {', '.join(self.header[:20])}{' ...' if len(self.header) > 20 else ''}."


def read_table(
    path: Path,
    findings: Findings,
    *,
    sheet: str | None = None,
    header_row: int = 1,
    header_rows: int = 1,
    progress: Progress = silent,
) -> Table:
    """The table in a .csv, .csv.gz, .tsv or .xlsx file. Rows without any text are passed over.

    Problems with the file as such (encoding, uneven rows, a column named twice) go to `findings`; the rows
    that could be read are returned all the same, so that their problems can be reported too.

    With several `header_rows` a column is called by all its headings, the widest first, joined by " > ": see
    `stacked`.
    """
    opened = _workbook_rows if _name(path).endswith((".xlsx", ".xlsm")) else _csv_rows
    header: tuple[str, ...] = ()
    headings: list[list[str]] = []
    rows: list[Row] = []
    try:
        with opened(path, sheet, progress) as lines:
            for number, cells in lines:
                if number < header_row or not any(cells):
                    continue
                if not header:
                    headings.append(cells)
                    if len(headings) == header_rows:
                        header = _header(number, stacked(headings), findings)
                elif (row := _row(number, cells, header, findings)) is not None:
                    rows.append(row)
    except UnicodeDecodeError:
        findings.add(len(rows) + 2, "", "The text is not UTF-8.", SAVE_AS)
    except csv.Error as error:
        findings.add(len(rows) + 2, "", f"This cannot be read as CSV: {error}.", SAVE_AS)
    except (OSError, EOFError, ValueError, KeyError) as error:
        findings.add(
            0, "", f"The file cannot be read: {error}.", "Check that it is whole and of the type it says."
        )
    if not header and not findings:
        findings.add(0, "", "The file is empty.", "It needs a header row and at least one row under it.")
    elif not rows and not findings:
        findings.add(
            0, "", "There are no rows under the header.", "Check that the right file or sheet was chosen."
        )
    return Table(path.name, header, tuple(rows))


def _name(path: Path) -> str:
    return path.name.lower()


def stacked(headings: list[list[str]]) -> list[str]:
    """The name of each column under several rows of headings: "Local conditions > Housing > Damp".

    A heading reaches over the empty cells to its right, as a merged cell does, as far as a lower heading
    needs one and no wider heading begins anew. A column with nothing under a heading is that heading's own.
    """
    if len(headings) == 1:
        return list(headings[0])
    width = max(map(len, headings))
    grid = [[*row, *[""] * (width - len(row))] for row in headings]
    names, reaching = [], [""] * len(grid)
    for column in range(width):
        own = [row[column] for row in grid]
        deepest = max((level for level, text in enumerate(own) if text), default=-1)
        for level in range(deepest + 1):
            if own[level]:
                reaching[level:] = [own[level], *[""] * (len(grid) - level - 1)]
        names.append(" > ".join(filter(None, reaching[: deepest + 1])))
    return names


def _header(number: int, cells: list[str], findings: Findings) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    for name, times in Counter(cells).items():
        if times > 1:
            what = f"The column {name!r} is there {times} times." if name else "A column has no name."
            findings.add(number, name, what, "Give every column a name of its own.")
    return tuple(cells)


def _row(number: int, cells: list[str], header: tuple[str, ...], findings: Findings) -> Row | None:
    if len(cells) > len(header) and not any(cells[len(header) :]):
        cells = cells[: len(header)]
    if len(cells) != len(header):
        findings.add(
            number,
            "",
            f"The row has {len(cells)} cells and the header {len(header)}.",
            "Put text that contains a comma in double quotes.",
        )
        return None
    return Row(number, dict(zip(header, cells, strict=True)))


@contextmanager
def _csv_rows(path: Path, sheet: str | None, progress: Progress) -> Iterator[Iterator[tuple[int, list[str]]]]:
    if sheet is not None:
        raise ValueError("a CSV file has no sheets")
    total = path.stat().st_size
    with path.open("rb") as raw:
        unpacked: Any = gzip.GzipFile(fileobj=raw) if _name(path).endswith(".gz") else raw
        text = io.TextIOWrapper(unpacked, encoding="utf-8-sig", newline="")
        yield _numbered(csv.reader(text, delimiter=_delimiter(path)), raw, total, path.name, progress)


def _numbered(
    reader: Iterator[list[str]], raw: BinaryIO, total: int, name: str, progress: Progress
) -> Iterator[tuple[int, list[str]]]:
    for number, cells in enumerate(reader, start=1):
        if number % TELL_EVERY == 0:
            progress(f"Reading {name}", min(raw.tell(), total), total)
        yield number, [cell.strip() for cell in cells]


def _delimiter(path: Path) -> str:
    """The commonest of comma, semicolon and tab in the first line: spreadsheets abroad write semicolons."""
    opener: Any = gzip.open if _name(path).endswith(".gz") else open
    with opener(path, "rb") as file:
        first = file.readline(100_000)
    return max(",;\t", key=lambda mark: first.count(mark.encode()))


@contextmanager
def _workbook_rows(
    path: Path, sheet: str | None, progress: Progress
) -> Iterator[Iterator[tuple[int, list[str]]]]:
    import zipfile

    import openpyxl

    try:
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except zipfile.BadZipFile as error:
        raise ValueError("this is not an Excel workbook") from error
    try:
        if sheet is not None and sheet not in workbook.sheetnames:
            raise ValueError(f"there is no sheet {sheet!r}, only {', '.join(workbook.sheetnames)}")
        chosen = workbook[sheet] if sheet is not None else workbook.worksheets[0]
        yield _sheet_rows(chosen, path.name, progress)
    finally:
        workbook.close()


def _sheet_rows(sheet: Any, name: str, progress: Progress) -> Iterator[tuple[int, list[str]]]:
    total = sheet.max_row or 0
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number % TELL_EVERY == 0:
            progress(f"Reading {name}", number, max(total, number))
        yield number, [_cell(cell) for cell in cells]


def _cell(value: Any) -> str:
    """A cell as it would be written in CSV: 12.0 typed as a count is 12."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
