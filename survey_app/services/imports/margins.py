"""Import population margins: how many people of each level live in each area."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlmodel import Session

from survey_app.services.imports import area_column
from survey_app.services.imports.area_column import AreaColumn, HeldAreas
from survey_app.services.imports.margin_mapping import MarginMapping
from survey_app.services.imports.numbers import count_in
from survey_app.services.imports.outcome import Outcome, Progress, difference, silent
from survey_app.services.imports.problems import Findings
from survey_app.services.imports.source import Row, Table, read_table
from survey_app.store import audit
from survey_app.store import margins as store

LONG_COLUMNS = ("margin", "level", "count")

# The census swaps and rounds a little, so levels need not add up exactly to the published total.
TOTAL_WITHIN = 0.02  # of the total
TOTAL_WITHIN_PEOPLE = 15

Key = tuple[int, str, str]  # area id, margin, level


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginOptions:
    """How to read the file. Without a mapping it has the columns margin, level and count."""

    mapping: MarginMapping | None = None
    area: str | None = None
    vintage: str | None = None
    source: str = ""
    only_held: bool = False  # pass over rows of areas that are not held
    replace: bool = False  # of the margins in the file, remove levels it does not give
    sheet: str | None = None
    header_row: int = 1


def import_margins(
    session: Session,
    path: Path,
    options: MarginOptions | None = None,
    *,
    actor: str = "command-line",
    progress: Progress = silent,
) -> Outcome:
    """Add the counts of a file, or bring those held up to date. Raises ImportRefusedError with every reason.

    Every area must be held. Where an area's margin is held with levels that the file does not give, the two
    sets of levels would be mixed: refused, unless `options.replace`.
    """
    options = options or MarginOptions()
    findings = Findings(path.name)
    table = read_table(path, findings, sheet=options.sheet, header_row=options.header_row, progress=progress)
    areas = area_column.held_areas(session, only=options.only_held)
    counts = _read(areas, table, options, findings)
    source = options.source or (options.mapping.source if options.mapping else "") or path.name
    held = store.held(session, {area for area, _, _ in counts})
    outdated = _outdated(counts, set(held))
    if outdated and not options.replace:
        _report_outdated(outdated, findings)
    findings.refuse_if_any()
    changes = difference({key: (count, source) for key, count in counts.items()}, held)
    store.remove(session, [*outdated, *changes.changed])
    store.add_many(session, {**changes.added, **changes.changed}, partial(progress, "Writing margins"))
    outcome = Outcome((changes.counts("counts", removed=len(outdated)),), (_summary(counts), *areas.notes()))
    audit.record(session, actor, "margins.import", path.name[:128], **outcome.detail())
    return outcome


def _read(areas: HeldAreas, table: Table, options: MarginOptions, findings: Findings) -> dict[Key, float]:
    if not table.rows:
        return {}
    where = area_column.choose(table, options.area, options.vintage, findings)
    if options.mapping is None and not set(LONG_COLUMNS) <= set(table.header):
        findings.add(
            1,
            "",
            f"Which columns are which margin is not known: the file has no {', '.join(LONG_COLUMNS)}.",
            "Say it with --map, --mapping or --preset.",
        )
        return {}
    wanted = options.mapping.columns if options.mapping else list(LONG_COLUMNS)
    if not table.require(findings, *wanted) or where is None:
        return {}
    if options.mapping is None:
        return _read_long(table, where, areas, findings)
    return _read_wide(table, where, areas, options.mapping, findings)


def _read_long(table: Table, where: AreaColumn, areas: HeldAreas, findings: Findings) -> dict[Key, float]:
    counts: dict[Key, float] = {}
    first: dict[Key, int] = {}
    for row in table.rows:
        if areas.passes_over(row, where):
            continue
        area_id = areas.id_of(row, where, findings)
        count = count_in(row, "count", findings)
        for column in ("margin", "level"):
            _check_name(row.number, column, row[column], findings)
        if area_id is None or count is None:
            continue
        key = area_id, row["margin"], row["level"]
        if key in counts:
            findings.add(
                row.number,
                "level",
                f"{row['margin']}:{row['level']} of {row[where.column]} is also in row {first[key]}.",
                "Keep one row for each level.",
            )
        counts[key] = count
        first.setdefault(key, row.number)
    return counts


def _read_wide(
    table: Table,
    where: AreaColumn,
    areas: HeldAreas,
    mapping: MarginMapping,
    findings: Findings,
) -> dict[Key, float]:
    counts: dict[Key, float] = {}
    first: dict[int, int] = {}
    for margin, levels in mapping.margins.items():
        for name in (margin, *levels):
            _check_name(0, margin, name, findings)
    for row in table.rows:
        if areas.passes_over(row, where):
            continue
        area_id = areas.id_of(row, where, findings)
        numbers = {column: count_in(row, column, findings) for column in mapping.columns}
        if area_id is not None and first.setdefault(area_id, row.number) != row.number:
            findings.add(
                row.number,
                where.column,
                f"{row[where.column]} is also in row {first[area_id]}.",
                "Keep one row for each area.",
            )
        for margin, levels in mapping.margins.items():
            sums = {level: _sum(columns, numbers) for level, columns in levels.items()}
            _check_total(row, margin, sums, mapping, numbers, findings)
            if area_id is not None:
                counts.update({(area_id, margin, level): count for level, count in sums.items()})
    return counts


def _sum(columns: tuple[str, ...], numbers: dict[str, float | None]) -> float:
    return sum(number for column in columns if (number := numbers[column]) is not None)


def _check_total(
    row: Row,
    margin: str,
    sums: dict[str, float],
    mapping: MarginMapping,
    numbers: dict[str, float | None],
    findings: Findings,
) -> None:
    """A margin far from the table's own total counts somebody twice or not at all."""
    total = numbers.get(mapping.totals.get(margin, ""))
    parts = [numbers[column] for columns in mapping.margins[margin].values() for column in columns]
    if total is None or None in parts:
        return
    found = sum(sums.values())
    if abs(found - total) > max(TOTAL_WITHIN_PEOPLE, TOTAL_WITHIN * total):
        findings.add(
            row.number,
            mapping.totals[margin],
            f"The levels of {margin} add up to {found:,.0f} and the total is {total:,.0f}.",
            "Correct the counts, or the columns the mapping names.",
        )


def _check_name(number: int, column: str, name: str, findings: Findings) -> None:
    if not 0 < len(name) <= 64:
        findings.add(number, column, f"{name[:20]!r} cannot be a name.", "Use 1 to 64 characters.")


def _outdated(counts: dict[Key, float], held: set[Key]) -> list[Key]:
    """Levels held of an area's margin that the file gives with other levels."""
    speaks_of = {(area, margin) for area, margin, _ in counts}
    return sorted(key for key in held - set(counts) if (key[0], key[1]) in speaks_of)


def _report_outdated(outdated: list[Key], findings: Findings) -> None:
    levels: dict[tuple[str, str], set[int]] = defaultdict(set)
    for area, margin, level in outdated:
        levels[margin, level].add(area)
    for (margin, level), areas in sorted(levels.items()):
        findings.add(
            0,
            f"{margin}:{level}",
            f"{len(areas):,} areas hold this level, and the file does not give it.",
            "Give it too, or import with --replace to remove it.",
        )


def _summary(counts: dict[Key, float]) -> str:
    levels: dict[str, dict[str, None]] = defaultdict(dict)
    for _, margin, level in counts:
        levels[margin][level] = None
    found = "; ".join(f"{margin} ({', '.join(names)})" for margin, names in levels.items())
    return f"For {len({area for area, _, _ in counts}):,} areas: {found}."
