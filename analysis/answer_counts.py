"""How many people of each group gave each code: dense tables of small integers, long rows only on demand.

A million responses in 300 areas and 180 cells are 22 million long rows (330 MB) and 30 MB of dense counts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Whole = NDArray[np.integer[Any]]
Long = tuple[Integers, Integers, Whole]
"""Group, code and count of each that occurs, by group, then code."""

DENSE_LIMIT = 20_000_000
"""Counters in one dense count (160 MB while it is made); wider items are counted by sorting instead."""


class Codes(Protocol):
    """Counts of one item by group and code."""

    def rows(self) -> Long: ...

    def occurring(self) -> int:
        """How many rows there are."""
        ...

    def moved(self, move: Move) -> Codes: ...

    def some(self, groups: Integers) -> Codes:
        """Of these groups only (rising numbers), numbered anew."""
        ...


@dataclass(frozen=True)
class Move:
    """Pairs: the people of group `source` are counted in group `target`. Ordered by target; every target of
    `groups` occurs.
    """

    source: Integers  # (P,)
    target: Integers  # (P,)
    groups: int

    @classmethod
    def of(cls, source: Integers, target: Integers, groups: int) -> Move:
        """The pairs in any order."""
        order = np.argsort(target, kind="stable")
        return cls(source[order], target[order], groups)


@dataclass(frozen=True)
class Dense:
    """table: (groups, span) counts of the codes from `lowest` on."""

    lowest: int
    table: Whole

    def rows(self) -> Long:
        flat = self.table.reshape(-1)
        keys = np.flatnonzero(flat)
        group, code = np.divmod(keys, self.table.shape[1])
        return group, code + self.lowest, flat[keys]

    def occurring(self) -> int:
        return int(np.count_nonzero(self.table))

    def moved(self, move: Move) -> Codes:
        span = self.table.shape[1]
        if move.groups * span > DENSE_LIMIT:
            return _sorted(*_spread(self.rows(), move), span, self.lowest)
        starts = np.searchsorted(move.target, np.arange(move.groups))
        summed = np.add.reduceat(self.table[move.source], starts, axis=0, dtype=np.int64)
        return Dense(self.lowest, narrow(summed))

    def some(self, groups: Integers) -> Codes:
        return Dense(self.lowest, self.table[groups])


@dataclass(frozen=True)
class Sparse:
    """One row for each group and code that occurs: for codes that reach far, such as an income."""

    group: Integers
    code: Integers
    n: Integers

    def rows(self) -> Long:
        return self.group, self.code, self.n

    def occurring(self) -> int:
        return len(self.n)

    def moved(self, move: Move) -> Codes:
        return summed(*_spread(self.rows(), move), move.groups)

    def some(self, groups: Integers) -> Codes:
        number = np.full(max(int(self.group.max(initial=-1)), int(groups.max(initial=-1))) + 1, -1)
        number[groups] = np.arange(len(groups))
        kept = number[self.group] >= 0
        return Sparse(number[self.group[kept]], self.code[kept], self.n[kept])


def narrow(counts: Whole) -> Whole:
    """The same counts in the smallest unsigned integers that hold them."""
    return counts.astype(np.min_scalar_type(int(counts.max(initial=0))), copy=False)


def summed(group: Integers, code: Integers, n: Whole, groups: int) -> Codes:
    """Codes of rows in any order, the same group and code more than once or not."""
    lowest = int(code.min(initial=0) if len(code) == 0 else code.min())
    span = int(code.max()) - lowest + 1 if len(code) else 1
    if groups * span > DENSE_LIMIT:
        return _sorted(group, code, n, span, lowest)
    table = np.zeros(groups * span, dtype=np.int64)
    np.add.at(table, group * span + (code - lowest), n.astype(np.int64))
    return Dense(lowest, narrow(table.reshape(groups, span)))


def _sorted(group: Integers, code: Integers, n: Whole, span: int, lowest: int) -> Codes:
    keys, inverse = np.unique(group * span + (code - lowest), return_inverse=True)
    total = np.zeros(len(keys), dtype=np.int64)
    np.add.at(total, inverse, n.astype(np.int64))
    return Sparse(keys // span, keys % span + lowest, total)


def _spread(rows: Long, move: Move) -> Long:
    """Rows of the groups they move to, in no order."""
    group, code, n = rows
    order = np.argsort(move.source, kind="stable")
    source, target = move.source[order], move.target[order]
    first, last = np.searchsorted(source, group, "left"), np.searchsorted(source, group, "right")
    times = last - first
    at = np.repeat(np.arange(len(group)), times)
    within = np.arange(len(at)) - np.repeat(np.cumsum(times) - times, times)
    return target[first[at] + within], code[at], n[at]


@dataclass(frozen=True)
class AnswerCounts:
    """Counts of every item. Groups (G) are the areas and cells in which somebody answered.

    areas: the names that `area` numbers. area, cell: (G,) by area, then cell. names: items in order, those
    left out since as well. items: each that is held.
    """

    areas: Sequence[str]
    area: NDArray[np.int32]
    cell: NDArray[np.int32]
    names: Sequence[str]
    items: Mapping[str, Codes]

    def only(self, wanted: Collection[str]) -> AnswerCounts:
        return replace(self, items={name: held for name, held in self.items.items() if name in wanted})

    def in_areas(self, wanted: Collection[str]) -> AnswerCounts:
        told = np.array([name in wanted for name in self.areas], dtype=bool)
        kept = np.flatnonzero(told[self.area])
        return replace(
            self,
            area=self.area[kept],
            cell=self.cell[kept],
            items={name: held.some(kept) for name, held in self.items.items()},
        )

    def regrouped(
        self, areas: Sequence[str], source: Integers, area: Integers, cell: Integers
    ) -> AnswerCounts:
        """The people of group source (P,) counted in area and cell (P,), where `areas` names the areas."""
        width = int(cell.max(initial=0)) + 1
        held, target = np.unique(area * width + cell, return_inverse=True)
        move = Move.of(source, target.astype(np.int64), len(held))
        return AnswerCounts(
            areas,
            (held // width).astype(np.int32),
            (held % width).astype(np.int32),
            self.names,
            {name: codes.moved(move) for name, codes in self.items.items()} if len(held) else {},
        )

    def rows_of(self, item: str) -> pd.DataFrame | None:
        """Columns area, cell, code, n of one item, by area, cell and code; None where nobody was asked."""
        held = self.items.get(item)
        if held is None:
            return None
        group, code, n = held.rows()
        if len(n) == 0:
            return None
        return pd.DataFrame(
            {
                "area": category(self.area[group], self.areas),
                "cell": self.cell[group],
                "code": code.astype(np.int32),
                "n": n.astype(np.int32),
            }
        )

    def frame(self) -> pd.DataFrame:
        """Columns area, cell, item, code, n: every item's rows, each column written once."""
        size = sum(held.occurring() for held in self.items.values())
        area = np.empty(size, np.min_scalar_type(-max(len(self.areas), 1)))
        item = np.empty(size, np.min_scalar_type(-max(len(self.names), 1)))
        cell, code, n = (np.empty(size, np.int32) for _ in range(3))
        start = 0
        for position, name in enumerate(self.names):
            if name not in self.items:
                continue
            group, codes, counts = self.items[name].rows()
            rows = slice(start, start := start + len(counts))
            area[rows], cell[rows] = self.area[group], self.cell[group]
            item[rows], code[rows], n[rows] = position, codes, counts
        columns = {
            "area": category(area, self.areas),
            "cell": cell,
            "item": category(item, self.names),
            "code": code,
            "n": n,
        }
        return pd.DataFrame(columns, copy=False)


def together(parts: Sequence[tuple[AnswerCounts, Integers]]) -> AnswerCounts:
    """The counts of several, each with the new number of each of its cells. Names come in order."""
    areas = sorted({part.areas[i] for part, _ in parts for i in np.unique(part.area)})
    names = sorted({name for part, _ in parts for name, held in part.items.items() if held.occurring()})
    number = {name: position for position, name in enumerate(areas)}
    width = max((int(cells.max(initial=0)) + 1 for _, cells in parts), default=1)
    keys = [
        np.array([number.get(name, 0) for name in part.areas], dtype=np.int64)[part.area] * width
        + cells[part.cell]
        for part, cells in parts
    ]
    held = np.unique(np.concatenate(keys))
    items = {}
    for name in names:
        rows = [
            (np.searchsorted(held, key)[group], code, n)
            for (part, _), key in zip(parts, keys, strict=True)
            if name in part.items
            for group, code, n in (part.items[name].rows(),)
        ]
        group, code, n = (np.concatenate(column) for column in zip(*rows, strict=True))
        items[name] = summed(group, code, n, len(held))
    return AnswerCounts(
        areas, (held // width).astype(np.int32), (held % width).astype(np.int32), names, items
    )


def category(codes: Whole, names: Sequence[str]) -> pd.Categorical[Any]:
    """Numbers (rows,) into names, as a column."""
    dtype = pd.CategoricalDtype(pd.Index(list(names), dtype=object))
    return pd.Categorical.from_codes(codes, dtype=dtype, validate=False)
