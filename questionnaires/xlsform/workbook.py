"""A form's sheets as rows with known column names, whatever kind of file it is and whoever wrote it."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale

from questionnaires.checks.findings import LANGUAGE
from questionnaires.xlsform.report import Report

SURVEY, CHOICES, SETTINGS = "survey", "choices", "settings"
OURS = "hereabouts"
SUFFIXES = frozenset({".xlsx", ".xls", ".xlsm", ".csv", ".md"})
TEXTS = frozenset(
    {"label", "hint", "guidance_hint", "constraint_message", "required_message", "image", "audio", "video"}
)
PREFIXES = frozenset({"bind", "control", "body", "media", "jr"})
ALIASES = {
    "caption": "label",
    "text": "label",
    "command": "type",
    "relevance": "relevant",
    "calculate": "calculation",
    "constraintmsg": "constraint_message",
    "constraint-msg": "constraint_message",
    "constraining_message": "constraint_message",
    "requiredmsg": "required_message",
    "readonly": "read_only",
    "count": "repeat_count",
    "big-image": "image",
    "set_form_title": "form_title",
    "title": "form_title",
    "set_form_id": "form_id",
    "id_string": "form_id",
    "value": "name",
    "tag": "name",
}
NAMED = re.compile(r"(.*?)\s*\(([A-Za-z-]{2,10})\)\s*")
LARGEST = 30_000_000  # bytes
UNPACKED = 300_000_000  # bytes: a sheet of a million cells has some 60 million


@dataclass(slots=True)
class Row:
    """One row. `texts` are by column, then by the language as the header writes it ("" where it does not)."""

    sheet: str
    number: int
    cells: dict[str, str] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def at(self) -> tuple[str, int]:
        return (self.sheet, self.number)

    @property
    def name(self) -> str:
        return self.cells.get("name", "")

    def get(self, column: str) -> str:
        return self.cells.get(column, "")

    @property
    def columns(self) -> set[str]:
        return {*self.cells, *self.texts}


@dataclass(slots=True)
class Workbook:
    """The sheets of a form. `ours` is the one this software adds; `stem` is the file's name."""

    stem: str
    survey: list[Row]
    choices: list[Row]
    settings: dict[str, str]
    external: list[Row]
    ours: list[Row]
    other_sheets: list[str]


def read(path: Path, report: Report) -> Workbook | None:
    """The form in a file; None, with the reason refused in the report, when it cannot be read at all."""
    at = ("file", 0)
    if path.suffix.lower() not in SUFFIXES:
        report.refuse(
            at, "", f"'{path.suffix}' files are not read.", f"Use one of {', '.join(sorted(SUFFIXES))}."
        )
        return None
    if path.stat().st_size > LARGEST:
        report.refuse(at, "", "The file is larger than 30 MB.", "Remove pictures from the workbook.")
        return None
    if _unpacked(path) > UNPACKED:
        report.refuse(
            at,
            "",
            "The file unpacks to more than 300 MB.",
            "Delete empty rows and columns, and save it again.",
        )
        return None
    from pyxform.errors import PyXFormError
    from pyxform.xls2json_backends import get_xlsform

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            raw = get_xlsform(str(path))
            names = [str(name) for name in raw.sheet_names or ()]
            ours = _our_sheet(path) if OURS in names else []
    except Exception as error:  # whatever a broken file makes its reader say
        cause = (
            " ".join(str(error).split())[:200]
            if isinstance(error, PyXFormError)
            else "its layout is not a form's"
        )
        report.refuse(
            at,
            "",
            f"The file cannot be read as a form: {cause}{'' if cause.endswith('.') else '.'}",
            "Open it in a spreadsheet program, see that it has a 'survey' sheet, and save it as .xlsx.",
        )
        return None
    survey = list(_rows(SURVEY, raw.survey))
    if not any("type" in row.cells for row in survey):
        report.refuse(
            (SURVEY, 1 if survey else 0),
            "type",
            "There is no 'survey' sheet with a 'type' column.",
            "Every question needs a type: add the column, and name the sheet 'survey'.",
        )
        return None
    settings = next((row.cells for row in _rows(SETTINGS, raw.settings) if row.cells), {})
    known = {SURVEY, CHOICES, SETTINGS, "external_choices", OURS}
    return Workbook(
        stem=path.stem,
        survey=survey,
        choices=list(_rows(CHOICES, raw.choices)),
        settings=settings,
        external=list(_rows("external_choices", raw.external_choices)),
        ours=ours,
        other_sheets=[name for name in names if name.lower() not in known and len(names) > 1],
    )


def _unpacked(path: Path) -> int:
    """How many bytes a workbook unpacks to, by its own table of contents; 0 for what is not packed."""
    try:
        with zipfile.ZipFile(path) as archive:
            return sum(each.file_size for each in archive.infolist())
    except zipfile.BadZipFile:
        return 0


def _our_sheet(path: Path) -> list[Row]:
    """The sheet this software adds, which other readers pass over."""
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return []
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    rows = [tuple("" if cell is None else str(cell) for cell in row) for row in book[OURS].values]
    book.close()
    header = rows[0] if rows else ()
    return [Row(OURS, number, dict(zip(header, row, strict=False))) for number, row in enumerate(rows[1:], 2)]


def _rows(sheet: str, raw: list[Mapping[str, Any]] | None) -> Iterator[Row]:
    for number, cells in enumerate(raw or (), 2):
        row = Row(sheet, number)
        for header, value in cells.items():
            text = str(value).replace("\r\n", "\n").replace("\r", "\n").strip() if value is not None else ""
            if not text:
                continue
            column, language = split(str(header))
            if column in TEXTS:
                row.texts.setdefault(column, {}).setdefault(language, text)
            elif sheet == CHOICES and column == "list_name":
                row.cells.setdefault("list_name", text)
            else:
                row.cells.setdefault(column, text)
        yield row


def split(header: str) -> tuple[str, str]:
    """A column's usual name, and the language it is written for."""
    parts = [part.strip() for part in re.split(r"::?", header.strip())]
    low = [part.lower() for part in parts]
    while (
        len(low) > 1
        and low[0] in PREFIXES
        and (low[1] in TEXTS or _plain(low[1]) != low[1] or low[0] != "media")
    ):
        low, parts = low[1:], parts[1:]
    column = _plain(low[0])
    if column in TEXTS:
        return column, "::".join(parts[1:])
    return "::".join((column, *low[1:])), ""


WITH_SCRIPT = {"zh": "zh-Hans"}
"""Languages that forms name without their script, as we name them."""

_WITHOUT_SCRIPT = {ours: theirs for theirs, ours in WITH_SCRIPT.items()}


def _plain(name: str) -> str:
    joined = "_".join(name.split())
    return ALIASES.get(joined, joined)


def language_code(written: str) -> str:
    """The code of a language as a form names it: "Polski (pl)", "Polish", "pl"; empty when not known."""
    named = NAMED.fullmatch(written)
    code = named[2] if named else written.strip()
    head, _, tail = code.partition("-")
    tagged = head.lower() + (f"-{tail}" if tail else "")
    if LANGUAGE.fullmatch(tagged) and (named or head.lower() in _codes()):
        return WITH_SCRIPT.get(tagged, tagged)
    found = _by_name().get((named[1] if named else written).strip().lower(), "")
    return WITH_SCRIPT.get(found, found)


def language_name(code: str) -> str:
    """How a form names a language: its English name and code."""
    known: str | None = Locale("en").languages.get(code.replace("-", "_")) or Locale("en").languages.get(
        code[:2]
    )
    return f"{(known or code).replace('(', '').replace(')', '')} ({_WITHOUT_SCRIPT.get(code, code)})"


@lru_cache
def _codes() -> frozenset[str]:
    return frozenset(Locale("en").languages)


@lru_cache
def _by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, name in Locale("en").languages.items():
        if LANGUAGE.fullmatch(code):
            found.setdefault(str(name).lower(), code)
    return found
