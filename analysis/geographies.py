"""The areas of a release where they overlap: wards and NHS neighbourhoods, places an alliance drew itself.

Each family of areas nests, so that sums and differences within it are simple (`nesting`). What one family
tells together with another depends on the regions they cut people into (`overlaps`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from analysis.areas import AreaSet
from analysis.nesting import Nesting, nest


@dataclass(frozen=True)
class Geographies:
    """The areas to publish. families: the main one first; each area is in one of them.

    above: of every area, the released areas that hold it, nearest first. regions: of every known area, the
    released areas that hold it, itself included. cuts: of every area, those that share people with it though
    neither holds the other.
    """

    families: tuple[Nesting, ...]
    above: Mapping[str, tuple[str, ...]]
    regions: Mapping[str, tuple[str, ...]]
    cuts: Mapping[str, frozenset[str]]

    @property
    def main(self) -> Nesting:
        return self.families[0]

    @property
    def further(self) -> frozenset[str]:
        """Areas of every family but the main one."""
        return frozenset(code for family in self.families[1:] for code in family.codes)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(code for family in self.families for code in family.codes)


NONE = Geographies((Nesting((), {}, {}),), {}, {}, {})


def geographies(areas: AreaSet, codes: Iterable[str], levels: Sequence[str]) -> Geographies:
    """The areas to publish, as families that nest.

    levels: in the order in which they are preferred. Each level joins the first family that it nests with;
    a level whose own areas overlap each other is shared out area by area.
    """
    chosen = set(codes)
    held = regions(areas, chosen)
    cuts = _cuts(areas, held.values(), chosen)
    families: list[set[str]] = []
    for level in sorted({areas[code].level for code in chosen}, key=lambda each: _rank(each, levels)):
        members = sorted(code for code in chosen if areas[code].level == level)
        if any(cuts[code] & set(members) for code in members):
            for code in members:
                _join(families, {code}, cuts)
        else:
            _join(families, set(members), cuts)
    if not families:
        return NONE
    above = {
        code: tuple(
            sorted(
                (other for other in _around(areas, code, chosen) if other != code),
                key=lambda other: (-len(_around(areas, other, chosen)), other),
            )
        )
        for code in sorted(chosen)
    }
    return Geographies(tuple(nest(areas, family) for family in families), above, held, cuts)


def regions(areas: AreaSet, chosen: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Of every known area, those of `chosen` that hold it, itself included."""
    return {area.code: _around(areas, area.code, chosen) for area in areas}


def _around(areas: AreaSet, code: str, chosen: Collection[str]) -> tuple[str, ...]:
    held = (code, *(above.code for above in areas.ancestors(code)))
    return tuple(sorted(each for each in held if each in chosen))


def _cuts(
    areas: AreaSet, regions: Iterable[tuple[str, ...]], chosen: Collection[str]
) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {code: set() for code in chosen}
    for held in set(regions):
        for position, one in enumerate(held):
            for other in held[position + 1 :]:
                if not (areas.inside(one, other) or areas.inside(other, one)):
                    found[one].add(other)
                    found[other].add(one)
    return {code: frozenset(others) for code, others in found.items()}


def _rank(level: str, levels: Sequence[str]) -> tuple[int, str]:
    return (levels.index(level) if level in levels else len(levels), level)


def _join(families: list[set[str]], members: set[str], cuts: Mapping[str, frozenset[str]]) -> None:
    for family in families:
        if not any(cuts[code] & family for code in members):
            family |= members
            return
    families.append(set(members))
