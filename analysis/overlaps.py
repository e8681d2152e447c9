"""Which published areas, taken together, tell of a few people, where areas overlap.

Areas that overlap cut people into regions. A region's people are at most what linear programming finds
(`bounds`), which is the same as the smallest group around them that sums and differences of published
figures can single out: the two are dual. So nothing small is told if, and only if, that bound is not small,
for everyone who answered (here), and for everyone who came between two releases (`exposing_changes`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.bounds import CLOSE, NARROWEST, Bounds, BoundsError, Known
from analysis.nesting import Counts

Signature = tuple[str, ...]
"""The released areas that a region lies in."""


@dataclass(frozen=True)
class _Merged:
    """Regions that the areas in question do not tell apart are one. counts: (R, Q)."""

    signatures: tuple[Signature, ...]
    counts: NDArray[np.int64]

    def inside(self, code: str) -> NDArray[np.intp]:
        return np.array([at for at, held in enumerate(self.signatures) if code in held], dtype=np.intp)


def exposing(
    shown: Collection[str], regions: Mapping[Signature, Counts], minimum_base: int, minimum_count: int
) -> list[frozenset[str]]:
    """Areas of `shown` whose figures together single out fewer than `minimum_base` people, or fewer than
    `minimum_count` who gave (or did not give) an answer. Empty when none do.

    Each set of areas does so by itself, and no two share an area; hiding one area of each may leave others.

    regions: counts of every region, which areas outside `shown` may tell apart further. Raises BoundsError.
    """
    merged = _merged(regions, shown)
    if not merged.signatures:
        return []
    order = sorted(shown)
    members = [merged.inside(code) for code in order]
    for layer in range(merged.counts.shape[1]):
        if layer == 1:  # the sum or numerator: a numerator comes again among the parts
            continue
        least = minimum_base if layer == 0 else minimum_count
        count = merged.counts[:, layer]
        small = np.flatnonzero((count > 0) & (count < least))
        if not len(small):
            continue
        totals = np.array([count[held].sum() for held in members], dtype=float)
        bounds = Bounds(Known(len(count), members, totals))
        found: list[frozenset[str]] = []
        for _region in _told(bounds, small, count, least):
            areas = frozenset(order[at] for at in bounds.binding())
            if not any(areas & other for other in found):
                found.append(areas)
        if found:
            return found
    return []


def exposing_changes(
    fresh: Collection[str],
    counts: Mapping[str, Counts],
    then: Mapping[str, int],
    signatures: Collection[Signature],
    least: int,
) -> frozenset[str] | None:
    """The areas of `fresh` that, beside an earlier release, tell of fewer than `least` people who came since.

    counts: of every area now. then: base of each figure made for the earlier release. None when none do.
    Where people have also gone, so that the earlier figures cannot be set beside these, every area of
    `fresh` is named.
    """
    known = set(fresh) | set(then)
    kept = sorted({tuple(code for code in held if code in known) for held in signatures} - {()})
    size = len(kept)
    now, before = sorted(fresh), sorted(then)
    inside = {
        code: np.array([at for at, held in enumerate(kept) if code in held], dtype=np.intp) for code in known
    }
    members = [np.concatenate([inside[code], inside[code] + size]) for code in now]
    members += [inside[code] for code in before]
    totals = np.array([float(counts[code][0]) for code in now] + [float(then[code]) for code in before])
    bounds = Bounds(Known(2 * size, members, totals))
    try:
        for region in range(size, 2 * size):
            most = bounds.most(np.array([region]))
            if CLOSE < most < least - CLOSE:
                return frozenset(now[at] for at in bounds.binding() if at < len(now))
    except BoundsError:
        return frozenset(fresh)
    return None


def _told(bounds: Bounds, small: NDArray[np.intp], count: NDArray[np.int64], least: int) -> Iterator[int]:
    """The small regions that are known to be small, or known as good as exactly."""
    yield from bounds.below(small, least)
    for region in small[least - count[small] < NARROWEST]:
        if not bounds.leaves(np.array([region]), float(count[region]), NARROWEST):
            yield int(region)


def _merged(regions: Mapping[Signature, Counts], shown: Collection[str]) -> _Merged:
    found: dict[Signature, Counts] = {}
    for held, counts in regions.items():
        kept = tuple(code for code in held if code in shown)
        if kept:
            found[kept] = found[kept] + counts if kept in found else counts.copy()
    signatures = tuple(sorted(found))
    return _Merged(signatures, np.array([found[held] for held in signatures], dtype=np.int64))
