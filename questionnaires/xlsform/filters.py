"""Filtered choices: kept where the filter is fixed, a question for each answer where it reads one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from questionnaires.xlsform import choices, conditions, questions
from questionnaires.xlsform.conditions import Said
from questionnaires.xlsform.expressions import Binary, Name, Ref, Text, Tree, UnsaidError
from questionnaires.xlsform.expressions import Call as Function
from questionnaires.xlsform.structure import Line
from questionnaires.xlsform.workbook import Row

if TYPE_CHECKING:
    from questionnaires.xlsform.walking import Walk


def filtered(walk: Walk, line: Line, said: Said | None) -> bool:
    """A question whose choices are filtered; True when it is dealt with."""
    form, row = walk.form, line.row
    rows = form.lists[line.type.choices].rows
    tree = form.tree_of_filter(row)
    if tree is None:
        return False
    try:
        kept = [choice for choice in rows if choices.passes(tree, choice)]
    except UnsaidError:
        return _split(walk, line, tree, said)
    form.read_columns |= _columns(tree)
    if kept != rows:
        form.report.changed(
            row.at, "choice_filter", f"The {len(kept)} choices that pass the filter are kept."
        )
    code = form.code(row.name)
    if line.type.kind == "rank":
        return False
    made = questions.item(form, row, line.type, code, kept)
    if made is not None:
        walk.add(row, *made, said)
    return True


def _split(walk: Walk, line: Line, tree: Tree, said: Said | None) -> bool:
    """Choices that depend on an earlier answer: a question for each such answer."""
    form, row = walk.form, line.row
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
        walk.add(row, *made, said if said is None and both is True else both)
        form.targets[part_name] = form.targets.pop(row.name)
        whole = Function("if", (Binary("=", Ref(name), Text(value)), Ref(part_name), whole))
    form.formulas[row.name] = whole
    form.report.changed(
        row.at,
        "choice_filter",
        f"It becomes {len(parts)} questions, one for each answer that filters its choices.",
    )
    return True


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
