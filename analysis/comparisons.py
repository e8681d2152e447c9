"""What a release says of figures set side by side: changes since an earlier wave, ranks with their ranges.

Plain data, since pages read it; `analysis.released_changes` and `analysis.released_ranks` work it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Uncompared(StrEnum):
    """Why an indicator of this wave is not compared with the wave before it."""

    NOT_HELD = "not-held"  # the earlier questionnaire, or what is kept beside its release, cannot be read
    NOT_ASKED = "not-asked-before"
    COUNTED = "counted-otherwise"  # other answers count, or another statistic is taken
    WORDED = "worded-otherwise"  # the wording, an order, or who is asked
    ANOTHER = "another-question"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFigure:
    """One indicator in one area, shown in both waves. In its unit, rounded as its values are.

    p: of a test of no change at all. q: p adjusted for all figures compared at the area's level. moved: q is
    below 0.05 and the interval leaves out no change.
    """

    area: str
    indicator: str
    difference: float  # later minus earlier
    lower: float
    upper: float
    p: float
    q: float
    moved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What changed since an earlier wave, named with the number of its release and when it was asked."""

    wave: str
    wave_title: str
    number: int
    opened: str
    closed: str
    figures: tuple[ChangeFigure, ...]
    uncompared: dict[str, str]  # indicator -> an Uncompared


@dataclass(frozen=True, slots=True, kw_only=True)
class RankRange:
    """Where an area stands on an indicator among the shown areas of its level; 1 is best.

    With 95% probability every area's true rank is from `lower` (the best it could be) to `upper`, all areas
    of the level at once.
    """

    area: str
    indicator: str
    rank: int
    lower: int
    upper: int
    among: int


def read_changes(raw: dict[str, Any]) -> Changes:
    """From its JSON form. Raises TypeError or KeyError when it is not one."""
    return Changes(**{**raw, "figures": tuple(ChangeFigure(**figure) for figure in raw["figures"])})
