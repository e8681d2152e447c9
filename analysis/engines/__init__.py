"""Counting a snapshot, by several engines that read the same Parquet files and give the same tallies.

A further engine is a module here with `tally(source) -> Tallies` and an entry in `ENGINES`. This module
imports none of them until it is asked to: settings may name an engine without loading NumPy.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from analysis.tallies import Tallies

DEFAULT = "numpy"


@dataclass(frozen=True, slots=True)
class Engine:
    """Where an engine's `tally` is, and the library it needs (also the name of the extra that brings it)."""

    module: str
    library: str
    extra: str = ""


ENGINES = {
    DEFAULT: Engine("analysis.engines.arrays", "numpy"),
    "duckdb": Engine("analysis.engines.duck", "duckdb", "duckdb"),
    "spark": Engine("analysis.engines.spark", "pyspark", "spark"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """Parquet parts whose digests were checked (at least one), the margins and the items to count.

    mode: only those who answered so; None for everyone.
    """

    files: tuple[Path, ...]
    margins: tuple[str, ...]
    items: tuple[str, ...]
    mode: str | None = None


class Counter(Protocol):
    """An engine. Rows are ordered as `assembly.assemble` says, so that engines can be compared exactly."""

    def __call__(self, source: Source) -> Tallies: ...


class EngineError(Exception):
    """An engine is not known, or what it needs is not installed; the message says what to do."""


def tally(
    folder: Path,
    margins: Sequence[str] | None = None,
    items: Collection[str] | None = None,
    *,
    mode: str | None = None,
    engine: str = DEFAULT,
) -> Tallies:
    """Count the snapshot in `folder`.

    margins: those that make the cells, by default all that it holds. items: columns to count, by default
    all; respondents are always counted whole. mode: only those who answered so, by default everyone. Raises
    EngineError; KeyError naming margins or items that the snapshot does not have; SnapshotError when there is
    none or a part is missing or altered.
    """
    from analysis import snapshot, tallies

    count = find(engine)
    held = snapshot.contents(folder)
    chosen = held.margins if margins is None else tuple(margins)
    wanted = held.items if items is None else tuple(name for name in held.items if name in set(items))
    unknown = (set(chosen) - set(held.margins)) | (set(items or ()) - set(held.items))
    if unknown:
        raise KeyError(f"the snapshot has no {', '.join(sorted(unknown))}")
    if not held.files:
        return tallies.nothing(chosen)
    return count(Source(held.files, chosen, wanted, mode))


def find(name: str) -> Counter:
    """The `tally` of an engine. Raises EngineError when it is not known or its library is not installed."""
    check(name)
    return cast(Counter, importlib.import_module(ENGINES[name].module).tally)


def check(name: str) -> None:
    """Raises EngineError as `find` does, without loading the engine."""
    engine = ENGINES.get(name)
    if engine is None:
        raise EngineError(f"{name!r} is no engine. Choose one of: {', '.join(ENGINES)}.")
    if importlib.util.find_spec(engine.library) is None:
        raise EngineError(
            f"counting with {name} needs {engine.library}, which is not installed. "
            f"Install it: pip install 'hereabouts[{engine.extra}]'."
        )
