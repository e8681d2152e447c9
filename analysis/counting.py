"""Counting rows into tallies, batch by batch, without keeping the rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import numpy as np

from analysis import answer_counts, tallies
from analysis.answer_counts import AnswerCounts, Codes, Dense, Integers, Sparse, Whole, category, narrow
from analysis.tallies import AREA, MARGIN_PREFIX, MODE, Tallies, cells_of


class Axis:
    """Names in order, and their numbers."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = list(names)
        self._number = {name: position for position, name in enumerate(self.names)}

    def __len__(self) -> int:
        return len(self.names)

    def numbers(self, names: Sequence[str]) -> Whole:
        """The number of each name; 0 for a name that is not there, so only for names that no row uses."""
        return narrow(np.array([self._number.get(name, 0) for name in names], dtype=np.int64))


class Counting:
    """Counts of everything added so far.

    area, mode, margins: every name that will come, in the order wanted. reach: item -> lowest and highest
    code that will come.
    """

    def __init__(
        self, area: Axis, mode: Axis, margins: Mapping[str, Axis], reach: Mapping[str, tuple[int, int]]
    ) -> None:
        self._area, self._mode, self._margins = area, mode, dict(margins)
        self._cells = int(np.prod([max(len(axis), 1) for axis in self._margins.values()], dtype=np.int64))
        self._groups = _Groups(max(len(area), 1) * self._cells)
        self._modes = _Totals(0, max(len(mode), 1) - 1)
        self._items = {item: _Totals(low, high) for item, (low, high) in reach.items()}

    def add(self, texts: Mapping[str, Whole], answers: Iterable[tuple[str, Whole]]) -> None:
        """Count rows: numbers (rows,) on the axes of AREA, MODE and MARGIN_PREFIX + name; codes (rows,) item
        by item, each taken only when the one before is counted.
        """
        flat = texts[AREA].astype(np.int64)
        for name, axis in self._margins.items():
            flat *= max(len(axis), 1)
            flat += texts[MARGIN_PREFIX + name]
        group = self._groups.of(flat)
        count = len(self._groups)
        key = flat  # no longer needed: its memory takes every item's keys
        shape, start = (0, -1), group
        every = ((self._items[item], codes) for item, codes in answers)
        for total, codes in chain([(self._modes, texts[MODE])], every):
            if shape != (total.low, total.high):
                shape, start = (total.low, total.high), group * total.span - total.low
            np.add(start, codes, out=key)
            total.add(key, count)

    def tallies(self) -> Tallies:
        """What was counted: cells ordered by their levels, respondents by area, cell and mode, answers by
        item (as given), area, cell and code.
        """
        order = self._groups.order()
        area, cell = np.divmod(self._groups.flat()[order], self._cells)
        held, cell = np.unique(cell, return_inverse=True)
        at, mode, n = self._modes.codes(order).rows()
        return Tallies(
            cells=cells_of(held, {name: axis.names for name, axis in self._margins.items()}),
            respondents=tallies.respondent_rows(
                category(area[at], self._area.names),
                category(mode, self._mode.names),
                cell[at],
                n.astype(np.int64),
            ),
            given=AnswerCounts(
                self._area.names,
                area.astype(np.int32),
                cell.astype(np.int32),
                list(self._items),
                {item: total.codes(order) for item, total in self._items.items()},
            ),
        )


class _Groups:
    """Areas and cells that occur, numbered as they come."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._flat: list[Integers] = []
        self._count = 0
        self._table = np.full(size, -1, dtype=np.int64) if size <= answer_counts.DENSE_LIMIT else None
        self._number: dict[int, int] = {}

    def __len__(self) -> int:
        return self._count

    def of(self, flat: Integers) -> Integers:
        """The number of the group of each row."""
        if self._table is not None:
            held = np.flatnonzero(np.bincount(flat, minlength=self._size))
            fresh = held[self._table[held] < 0]
            self._table[fresh] = self._new(fresh)
            return self._table[flat]
        held, inverse = np.unique(flat, return_inverse=True)
        known = np.array([key in self._number for key in held.tolist()], dtype=bool)
        fresh = held[~known]
        self._number.update(zip(fresh.tolist(), self._new(fresh).tolist(), strict=True))
        numbers: Integers = np.array([self._number[key] for key in held.tolist()], dtype=np.int64)[inverse]
        return numbers

    def _new(self, fresh: Integers) -> Integers:
        self._flat.append(fresh)
        start, self._count = self._count, self._count + len(fresh)
        return np.arange(start, self._count, dtype=np.int64)

    def flat(self) -> Integers:
        return np.concatenate([np.empty(0, dtype=np.int64), *self._flat])

    def order(self) -> Integers:
        """Numbers of the groups by area, then cell."""
        return np.argsort(self.flat()).astype(np.int64)


class _Totals:
    """How often each key (group x span + code - low) occurred: densely, or by sorting once keys are many."""

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high, self.span = low, high, high - low + 1
        self._dense: Whole | None = np.empty(0, dtype=np.uint8)
        self._keys = self._n = np.empty(0, dtype=np.int64)

    def add(self, key: Integers, groups: int) -> None:
        size = groups * self.span
        if self._dense is not None and size <= answer_counts.DENSE_LIMIT:
            total = np.bincount(key, minlength=size)
            total[: len(self._dense)] += self._dense
            self._dense = narrow(total)
            return
        if self._dense is not None:
            self._keys = np.flatnonzero(self._dense).astype(np.int64)
            self._n, self._dense = self._dense[self._keys].astype(np.int64), None
        held, n = np.unique(key, return_counts=True)
        keys, inverse = np.unique(np.concatenate([self._keys, held]), return_inverse=True)
        total = np.zeros(len(keys), dtype=np.int64)
        total[inverse[: len(self._n)]] = self._n
        total[inverse[len(self._n) :]] += n
        self._keys, self._n = keys, total

    def codes(self, order: Integers) -> Codes:
        """What was counted, with the groups in `order`."""
        if self._dense is not None:
            table = np.zeros(len(order) * self.span, dtype=self._dense.dtype)
            table[: len(self._dense)] = self._dense
            return Dense(self.low, table.reshape(len(order), self.span)[order])
        position = np.empty(len(order), dtype=np.int64)
        position[order] = np.arange(len(order))
        group, code = np.divmod(self._keys, self.span)
        by_key = np.argsort(position[group] * self.span + code)
        return Sparse(position[group][by_key], code[by_key] + self.low, self._n[by_key])
