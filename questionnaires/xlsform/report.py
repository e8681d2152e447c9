"""What became of every row of a form: imported, changed, left out, or why the form is refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """What became of a row, from best to worst."""

    IMPORTED = "imported"
    CHANGED = "changed"  # imported, and something about it is not as it was
    LEFT_OUT = "left out"
    REFUSED = "refused"  # the whole form is


ORDER = list(Outcome)


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that is not as it was: where, why, and what to do about it."""

    sheet: str
    row: int  # as a spreadsheet numbers it, the header being 1; 0 for the sheet as a whole
    column: str
    outcome: Outcome
    cause: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.sheet}:{self.row}" if self.row else self.sheet
        column = f": {self.column}" if self.column else ""
        return f"{place}{column}: {self.outcome.value}: {self.cause} {self.remedy}".rstrip()

    def as_dict(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "outcome": self.outcome.value,
            "cause": self.cause,
            "remedy": self.remedy,
        }


@dataclass(slots=True)
class Report:
    """The outcome of every row, and the notes that explain those that are not as they were."""

    rows: dict[tuple[str, int], str] = field(default_factory=dict)  # place: the row's name
    notes: list[Note] = field(default_factory=list)

    def row(self, sheet: str, number: int, name: str) -> None:
        """Count a row; it is imported unless a note says otherwise."""
        self.rows[(sheet, number)] = name

    def changed(self, at: tuple[str, int], column: str, cause: str, remedy: str = "") -> None:
        self._add(at, column, Outcome.CHANGED, cause, remedy)

    def left_out(self, at: tuple[str, int], column: str, cause: str, remedy: str = "") -> None:
        """A whole row is not in the questionnaire."""
        self._add(at, column, Outcome.LEFT_OUT, cause, remedy)

    def refuse(self, at: tuple[str, int], column: str, cause: str, remedy: str = "") -> None:
        """The form cannot become a questionnaire."""
        self._add(at, column, Outcome.REFUSED, cause, remedy)

    @property
    def refused(self) -> list[Note]:
        return [note for note in self.notes if note.outcome is Outcome.REFUSED]

    def outcomes(self) -> dict[tuple[str, int], Outcome]:
        """What became of each row."""
        found = dict.fromkeys(self.rows, Outcome.IMPORTED)
        for note in self.notes:
            place = (note.sheet, note.row)
            if place in found:
                found[place] = max(found[place], note.outcome, key=ORDER.index)
        return found

    def counts(self) -> dict[str, int]:
        """How many rows of the survey sheet came to each outcome."""
        found = dict.fromkeys((outcome.value for outcome in Outcome), 0)
        for (sheet, _row), outcome in self.outcomes().items():
            found[outcome.value] += sheet == "survey"
        return found

    def as_dict(self) -> dict[str, Any]:
        """For scripts: each row with its outcome and notes, then notes on whole sheets."""
        places = {(note.sheet, note.row) for note in self.notes} - set(self.rows)
        outcomes = self.outcomes()
        return {
            "ok": not self.refused,
            "counts": self.counts(),
            "rows": [
                {
                    "sheet": sheet,
                    "row": row,
                    "name": self.rows[(sheet, row)],
                    "outcome": outcomes[(sheet, row)].value,
                    "notes": [n.as_dict() for n in self.notes if (n.sheet, n.row) == (sheet, row)],
                }
                for sheet, row in sorted(self.rows)
            ],
            "notes": [n.as_dict() for n in self.notes if (n.sheet, n.row) in places],
        }

    def _add(self, at: tuple[str, int], column: str, outcome: Outcome, cause: str, remedy: str) -> None:
        note = Note(*at, column, outcome, cause, remedy)
        if note not in self.notes:
            self.notes.append(note)
