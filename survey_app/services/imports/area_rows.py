"""The areas a table speaks of, row by row: drafts to compare with those held."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from survey_app.services.imports.containment import Key, Placed
from survey_app.services.imports.geographies import ONE_AND_THE_SAME, AreaColumns, detect, slug
from survey_app.services.imports.problems import Findings
from survey_app.services.imports.source import Row, Table
from survey_app.store.areas import folded

Links = set[tuple[Key, Key]]

LIST_COLUMNS = {"code", "level", "vintage", "name"}
LONGEST = {"code": 64, "vintage": 16, "level": 32}


@dataclass(slots=True)
class AreaDraft:
    """An area as the file describes it. `row`: where first seen; name "": the file gives none."""

    row: int
    level: str
    name: str
    aliases: list[str] = field(default_factory=list)
    tile_column: int | None = None
    tile_row: int | None = None

    def values(self) -> dict[str, Any]:
        """The columns of its row in the table, without code and vintage."""
        return {
            "level": self.level,
            "name": self.name,
            "aliases": self.aliases,
            "tile_column": self.tile_column,
            "tile_row": self.tile_row,
        }

    def keep_from(self, held: Any) -> None:
        """What the file does not say stays as it is held; aliases only grow."""
        self.name = self.name or held.name
        self.aliases = list(dict.fromkeys([*held.aliases, *self.aliases]))
        self.tile_column = held.tile_column if self.tile_column is None else self.tile_column
        self.tile_row = held.tile_row if self.tile_row is None else self.tile_row


def values_held(area: Any) -> dict[str, Any]:
    """The same columns of an area that is held."""
    return AreaDraft(0, area.level, area.name, list(area.aliases), area.tile_column, area.tile_row).values()


def is_list(table: Table) -> bool:
    """True for a table with the columns code, level, vintage and name."""
    return set(table.header) >= LIST_COLUMNS


def from_list(table: Table, findings: Findings) -> tuple[dict[Key, AreaDraft], dict[Key, int]]:
    """Areas of a table with the columns of LIST_COLUMNS, and the row number of each.

    May also have aliases (with ";" between), tile_column and tile_row.
    """
    drafts: dict[Key, AreaDraft] = {}
    for row in table.rows:
        key = row["code"], row["vintage"]
        missing = [column for column in sorted(LIST_COLUMNS) if not row[column]]
        for column in missing:
            findings.add(row.number, column, "The cell is empty.", "Every area needs one.")
        _check_lengths(row.number, {column: row[column] for column in LONGEST}, findings)
        if key in drafts:
            _report_twice(row.number, "code", key, drafts[key].row, findings)
        aliases = [alias.strip() for alias in row.cells.get("aliases", "").split(";") if alias.strip()]
        tiles = [_tile(row, column, findings) for column in ("tile_column", "tile_row")]
        drafts.setdefault(key, AreaDraft(row.number, row["level"], row["name"], aliases, *tiles))
    return drafts, {key: draft.row for key, draft in drafts.items()}


def _tile(row: Row, column: str, findings: Findings) -> int | None:
    text = row.cells.get(column, "")
    if text and not text.isdecimal():
        findings.add(
            row.number, column, f"{text!r} is not a whole number.", "Count tiles from 0, or leave it."
        )
    return int(text) if text.isdecimal() else None


def columns_of(
    table: Table, own: AreaColumns | None, parents: Sequence[AreaColumns], findings: Findings
) -> list[AreaColumns]:
    """The columns to read, the row's own area first. Empty when that cannot be told or one is missing."""
    if own is not None:
        columns = [own, *parents]
    else:
        known = [each for each in detect(table.header) if each.key not in {given.key for given in parents}]
        mine = next((each for each in known if each.code and _one_row_each(table, each.code)), None)
        if mine is None:
            findings.add(
                1,
                "",
                "No column names an area of its own on every row.",
                "Say which column is the code with --code, and --level and --vintage.",
            )
            return []
        columns = [mine, *parents, *(each for each in known if each is not mine)]
    wanted = [name for each in columns for name in (each.code, each.name, *each.aliases) if name]
    return columns if table.require(findings, *wanted) else []


def _one_row_each(table: Table, column: str) -> bool:
    codes = {row[column] for row in table.rows}
    return len(codes) == len(table.rows) and "" not in codes


def usable(
    table: Table, columns: list[AreaColumns], held: Collection[Key]
) -> tuple[list[AreaColumns], list[str]]:
    """Pass over detected columns that give codes without names of areas not held, and say so."""
    kept, notes = columns[:1], []
    for each in columns[1:]:
        codes = {(row[each.key], each.vintage) for row in table.rows if row[each.key]}
        if each.detected and each.name is None and not codes <= set(held):
            notes.append(
                f"{each.code} was passed over: it has no names, and not all its areas are held. "
                "Import a file that names them first."
            )
        else:
            kept.append(each)
    return kept, notes


def place(
    table: Table, columns: Sequence[AreaColumns], held: Mapping[Key, Any], findings: Findings
) -> tuple[Placed, dict[Key, AreaDraft]]:
    """Which area is in each column of each row, and a draft of every area."""
    drafts: dict[Key, AreaDraft] = {}
    placed: Placed = []
    own_rows: dict[Key, int] = {}
    named = {
        (area.level, area.vintage, folded(area.name)): area.code for area in held.values()
    }  # an area given by name only is the one held under that name
    for row in table.rows:
        keys = [_key(row, each, named) for each in columns]
        if keys[0] is None:
            findings.add(row.number, columns[0].key, "The cell is empty.", "Every row needs a code.")
            continue
        if own_rows.setdefault(keys[0], row.number) != row.number:
            _report_twice(row.number, columns[0].key, keys[0], own_rows[keys[0]], findings)
        for each, key in zip(columns, keys, strict=True):
            if key is not None:
                _draft(drafts, key, each, row, held, findings)
        placed.append((row.number, keys))
    _report_repeats_missing(drafts, held, findings)
    return placed, drafts


def _key(row: Row, columns: AreaColumns, named: Mapping[tuple[str, str, str], str]) -> Key | None:
    text = row[columns.key]
    if not text:
        return None
    if columns.code:
        return text, columns.vintage
    return named.get((columns.level, columns.vintage, folded(text))) or slug(text), columns.vintage


def _draft(
    drafts: dict[Key, AreaDraft],
    key: Key,
    columns: AreaColumns,
    row: Row,
    held: Mapping[Key, Any],
    findings: Findings,
) -> None:
    name = row[columns.name] if columns.name else ""
    aliases = [row[column] for column in columns.aliases if row[column]]
    draft = drafts.get(key)
    if draft is None:
        _check_lengths(row.number, {"code": key[0], "vintage": key[1], "level": columns.level}, findings)
        drafts[key] = AreaDraft(row.number, columns.level, name, aliases)
        return
    if draft.level != columns.level and not _same(draft.level, columns.level):
        findings.add(
            row.number,
            columns.key,
            f"{key[0]} is a {columns.level} here and a {draft.level} in row {draft.row}.",
            "One code of one vintage is one area: correct the column, the level or the vintage.",
        )
    elif draft.level == columns.level and name and draft.name and name != draft.name:
        findings.add(
            row.number,
            columns.name or "",
            f"{key[0]} is called {name!r} here and {draft.name!r} in row {draft.row}.",
            "Give it one name.",
        )
    draft.name = draft.name or name
    draft.aliases += [alias for alias in aliases if alias not in draft.aliases]


def _same(one: str, other: str) -> bool:
    return (one, other) in ONE_AND_THE_SAME or (other, one) in ONE_AND_THE_SAME


def _report_repeats_missing(
    drafts: dict[Key, AreaDraft], held: Mapping[Key, Any], findings: Findings
) -> None:
    for key, draft in drafts.items():
        if not draft.name and key not in held:
            findings.add(
                draft.row,
                "",
                f"{key[0]} has no name and is not held.",
                "Name its column of names, or import it first.",
            )


def _report_twice(number: int, column: str, key: Key, first: int, findings: Findings) -> None:
    findings.add(number, column, f"{key[0]} is also in row {first}.", "Keep one row for each area.")


def _check_lengths(number: int, texts: Mapping[str, str], findings: Findings) -> None:
    for what, text in texts.items():
        if len(text) > LONGEST[what]:
            findings.add(
                number, what, f"{text[:20]!r}... is too long.", f"At most {LONGEST[what]} characters."
            )
