"""A questionnaire as a form: sheets that Kobo and ODK read, and one with what they cannot say."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from questionnaires import catalogue, messages, writing
from questionnaires.model import Item, MediaKind, Option, Questionnaire, Section
from questionnaires.piping import PIPE
from questionnaires.variants import VARIANTS
from questionnaires.xlsform import importing, overlay, texts
from questionnaires.xlsform.workbook import OURS, language_name
from questionnaires.xlsform.xpath import Writer

if TYPE_CHECKING:
    from openpyxl import Workbook

Cells = dict[str, str]
TYPES = {
    "single_choice": "select_one",
    "yes_no": "select_one",
    "likert": "select_one",
    "grid": "select_one",
    "place": "select_one",
    "multiple_choice": "select_multiple",
    "ranking": "rank",
    "scale": "range",
    "integer": "integer",
    "year": "integer",
    "decimal": "decimal",
    "date": "date",
    "month": "date",
    "information": "note",
    "computed": "calculate",
}  # every other kind is a text
APPEARANCES = {
    "likert": "likert",
    "place": "minimal",
    "long_text": "multiline",
    "month": "month-year",
    "phone": "numbers",
}
EMAIL = "regex(., '[^@ ]+@[^@ ]+')"
MEDIA = {MediaKind.IMAGE: "media::image", MediaKind.AUDIO: "media::audio", MediaKind.BSL: "media::video"}
BASE = ("type", "name")
PLAIN = (
    "required",
    "relevant",
    "constraint",
    "calculation",
    "appearance",
    "parameters",
)
TRANSLATED = ("label", "hint", "guidance_hint", "constraint_message", *MEDIA.values())


def save(questionnaire: Questionnaire, path: Path, translations: Path = catalogue.TRANSLATIONS) -> None:
    """Write the form of a questionnaire, with all its languages, as an .xlsx file.

    Importing it again gives an equal questionnaire, its digest apart, and the same translations.
    """
    form = _Form(questionnaire, translations)
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / f"{questionnaire.id}.xlsx"
        form.workbook().save(bare)
        for media in (each for item in questionnaire.items() for each in item.media):
            file = Path(folder) / "media" / media.file  # it will be read with its files beside it
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
        natural = importing.read(bare, questionnaire.framework)
    book = form.workbook()
    sheet = book.create_sheet(OURS)
    sheet.append(list(overlay.HEADER))
    have = (natural.translations, form.translated)
    for row in overlay.rows(natural.document, writing.document(questionnaire), have, form.names):
        sheet.append([None, *row][1:])
    _as_text(book)
    book.save(path)


def _as_text(book: Workbook) -> None:
    """Cells that begin with "=" are texts too, not formulas."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    cell.data_type = "s"


class _Form:
    """The sheets of one questionnaire."""

    def __init__(self, questionnaire: Questionnaire, folder: Path):
        self.questionnaire = questionnaire
        self.own = questionnaire.language
        # A variant is no language to other programs: its texts travel on our own sheet.
        self.spoken = [code for code in questionnaire.languages if code not in VARIANTS]
        self.sources = {m.context: m.text for m in messages.of_questionnaire(questionnaire)}
        self.translated = {
            language: _translations(questionnaire, language, folder)
            for language in questionnaire.languages
            if language != self.own
        }
        self.names = self._names()
        self.options = {
            item.code: {option.code: _option_name(item, option) for option in item.options}
            for item in questionnaire.items()
        }
        self.writer = Writer(questionnaire, self.names, self.options)

    def workbook(self) -> Workbook:
        from openpyxl import Workbook

        book = Workbook()
        survey = book.active
        if survey is None:
            raise ValueError("A new workbook has a sheet.")
        survey.title = "survey"
        self._sheet(survey, [*self._survey()], BASE, TRANSLATED, PLAIN)
        self._sheet(book.create_sheet("choices"), [*self._choices()], ("list_name", "name"), ("label",), ())
        settings = book.create_sheet("settings")
        q = self.questionnaire
        settings.append(["form_title", "form_id", "version", "default_language"])
        settings.append([q.title, q.id, q.version, language_name(self.own)])
        _as_text(book)
        return book

    def _sheet(
        self,
        sheet: Any,
        rows: list[Cells],
        first: tuple[str, ...],
        worded: tuple[str, ...],
        last: tuple[str, ...],
    ) -> None:
        spoken = [f"{column}::{language_name(code)}" for column in worded for code in self.spoken]
        used = {column for row in rows for column in row}
        columns = [*first, *(c for c in (*spoken, *last) if c in used or c.startswith("label"))]
        sheet.append(columns)
        for row in rows:
            sheet.append([row.get(column) for column in columns])

    def _names(self) -> dict[str, str]:
        """Names in the form: of items and grids by code, of sections by "section <code>"."""
        found: dict[str, str] = {}
        for item in self.questionnaire.items():
            mine = item.name if item.name and texts.code(item.name, ()) == item.code else item.code
            found[item.code] = mine
            if item.grid is not None:
                found[item.grid.code] = item.grid.code
        taken = {name.lower() for name in found.values()} | set(found)
        for section in self.questionnaire.sections:
            name = texts.code(section.code if section.code not in taken else f"{section.code}_section", taken)
            taken.add(name)
            found[f"section {section.code}"] = name
        return found

    def _worded(self, column: str, context: str, piped: bool = True) -> Cells:
        """A text's cells in every language."""
        found = {}
        for code in self.spoken:
            text = (
                self.sources.get(context, "") if code == self.own else self.translated[code].get(context, "")
            )
            if text:
                found[f"{column}::{language_name(code)}"] = PIPE.sub(self._piped, text) if piped else text
        return found

    def _piped(self, match: Any) -> str:
        return f"${{{self.names[match[1]]}}}" if match[1] in self.names else match[0]

    def _survey(self) -> Iterator[Cells]:
        for section in self.questionnaire.sections:
            yield from self._section(section)

    def _section(self, section: Section) -> Iterator[Cells]:
        name = self.names[f"section {section.code}"]
        prefix = f"section.{section.code}"
        begin = {"type": "begin group", "name": name, "appearance": "field-list"}
        begin |= self._worded("label", f"{prefix}.title") | self._worded("hint", f"{prefix}.intro")
        if section.when is not None:
            begin["relevant"] = self.writer.condition(section.when)
        yield begin
        for grid, items in groupby(section.items, key=lambda item: item.grid):
            rows = list(items)
            if grid is not None:
                table = {"type": "begin group", "name": grid.code, "appearance": "table-list"}
                yield (
                    table
                    | self._worded("label", f"{grid.code}.text")
                    | self._worded("hint", f"{grid.code}.hint")
                )
                for row in rows:
                    yield self._item(row)
                yield {"type": "end group"}
            else:
                for item in rows:
                    yield self._item(item)
                    yield from self._say_what(item)
        yield {"type": "end group"}

    def _item(self, item: Item) -> Cells:
        kind = TYPES.get(item.kind, "text")
        if item.kind == "consent":
            kind = "select_one" if len(item.options) > 1 else "acknowledge"
        lists = kind in ("select_one", "select_multiple", "rank")
        row = {"type": f"{kind} {_list(item)}" if lists else kind, "name": self.names[item.code]}
        row |= self._worded("label", f"{item.code}.text")
        row |= self._hint(item)
        row |= self._worded("guidance_hint", f"{item.code}.help")
        if item.kind in APPEARANCES:
            row["appearance"] = APPEARANCES[item.kind]
        if item.required:
            row["required"] = "yes"
        if item.when is not None:
            row["relevant"] = self.writer.condition(item.when)
        if item.compute is not None:
            row["calculation"] = self.writer.compute(item.compute)
        if item.scale is not None:
            row["parameters"] = f"start={item.scale.low} end={item.scale.high} step=1"
        elif item.order and lists:
            row["parameters"] = "randomize=true"
        for media in item.media:
            for code in self.spoken:
                row.setdefault(f"{MEDIA[media.kind]}::{language_name(code)}", media.file)
        return row | self._constraint(item)

    def _hint(self, item: Item) -> Cells:
        """The hint; under a scale with the words at its ends, which forms have no place for."""
        found = self._worded("hint", f"{item.code}.hint")
        if item.scale is None:
            return found
        low, high = (
            self._worded("hint", f"{item.code}.scale.low"),
            self._worded("hint", f"{item.code}.scale.high"),
        )
        for column in low.keys() & high.keys():
            ends = f"{item.scale.low} = {low[column]}, {item.scale.high} = {high[column]}"
            found[column] = f"{found[column]} ({ends})" if column in found else ends
        return found

    def _constraint(self, item: Item) -> Cells:
        parts = []
        if item.kind in ("integer", "decimal"):
            parts += [f". >= {item.minimum or 0}"]
            parts += [] if item.maximum is None else [f". <= {item.maximum}"]
        if item.kind in ("short_text", "long_text") and item.maximum is not None:
            parts.append(f"string-length(.) <= {item.maximum}")
        if item.kind == "date":
            for sign, written in ((">=", item.earliest), ("<=", item.latest)):
                if written:
                    day = "today()" if written == "today" else f"date('{written}')"
                    parts.append(f". {sign} {day}")
        if item.kind == "email":
            parts.append(EMAIL)
        for option in item.options:
            if option.exclusive:
                parts.append(f"not(selected(., '{_option_name(item, option)}') and count-selected(.) > 1)")
        found: Cells = {}
        for number, check in enumerate(item.checks, 1):
            if check.hard:
                parts.append(f"not({self.writer.condition(check.when, item.code)})")
                found = found or self._worded(
                    "constraint_message", f"{item.code}.checks.{number}", piped=False
                )
        return found | {"constraint": " and ".join(parts)} if parts else {}

    def _say_what(self, item: Item) -> Iterator[Cells]:
        """A text for the words of "other", right after the question."""
        option = item.other
        name = f"{self.names[item.code]}_other"
        if option is None or name in self.names.values():
            return
        relevant = self.writer.chosen(item, (option.code,))
        row = {"type": "text", "name": name, "relevant": relevant}
        yield row | self._worded("label", f"{item.code}.options.{option.code}")

    def _choices(self) -> Iterator[Cells]:
        done: set[str] = set()
        for item in self.questionnaire.items():
            name = _list(item)
            if not item.options or name in done or (item.kind == "consent" and len(item.options) == 1):
                continue
            done.add(name)
            for option in item.options:
                row = {"list_name": name, "name": _option_name(item, option)}
                yield row | self._worded("label", f"{name}.options.{option.code}")


def _translations(questionnaire: Questionnaire, language: str, folder: Path) -> dict[str, str]:
    copy = catalogue.translated(questionnaire, language, folder)
    missing = catalogue.untranslated(questionnaire, language, folder)
    there = messages.of_questionnaire(replace(copy, language=language))
    return {message.context: message.text for message in there if message.context not in missing}


def _list(item: Item) -> str:
    return item.grid.code if item.grid is not None else item.code


def _option_name(item: Item, option: Option) -> str:
    if option.name and not set(option.name) & set(" '\"\t\n"):
        return option.name
    usual = {1: "yes", 2: "no"} if item.kind == "yes_no" else {}
    return usual.get(option.code, str(option.code))
