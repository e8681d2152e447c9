"""What an import did."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

Key = TypeVar("Key", bound=Hashable)


class Progress(Protocol):
    """Told now and then how far the work is: `done` of `total`, in whatever unit `what` is counted."""

    def __call__(self, what: str, done: int, total: int) -> None: ...


def silent(what: str, done: int, total: int) -> None:
    """Progress for those who do not watch."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many things of one kind were added, changed, left as they were, or removed."""

    what: str
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0

    def __str__(self) -> str:
        text = f"{self.what}: {self.added:,} added, {self.changed:,} changed, {self.unchanged:,} unchanged"
        return f"{text}, {self.removed:,} removed" if self.removed else text


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything an import did, and what the person who ran it should know."""

    counts: tuple[Counts, ...]
    notes: tuple[str, ...] = ()

    def detail(self) -> dict[str, Any]:
        """As the audit trail keeps it."""
        return {each.what: [each.added, each.changed, each.unchanged, each.removed] for each in self.counts}


@dataclass(slots=True)
class Difference(Generic[Key]):
    """Wanted values against held ones, by key: what to add, to change and to leave."""

    added: dict[Key, Any] = field(default_factory=dict)
    changed: dict[Key, Any] = field(default_factory=dict)
    unchanged: int = 0

    def counts(self, what: str, removed: int = 0) -> Counts:
        return Counts(what, len(self.added), len(self.changed), self.unchanged, removed)


def difference(wanted: Mapping[Key, Any], held: Mapping[Key, Any]) -> Difference[Key]:
    """Compare two mappings key by key."""
    result: Difference[Key] = Difference()
    for key, value in wanted.items():
        if key not in held:
            result.added[key] = value
        elif held[key] != value:
            result.changed[key] = value
        else:
            result.unchanged += 1
    return result
