"""Import areas, what they lie in, and their boundaries.

Takes a lookup (one row per area, with the areas it lies in beside it), a list with the columns `code`,
`level`, `vintage` and `name`, or GeoJSON; and a file of `child,parent` pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlmodel import Session

from survey_app.services.imports import area_rows
from survey_app.services.imports.area_parents import parents_from_file
from survey_app.services.imports.area_rows import AreaDraft, Key, Links
from survey_app.services.imports.containment import Containment, contain
from survey_app.services.imports.features import Features, is_geojson, read_features
from survey_app.services.imports.geographies import ONE_AND_THE_SAME, AreaColumns
from survey_app.services.imports.outcome import Counts, Difference, Outcome, Progress, difference, silent
from survey_app.services.imports.problems import Findings
from survey_app.services.imports.source import read_table
from survey_app.store import areas as store
from survey_app.store import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaOptions:
    """How to read the file. `own` is the area a row is about; without it the header is read."""

    own: AreaColumns | None = None
    parents: tuple[AreaColumns, ...] = ()
    within: tuple[tuple[str, str], ...] = ()  # pairs of levels (inner, outer) that are nested
    parents_file: Path | None = None
    sheet: str | None = None
    header_row: int = 1


@dataclass(slots=True)
class _Plan:
    """What the file asks for, before anything is written."""

    drafts: dict[Key, AreaDraft] = field(default_factory=dict)
    links: Links = field(default_factory=set)
    split: frozenset[tuple[Key, str, str]] = frozenset()
    shapes: dict[Key, dict[str, Any]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def import_areas(
    session: Session,
    path: Path,
    options: AreaOptions | None = None,
    *,
    actor: str = "command-line",
    progress: Progress = silent,
) -> Outcome:
    """Add the areas of a file, or bring those held up to date. Raises ImportRefusedError with every reason.

    An area keeps the aliases it has. Of the areas it lies in, one per level and vintage, those the file
    gives replace the earlier; levels the file does not speak of stay.
    """
    options = options or AreaOptions()
    findings = Findings(path.name)
    features = _features(path, options, findings, progress)
    held = {(row.code, row.vintage): row for row in store.all_areas(session)}
    plan = _plan(features, options, held, findings)
    if options.parents_file is not None:
        plan.links |= parents_from_file(options.parents_file, set(plan.drafts) | set(held), findings)
    _check_against_held(plan, held, findings)
    findings.refuse_if_any()
    counts = _write(session, plan, held, progress)
    outcome = Outcome(tuple(counts), tuple(plan.notes))
    audit.record(session, actor, "areas.import", path.name[:128], **outcome.detail())
    return outcome


def _features(path: Path, options: AreaOptions, findings: Findings, progress: Progress) -> Features:
    if is_geojson(path):
        return read_features(path, findings)
    table = read_table(path, findings, sheet=options.sheet, header_row=options.header_row, progress=progress)
    return Features(table, {})


def _plan(features: Features, options: AreaOptions, held: dict[Key, Any], findings: Findings) -> _Plan:
    plan, table = _Plan(), features.table
    if not table.rows:
        return plan
    if options.own is None and area_rows.is_list(table):
        plan.drafts, owners = area_rows.from_list(table, findings)
    else:
        columns = area_rows.columns_of(table, options.own, options.parents, findings)
        if not columns:
            return plan
        columns, notes = area_rows.usable(table, columns, held)
        placed, plan.drafts = area_rows.place(table, columns, held, findings)
        owners = {keys[0]: number for number, keys in placed if keys[0] is not None}
        containment = contain(columns, placed, options.within, findings)
        plan.links, plan.split = set(containment.links), containment.split
        plan.notes = [*notes, *_explained(columns, containment)]
    plan.shapes = {
        key: features.geometries[number] for key, number in owners.items() if number in features.geometries
    }
    return plan


def _explained(columns: Sequence[AreaColumns], containment: Containment) -> list[str]:
    notes = [f"Each row is a {columns[0].level} of {columns[0].vintage}."]
    if len(columns) > 1:
        notes.append("It lies in: " + ", ".join(f"{each.level} {each.vintage}" for each in columns[1:]) + ".")
    if containment.nested:
        nested = ", ".join(f"{inner} in {outer}" for inner, outer in containment.nested)
        notes.append(f"Taken as nested, from the rows or by definition: {nested}.")
    if containment.unproven:
        unproven = " ".join(f"--within {inner}:{outer}" for inner, outer in containment.unproven)
        notes.append(
            "Not taken as nested, because the file has only one area of the outer level. "
            f"Where it is so, say: {unproven}"
        )
    return notes


def _check_against_held(plan: _Plan, held: dict[Key, Any], findings: Findings) -> None:
    for key, draft in plan.drafts.items():
        before = held.get(key)
        if before is None or before.level == draft.level:
            continue
        if (before.level, draft.level) in ONE_AND_THE_SAME:
            draft.level = before.level
            continue
        findings.add(
            draft.row,
            "",
            f"{key[0]} of {key[1]} is held as a {before.level}, and would become a {draft.level}.",
            "Correct the level or the vintage.",
        )


def _write(session: Session, plan: _Plan, held: dict[Key, Any], progress: Progress) -> list[Counts]:
    for key, draft in plan.drafts.items():
        if key in held:
            draft.keep_from(held[key])
    changes = difference(
        {key: draft.values() for key, draft in plan.drafts.items()},
        {key: area_rows.values_held(held[key]) for key in plan.drafts if key in held},
    )
    progress("Writing areas", 0, len(plan.drafts))
    store.add_many(
        session, [{"code": key[0], "vintage": key[1], **new} for key, new in changes.added.items()]
    )
    store.update_many(session, [{"id": held[key].id, **new} for key, new in changes.changed.items()])
    counts = [changes.counts("areas")]
    ids = store.identities(session)
    levels = {ids[key]: (area.level, key[1]) for key, area in {**held, **plan.drafts}.items()}
    if plan.links:
        split = {(ids[key], (level, vintage)) for key, level, vintage in plan.split}
        counts.append(_write_links(session, {(ids[a], ids[b]) for a, b in plan.links}, levels, split))
    if plan.shapes:
        progress("Writing boundaries", 0, len(plan.shapes))
        counts.append(_write_shapes(session, {ids[key]: shape for key, shape in plan.shapes.items()}))
    return counts


def _write_links(
    session: Session,
    wanted: set[tuple[int, int]],
    levels: dict[int, tuple[str, str]],
    split: set[tuple[int, tuple[str, str]]],
) -> Counts:
    """An area lies in one area of each level and vintage: a link to another of the same goes.

    split: areas that the file shows to lie in several of a level, and so wholly in none.
    """
    held = store.links(session)
    speaks_of = split | {(child, levels[parent]) for child, parent in wanted}
    outdated = {(child, parent) for child, parent in held - wanted if (child, levels[parent]) in speaks_of}
    store.unlink(session, outdated)
    store.link(session, wanted - held)
    moved = min(len(outdated), len(wanted - held))
    return Counts(
        "areas they lie in",
        added=len(wanted - held) - moved,
        changed=moved,
        unchanged=len(wanted & held),
        removed=len(outdated) - moved,
    )


def _write_shapes(session: Session, wanted: dict[int, dict[str, Any]]) -> Counts:
    changes: Difference[int] = difference(wanted, store.shapes_of(session, wanted))
    store.put_shapes(session, {**changes.added, **changes.changed})
    return changes.counts("boundaries")
