"""Which groups may be shown in which areas, so that no small group can be told or worked out.

For one wave and one column of answers. Groups that share a column ("sex" and "age:sex") are decided
together: they are shown in the same areas, so that every figure that sums and differences of the published
ones can give is about a group in one shown area, in all areas, or in all areas but the shown ones. Each of
these is checked. Where groups of at most two columns make no circle (age:sex, sex:tenure, age:tenure would),
the counts of a finer cell then stay as uncertain as the checked ones are large (Dobra and Fienberg 2000).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.estimates import ALL
from analysis.planned_items import PlannedItem
from analysis.raking import NOT_STATED
from analysis.suppression import MINIMUM_BASE, SMALLEST_COUNT, hidden_areas, items_by_column, released
from analysis.survey_estimates import BY

MOST_COLUMNS = 2

Groups = Mapping[str, tuple[str, ...]]
Kept = NDArray[np.bool_]


def parts(counts: pd.DataFrame, items: Sequence[PlannedItem]) -> NDArray[np.intp]:
    """Which answers the shares and nets of one column tell apart: a number for each row of counts."""
    sides = [str([item.side(code) for item in items]) for code in counts["code"]]
    return pd.factorize(np.array(sides, dtype=object), sort=True)[0].astype(np.intp)


def may_be_shown(people: NDArray[np.float64]) -> NDArray[np.bool_]:
    """For answers by part in the last axis: nobody, or MINIMUM_BASE with no part of 1 to 9 people."""
    whole = people.sum(axis=-1)
    small = ((people > 0) & (people < SMALLEST_COUNT)).any(axis=-1)
    return np.asarray((whole == 0) | ((whole >= MINIMUM_BASE) & ~small), dtype=bool)


def suppressed_groups(
    table: pd.DataFrame, counts: pd.DataFrame, items: Sequence[PlannedItem], groups: Groups
) -> pd.DataFrame:
    """Estimates by group fit to leave: as `suppression.suppressed`, with columns group and level.

    table, counts: survey_estimates.estimates_by_group and counts_by_area. A group is shown in an area with
    all its levels, or with none.
    """
    shown: set[tuple[str, str, str, str]] = set()
    by_column = items_by_column(items)
    for (wave, column), answers in counts.groupby(["wave", "column"], sort=True):
        of_column = by_column[str(column)]
        found = shown_groups(answers, groups, of_column, hidden_areas(answers, of_column))
        shown |= {
            (area, str(wave), item.name, group)
            for group, areas in found.items()
            for area in areas
            for item in of_column
        }
    keys = zip(table["area"], table["wave"], table["item"], table["group"], strict=True)
    secret = np.array([key not in shown for key in keys], dtype=bool)
    return released(table, secret, items, ("group", "level"))


def shown_groups(
    counts: pd.DataFrame, groups: Groups, items: Sequence[PlannedItem], hidden: Iterable[str]
) -> dict[str, frozenset[str]]:
    """The areas, and perhaps ALL, in which each group may be shown.

    counts: columns area ("" is not known), "by x" for each column x of groups, code, n. items: those of the
    column. hidden: areas, perhaps ALL, whose own figures are hidden. A group that is missing in the result
    is shown nowhere: those of more than two columns, and those that would close a circle.
    """
    table = _Table(counts, groups, items, frozenset(hidden))
    found: dict[str, frozenset[str]] = {}
    for family in _families(groups):
        best, most = dict[str, frozenset[str]](), 0
        for length in range(len(family), 0, -1):
            areas = table.areas_for(family[:length])
            figures = sum(table.levels(name) for name in family[:length]) * len(areas)
            if figures > most:
                best, most = dict.fromkeys(family[:length], areas), figures
        found |= best
    return found


def _families(groups: Groups) -> list[list[str]]:
    """Groups that share columns, in the plan's order; without those that are too fine or close a circle."""
    families: list[tuple[set[str], list[str]]] = []
    for name, columns in groups.items():
        touched = [family for family in families if family[0] & set(columns)]
        # Both columns in one family are linked there already: a second link would close a circle.
        circle = any(len(family[0] & set(columns)) > 1 for family in touched)
        if circle or len(columns) > MOST_COLUMNS:
            continue
        families = [family for family in families if family not in touched]
        joined = set(columns).union(*(family[0] for family in touched))
        names = [name, *(n for family in touched for n in family[1])]
        families.append((joined, sorted(names, key=list(groups).index)))
    return [names for _, names in families]


@dataclass(frozen=True)
class _Class:
    """A way to divide people: a number for each row of the counts, -1 in none."""

    of_row: NDArray[np.intp]
    size: int


class _Table:
    """Counts by area, by any division of people, and by part."""

    def __init__(
        self, counts: pd.DataFrame, groups: Groups, items: Sequence[PlannedItem], hidden: frozenset[str]
    ):
        self.counts, self.groups, self.hidden = counts, groups, hidden
        self.area, names = pd.factorize(counts["area"], sort=True)
        self.names = [str(name) for name in names]
        self.part = parts(counts, items)
        self.n = counts["n"].to_numpy(dtype=float)
        self.stated = {
            name: np.asarray((counts[[BY + c for c in columns]] != NOT_STATED).all(axis=1), dtype=bool)
            for name, columns in groups.items()
        }
        self.level = {name: self._level(name, columns) for name, columns in groups.items()}

    def levels(self, name: str) -> int:
        return self.level[name].size

    def areas_for(self, family: Sequence[str]) -> frozenset[str]:
        """Where all these groups may be shown, the smallest areas withdrawn until the rest may be too."""
        people = np.concatenate([self._people(c) for c in self._classes(family)], axis=1)
        own = np.all(may_be_shown(people), axis=1).astype(bool).tolist()
        size = np.bincount(self.area, weights=self.n, minlength=len(self.names))
        shown = [
            at
            for at in np.argsort(size, kind="stable")
            if own[at] and self.names[at] and self.names[at] not in self.hidden
        ]
        if ALL in self.hidden:
            return frozenset(self.names[at] for at in shown)
        whole: NDArray[np.float64] = people.sum(axis=0)
        if not may_be_shown(whole).all():
            return frozenset()
        while not may_be_shown(whole - people[shown].sum(axis=0)).all():
            shown.pop(0)
        return frozenset(self.names[at] for at in shown) | {ALL}

    def _people(self, of: _Class) -> NDArray[np.float64]:
        """(areas, classes, parts)."""
        kept = of.of_row >= 0
        shape = (len(self.names), of.size, int(self.part.max(initial=0)) + 1)
        key = np.ravel_multi_index((self.area[kept], of.of_row[kept], self.part[kept]), shape)
        summed = np.bincount(key, weights=self.n[kept], minlength=int(np.prod(shape)))
        return summed.astype(float).reshape(shape)

    def _classes(self, family: Sequence[str]) -> list[_Class]:
        """Every division that published figures of these groups can tell.

        The levels of each, with the not stated; where two share columns, those who stated one and not the
        other, by what they share; and who stated which.
        """
        found = [self.level[name] for name in family]
        for one, other in combinations(family, 2):
            shared = tuple(c for c in self.groups[one] if c in self.groups[other])
            if not shared:
                continue
            both = self._factorized(shared)
            for a, b in ((one, other), (other, one)):
                only = self.stated[a] & ~self.stated[b]
                found.append(_Class(np.where(only, both.of_row, -1), both.size))
        if len(family) > 1:
            pattern = sum(self.stated[name].astype(np.intp) << at for at, name in enumerate(family))
            found.append(_Class(np.asarray(pattern, dtype=np.intp), 1 << len(family)))
        return found

    def _level(self, name: str, columns: tuple[str, ...]) -> _Class:
        levels = self._factorized(columns)
        # All who did not state it are one level, the last
        return _Class(np.where(self.stated[name], levels.of_row, levels.size), levels.size + 1)

    def _factorized(self, columns: Sequence[str]) -> _Class:
        joined = self.counts[BY + columns[0]].astype(str)
        for column in columns[1:]:
            joined = joined + ":" + self.counts[BY + column].astype(str)
        code, distinct = pd.factorize(joined, sort=True)
        return _Class(code.astype(np.intp), len(distinct))
