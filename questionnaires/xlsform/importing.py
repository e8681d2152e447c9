"""A form becomes a questionnaire: its document, translations, and a report on every row."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from questionnaires.checks.findings import VERSION
from questionnaires.parsing.questionnaire import FORMATS
from questionnaires.xlsform import choices, overlay, structure, texts, workbook
from questionnaires.xlsform.form import Form
from questionnaires.xlsform.report import Report
from questionnaires.xlsform.texts import humanised
from questionnaires.xlsform.walking import Walk
from questionnaires.xlsform.workbook import Workbook

Plain = dict[str, Any]
FRAMEWORK = "thriving-places"
FIRST_VERSION = "1.0"
READ_SETTINGS = frozenset(
    {"form_title", "form_id", "version", "default_language", "name", "allow_choice_duplicates"}
)


@dataclass(slots=True)
class Imported:
    """What a form came to. `document` is empty when it is refused."""

    document: Plain
    translations: dict[str, dict[str, str]]
    report: Report
    media: dict[str, Path] = field(default_factory=dict)
    rows: dict[str, tuple[str, int]] = field(default_factory=dict)  # where each item was written


def read(path: Path, framework: str = FRAMEWORK) -> Imported:
    """The questionnaire in a form's file. Every row is in the report; nothing raises, whatever the file."""
    report = Report()
    book = workbook.read(path, report)
    if book is None:
        return Imported({}, {}, report)
    return imported(book, report, framework, beside(path))


def beside(path: Path) -> dict[str, Path]:
    """Media files that lie with a form, by name."""
    folders = [path.parent / f"{path.stem}-media", path.parent / "media"]
    return {file.name: file for folder in folders if folder.is_dir() for file in sorted(folder.iterdir())}


def imported(book: Workbook, report: Report, framework: str, media: dict[str, Path]) -> Imported:
    """The questionnaire in a workbook."""
    form = Form(book, report, texts.languages(book, report), choices.lists(book, report))
    form.media = set(media)
    walk = Walk(form)
    walk.all(structure.lines(form))
    settings = book.settings
    title = settings.get("form_title") or humanised(book.stem)
    document: Plain = {
        "format": FORMATS[-1],
        "id": _id(settings.get("form_id") or book.stem),
        "version": _version(settings.get("version", ""), report),
        "title": title,
        "language": form.spoken.own,
    }
    if form.spoken.others:
        document["languages"] = [form.spoken.own, *form.spoken.others]
    document |= {"framework": framework, "sections": walk.sections}
    used: set[str] = set()
    try:
        overlay.apply(book, document, form.translations)
        used = _media(walk.sections)
    except (AttributeError, KeyError, TypeError, ValueError):
        report.refuse(
            (workbook.OURS, 0),
            "",
            "The sheet is not as this software writes it.",
            "Delete the sheet, or export the questionnaire again and make the changes in the other sheets.",
        )
    _settings(form)
    choices.report_unknown_columns(book, form.read_columns, report)
    for name in book.other_sheets:
        report.changed((name, 0), "", "The sheet is not part of the form and is left out.")
    if not walk.sections and not report.refused:
        _nothing_left(form)
    files = {name: file for name, file in media.items() if name in used}
    return Imported({} if report.refused else document, form.translations, report, files, walk.rows)


def _media(sections: list[Plain]) -> set[str]:
    """The names of the media files that the items ask for."""
    items = [item for section in sections for item in section["items"]]
    every = [each for item in items for each in (item, *item.get("rows", ()))]
    return {str(one["file"]) for each in every for one in each.get("media", ())}


def _id(written: str) -> str:
    found = "-".join(re.findall(r"[a-z0-9]+", written.lower())) or "form"
    return (found if found[0].isalpha() else f"form-{found}")[:60].strip("-")


def _version(written: str, report: Report) -> str:
    if not written:
        return FIRST_VERSION
    found = re.sub(r"[^0-9A-Za-z.-]+", "-", written).strip(".-")[:40] or FIRST_VERSION
    if found != written or not VERSION.fullmatch(found):
        report.changed(("settings", 2), "version", f"The version '{written}' is written {found}.")
    return found


def _settings(form: Form) -> None:
    for key, value in form.book.settings.items():
        if key not in READ_SETTINGS and value:
            form.report.changed(
                ("settings", 2), key, f"The setting '{key}' means nothing here and is left out."
            )


def _nothing_left(form: Form) -> None:
    notes = [note for note in form.report.notes if note.sheet == "survey" and note.row > 1]
    at = (notes[0].sheet, notes[0].row) if notes else ("survey", 0)
    why = f" {notes[0].cause}" if notes else ""
    form.report.refuse(at, "", f"Nothing of the form can be asked.{why}", "Add a question that can be.")
