"""What is wrong with an input file: each fault with its place, its cause and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input file. `row` counts from 1, a table's header being row 1."""

    file: str
    row: int | None
    cause: str
    remedy: str

    def __str__(self) -> str:
        place = self.file if self.row is None else f"{self.file} row {self.row}"
        return f"{place}: {self.cause} {self.remedy}"


class RefusedError(Exception):
    """The input was refused; `faults` says every reason, file by file in order of row."""

    def __init__(self, faults: Iterable[Fault]):
        self.faults = tuple(faults)
        super().__init__("\n".join(str(f) for f in self.faults))


class Findings:
    """Faults of one YAML file as they are found, each at the line of the key it is about."""

    def __init__(self, file: str):
        self.file = file
        self.faults: list[Fault] = []

    def add(self, where: Any, key: Any, cause: str, remedy: str) -> None:
        try:
            row = where.lc.key(key)[0] + 1
        except (AttributeError, KeyError, TypeError):
            row = None
        self.faults.append(Fault(self.file, row, cause, remedy))


def is_number(value: Any) -> bool:
    """A number in a YAML file; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def example(text: str) -> str:
    """A remedy that shows what to write."""
    return f"Write, for example, {text}"
