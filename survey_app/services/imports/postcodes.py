"""Import postcodes: the smallest area each lies in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlmodel import Session

from survey_app.services.imports import area_column
from survey_app.services.imports.area_column import HeldAreas
from survey_app.services.imports.outcome import Outcome, Progress, difference, silent
from survey_app.services.imports.problems import Findings
from survey_app.services.imports.source import Table, read_table
from survey_app.store import audit
from survey_app.store import postcodes as store

# The shapes Royal Mail uses (A9 9AA, A99 9AA, A9A 9AA, AA9 9AA, AA99 9AA, AA9A 9AA) and GIR 0AA, closed up.
POSTCODE = re.compile(r"GIR0AA|[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}")
COLUMNS = ("postcode", "pcds", "pcd", "pcd7", "pcd8", "PCDS", "PCD", "PCD7", "PCD8", "Postcode")


@dataclass(frozen=True, slots=True, kw_only=True)
class PostcodeOptions:
    """How to read the file. Without columns the header is read. replace: forget those not in the file.

    only_held: pass over postcodes of areas that are not held.
    """

    postcode: str | None = None
    area: str | None = None
    vintage: str | None = None
    only_held: bool = False
    replace: bool = False
    sheet: str | None = None
    header_row: int = 1


def import_postcodes(
    session: Session,
    path: Path,
    options: PostcodeOptions | None = None,
    *,
    actor: str = "command-line",
    progress: Progress = silent,
) -> Outcome:
    """Add the postcodes of a file, or move those held. Raises ImportRefusedError with every reason.

    Every area must be held. Postcodes held and not in the file stay, unless `options.replace`.
    """
    options = options or PostcodeOptions()
    findings = Findings(path.name)
    table = read_table(path, findings, sheet=options.sheet, header_row=options.header_row, progress=progress)
    areas = area_column.held_areas(session, only=options.only_held)
    wanted = _read(areas, table, options, findings)
    findings.refuse_if_any()
    held = store.held(session)
    changes = difference(wanted, held)
    gone = sorted(set(held) - set(wanted)) if options.replace else []
    store.remove(session, [*gone, *changes.changed])
    store.add_many(session, {**changes.added, **changes.changed}, partial(progress, "Writing postcodes"))
    outcome = Outcome((changes.counts("postcodes", removed=len(gone)),), areas.notes())
    audit.record(session, actor, "postcodes.import", path.name[:128], **outcome.detail())
    return outcome


def _read(areas: HeldAreas, table: Table, options: PostcodeOptions, findings: Findings) -> dict[str, int]:
    column = options.postcode or next((each for each in COLUMNS if each in table.header), "postcode")
    where = area_column.choose(table, options.area, options.vintage, findings)
    if not table.require(findings, column) or where is None:
        return {}
    wanted: dict[str, int] = {}
    first: dict[str, int] = {}
    for row in table.rows:
        if areas.passes_over(row, where):
            continue
        postcode = store.normalised(row[column])
        area_id = areas.id_of(row, where, findings)
        if not POSTCODE.fullmatch(postcode):
            findings.add(
                row.number,
                column,
                f"{row[column]!r} is not a postcode.",
                "Write it as in CM1 1AB, or leave out the row.",
            )
        elif area_id is None:
            continue
        elif wanted.setdefault(postcode, area_id) != area_id:
            findings.add(
                row.number,
                column,
                f"{row[column]} lies in another area in row {first[postcode]}.",
                "Keep one row for each postcode.",
            )
        first.setdefault(postcode, row.number)
    return wanted
