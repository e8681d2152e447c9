"""Areas: places with a level and a boundary vintage, and which lies inside which.

Not a tree: a neighbourhood may lie inside a ward, a primary care network and a district at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A place. `parents` are the codes of areas that wholly contain it."""

    code: str
    name: str
    level: str
    vintage: str
    parents: tuple[str, ...] = ()


class AreasRefusedError(Exception):
    """A set of areas contradicts itself; `reasons` says every reason."""

    def __init__(self, reasons: Iterable[str]):
        self.reasons = tuple(reasons)
        super().__init__("\n".join(self.reasons))


class AreaSet:
    """Areas by code, with the areas above and below each worked out once."""

    def __init__(self, areas: Iterable[Area]):
        """Raises AreasRefusedError with every repeated code, unknown parent and circle."""
        listed = list(areas)
        self._areas: dict[str, Area] = {area.code: area for area in listed}
        reasons = [f"area {code} is listed more than once" for code in _repeated(a.code for a in listed)]
        reasons += [
            f"area {area.code} ({area.name}) names a parent {parent} that is not there: import that first"
            for area in listed
            for parent in area.parents
            if parent not in self._areas
        ]
        if not reasons:
            self._ancestors = {code: self._walk(code) for code in self._areas}
            reasons = [
                f"area {code} ({self._areas[code].name}) lies inside itself: check its parents"
                for code, above in self._ancestors.items()
                if code in above
            ]
        if reasons:
            raise AreasRefusedError(reasons)
        below: dict[str, list[str]] = {code: [] for code in self._areas}
        for code, above in self._ancestors.items():
            for parent in above:
                below[parent].append(code)
        self._descendants = {code: tuple(sorted(found)) for code, found in below.items()}

    def _walk(self, code: str) -> tuple[str, ...]:
        """Codes above, fewest steps first; holds `code` itself when the parents go round in a circle."""
        found: dict[str, None] = {}
        row: tuple[str, ...] = self._areas[code].parents
        while row:
            new = [parent for parent in row if parent not in found]
            found.update(dict.fromkeys(new))
            row = tuple(above for parent in new for above in self._areas[parent].parents)
        return tuple(found)

    def __iter__(self) -> Iterator[Area]:
        return iter(self._areas.values())

    def __len__(self) -> int:
        return len(self._areas)

    def __contains__(self, code: object) -> bool:
        return code in self._areas

    def __getitem__(self, code: str) -> Area:
        """The area with this code. Raises KeyError."""
        return self._areas[code]

    def ancestors(self, code: str) -> tuple[Area, ...]:
        """Every area that contains this one, nearest first. Raises KeyError for an unknown code."""
        return tuple(self._areas[above] for above in self._ancestors[code])

    def descendants(self, code: str) -> tuple[Area, ...]:
        """Every area inside this one, in order of code. Raises KeyError for an unknown code."""
        return tuple(self._areas[below] for below in self._descendants[code])

    def inside(self, code: str, other: str) -> bool:
        """True when `code` is `other` or lies inside it. Raises KeyError for an unknown code."""
        return code == other or other in self._ancestors[code]

    def at_level(self, level: str) -> tuple[Area, ...]:
        """The areas of one level, in order of code."""
        return tuple(
            sorted((a for a in self._areas.values() if a.level == level), key=lambda area: area.code)
        )

    def placed_at(self, code: str, levels: Collection[str]) -> tuple[str, ...]:
        """Where a person whose smallest known area is `code` counts: it and what contains it, at these
        levels.

        Never below: someone known only by district belongs to no ward. Raises KeyError for an unknown code.
        """
        return tuple(c for c in (code, *self._ancestors[code]) if self._areas[c].level in levels)


def covering(areas: AreaSet, chosen: Iterable[str]) -> tuple[str, ...]:
    """`chosen` without the areas that lie inside another of them. Raises KeyError for an unknown code."""
    codes = tuple(dict.fromkeys(chosen))
    return tuple(c for c in codes if not any(other != c and areas.inside(c, other) for other in codes))


def within(areas: AreaSet, wave: Iterable[str], levels: Collection[str]) -> tuple[str, ...]:
    """Codes of the areas at `levels` that a survey of the areas `wave` can speak for, in order of level
    and code.

    Those are the areas of the wave, what lies inside them, and any larger area whose parts at the wave's
    own levels are all in the wave: a system is surveyed when each of its districts is. An empty `wave`
    is every area. Raises KeyError for an unknown code.
    """
    order = {level: position for position, level in enumerate(levels)}
    chosen = set(wave)
    if not chosen:
        found = {area.code for area in areas}
    else:
        found = chosen | {below.code for code in chosen for below in areas.descendants(code)}
        at = {areas[code].level for code in chosen}
        larger = {above.code for code in chosen for above in areas.ancestors(code)} - found
        found |= {
            code for code in larger if all(d.code in found for d in areas.descendants(code) if d.level in at)
        }
    kept = [areas[code] for code in found if areas[code].level in order]
    return tuple(area.code for area in sorted(kept, key=lambda area: (order[area.level], area.code)))


def reached(areas: AreaSet, wave: Iterable[str]) -> frozenset[str]:
    """Codes of every area that a person in the wave may be placed in: the wave's, those inside and
    around them."""
    chosen = tuple(wave)
    if not chosen:
        return frozenset(area.code for area in areas)
    near = {area.code for code in chosen for area in (*areas.descendants(code), *areas.ancestors(code))}
    return frozenset(near | set(chosen))


def sorted_by_place(areas: AreaSet, codes: Iterable[str]) -> tuple[str, ...]:
    """Codes ordered so that areas with the same larger areas stand side by side."""

    def key(code: str) -> tuple[list[str], str]:
        return ([area.code for area in reversed(areas.ancestors(code))], code)

    return tuple(sorted(codes, key=key))


def _repeated(codes: Iterable[str]) -> list[str]:
    return sorted(code for code, times in Counter(codes).items() if times > 1)
