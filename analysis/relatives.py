"""Relatives: figures of earlier releases that tell of the same answers as an indicator under another name.

A share that a place makes anew, or one whose definition has changed, has no earlier figures of its own. Those
of other indicators over the same questions are its earlier figures all the same: "cold" as it stands from
release 1, and "not cold" made for release 2, tell together of the few who answered in between.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.earlier import Past
from analysis.indicators import items_in
from analysis.inputs import Inputs
from analysis.nesting import Counts
from analysis.tallies import Tallies
from questionnaires.framework import Statistic


@dataclass(frozen=True, slots=True)
class Relative:
    """Another indicator in an earlier release, and its [base, total] in each of those areas now."""

    past: Past
    counts: Mapping[str, Counts]


def relatives(inputs: Inputs, rolled: Tallies) -> dict[str, list[Relative]]:
    """Of each asked indicator, its relatives, oldest first. Only those under which something has changed.

    One is left out where the indicator itself was made then in the same places: its own past tells as much.
    A composite that neither `inputs.locals` nor `inputs.former` has cannot be counted and is left out.
    """
    columns = {one.signature: one.column for one in (*inputs.former, *inputs.locals)}
    counted: dict[str, dict[str, Counts]] = {}
    found: dict[str, list[Relative]] = {local.code: [] for local in inputs.locals if local.asked}
    if not inputs.past:
        return found
    for local in inputs.locals:
        for bases in inputs.past if local.asked else ():
            own = bases.past(local.code, local.signature)
            for code, (signature, records) in sorted(bases.figures.items()):
                past = Past(bases.number, records)
                same = (code, signature) == (local.code, local.signature)
                if same or not past.fresh or not items_in(signature) & items_in(local.signature):
                    continue
                if own is not None and own.fresh == past.fresh:
                    continue
                column = columns.get(signature, "" if _is_composite(signature) else _column(signature))
                if not column:
                    continue
                if signature not in counted:
                    counted[signature] = _counts(signature, rolled.given.rows_of(column), inputs.codes)
                if _changed(past, counted[signature]):
                    found[local.code].append(Relative(past, counted[signature]))
    return found


def _is_composite(signature: str) -> bool:
    return signature.startswith("composite|")


def _column(signature: str) -> str:
    return signature.split("|")[0]


def _counts(signature: str, frame: pd.DataFrame | None, areas: Sequence[str]) -> dict[str, Counts]:
    """[base, total] by area of what a signature means (`Local.signature`). frame: its column's answers."""
    if frame is None:
        return {area: np.zeros(2, dtype=np.int64) for area in areas}
    if _is_composite(signature):
        share, codes, outside = True, {1}, set[int]()
    else:
        _name, statistic, counted, left_out = signature.split("|")
        share = statistic == Statistic.PROPORTION.value
        codes, outside = _numbers(counted), _numbers(left_out)
    code, n = frame["code"].to_numpy(dtype=np.int64), frame["n"].to_numpy(dtype=np.int64)
    base = np.where((code >= 0) & ~np.isin(code, sorted(outside)), n, 0)
    total = base * np.isin(code, sorted(codes)) if share else base * code
    sums = pd.DataFrame({"base": base, "total": total}, index=frame.index)
    table = sums.groupby(frame["area"], observed=True).sum()
    table.index = table.index.astype(str)
    held = table.reindex(list(areas), fill_value=0).to_numpy(dtype=np.int64)
    return dict(zip(areas, held, strict=True))


def _numbers(text: str) -> set[int]:
    return {int(number) for number in text.split(",") if number}


def _changed(past: Past, counts: Mapping[str, Counts]) -> bool:
    known: Collection[str] = past.records.keys() & counts.keys()
    return any(
        (past.records[code].base, past.records[code].total) != tuple(map(int, counts[code])) for code in known
    )
