"""What a release repeats from an earlier one: what falls with it when that one is withdrawn."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Protocol

from analysis.release import Release


class Kept(Protocol):
    """An earlier release with its bases: analysis.earlier.Earlier, or what a process without numpy has."""

    @property
    def release(self) -> Release: ...
    @property
    def bases(self) -> str: ...
    @property
    def withdrawn(self) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """What a later release shows as an earlier one gave it. Nothing: it stands on its own."""

    figures: int  # that stand from the earlier release
    breakdowns: bool  # answers by group and by option, made for the earlier release
    modes: bool  # the comparison of ways of answering, made for the earlier release
    totals: bool  # printed responses, modes and weighting, carried over
    comments: bool = False  # counts of comments or of their themes

    def __bool__(self) -> bool:
        return bool(self.figures or self.breakdowns or self.modes or self.totals or self.comments)

    def words(self) -> str:
        parts = []
        if self.figures:
            parts.append(f"{self.figures:,} figures")
        if self.breakdowns:
            parts.append("its answers by group and by option")
        if self.modes:
            parts.append("its comparison of ways of answering")
        if self.totals:
            parts.append("its totals and weighting")
        if self.comments:
            parts.append("its counts of comments")
        return ", ".join(parts)


def repeated(later: Kept, earlier: Kept) -> Repeated:
    """What `later` shows that was made for `earlier`, both of one wave."""
    number = earlier.release.number
    breakdowns, modes = later.release.breakdowns, later.release.modes_compared
    same_print = (later.release.modes, later.release.weighting) == (
        earlier.release.modes,
        earlier.release.weighting,
    )
    return Repeated(
        figures=sum(figure.stands_from == number for figure in later.release.figures),
        breakdowns=breakdowns is not None and breakdowns.number == number,
        modes=modes is not None and modes.number == number,
        # Renewed totals are counted at least ten answers on, so the counts they date from differ.
        totals=bool(later.release.weighting)
        and same_print
        and _counted(later) == _counted(earlier)
        and not earlier.withdrawn,
        # They only ever stand from the release just before, which may have had them from one before that.
        comments=later.release.number == number + 1 and any(item.standing for item in later.release.comments),
    )


def _counted(made: Kept) -> object:
    """The count of responses that its printed totals date from."""
    return json.loads(made.bases).get("responses_since")
