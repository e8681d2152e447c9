"""The column that says which area a row is about, in files of postcodes, margins and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from survey_app.services.imports.geographies import RANK, of_code_column
from survey_app.services.imports.problems import Findings
from survey_app.services.imports.source import Row, Table
from survey_app.store import areas as store

PLAIN = ("area", "area_code", "code")  # column names that say no level


@dataclass(frozen=True, slots=True)
class AreaColumn:
    """A column of area codes. vintage: of every row; "" means the latest held, or the row's own column."""

    column: str
    vintage: str = ""


def choose(table: Table, asked: str | None, vintage: str | None, findings: Findings) -> AreaColumn | None:
    """The column asked for; else one called area, area_code or code; else the smallest geography named."""
    if asked is not None:
        column = asked if table.require(findings, asked) else None
    else:
        column = next((each for each in PLAIN if each in table.header), None) or _smallest(table)
        if column is None and table.header:
            findings.add(1, "", "No column names an area.", "Say which one with --area.")
    if column is None:
        return None
    known = of_code_column(column)
    return AreaColumn(column, vintage or (known[1] if known else ""))


def _smallest(table: Table) -> str | None:
    known = [(RANK[found[0]], each) for each in table.header if (found := of_code_column(each))]
    return min(known)[1] if known else None


@dataclass(slots=True)
class HeldAreas:
    """The ids of the areas held, by code and vintage, and the latest vintage of each code.

    only: pass over rows of areas that are not held, and count them, for files about more than our places.
    """

    ids: Mapping[tuple[str, str], int]
    latest: Mapping[str, str]
    only: bool = False
    passed_over: int = 0

    def passes_over(self, row: Row, column: AreaColumn) -> bool:
        """True when the row is about somewhere else and only areas held are wanted."""
        elsewhere = self.only and bool(row[column.column]) and row[column.column] not in self.latest
        self.passed_over += elsewhere
        return elsewhere

    def notes(self) -> tuple[str, ...]:
        """What was passed over, for the outcome."""
        if not self.passed_over:
            return ()
        return (f"{self.passed_over:,} rows of areas that are not held were passed over.",)

    def id_of(self, row: Row, column: AreaColumn, findings: Findings) -> int | None:
        """The id of the row's area; a problem when it is not held."""
        code = row[column.column]
        vintage = column.vintage or row.cells.get("vintage") or self.latest.get(code, "")
        found = self.ids.get((code, vintage))
        if found is None:
            self._report(row, column, code, vintage, findings)
        return found

    def _report(self, row: Row, column: AreaColumn, code: str, vintage: str, findings: Findings) -> None:
        if not code:
            findings.add(row.number, column.column, "The cell is empty.", "Every row needs an area.")
        elif code in self.latest:
            findings.add(
                row.number,
                column.column,
                f"{code} is held with boundaries of {self.latest[code]}, not of {vintage}.",
                f"Import the areas of {vintage}, or say --vintage {self.latest[code]}.",
            )
        else:
            findings.add(
                row.number,
                column.column,
                f"There is no area {code!r}.",
                "Import it with `survey-app areas import`, correct the code, or import with --only-held.",
            )


def held_areas(session: Session, *, only: bool = False) -> HeldAreas:
    """The areas held now."""
    ids = store.identities(session)
    return HeldAreas(ids, {code: vintage for code, vintage in sorted(ids)}, only)
