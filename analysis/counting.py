"""Counting rows into tallies, batch by batch, without keeping the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from analysis import tallies
from analysis.tallies import AREA, MARGIN_PREFIX, MODE, Integers, Rows, Tallies, category, cells_of


class Axis:
    """Names in order, and their numbers."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = list(names)
        self._number = {name: position for position, name in enumerate(self.names)}

    def __len__(self) -> int:
        return len(self.names)

    def numbers(self, names: Sequence[str]) -> Integers:
        """The number of each name; 0 for a name that is not there, so only for names that no row uses."""
        return np.array([self._number.get(name, 0) for name in names], dtype=np.int64)


class Counting:
    """Counts of everything added so far.

    area, mode, margins: every name that will come, in the order wanted. reach: item -> lowest and highest
    code that will come.
    """

    def __init__(
        self, area: Axis, mode: Axis, margins: Mapping[str, Axis], reach: Mapping[str, tuple[int, int]]
    ) -> None:
        self._area, self._mode, self._margins, self._reach = area, mode, dict(margins), dict(reach)
        self._cells = int(np.prod([max(len(axis), 1) for axis in self._margins.values()], dtype=np.int64))
        self._groups = _Groups(max(len(area), 1) * self._cells)
        self._modes = _Totals(max(len(mode), 1))
        self._items = {item: _Totals(high - low + 1) for item, (low, high) in self._reach.items()}

    def add(self, texts: Mapping[str, Integers], values: Mapping[str, NDArray[np.integer]]) -> None:
        """Count rows: numbers (rows,) on the axes of AREA, MODE and MARGIN_PREFIX + name; codes of items."""
        flat = texts[AREA]
        for name, axis in self._margins.items():
            flat = flat * max(len(axis), 1) + texts[MARGIN_PREFIX + name]
        group = self._groups.of(flat)
        count = len(self._groups)
        self._modes.add(group * self._modes.span + texts[MODE], count)
        starts: dict[int, Integers] = {}
        key = np.empty(len(group), dtype=np.int64)
        for item, total in self._items.items():
            if total.span not in starts:
                starts[total.span] = group * total.span
            np.add(starts[total.span], values[item], out=key)
            key -= self._reach[item][0]
            total.add(key, count)

    def tallies(self) -> Tallies:
        """What was counted, ordered as `assembly.assemble` says."""
        order = self._groups.order()
        area, cell = np.divmod(self._groups.flat()[order], self._cells)
        held, cell = np.unique(cell, return_inverse=True)
        at, mode, n = self._modes.held(order)
        respondents = tallies.respondent_rows(
            category(area[at], self._area.names), category(mode, self._mode.names), cell[at], n
        )
        rows = Rows(self._area.names, list(self._items))
        for position, (item, total) in enumerate(self._items.items()):
            at, code, n = total.held(order)
            rows.add(position, area[at], cell[at], code + self._reach[item][0], n)
        return Tallies(
            cells=cells_of(held, {name: axis.names for name, axis in self._margins.items()}),
            respondents=respondents,
            answers=rows.frame(),
        )


class _Groups:
    """Areas and cells that occur, numbered as they come."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._flat: list[Integers] = []
        self._count = 0
        self._table = np.full(size, -1, dtype=np.int64) if size <= tallies.DENSE_LIMIT else None
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
    """How often each key (group x span + code) occurred: densely, or by sorting once there are too many."""

    def __init__(self, span: int) -> None:
        self.span = span
        self._dense: NDArray[np.integer] | None = np.empty(0, dtype=np.int32)
        self._keys = self._n = np.empty(0, dtype=np.int64)

    def add(self, key: Integers, groups: int) -> None:
        size = groups * self.span
        if self._dense is not None and size <= tallies.DENSE_LIMIT:
            total = np.bincount(key, minlength=size)
            total[: len(self._dense)] += self._dense
            small = int(total.max(initial=0)) <= np.iinfo(np.int32).max
            self._dense = total.astype(np.int32) if small else total
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

    def held(self, order: Integers) -> tuple[Integers, Integers, Integers]:
        """Position in `order`, code and count of each key that occurred, by position, then code."""
        if self._dense is not None:
            table = np.zeros(len(order) * self.span, dtype=self._dense.dtype)
            table[: len(self._dense)] = self._dense
            flat = table.reshape(len(order), self.span)[order].reshape(-1)
            keys = np.flatnonzero(flat)
            return keys // self.span, keys % self.span, flat[keys].astype(np.int64)
        position = np.empty(len(order), dtype=np.int64)
        position[order] = np.arange(len(order))
        group, code = np.divmod(self._keys, self.span)
        keys = position[group] * self.span + code
        by_key = np.argsort(keys)
        return keys[by_key] // self.span, keys[by_key] % self.span, self._n[by_key]
