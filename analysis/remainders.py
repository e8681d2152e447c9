"""What shares of people tell of each other when one is subtracted from another.

A composite ("in good health and in a warm home") counts some of the people that each of its parts counts.
The rest of them ("in good health, in a cold home") is a small table's cell that readers can work out, so
its count must not be small either. Which subtractions are possible follows from what implies what.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from questionnaires.framework import Composite, Indicator, Part, Statistic


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that holds for a person: a composite, or one part alone. Counted as `codes` of `column`."""

    composite: Composite
    column: str
    codes: tuple[int, ...]


def fact(indicator: Indicator) -> Fact | None:
    """What a share counts. None for a mean and for a national indicator."""
    if indicator.item is None or indicator.statistic is not Statistic.PROPORTION:
        return None
    composite = indicator.composite or _alone(Part(item=indicator.item, codes=indicator.codes))
    return Fact(composite, indicator.item, indicator.codes)


def facts(indicators: Sequence[Indicator]) -> list[Fact]:
    """What readers may know: every share, and every part of a composite, whether it is shown or not."""
    found: dict[Composite, Fact] = {}
    for indicator in indicators:
        known = fact(indicator)
        if known is not None:
            found.setdefault(known.composite, known)
        for part in indicator.composite.parts if indicator.composite else ():
            alone = _alone(part)
            found.setdefault(alone, Fact(alone, part.item, part.codes))
    return list(found.values())


def implies(one: Composite, other: Composite) -> bool:
    """Whether the second holds for everyone for whom the first does, whatever they answered.

    Decided exactly: with any `at_least` parts of the first holding and nothing else known, enough parts of
    the second must hold. A part holds because another does only where it counts the same question's answers
    and no fewer of them.
    """
    return all(
        sum(any(_within(held, part) for held in chosen) for part in other.parts) >= other.at_least
        for chosen in combinations(one.parts, one.at_least)
    )


def remainders(indicator: Indicator, known: Sequence[Fact]) -> Iterator[tuple[Fact, Fact]]:
    """Pairs (more, less): the people of `more` who are not of `less` can be worked out, one being this share.

    Both ways round only where they count the same people, which leaves nobody.
    """
    own = fact(indicator)
    if own is None:
        return
    for other in known:
        if other.composite == own.composite:
            continue
        if implies(own.composite, other.composite):
            yield other, own
        elif implies(other.composite, own.composite):
            yield own, other


def _alone(part: Part) -> Composite:
    return Composite(parts=(part,), at_least=1)


def _within(one: Part, other: Part) -> bool:
    return one.item == other.item and set(one.codes) <= set(other.codes)
