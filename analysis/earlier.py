"""Earlier releases: the exact bases kept aside with each, and what two releases tell when subtracted.

A later figure that differs by one person from an earlier one tells that person's answer. So a figure
changes only when enough responses have come or gone, and the same holds for every difference that can be
worked out at both times. The kept bases are not public: they are held beside the release and never
shown.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analysis.nesting import Counts, Nesting
from analysis.release import Release

FORMAT = 1


class State(StrEnum):
    FRESH = "fresh"
    STANDS = "stands"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Record:
    """One figure in one release: exact base and total then, its state, and the base and release it dates
    from."""

    base: int
    total: int
    state: State
    since: int
    number: int


@dataclass(frozen=True, slots=True)
class Past:
    """One indicator in an earlier release, by area."""

    number: int
    records: Mapping[str, Record]

    @property
    def fresh(self) -> frozenset[str]:
        return frozenset(code for code, record in self.records.items() if record.state is State.FRESH)


@dataclass(frozen=True, slots=True)
class Bases:
    """What is kept aside with a release. `figures`: indicator -> (signature, area -> Record)."""

    number: int
    responses: int
    figures: Mapping[str, tuple[str, Mapping[str, Record]]]
    responses_since: int  # the count when the printed totals were last renewed

    def past(self, indicator: str, signature: str) -> Past | None:
        """This indicator then, unless it meant something else."""
        held = self.figures.get(indicator)
        return Past(self.number, held[1]) if held is not None and held[0] == signature else None

    def to_json(self) -> str:
        document = {
            "format": FORMAT,
            "number": self.number,
            "responses": self.responses,
            "responses_since": self.responses_since,
            "figures": {
                indicator: {
                    "signature": signature,
                    "areas": {
                        code: [r.base, r.total, r.state.value, r.since, r.number]
                        for code, r in records.items()
                    },
                }
                for indicator, (signature, records) in self.figures.items()
            },
        }
        return json.dumps(document, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier release of the same wave with the bases kept beside it.

    A withdrawn one is no longer shown, but people have read it: later ones are checked against it too.
    """

    release: Release
    bases: str
    withdrawn: bool = False


class BasesUnreadableError(Exception):
    """The bases kept with an earlier release cannot be read, so that no later release can be checked
    against it."""


def read_bases(text: str) -> Bases:
    """The inverse of `Bases.to_json`. Raises BasesUnreadableError."""
    try:
        document = json.loads(text)
        if document["format"] != FORMAT:
            raise ValueError(f"format {document['format']}")
        figures = {
            str(indicator): (
                str(held["signature"]),
                {
                    str(code): Record(int(base), int(total), State(state), int(since), int(number))
                    for code, (base, total, state, since, number) in held["areas"].items()
                },
            )
            for indicator, held in document["figures"].items()
        }
        return Bases(
            number=int(document["number"]),
            responses=int(document["responses"]),
            figures=figures,
            responses_since=int(document["responses_since"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BasesUnreadableError(
            f"the bases kept with an earlier release cannot be read ({error}). "
            "Restore them from a backup: without them a new release cannot be checked."
        ) from error


def unsafe_changes(
    nesting: Nesting, fresh: Collection[str], past: Past, counts: Mapping[str, Counts], minimum_change: int
) -> Iterator[set[str]]:
    """Groups of fresh figures from which, with the release `past`, the answers of a few people could be told.

    Whatever can be worked out at both times is a union of blocks of both partitions into rests (see
    nesting): the smallest such unions are the connected groups of overlapping blocks. In each, either
    nothing has changed or the base has changed by at least `minimum_change`. Yields the fresh figures
    behind each group where that fails. Areas that the earlier release did not have divide what it had.
    """
    before = past.fresh
    common = [code for code in nesting.codes if code in past.records]
    if not before or not common:
        return
    change = _own_changes(nesting, common, past, counts)
    added = set(nesting.codes) - set(common)
    own = nesting.own(counts)
    groups = _Groups()
    for code in nesting.codes:
        then, now = nesting.holder(code, before), nesting.holder(code, fresh)
        divided = any(not added.isdisjoint(inner) for inner in nesting.inside[code].values())
        gone = code not in added and not divided and bool(change[code].any())
        if own[code][0] or gone:  # where nobody is, nothing is joined
            groups.join(("then", then or ""), ("now", now or ""))
        if code not in added:
            groups.add(("then", then or ""), change[code])
    for members, (base, total) in groups.totals():
        known = ("then", "") not in members and ("now", "") not in members
        if known and (base, total) != (0, 0) and abs(base) < minimum_change:
            yield {code for when, code in members if when == "now"}


def _own_changes(
    nesting: Nesting, common: list[str], past: Past, counts: Mapping[str, Counts]
) -> dict[str, Counts]:
    """Change in [base, total] of the people of each area who are in no smaller area of `common`."""
    held = set(common)
    change = {
        code: counts[code][:2] - np.array([past.records[code].base, past.records[code].total])
        for code in common
    }
    own = {code: value.copy() for code, value in change.items()}
    for code in common:
        parent = next((p for p in nesting.above[code] if p in held), None)
        if parent is not None:
            own[parent] -= change[code]
    return own


Node = tuple[str, str]


class _Groups:
    """Blocks joined where they overlap (union-find), each group with the sum of its changes."""

    def __init__(self) -> None:
        self._up: dict[Node, Node] = {}
        self._sum: dict[Node, Counts] = {}

    def _top(self, node: Node) -> Node:
        self._up.setdefault(node, node)
        while self._up[node] != node:
            node = self._up[node]
        return node

    def join(self, one: Node, other: Node) -> None:
        top, under = self._top(one), self._top(other)
        if top != under:
            self._up[under] = top
            if under in self._sum:
                self.add(top, self._sum.pop(under))

    def add(self, node: Node, change: Counts) -> None:
        top = self._top(node)
        self._sum[top] = change + self._sum.get(top, 0)

    def totals(self) -> Iterator[tuple[set[Node], tuple[int, int]]]:
        members: dict[Node, set[Node]] = {}
        for node in self._up:
            members.setdefault(self._top(node), set()).add(node)
        for top, nodes in members.items():
            base, total = self._sum.get(top, (0, 0))
            yield nodes, (int(base), int(total))
