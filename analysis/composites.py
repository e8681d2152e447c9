"""Composites: what holds for a person over several answers, as a column of its own beside the answers.

Totals of separate questions cannot tell it, so it is worked out row by row from the snapshot, before the
count. From there on a composite is a column like any other: weighted, with a standard error from values
within persons, decided by the same disclosure rules, and the same from every engine.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from analysis import engines, snapshot
from analysis.engines import DEFAULT, Source
from analysis.tallies import AREA, MARGIN_PREFIX, MISSING_CODES, MODE, Tallies
from questionnaires import computing
from questionnaires.answers import SNAPSHOT_CODES
from questionnaires.framework import Composite, Framework
from questionnaires.kinds import KINDS
from questionnaires.model import Questionnaire

Codes = NDArray[np.int64]
DERIVED = "derived"
LOCK = ".derived-lock"
REASONS = tuple(SNAPSHOT_CODES[reason] for reason in computing.REASONS)
"""Which reason a composite is missing for, when its parts are missing for several: the first of these."""


def evaluate(
    composite: Composite, columns: Mapping[str, Codes], idle: Mapping[str, Collection[int]]
) -> Codes:
    """The composite of every row: 1, 0, or why it cannot be told.

    columns: codes by column, negative ones are missing reasons. idle: codes of a column that say nothing
    about it ("Don't know"), and count as not answered. 1 when at least `at_least` parts hold, 0 when they no
    longer can whatever the missing answers were, and missing in between (Kleene's three-valued logic).
    """
    size = len(next(iter(columns.values())))
    holding, open_ = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    reasons = {reason: np.zeros(size, dtype=bool) for reason in REASONS}
    for part in composite.parts:
        codes = columns[part.item]
        silent = np.isin(codes, sorted(idle.get(part.item, ())))
        codes = np.where(silent, MISSING_CODES["not-answered"], codes)
        holding += np.isin(codes, part.codes)
        open_ += codes < 0
        for reason, found in reasons.items():
            found |= codes == reason
    why = np.select([reasons[reason] for reason in REASONS], REASONS, REASONS[-1])
    at_least = composite.at_least
    return np.where(holding >= at_least, 1, np.where(holding + open_ < at_least, 0, why)).astype(np.int64)


def columns_of(framework: Framework, questionnaire: Questionnaire) -> dict[str, Composite]:
    """Every column that the framework's composites need, where the questionnaire asks all of their parts."""
    asked = snapshot.columns(questionnaire)
    found: dict[str, Composite] = {}
    for _, _, _, indicator in framework.indicators():
        composite, column = indicator.composite, indicator.item
        if composite is None or column is None or any(part.item not in asked for part in composite.parts):
            continue
        found[column] = composite
        other = dual(composite)
        if other is not None:
            found[dual_column(column)] = other
    return found


def dual(composite: Composite) -> Composite | None:
    """Of two parts: any of them where both are needed, and both where any is enough.

    Beside the composite and its parts it is known to whoever subtracts, so it must be counted to be guarded.
    """
    if len(composite.parts) != 2:
        return None
    return replace(composite, at_least=3 - composite.at_least)


def dual_column(column: str) -> str:
    return f"{column}.dual"


def tally(
    folder: Path, wanted: Mapping[str, Composite], questionnaire: Questionnaire, *, engine: str = DEFAULT
) -> Tallies:
    """Count the snapshot in `folder` with more columns: a composite each, by its name in `wanted`.

    What is counted stands in the snapshot's folder meanwhile, without ids. Raises as `engines.tally` does.
    """
    count = engines.find(engine)
    held = snapshot.contents(folder)
    if not wanted or not held.files:
        return engines.tally(folder, engine=engine)
    idle = _idle(questionnaire)
    texts = (AREA, MODE, *(MARGIN_PREFIX + name for name in held.margins))
    with _scratch(folder) as derived:
        files = []
        for path in held.files:
            table = pq.read_table(path, columns=[*texts, *held.items])
            for column, composite in wanted.items():
                codes = {part.item: table[part.item].to_numpy().astype(np.int64) for part in composite.parts}
                values = evaluate(composite, codes, idle).astype(np.int8)
                table = table.append_column(column, pa.array(values))
            files.append(derived / path.name)
            pq.write_table(table, files[-1], compression="zstd")
        return count(Source(tuple(files), held.margins, (*held.items, *wanted)))


def _idle(questionnaire: Questionnaire) -> dict[str, frozenset[int]]:
    """Options that say nothing, by column; a column for each option has none."""
    return {
        item.code: frozenset(option.code for option in item.options if not option.substantive)
        for item in questionnaire.items()
        if not KINDS[item.kind].many
    }


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A folder for the derived columns, one count at a time; what a broken-off count left is swept up."""
    derived = folder / DERIVED
    with (folder / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.rmtree(derived, ignore_errors=True)
        derived.mkdir(mode=0o700)
        try:
            yield derived
        finally:
            shutil.rmtree(derived, ignore_errors=True)
