"""A form becomes a questionnaire: its document, translations, and a report on every row."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from questionnaires.checks.findings import CODE, VERSION
from questionnaires.parsing.questionnaire import FORMATS
from questionnaires.xlsform import calculations, choices, conditions, overlay, questions, structure, texts, workbook
from questionnaires.xlsform.conditions import MANY, Said, Target
from questionnaires.xlsform.expressions import Binary, Name, Ref, Text, Tree, UnsaidError
from questionnaires.xlsform.expressions import Call as Function
from questionnaires.xlsform.form import Form
from questionnaires.xlsform.report import Report
from questionnaires.xlsform.structure import Line
from questionnaires.xlsform.texts import humanised
from questionnaires.xlsform.workbook import Row, Workbook

Plain = dict[str, Any]
FRAMEWORK = "thriving-places"
FIRST_VERSION = "1.0"
READ_SETTINGS = frozenset({"form_title", "form_id", "version", "default_language", "name", "allow_choice_duplicates"})
SAYS_WHAT = frozenset({"single_choice", "multiple_choice", "place"})
TABLE = frozenset({"label", "list-nolabel"})


@dataclass(slots=True)
class Imported:
    """What a form came to. `document` is empty when it is refused."""

    document: Plain
    translations: dict[str, dict[str, str]]
    report: Report
    media: dict[str, Path] = field(default_factory=dict)
    rows: dict[str, tuple[str, int]] = field(default_factory=dict)  # where each item was written


@dataclass(slots=True)
class Frame:
    """A group that is open."""

    row: Row
    title: str
    when: list[Said]
    translated: dict[str, str]
    intro: str = ""
    lost: bool = False  # its condition could not be kept
    merged: bool = False  # its questions stay in the section around it


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
    walk = _Walk(form)
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
    overlay.apply(book, document, form.translations)
    _settings(form)
    choices.report_unknown_columns(book, form.read_columns, report)
    for name in book.other_sheets:
        report.changed((name, 0), "", "The sheet is not part of the form and is left out.")
    if not walk.sections and not report.refused:
        _nothing_left(form)
    every = [each for section in walk.sections for item in section["items"] for each in (item, *item.get("rows", ()))]
    used = {one["file"] for each in every for one in each.get("media", ())}
    files = {name: file for name, file in media.items() if name in used}
    return Imported({} if report.refused else document, form.translations, report, files, walk.rows)


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
            form.report.changed(("settings", 2), key, f"The setting '{key}' means nothing here and is left out.")


def _nothing_left(form: Form) -> None:
    notes = [note for note in form.report.notes if note.sheet == "survey" and note.row > 1]
    at = (notes[0].sheet, notes[0].row) if notes else ("survey", 0)
    why = f" {notes[0].cause}" if notes else ""
    form.report.refuse(at, "", f"Nothing of the form can be asked.{why}", "Add a question that can be.")


class _Walk:
    """Goes through the lines and builds the sections."""

    def __init__(self, form: Form):
        self.form = form
        self.frames: list[Frame] = []
        self.sections: list[Plain] = []
        self.current: Plain | None = None
        self.rows: dict[str, tuple[str, int]] = {}
        self.splits: dict[str, list[str]] = {}

    def all(self, found: list[Line]) -> None:
        index = 0
        while index < len(found):
            line = found[index]
            if line.type.what == "begin":
                end = structure.block(found, index)
                rows = self._grid_rows(line, found[index + 1 : end])
                if rows:
                    self._grid(line.row, rows)
                    index = end
                else:
                    self._begin(line)
            elif line.type.what == "end":
                if not self.frames.pop().merged:
                    self.current = None
            else:
                self._one(line)
            index += 1

    def _begin(self, line: Line) -> None:
        form, row = self.form, line.row
        said = form.condition(row)
        merged = not row.texts.get("label") and said is True and bool(self.frames)
        frame = Frame(row, "", [], {}, lost=said is None, merged=merged)
        if said is not None and said is not True:
            frame.when.append(said)
        if not merged:
            self.current = None
            frame.title = form.words(row, "label", "?title") or self._outer_title(row)
            frame.intro = form.words(row, "hint", "?intro")
            for language, known in form.translations.items():
                for key in ("?title", "?intro"):
                    if key in known:
                        frame.translated[f"{language} {key}"] = known.pop(key)
        self.frames.append(frame)

    def _outer_title(self, row: Row) -> str:
        title = humanised(row.name) if row.name else self._form_title()
        self.form.report.changed(row.at, "label", f"The group has no label; '{title}' heads its page.")
        return title

    def _form_title(self) -> str:
        return self.form.book.settings.get("form_title") or humanised(self.form.book.stem)

    def _section(self) -> Plain:
        """The section that the next item belongs to, begun where there is none."""
        if self.current is not None:
            return self.current
        frame = next((each for each in reversed(self.frames) if not each.merged), None)
        name = frame.row.name or frame.title if frame else "questions"
        code = self.form.code(name, "section")
        self.current = {"code": code, "title": frame.title if frame else self._form_title()}
        if frame is not None:
            if frame.intro:
                self.current["intro"] = frame.intro
            for key, text in frame.translated.items():
                language, _, place = key.partition(" ?")
                self.form.translations.setdefault(language, {})[f"section.{code}.{place}"] = text
            frame.intro = ""
        when = conditions.joined("every", [said for each in self.frames for said in each.when])
        if isinstance(when, dict):
            self.current["when"] = when
        self.current["items"] = []
        self.sections.append(self.current)
        return self.current

    def _is_never_asked(self) -> bool:
        return conditions.joined("every", [said for each in self.frames for said in each.when]) is False

    def _one(self, line: Line) -> None:
        form, row, type = self.form, line.row, line.type
        if type.what == "asked" and type.kind == "calculate":
            self._calculate(row)
        elif type.what in ("asked", "select") and not (type.what == "select" and self._unusable(row, type)):
            said = form.condition(row)
            if self._is_never_asked() or said is False:
                form.report.left_out(row.at, "relevant", "Its condition is never true, so it is never asked.")
            elif not self._says_what(row, type, said):
                self._ask(line, said)
        elif type.what == "recorded":
            form.report.left_out(
                row.at, "type", "No record is kept of devices, clock times or people's numbers.", "Nothing to do."
            )
        elif type.what in ("captured", "hidden"):
            self._unsupported(row, type.kind)

    def _unsupported(self, row: Row, kind: str) -> None:
        if row.get("required").lower() in questions.YES:
            self.form.report.refuse(
                row.at,
                "type",
                f"The form needs an answer of the type '{kind}', which cannot be asked for here.",
                "Make it optional, or ask for it in words.",
            )
            return
        remedy = "Ask for a postcode instead." if kind in ("geopoint", "gps", "location") else "Ask in words instead."
        self.form.report.left_out(row.at, "type", f"Nothing of the type '{kind}' can be asked for here.", remedy)

    def _unusable(self, row: Row, type: structure.Type) -> bool:
        if type.choices in self.form.lists:
            return False
        self._unsupported(row, f"select from the file '{type.choices}'")
        return True

    def _says_what(self, row: Row, type: structure.Type, said: Said | None) -> bool:
        """Whether a text only asks for the words of "other" at the question just before it."""
        items = self.current["items"] if self.current else []
        last = items[-1] if items else {}
        if type.kind != "text" or last.get("kind") not in SAYS_WHAT or not isinstance(said, dict):
            return False
        if set(said) != {"item", "in"} or said["item"] != last["code"] or len(said["in"]) != 1:
            return False
        option = next(each for each in last["options"] if each["code"] == said["in"][0])
        names = f"{option.get('name', '')} {option['text']} {row.name}".lower()
        if not re.search(r"other|specify|else", names) or any(each.get("say_what") for each in last["options"]):
            return False
        option["say_what"] = True
        self.form.said_beside[row.name] = last["code"]
        self.form.report.changed(row.at, "type", f"Its words are asked beside the choice '{option['text']}'.")
        return True

    def _ask(self, line: Line, said: Said | None) -> None:
        form, row = self.form, line.row
        if line.type.what == "select" and row.get("choice_filter") and self._filtered(line, said):
            return
        code = form.code(row.name or line.type.kind)
        made = questions.item(form, row, line.type, code)
        if made is None:
            form.codes.discard(code)
            return
        self._add(row, *made, said)

    def _add(self, row: Row, item: Plain, target: Target, said: Said | None) -> None:
        if isinstance(said, dict):
            item["when"] = said
        if said is None or any(frame.lost for frame in self.frames):
            item.pop("required", None)
        self._section()["items"].append(item)
        self.rows[item["code"]] = row.at
        if row.name:
            self.form.formulas.pop(row.name, None)
            self.form.targets[row.name] = Target(
                item["code"], item["kind"], target.options, target.decimals, target.low, target.high
            )

    def _filtered(self, line: Line, said: Said | None) -> bool:
        """A question whose choices are filtered; True when it is dealt with."""
        form, row = self.form, line.row
        rows = form.lists[line.type.choices].rows
        tree = form.tree_of_filter(row)
        if tree is None:
            return False
        try:
            kept = [choice for choice in rows if choices.passes(tree, choice)]
        except UnsaidError:
            return self._split(line, tree, said)
        form.read_columns |= _columns(tree)
        if kept != rows:
            form.report.changed(row.at, "choice_filter", f"The {len(kept)} choices that pass the filter are kept.")
        code = form.code(row.name)
        if line.type.kind == "rank":
            return False
        made = questions.item(form, row, line.type, code, kept)
        if made is not None:
            self._add(row, *made, said)
        return True

    def _split(self, line: Line, tree: Tree, said: Said | None) -> bool:
        """Choices that depend on an earlier answer: a question for each such answer."""
        form, row = self.form, line.row
        rows = form.lists[line.type.choices].rows
        pair = _answer_and_column(tree)
        if pair is None or line.type.kind != "one" or line.type.other:
            form.report.changed(row.at, "choice_filter", "The filter is left out: every choice is offered.")
            return False
        name, column = pair
        parts: list[tuple[Said, str, list[Row]]] = []
        for value in dict.fromkeys(choice.cells.get(column, "") for choice in rows):
            try:
                when = conditions.condition(Binary("=", Ref(name), Text(value)), form.scope()) if value else False
            except UnsaidError:
                when = False
            kept = [choice for choice in rows if choice.cells.get(column, "") == value]
            if when is not False and len(kept) > 1:
                parts.append((when, value, kept))
        if not parts:
            form.report.changed(row.at, "choice_filter", "The filter is left out: every choice is offered.")
            return False
        form.read_columns.add(column)
        whole: Tree = Text("")
        for when, value, kept in parts:
            code = form.code(f"{row.name}_{value}")
            made = questions.item(form, row, line.type, code, kept)
            if made is None:
                continue
            both = conditions.joined("every", [True if said is None else said, when])
            part_name = f"{row.name}={value}"
            made[0].pop("name", None)
            self._add(row, *made, said if said is None and both is True else both)
            form.targets[part_name] = form.targets.pop(row.name)
            whole = Function("if", (Binary("=", Ref(name), Text(value)), Ref(part_name), whole))
        form.formulas[row.name] = whole
        form.report.changed(
            row.at, "choice_filter", f"It becomes {len(parts)} questions, one for each answer that filters its choices."
        )
        return True

    def _calculate(self, row: Row) -> None:
        form = self.form
        if not row.get("calculation"):
            form.report.left_out(row.at, "calculation", "Nothing says what to calculate.", "Write the calculation.")
            return
        tree = form.tree(row, "calculation")
        if tree is None:
            form.report.left_out(row.at, "calculation", "The calculation cannot be read.", "Correct it.")
            return
        said = form.condition(row)
        try:
            worked = calculations.compute(tree, form.scope())
        except UnsaidError as unsaid:
            form.formulas[row.name] = tree
            form.report.left_out(
                row.at,
                "calculation",
                f"Its value is not kept, only used in conditions that read it. {unsaid}",
                "Work it out when the answers are analysed.",
            )
            return
        code = form.code(row.name)
        text = form.words(row, "label", f"{code}.text") or humanised(row.name)
        item: Plain = {"code": code, "kind": "computed", "text": text}
        if row.name != code:
            item["name"] = row.name
        item["compute"] = worked
        self._add(row, item, Target(code, "computed", low=0, high=9999), said)

    def _grid_rows(self, line: Line, inside: list[Line]) -> list[Line]:
        """The rows of a table of single choices from one list; none where the group is no such table."""
        looks = {word for each in [line, *inside] for word in each.row.get("appearance").lower().split()}
        if line.type.kind != "group" or not looks & ({"table-list"} | TABLE) or line.type.what != "begin":
            return []
        rows = [each for each in inside if each.row.get("appearance").lower() != "label"]
        lists = {each.type.choices for each in rows}
        simple = all(
            each.type.what == "select" and each.type.kind == "one" and not each.type.other for each in rows
        )
        read = any(each.row.get(column) for each in rows for column in ("constraint", "choice_filter"))
        names = {f"${{{each.row.name}}}" for each in rows}
        inner = any(name in each.row.get("relevant") for each in rows for name in names)
        if not rows or not simple or len(lists) != 1 or read or inner or not lists & set(self.form.lists):
            return []
        if len(self.form.lists[rows[0].type.choices].rows) < 2:
            return []
        for each in inside:
            if each not in rows:
                self.form.report.changed(each.row.at, "appearance", "The row of labels is drawn with the table.")
        return rows

    def _grid(self, row: Row, rows: list[Line]) -> None:
        form = self.form
        whole = form.condition(row)
        if whole is False or self._is_never_asked():
            for each in rows:
                form.report.left_out(each.row.at, "relevant", "Its condition is never true, so it is never asked.")
            return
        code = form.code(row.name or "table", "table")
        shared = questions.choose(form, row, rows[0].type, code, form.lists[rows[0].type.choices].rows)
        if shared is None:
            return
        title = form.words(row, "label", f"{code}.text")
        if not title:
            title = humanised(row.name or code)
            form.report.changed(row.at, "label", f"The table has no label; '{title}' stands above it.")
        grid: Plain = {"code": code, "kind": "grid", "text": title}
        if hint := form.words(row, "hint", f"{code}.hint"):
            grid["hint"] = hint
        grid |= {"purpose": "context", "options": shared[0]["options"], "rows": []}
        needed = all(each.row.get("required").lower() in questions.YES for each in rows)
        if needed and not any(frame.lost for frame in self.frames) and whole is not None:
            grid["required"] = True
        for each in rows:
            self._grid_row(each.row, grid, shared[1], whole, needed)
        if grid["rows"]:
            self._section()["items"].append(grid)
            self.rows[code] = row.at

    def _grid_row(self, row: Row, grid: Plain, target: Target, whole: Said | None, needed: bool) -> None:
        form = self.form
        said = form.condition(row)
        if said is False:
            form.report.left_out(row.at, "relevant", "Its condition is never true, so it is never asked.")
            return
        if said is None:
            grid.pop("required", None)
        code = form.code(row.name)
        found: Plain = {"code": code, "text": form.words(row, "label", f"{code}.text") or humanised(row.name)}
        if row.name != code:
            found["name"] = row.name
        when = conditions.joined("every", [part for part in (whole, said) if part is not None])
        if isinstance(when, dict):
            found["when"] = when
        for column in ("hint", "guidance_hint", "default", "image", "audio", "video"):
            if column in row.columns:
                form.report.changed(row.at, column, f"A row of a table has no {column}; it is left out.")
        if not needed and row.get("required").lower() in questions.YES:
            form.report.changed(row.at, "required", "Rows of one table are all required, or none is.")
        grid["rows"].append(found)
        self.rows[code] = row.at
        form.targets[row.name] = Target(code, "grid", target.options)


def _columns(tree: Tree) -> set[str]:
    if isinstance(tree, Name):
        return {tree.value.lower()}
    if isinstance(tree, Binary):
        return _columns(tree.left) | _columns(tree.right)
    if isinstance(tree, Function):
        return set().union(*(_columns(part) for part in tree.arguments))
    return set()


def _answer_and_column(tree: Tree) -> tuple[str, str] | None:
    """The question and the column in ${question} = column."""
    if isinstance(tree, Binary) and tree.operator == "=":
        for one, other in ((tree.left, tree.right), (tree.right, tree.left)):
            if isinstance(one, Ref) and isinstance(other, Name):
                return one.name, other.value.lower()
    return None
