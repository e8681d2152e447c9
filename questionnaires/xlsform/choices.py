"""Lists of choices as options, with a number for every name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from questionnaires.kinds.marks import HIGHEST_CODE
from questionnaires.xlsform.expressions import Binary, Call, Name, Number, Text, Tree, UnsaidError
from questionnaires.xlsform.report import Report
from questionnaires.xlsform.texts import Languages, humanised, in_languages
from questionnaires.xlsform.workbook import CHOICES, Row, Workbook

Plain = dict[str, Any]
YES = frozenset({"yes", "y", "1", "true"})
NO = frozenset({"no", "n", "0", "2", "false"})
USUAL = frozenset({"yes", "no"})  # what forms call the options of a yes-or-no question
KNOWN = frozenset({"list_name", "name", "label"})


@dataclass(slots=True)
class ChoiceList:
    """The rows of one list, in order."""

    name: str
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Options:
    """A question's options as its file has them; `codes` by form's names, `texts` by code and language."""

    options: list[Plain]
    codes: dict[str, int]
    texts: dict[int, dict[str, str]]
    yes_no: bool = False


def lists(book: Workbook, report: Report) -> dict[str, ChoiceList]:
    """Every list of choices by its name."""
    found: dict[str, ChoiceList] = {}
    for row in [*book.choices, *book.external]:
        if not row.cells and not row.texts:
            continue
        name = row.get("list_name")
        report.row(row.sheet, row.number, row.name)
        if not name or not row.name:
            column = "name" if name else "list_name"
            report.left_out(row.at, column, f"The choice has no {column}.", "Give it one, or remove the row.")
            continue
        found.setdefault(name, ChoiceList(name)).rows.append(row)
    return found


def options(rows: list[Row], spoken: Languages, report: Report, plain: Callable[[Row, str], str]) -> Options:
    """The options that rows of a list make. Names that are numbers stay the codes where they can."""
    kept: list[Row] = []
    for row in rows:
        if row.name in {each.name for each in kept}:
            if row.texts.get("label") != next(e for e in kept if e.name == row.name).texts.get("label"):
                report.changed(row.at, "name", f"Another choice is called '{row.name}'; the first is kept.")
        else:
            kept.append(row)
    names = [row.name for row in kept]
    numbered = all(name.isascii() and name.isdigit() and 1 <= int(name) <= HIGHEST_CODE for name in names)
    numbered = numbered and len({int(name) for name in names}) == len(names)
    yes_no = _is_yes_no(names) and (not names[0].isdigit() or _reads_yes_no(kept, spoken))
    if yes_no and names[0].lower() in NO:
        kept, names = kept[::-1], names[::-1]
    made: list[Plain] = []
    codes: dict[str, int] = {}
    texts: dict[int, dict[str, str]] = {}
    seen: set[str] = set()
    for number, row in enumerate(kept, 1):
        code = int(row.name) if numbered and not yes_no else number
        written = {lang: plain(row, text) for lang, text in in_languages(row, "label", spoken).items()}
        text = written.pop(spoken.own, "") or next(iter(written.values()), "")
        if not text:
            text = humanised(row.name)
            report.changed(row.at, "label", "The choice has no words; its name is used.", "Write its label.")
        if text in seen:
            text = f"{text} ({row.name})"
            report.changed(row.at, "label", "Another choice of the list reads the same; its name is added.")
        seen.add(text)
        option: Plain = {"code": code, "text": text}
        if row.name != str(code) and not (yes_no and row.name in USUAL):
            option["name"] = row.name
        made.append(option)
        codes[row.name] = code
        texts[code] = written
        for column in sorted(row.columns & {"image", "audio", "video"}):
            report.changed(row.at, column, f"The choice's {column} is left out: only questions have media.")
    return Options(made, codes, texts, yes_no)


def _is_yes_no(names: list[str]) -> bool:
    low = [name.lower() for name in names]
    if len(low) != 2:
        return False
    return (low[0] in YES and low[1] in NO) or (low[0] in NO and low[1] in YES)


def _reads_yes_no(rows: list[Row], spoken: Languages) -> bool:
    """Whether choices called 1 and 2 (or 0) read like yes and no."""
    words = {in_languages(row, "label", spoken).get(spoken.own, "").lower() for row in rows}
    return bool(words & YES) and bool(words & NO)


def passes(tree: Tree, row: Row) -> bool:
    """Whether a choice filter that reads no answer lets a choice through. Raises UnsaidError."""
    if isinstance(tree, Binary) and tree.operator in ("and", "or"):
        parts = (passes(tree.left, row), passes(tree.right, row))
        return all(parts) if tree.operator == "and" else any(parts)
    if isinstance(tree, Binary) and tree.operator in ("=", "!="):
        return (_value(tree.left, row) == _value(tree.right, row)) is (tree.operator == "=")
    if isinstance(tree, Call) and tree.function == "not" and len(tree.arguments) == 1:
        return not passes(tree.arguments[0], row)
    if isinstance(tree, Call) and tree.function in ("true", "false"):
        return tree.function == "true"
    raise UnsaidError("The filter is more than a comparison of columns with words.")


def _value(tree: Tree, row: Row) -> str:
    if isinstance(tree, Text):
        return tree.value
    if isinstance(tree, Number):
        return f"{tree.value:g}"
    if isinstance(tree, Name):
        return row.cells.get(tree.value.lower(), tree.value)
    raise UnsaidError("The filter is more than a comparison of columns with words.")


def report_unknown_columns(book: Workbook, used: set[str], report: Report) -> None:
    """Columns of the choices sheet that nothing reads, each said once."""
    columns = dict.fromkeys(column for row in book.choices for column in row.cells)
    for column in columns:
        if column not in KNOWN and column not in used:
            report.changed((CHOICES, 1), column, f"The column '{column}' of the choices is left out.")
