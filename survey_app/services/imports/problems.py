"""What is wrong with a file someone wants to import: every fault, with its row, column and remedy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """One fault. `row` counts as a spreadsheet does, the header being row 1; 0 means the whole file."""

    file: str
    row: int
    column: str
    cause: str
    remedy: str

    def __str__(self) -> str:
        place = [self.file]
        if self.row:
            place.append(f"row {self.row}")
        if self.column:
            place.append(f"column {self.column}")
        return f"{', '.join(place)}: {self.cause} {self.remedy}"


class ImportRefusedError(Exception):
    """The file was not imported and nothing was changed; `problems` says every reason."""

    def __init__(self, problems: list[ImportProblem]):
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(slots=True)
class Findings:
    """The problems found so far in one file."""

    file: str
    found: list[ImportProblem] = field(default_factory=list)

    def add(self, row: int, column: str, cause: str, remedy: str) -> None:
        self.found.append(ImportProblem(self.file, row, column, cause, remedy))

    def refuse_if_any(self) -> None:
        """Raise ImportRefusedError when anything was found."""
        if self.found:
            raise ImportRefusedError(sorted(self.found, key=lambda problem: problem.row))

    def __iter__(self) -> Iterator[ImportProblem]:
        return iter(self.found)

    def __bool__(self) -> bool:
        return bool(self.found)
