"""The areas of a release as boxes inside boxes: what anyone can work out by taking published figures apart.

When any two areas are apart or one holds the other, all that sums and differences of published counts
can tell is the *rest* of each published area: its people minus those of the largest published areas
inside it. Every other difference is a sum of rests. So a release gives away nothing small if, and only
if, no rest is small.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.areas import AreaSet

Counts = NDArray[np.int64]
"""Unweighted counts of one indicator in one area: [base, part, part ...], the parts being what must not
be small."""


class OverlapError(Exception):
    """Areas to be published overlap without one holding the other; `pairs` names examples at each pair
    of levels."""

    def __init__(self, pairs: Iterable[tuple[str, str, str]]):
        self.pairs = tuple(pairs)
        listed = "; ".join(f"{a} and {b} share {shared}" for a, b, shared in self.pairs)
        super().__init__(
            f"areas to publish overlap without one lying inside the other: {listed}. "
            "Their figures could be subtracted from each other. Publish levels that nest (one of the two)."
        )


@dataclass(frozen=True)
class Nesting:
    """Areas that nest. `above[code]`: the areas around it, nearest first. `inside[code][level]`: those
    within."""

    codes: tuple[str, ...]
    above: Mapping[str, tuple[str, ...]]
    inside: Mapping[str, Mapping[str, tuple[str, ...]]]

    def holder(self, code: str, family: Collection[str]) -> str | None:
        """The smallest member of `family` that holds the area, itself included. None when none does."""
        if code in family:
            return code
        return next((parent for parent in self.above[code] if parent in family), None)

    def among(self, codes: Collection[str]) -> Nesting:
        """How some of the areas nest, as if there were no others."""
        kept = set(codes)
        return Nesting(
            codes=tuple(code for code in self.codes if code in kept),
            above={c: tuple(a for a in self.above[c] if a in kept) for c in kept},
            inside={
                c: {level: held for level, inner in self.inside[c].items() if (held := _of(inner, kept))}
                for c in kept
            },
        )

    def own(self, counts: Mapping[str, Counts]) -> dict[str, Counts]:
        """Counts of the people of each area who are in no smaller area of the nesting."""
        left = {code: counts[code].copy() for code in self.codes}
        for code in self.codes:
            if self.above[code]:
                left[self.above[code][0]] -= counts[code]
        return left

    def rests(self, family: Collection[str], own: Mapping[str, Counts]) -> dict[str, Counts]:
        """The rest of each member of `family`: its counts minus those of the largest members inside it."""
        found = {code: np.zeros_like(own[code]) for code in self.codes if code in family}
        for code in self.codes:
            holder = self.holder(code, family)
            if holder is not None:
                found[holder] += own[code]
        return found

    def largest_inside(self, family: Collection[str]) -> dict[str, list[str]]:
        """The largest members of `family` strictly inside each member."""
        found: dict[str, list[str]] = {code: [] for code in self.codes if code in family}
        for code in found:
            holder = next((parent for parent in self.above[code] if parent in family), None)
            if holder is not None:
                found[holder].append(code)
        return found


def _of(codes: Iterable[str], kept: Collection[str]) -> tuple[str, ...]:
    return tuple(code for code in codes if code in kept)


def nest(areas: AreaSet, codes: Iterable[str]) -> Nesting:
    """How the areas to publish lie inside each other, smallest areas first in `codes`.

    Raises OverlapError when two of them share a known area though neither lies inside the other.
    """
    chosen = set(codes)
    overlaps: dict[tuple[str, str], tuple[str, str, str]] = {}
    for area in areas:
        around = [area.code, *(above.code for above in areas.ancestors(area.code))]
        held = [code for code in around if code in chosen]
        for position, one in enumerate(held):
            for other in held[position + 1 :]:
                if not (areas.inside(one, other) or areas.inside(other, one)):
                    levels = (areas[one].level, areas[other].level)
                    overlaps.setdefault(levels, (_named(areas, one), _named(areas, other), area.code))
    if overlaps:
        raise OverlapError(overlaps.values())
    depth = {code: sum(a.code in chosen for a in areas.ancestors(code)) for code in chosen}
    above = {
        code: tuple(
            sorted((a.code for a in areas.ancestors(code) if a.code in chosen), key=lambda c: -depth[c])
        )
        for code in chosen
    }
    inside: dict[str, dict[str, tuple[str, ...]]] = {code: {} for code in chosen}
    for code in sorted(chosen):
        for parent in above[code]:
            level = areas[code].level
            inside[parent][level] = (*inside[parent].get(level, ()), code)
    order = tuple(sorted(chosen, key=lambda code: (-depth[code], code)))
    return Nesting(codes=order, above=above, inside=inside)


def _named(areas: AreaSet, code: str) -> str:
    return f"{areas[code].level} {areas[code].name} ({code})"
