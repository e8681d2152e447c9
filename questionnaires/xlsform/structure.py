"""The rows of a form in order: blocks that open and close, loops written out, repeats asked once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from questionnaires.xlsform import expressions, types
from questionnaires.xlsform.expressions import UnsaidError
from questionnaires.xlsform.form import Form
from questionnaires.xlsform.texts import PIPE
from questionnaires.xlsform.types import Type
from questionnaires.xlsform.workbook import SURVEY, Row

READING = ("relevant", "constraint", "calculation", "choice_filter")
KNOWN = frozenset(
    [
        "type",
        "name",
        "label",
        "hint",
        "guidance_hint",
        "required",
        "required_message",
        "relevant",
        "constraint",
        "constraint_message",
        "calculation",
        "appearance",
        "parameters",
        "choice_filter",
        "default",
        "read_only",
        "repeat_count",
        "image",
        "audio",
        "video",
        "rows",
    ]
)
LAYOUT = frozenset(
    [
        "minimal",
        "autocomplete",
        "autocomplete_chars",
        "search",
        "compact",
        "quick",
        "likert",
        "multiline",
        "table-list",
        "field-list",
        "label",
        "list-nolabel",
        "numbers",
        "list",
        "horizontal",
        "vertical",
        "columns",
        "columns-pack",
        "no-buttons",
        "spinner",
        "picker",
        "counter",
    ]
)
MOST_ROWS = 5000


@dataclass(slots=True)
class Line:
    """A row and its type."""

    row: Row
    type: Type


def lines(form: Form) -> list[Line]:
    """Every row that says something, with loops written out. Faults that refuse the form are reported."""
    found = []
    for row in form.book.survey:
        if not row.cells and not row.texts:
            continue
        form.report.row(row.sheet, row.number, row.name)
        type = types.of(row.get("type")) if row.get("type") else None
        if type is None:
            form.report.left_out(
                row.at, "type", "The row has no type, so it asks nothing.", "Give it one, or leave it."
            )
            continue
        if type.what == "unknown":
            form.report.refuse(
                row.at,
                "type",
                f"There is no type of question called '{type.kind}'.",
                "See xlsform.org for the types.",
            )
            continue
        _missing_parts(form, row, type)
        found.append(Line(row, type))
    _unknown_columns(form)
    if not form.report.refused:
        _balanced(form, found)
    if form.report.refused:
        return []
    written = list(_written_out(form, found))
    if len(written) > MOST_ROWS:
        form.report.refuse((SURVEY, 0), "", f"The form has more than {MOST_ROWS} rows.", "Divide it.")
        return []
    return written


def block(found: list[Line], start: int) -> int:
    """Index of the line that closes the block opened at `start`."""
    depth = 0
    for index in range(start, len(found)):
        depth += (found[index].type.what == "begin") - (found[index].type.what == "end")
        if depth == 0:
            return index
    return len(found) - 1


def _missing_parts(form: Form, row: Row, type: Type) -> None:
    needs_name = type.what in ("asked", "select") and type.kind != "note"
    if needs_name and not row.name:
        form.report.refuse(row.at, "name", "The question has no name.", "Give it one of its own.")
    over = type.choices if type.what == "select" or type.kind == "loop" else ""
    if over and type.what != "end" and over not in form.lists and not type.elsewhere:
        form.report.refuse(
            row.at,
            "type",
            f"There is no list '{over}' on the choices sheet.",
            "Add it, or correct the list's name.",
        )


def _unknown_columns(form: Form) -> None:
    columns = dict.fromkeys(column for row in form.book.survey for column in row.cells)
    for column in columns:
        if column not in KNOWN:
            form.report.changed(
                (SURVEY, 1), column, f"The column '{column}' means nothing here and is left out."
            )
    looks: dict[str, Row] = {}
    for row in form.book.survey:
        for word in row.get("appearance").split():
            if word.lower() not in LAYOUT:
                looks.setdefault(word, row)
    for word, row in looks.items():
        form.report.changed(
            row.at, "appearance", f"The appearance '{word}' is left out: pages look after this."
        )


def _balanced(form: Form, found: list[Line]) -> None:
    open_rows: list[Row] = []
    for line in found:
        if line.type.what == "begin":
            open_rows.append(line.row)
        elif line.type.what == "end":
            if not open_rows:
                form.report.refuse(
                    line.row.at,
                    "type",
                    "This ends a group that never began.",
                    "Remove it, or begin the group.",
                )
                return
            open_rows.pop()
    for row in open_rows:
        form.report.refuse(row.at, "type", "This group never ends.", "Add the row that ends it.")


def _written_out(form: Form, found: list[Line]) -> Iterator[Line]:
    index = 0
    while index < len(found):
        line = found[index]
        if line.type.what == "begin" and line.type.kind == "loop":
            end = block(found, index)
            yield from _loop(form, line, found[index + 1 : end], found[end])
            index = end
        else:
            if line.type.what == "begin" and line.type.kind == "repeat":
                _repeat(form, line, found[index + 1 : block(found, index)])
            yield line
        index += 1


def _loop(form: Form, line: Line, inside: list[Line], end: Line) -> Iterator[Line]:
    """The questions of a loop once for each choice it runs over."""
    form.report.changed(
        line.row.at, "type", "The loop is written out: its questions stand once for each choice."
    )
    inside = list(_written_out(form, inside))
    names = {each.row.name for each in inside if each.row.name}
    yield Line(line.row, Type("begin", "group"))
    for choice in form.lists[line.type.choices].rows:
        for each in inside:
            row = replace(each.row, cells=dict(each.row.cells), texts={})
            if row.name:
                row.cells["name"] = f"{choice.name}_{row.name}"
            for column in READING:
                if column in row.cells:
                    row.cells[column] = _renamed(row.cells[column], names, choice.name)
            for column, by_language in each.row.texts.items():
                row.texts[column] = {
                    language: _renamed(_said_of(choice, text, language), names, choice.name)
                    for language, text in by_language.items()
                }
            yield Line(row, each.type)
    yield Line(end.row, Type("end", "group"))


def _renamed(text: str, names: set[str], choice: str) -> str:
    return PIPE.sub(lambda match: f"${{{choice}_{match[1]}}}" if match[1] in names else match[0], text)


def _said_of(choice: Row, text: str, language: str) -> str:
    labels = choice.texts.get("label", {})
    label = labels.get(language) or labels.get("") or next(iter(labels.values()), choice.name)
    return text.replace("%(label)s", label).replace("%(name)s", choice.name)


def _repeat(form: Form, line: Line, inside: list[Line]) -> None:
    """Questions that repeat are asked once, unless what happens inside depends on it being several times."""
    if line.row.get("repeat_count") in ("1", "1.0"):
        return
    names = {each.row.name for each in inside if each.row.name}
    for each in inside:
        for column in READING:
            try:
                read = (
                    expressions.refs(expressions.parse(each.row.get(column)))
                    if each.row.get(column)
                    else set()
                )
            except UnsaidError:
                read = set()
            if read & names:
                form.report.refuse(
                    each.row.at,
                    column,
                    "This depends on an answer of the same round of a repeat, and repeats are asked once.",
                    "Ask about one person or thing, or use another form for each.",
                )
                return
    form.report.changed(
        line.row.at,
        "type",
        "What repeats is asked once.",
        "Write a question for each, or say in its words whom or what it is about.",
    )
