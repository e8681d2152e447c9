"""Which areas lie inside which, read from a table that gives several levels on every row.

A row says that its own area lies in each of the others. Between the others: levels that are nested by
definition, or that the user says are nested, must be so on every row. Any other pair is taken as nested only
when the file shows it: every area of the one, seen on several rows, always goes with the same area of the
other, and there are at least two of the other (in a file about one place everything lies inside that place,
which proves nothing).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from itertools import permutations

from survey_app.services.imports.geographies import NESTED, NOT_NESTED, AreaColumns
from survey_app.services.imports.problems import Findings

Key = tuple[str, str]  # code, vintage
Placed = list[tuple[int, list[Key | None]]]  # row number, and the area in each column

SEEN_OFTEN = 2  # rows per area, on average, before a pattern counts as evidence


@dataclass(frozen=True, slots=True)
class Containment:
    """Links (inner, outer) and the pairs of levels they came from."""

    links: frozenset[tuple[Key, Key]]
    nested: tuple[tuple[str, str], ...]
    unproven: tuple[tuple[str, str], ...]  # would be nested, but there is only one of the outer level
    split: frozenset[
        tuple[Key, str, str]
    ]  # areas seen in several areas of a (level, vintage): in none of them


def contain(
    columns: list[AreaColumns], placed: Placed, asked: Collection[tuple[str, str]], findings: Findings
) -> Containment:
    """Links among the areas of `placed`, whose first column is the row's own area.

    asked: pairs of levels (inner, outer) that must be nested. Every area that breaks a definition or
    what was asked for is reported to `findings` with two of its rows.
    """
    links: set[tuple[Key, Key]] = set()
    for _, keys in placed:
        links.update((keys[0], key) for key in keys[1:] if keys[0] and key and key != keys[0])
    split: set[tuple[Key, str, str]] = set()
    nested, unproven = [], []
    chains = _Chains()
    pairs = [(columns[a].level, columns[b].level, a, b) for a, b in permutations(range(1, len(columns)), 2)]
    # What is nested by definition comes first: what the rows suggest may not contradict it.
    for *levels, inner, outer in sorted(pairs, key=lambda each: each[:2] not in NESTED):
        pair = levels[0], levels[1]
        found = _goes_with(placed, inner, outer)
        required = pair in NESTED or pair in asked
        if required:
            _report_split(pair, found, findings)
        elif pair in NOT_NESTED or not _shows(placed, found):
            split.update((key, columns[outer].level, columns[outer].vintage) for key in _in_several(found))
            continue
        elif len({key for places in found.values() for key in places}) < 2:
            unproven.append(pair)
            continue
        elif _mutual(pair, nested):
            continue
        nested.append(pair)
        links.update(
            (key, outside)
            for key, places in found.items()
            if {key} != set(places) and chains.add(key, outside := next(iter(places)))
        )
    unproven = [pair for pair in unproven if not _implied(pair, nested)]
    return Containment(frozenset(links), tuple(nested), tuple(unproven), frozenset(split))


class _Chains:
    """Links among areas, kept free of circles.

    An area may stand in two columns (a unitary authority is its own upper tier), and two areas may cover the
    same ground: then each could be taken to lie in the other, and only the first link is.
    """

    def __init__(self) -> None:
        self._outer: dict[Key, set[Key]] = defaultdict(set)

    def add(self, inner: Key, outer: Key) -> bool:
        """Add a link, unless `outer` already lies inside `inner`. Returns whether it was added."""
        waiting, seen = [outer], {outer}
        while waiting:
            key = waiting.pop()
            if key == inner:
                return False
            waiting += self._outer[key] - seen
            seen |= self._outer[key]
        self._outer[inner].add(outer)
        return True


def _implied(pair: tuple[str, str], nested: list[tuple[str, str]]) -> bool:
    """True when the outer level is reached from the inner one through others."""
    reached, waiting = {pair[0]}, [pair[0]]
    while waiting:
        level = waiting.pop()
        further = {outer for inner, outer in nested if inner == level} - reached
        reached |= further
        waiting += further
    return pair[1] in reached


def _goes_with(placed: Placed, inner: int, outer: int) -> dict[Key, dict[Key, int]]:
    """For every area of the inner column, those of the outer one beside it, with the first row of each."""
    found: dict[Key, dict[Key, int]] = defaultdict(dict)
    for number, keys in placed:
        inside, outside = keys[inner], keys[outer]
        if inside is not None and outside is not None:
            found[inside].setdefault(outside, number)
    return found


def _in_several(found: dict[Key, dict[Key, int]]) -> list[Key]:
    return [key for key, places in found.items() if len(places) > 1]


def _shows(placed: Placed, found: dict[Key, dict[Key, int]]) -> bool:
    return bool(found) and not _in_several(found) and len(placed) >= SEEN_OFTEN * len(found)


def _mutual(pair: tuple[str, str], nested: list[tuple[str, str]]) -> bool:
    return (pair[1], pair[0]) in nested


def _report_split(pair: tuple[str, str], found: dict[Key, dict[Key, int]], findings: Findings) -> None:
    for key, places in found.items():
        if len(places) > 1:
            where = ", ".join(f"{place[0]} (row {number})" for place, number in places.items())
            findings.add(
                max(places.values()),
                pair[1],
                f"The {pair[0]} {key[0]} would lie in more than one {pair[1]}: {where}.",
                f"Correct the rows, or do not give {pair[0]} and {pair[1]} as nested.",
            )
