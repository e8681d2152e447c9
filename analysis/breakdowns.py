"""Breakdowns: the answers of each area by group or by option, and which cells of such a table may be shown.

A table of areas by columns is tied together along its rows (an area's own figure is the sum of its columns)
and along its columns (a district's women are those of its wards). So a cell that is hidden for what it says
can often be had from the cells around it. Rules, in turn: what a cell says itself; what is left of a row or
column when its shown cells are taken away; and, for every hidden cell that must stay unknown, how much the
table as a whole leaves open (`bounds`). Each round hides at least one more cell, so they end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.bounds import NARROWEST, Bounds, Known
from analysis.disclosure import Policy
from analysis.nesting import Nesting

Counts3 = NDArray[np.int64]
Mask = NDArray[np.bool_]
Cell = tuple[int, int]


@dataclass(frozen=True)
class Breakdown:
    """Exact counts of one question by area and column; an area's counts include those of areas inside it.

    areas: (A,) in `nesting.codes` order. counts: (A, L, Q); q = 0 all answers, further q the parts that must
    not be small. sums: (L,) columns with the same number have a published sum in every open area.
    """

    areas: tuple[str, ...]
    columns: tuple[str, ...]
    counts: Counts3
    sums: tuple[int, ...]


@dataclass(frozen=True)
class Rules:
    """When a group of answers says nothing about a few people: none at all, or `minimum` of them and no small
    part."""

    minimum: int
    part: int

    def safe(self, counts: NDArray[np.int64]) -> Mask:
        """(...,) of (..., Q)."""
        whole, parts = counts[..., 0], counts[..., 1:]
        enough = (whole >= self.minimum) & ((parts == 0) | (parts >= self.part)).all(axis=-1)
        found: Mask = (whole == 0) | enough
        return found


def group_rules(policy: Policy) -> Rules:
    """Of a group's figure: a base and parts as for an area's."""
    return Rules(policy.minimum_base, policy.minimum_count)


def option_rules(policy: Policy) -> Rules:
    """Of the share that chose an option: nobody, or enough of them."""
    return Rules(policy.minimum_count, policy.minimum_count)


def decide(
    breakdown: Breakdown,
    nesting: Nesting,
    open_areas: Collection[str],
    rules: Rules,
    *,
    least: int,
    never: Collection[str] = (),
    complementary: bool = True,
) -> Mask:
    """Which cells (A, L) may be shown: only in areas whose own figure is shown (`open_areas`), on `least`
    answers or more.

    never: columns that are not shown whatever they hold (not stated). complementary=False keeps to the
    first rule, for tests of what the others are for.

    Areas that can have no cell are left out of the reckoning. Nothing is lost: they are rows of known sum
    and free cells, and whatever is possible for the other areas together can be divided among them.
    """
    counts = breakdown.counts
    opened = np.array([area in open_areas for area in breakdown.areas])
    opened &= counts[:, :, 0].sum(axis=1) >= least
    barred = np.array([column in never for column in breakdown.columns])
    shown: Mask = rules.safe(counts) & opened[:, None] & ~barred[None, :]
    able = np.flatnonzero((shown & (counts[:, :, 0] > 0)).any(axis=1))
    if not complementary or len(able) == 0:
        return shown
    areas = tuple(breakdown.areas[at] for at in able)
    work = _Work(
        Breakdown(areas, breakdown.columns, counts[able], breakdown.sums), nesting.among(areas), rules
    )
    work.shown = shown[able]
    while victims := work.small_rests() or work.exposed():
        work.hide(victims)
    shown[:] = False
    shown[able] = work.shown
    return shown


class _Work:
    """One table while it is being decided; every area of it is open. Areas and columns by position."""

    def __init__(self, breakdown: Breakdown, nesting: Nesting, rules: Rules):
        self.table, self.nesting, self.rules = breakdown, nesting, rules
        self.number = {code: at for at, code in enumerate(breakdown.areas)}
        self.counts = breakdown.counts
        self.shown: Mask = np.zeros(self.counts.shape[:2], dtype=bool)
        self.open_enough: set[tuple[int, int, int]] = set()  # stays so: hiding more never tells more
        self.safe_rows: dict[
            int, bytes
        ] = {}  # rows and columns as they were when nothing was wrong with them
        self.safe_columns: dict[int, bytes] = {}
        self.bounds: dict[int, Bounds] = {}  # by q; each goes on from its last answer
        self.sum_of: dict[Cell, int] = {}  # of each cell that was shown at first: its sum in `bounds`
        self.unknowns: dict[Cell, NDArray[np.intp]] = {}
        self.held: dict[int, tuple[bytes, NDArray[np.intp]]] = {}
        by_area = {code: self.counts[at].reshape(-1) for code, at in self.number.items()}
        own = nesting.own(by_area)
        self.own = np.array([own[code] for code in breakdown.areas]).reshape(self.counts.shape)
        below: dict[str, list[int]] = {code: [] for code in breakdown.areas}
        for code, at in self.number.items():
            for holder in (code, *nesting.above[code]):
                below[holder].append(at)
        self.below = {code: np.array(inside, dtype=np.intp) for code, inside in below.items()}
        self.holds = np.zeros((len(breakdown.areas), len(breakdown.areas)), dtype=np.int64)
        for code, at in self.number.items():
            self.holds[at, self.below[code]] = 1
        self.groups = [
            np.flatnonzero(np.array(breakdown.sums) == number) for number in sorted(set(breakdown.sums))
        ]

    def hide(self, cells: Collection[Cell]) -> None:
        for cell in cells:
            self.shown[cell] = False
        for bounds in self.bounds.values():
            bounds.forget([self.sum_of[cell] for cell in cells])

    # What is left of a row or a column

    def small_rests(self) -> set[Cell]:
        """One cell to hide for each row or column whose rest says too much."""
        return self._rows() or self._columns()

    def _rows(self) -> set[Cell]:
        victims = set()
        for area in np.flatnonzero(self.shown.any(axis=1)):
            row = self.shown[area].tobytes()
            if self.safe_rows.get(int(area)) == row:
                continue
            found = set()
            for group in self.groups:
                hidden = group[~self.shown[area, group]]
                if not self.rules.safe(self.counts[area, hidden].sum(axis=0)):
                    found |= self._smallest((int(area), int(column)) for column in group)
            if not found:
                self.safe_rows[int(area)] = row
            victims |= found
        return victims

    def _columns(self) -> set[Cell]:
        victims = set()
        for column in np.flatnonzero(self.shown.any(axis=0)):
            mask = self.shown[:, column].tobytes()
            if self.safe_columns.get(int(column)) == mask:
                continue
            found: set[Cell] = set()
            family = [self.table.areas[at] for at in np.flatnonzero(self.shown[:, column])]
            own = {code: self.own[at, column] for code, at in self.number.items()}
            inside = self.nesting.largest_inside(family)
            for code, rest in self.nesting.rests(family, own).items():
                if self.rules.safe(rest):
                    continue
                found |= self._smallest((self.number[c], int(column)) for c in inside[code]) or {
                    (self.number[code], int(column))
                }
            if not found:
                self.safe_columns[int(column)] = mask
            victims |= found
        return victims

    def _smallest(self, cells: Iterable[Cell]) -> set[Cell]:
        able = [(int(a), int(c)) for a, c in cells if self.shown[a, c] and self.counts[a, c, 0] > 0]
        return {min(able, key=lambda cell: (int(self.counts[cell][0]), cell))} if able else set()

    # What the table as a whole gives away

    def exposed(self) -> set[Cell]:
        """One cell to hide for each hidden one that the rest of the table pins down."""
        if not self.shown.any():
            return set()
        holders = self._holders()
        victims: set[Cell] = set()
        for q in range(self.counts.shape[2]):
            for area, column in self._doubtful(q, holders):
                if (area, column, q) in self.open_enough:
                    continue
                target = self._unknowns(area, column)
                if self._bounds(q).leaves(target, float(self.counts[area, column, q]), NARROWEST):
                    self.open_enough.add((area, column, q))
                else:
                    victims |= self._telling(q) or self._around(area, column)
        return victims

    def _protected(self, q: int) -> Mask:
        """Hidden cells (A, L) with a few people in this part (q = 0: at all)."""
        few = self.rules.part if q else self.rules.minimum
        found: Mask = ~self.shown & (self.counts[:, :, q] > 0) & (self.counts[:, :, q] < few)
        return found

    def _doubtful(self, q: int, holders: NDArray[np.intp]) -> Iterator[Cell]:
        """Protected cells for which no simple exchange of people between hidden cells shows them open.

        People can be thought to move round a rectangle of hidden cells: from another hidden column of the
        same area, against the same exchange in an area held by the same shown cells. That changes no
        published sum, so what it allows, the linear programme allows too.
        """
        own = self.own[:, :, q]
        protected = self._protected(q)
        for group in self.groups:
            room = self._room(own, holders, group)
            for area, position in zip(*np.nonzero(protected[:, group]), strict=True):
                if room[area, position] < NARROWEST:
                    yield int(area), int(group[position])

    def _room(self, own: NDArray[np.int64], holders: NDArray[np.intp], group: NDArray[np.intp]) -> Counts3:
        """(A, columns of the group): how far each area's hidden count could move, at least."""
        hidden = ~self.shown[:, group]
        values = np.where(hidden, own[:, group], 0)
        keys = [tuple(k) for k in np.where(hidden, holders[:, group], -2)]
        classes: dict[tuple[int, ...], list[int]] = {}
        for at, key in enumerate(keys):
            classes.setdefault(key, []).append(at)
        room = np.zeros(values.shape, dtype=np.int64)
        for members in classes.values():
            inside = self.holds[:, members] @ values[members]  # people of these areas in each area
            outside = values[members].sum(axis=0) - inside
            elsewhere = inside.sum(axis=1, keepdims=True) - inside  # in other hidden columns
            up = np.minimum(elsewhere, outside)
            down = np.minimum(inside, outside.sum(axis=1, keepdims=True) - outside)
            room += up + down
        return room

    def _holders(self) -> NDArray[np.intp]:
        """(A, L): position of the smallest shown cell of the column that holds the area; -1 for none."""
        found = np.full(self.shown.shape, -1, dtype=np.intp)
        for column in range(self.shown.shape[1]):
            mask = self.shown[:, column].tobytes()
            before, holders = self.held.get(column, (b"", found[:, column]))
            if before != mask:
                holders = self._column_holders(column)
                self.held[column] = (mask, holders)
            found[:, column] = holders
        return found

    def _column_holders(self, column: int) -> NDArray[np.intp]:
        found = np.full(len(self.shown), -1, dtype=np.intp)
        family = {self.table.areas[at] for at in np.flatnonzero(self.shown[:, column])}
        for code, at in self.number.items():
            holder = self.nesting.holder(code, family)
            if holder is not None:
                found[at] = self.number[holder]
        return found

    def _bounds(self, q: int) -> Bounds:
        if q not in self.bounds:
            self.bounds[q] = Bounds(self._known(q))
            gone = [at for cell, at in self.sum_of.items() if not self.shown[cell]]
            self.bounds[q].forget(gone)
        return self.bounds[q]

    def _known(self, q: int) -> Known:
        """With a sum for every cell that was shown when it was first asked for, in the order of `sum_of`."""
        if not self.sum_of:
            cells = zip(*np.nonzero(self.shown), strict=True)
            self.sum_of = {(int(area), int(column)): at for at, (area, column) in enumerate(cells)}
        members = [self._unknowns(*cell) for cell in self.sum_of]
        totals = [self.counts[*cell, q] for cell in self.sum_of]
        for area in range(len(self.table.areas)):
            for group in self.groups:
                members.append(np.concatenate([self._unknowns(area, int(c)) for c in group]))
                totals.append(self.counts[area, group, q].sum())
        for at in np.flatnonzero(self.own[:, :, 0].sum(axis=1) == 0):  # nobody, as an attacker may know
            members.append(np.arange(self.shown.shape[1], dtype=np.intp) + at * self.shown.shape[1])
            totals.append(0)
        size = self.shown.size
        return Known(size, members, np.array(totals, dtype=float))

    def _unknowns(self, area: int, column: int) -> NDArray[np.intp]:
        """Positions of the people of an area in a column, each area's own apart."""
        if (area, column) not in self.unknowns:
            inside = self.below[self.table.areas[area]]
            self.unknowns[area, column] = inside * self.shown.shape[1] + column
        return self.unknowns[area, column]

    def _telling(self, q: int) -> set[Cell]:
        """The smallest of the shown cells that the last answer of the linear programme follows from."""
        cells = list(self.sum_of)
        return self._smallest(cells[at] for at in self.bounds[q].binding() if at < len(cells))

    def _around(self, area: int, column: int) -> set[Cell]:
        """The smallest shown cell that ties down this one: in its row, beside it, or around it."""
        code = self.table.areas[area]
        group = next(g for g in self.groups if column in g)
        row = [(area, int(c)) for c in group]
        lineage = [self.number[c] for c in (*self.nesting.above[code], *self._inside(code))]
        beside = [self.number[c] for c in self._siblings(code)]
        near = self._smallest([*row, *((at, column) for at in (*beside, *lineage))])
        return near or self._smallest(zip(*np.nonzero(self.shown), strict=True))

    def _inside(self, code: str) -> Collection[str]:
        return [c for codes in self.nesting.inside[code].values() for c in codes]

    def _siblings(self, code: str) -> Collection[str]:
        above = self.nesting.above[code]
        return [c for c in self._inside(above[0]) if c != code] if above else []
