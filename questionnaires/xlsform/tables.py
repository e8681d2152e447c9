"""Tables: groups of single choices from one list, as grids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from questionnaires.kinds import KINDS
from questionnaires.xlsform import conditions, questions
from questionnaires.xlsform.conditions import Said, Target
from questionnaires.xlsform.structure import Line
from questionnaires.xlsform.texts import humanised
from questionnaires.xlsform.workbook import Row

if TYPE_CHECKING:
    from questionnaires.xlsform.walking import Walk

Plain = dict[str, Any]
LOOKS = frozenset({"table-list", "label", "list-nolabel"})


def rows_of(walk: Walk, line: Line, inside: list[Line]) -> list[Line]:
    """The rows of a table of single choices from one list; none where the group is no such table."""
    looks = {word for each in [line, *inside] for word in each.row.get("appearance").lower().split()}
    if line.type.kind != "group" or not looks & LOOKS or line.type.what != "begin":
        return []
    rows = [each for each in inside if each.row.get("appearance").lower() != "label"]
    lists = {each.type.choices for each in rows}
    simple = all(
        each.type.what == "select" and each.type.kind == "one" and not each.type.other for each in rows
    )
    read = any(each.row.get(column) for each in rows for column in ("constraint", "choice_filter"))
    names = {f"${{{each.row.name}}}" for each in rows}
    inner = any(name in each.row.get("relevant") for each in rows for name in names)
    if not rows or not simple or len(lists) != 1 or read or inner or not lists & set(walk.form.lists):
        return []
    if len(walk.form.lists[rows[0].type.choices].rows) < 2:
        return []
    for each in inside:
        if each not in rows:
            walk.form.report.changed(each.row.at, "appearance", "The row of labels is drawn with the table.")
    return rows


def grid(walk: Walk, row: Row, rows: list[Line]) -> None:
    form = walk.form
    whole = form.condition(row)
    if whole is False or walk.is_never_asked():
        for each in rows:
            form.report.left_out(
                each.row.at, "relevant", "Its condition is never true, so it is never asked."
            )
        return
    code = form.code(row.name or "table", "table")
    shared = questions.choose(form, row, rows[0].type, code, form.lists[rows[0].type.choices].rows)
    if shared is None:
        return
    title = form.words(row, "label", f"{code}.text")
    if not title:
        title = humanised(row.name or code)
        form.report.changed(row.at, "label", f"The table has no label; '{title}' stands above it.")
    usual = [{"code": option.code, "text": option.text} for option in KINDS["yes_no"].options]
    shared_options = shared[0].get("options", usual)
    grid: Plain = {"code": code, "kind": "grid", "text": title}
    if hint := form.words(row, "hint", f"{code}.hint"):
        grid["hint"] = hint
    grid |= {"purpose": "context", "options": shared_options, "rows": []}
    needed = all(each.row.get("required").lower() in questions.YES for each in rows)
    if needed and not any(frame.lost for frame in walk.frames) and whole is not None:
        grid["required"] = True
    for each in rows:
        _row(walk, each.row, grid, shared[1], whole, needed)
    if grid["rows"]:
        walk.section()["items"].append(grid)
        walk.rows[code] = row.at


def _row(walk: Walk, row: Row, grid: Plain, target: Target, whole: Said | None, needed: bool) -> None:
    form = walk.form
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
    walk.rows[code] = row.at
    form.targets[row.name] = Target(code, "grid", target.options)
