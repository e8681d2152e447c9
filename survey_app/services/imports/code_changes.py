"""Area codes that have changed since a layer was published, and what becomes of its values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from survey_app.services.imports.geographies import of_code_column
from survey_app.services.imports.national_rows import Figure, Figures, Key
from survey_app.services.imports.problems import Findings
from survey_app.services.imports.source import Table, read_table

NAMED = 8  # codes named in a note


@dataclass(frozen=True, slots=True)
class CodeChanges:
    """What each old code is now, and the name that goes with a new code, where the file gives one."""

    new: Mapping[str, str]
    names: Mapping[str, str]


def read_changes(path: Path, findings: Findings) -> CodeChanges:
    """Old and new codes, from the columns `old` and `new`, or from two vintages of one geography.

    A code may be listed as itself. One old code with two new ones is a problem: a place that was divided has
    no single value to carry over.
    """
    here = Findings(path.name)
    table = read_table(path, here)
    columns = _columns(table, here)
    new: dict[str, str] = {}
    names: dict[str, str] = {}
    for row in table.rows if columns else ():
        old_code, new_code = row[columns[0]], row[columns[1]]
        if not old_code or not new_code:
            here.add(row.number, columns[0], "A code is missing.", "Give the old and the new code.")
        elif new.setdefault(old_code, new_code) != new_code:
            here.add(
                row.number,
                columns[1],
                f"{old_code} became {new[old_code]} in an earlier row and {new_code} here.",
                "A place that was divided cannot be carried over: leave it out.",
            )
        elif columns[2]:
            names[new_code] = row[columns[2]]
    findings.found += here.found
    return CodeChanges(new, names)


def carry_over(
    figures: Mapping[Key, Figure], changes: CodeChanges, *, add: bool
) -> tuple[dict[Key, Figure], tuple[str, ...]]:
    """The values under today's codes, and what was done, in words.

    A code that was only renamed keeps its value. Where several places became one, their values are added up
    if `add` says that they are counts (and every place that the changes name has one), and left out
    otherwise: a rate, a mean or an index of the whole is not told by its parts alone.
    """
    parts: dict[str, set[str]] = defaultdict(set)
    for old, now in changes.new.items():
        parts[now].add(old)
    gathered: dict[Key, dict[str, Figure]] = defaultdict(dict)
    for (indicator, period, code), figure in figures.items():
        gathered[indicator, period, changes.new.get(code, code)][code] = figure
    kept: dict[Key, Figure] = {}
    renamed: set[str] = set()
    summed: set[str] = set()
    dropped: set[str] = set()
    for key, held in gathered.items():
        now = key[2]
        before = parts.get(now, {now})
        if now in held and (before == {now} or now not in before):  # published for the place as it is now
            kept[key] = held[now]
            dropped.update(set(held) - {now})
        elif len(before) == 1:
            kept[key] = _as(next(iter(held.values())), now, changes)
            renamed.update(f"{old} is {now}" for old in held if old != now)
        elif add and before <= set(held):
            total = sum(figure.value for figure in held.values())
            kept[key] = replace(_as(next(iter(held.values())), now, changes), value=total)
            summed.add(f"{now} from {', '.join(sorted(held))}")
        else:
            dropped.update(held)
    return kept, tuple(_notes(renamed, summed, dropped, add))


def rename_all(figures: Figures, path: Path, findings: Findings, *, add: bool) -> tuple[str, ...]:
    """Put the figures under today's codes, in place; returns what was done, in words."""
    changes = read_changes(path, findings)
    figures.held, notes = carry_over(figures.held, changes, add=add)
    return notes


def _as(figure: Figure, code: str, changes: CodeChanges) -> Figure:
    return replace(figure, area_name=changes.names.get(code, figure.area_name))


def _columns(table: Table, findings: Findings) -> tuple[str, str, str] | None:
    """The columns of old codes, of new codes, and of new names ("" when there are none)."""
    if not table.header:
        return None
    if {"old", "new"} <= set(table.header):
        return "old", "new", "name" if "name" in table.header else ""
    known = sorted(
        (vintage, column)
        for column in table.header
        if (found := of_code_column(column)) is not None
        for _level, vintage in [found]
    )
    if len(known) != 2 or known[0][0] == known[1][0]:
        findings.add(
            1,
            "",
            "The columns of old and new codes are not told apart.",
            "Call them old and new, or by the year of their boundaries: lad22_code and lad23_code.",
        )
        return None
    new = known[1][1]
    name = next((each for each in _name_columns(new) if each in table.header), "")
    return known[0][1], new, name


def _name_columns(code: str) -> Iterable[str]:
    return code.replace("_code", "_name"), code.replace("cd", "nm"), code.replace("CD", "NM")


def _notes(renamed: set[str], summed: set[str], dropped: set[str], add: bool) -> Iterable[str]:
    if renamed:
        yield f"{len(renamed):,} changed code(s) were brought up to date: {_some(renamed)}."
    if summed:
        yield f"{len(summed):,} new place(s) have the sum of the places they were made of: {_some(summed)}."
    if dropped:
        why = (
            "the file does not give every place that they became part of"
            if add
            else "they became part of a larger one, and a rate or an index cannot be added up"
        )
        yield f"{len(dropped):,} former place(s) were left out, because {why}: {_some(dropped)}."


def _some(texts: set[str]) -> str:
    listed = sorted(texts)
    return "; ".join(listed[:NAMED]) + (" ..." if len(listed) > NAMED else "")
