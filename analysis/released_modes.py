"""What a release says of people who answered in different ways, side by side: data only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeGroup:
    """The people who answered in one way, and how they were weighted to the population.

    state: "compared"; "few" of them to compare; or "unweighted", where no weights could be found. merged:
    margin and levels that were weighted together, since few of these people were in one of them. dropped:
    margins they could not be weighted on, with too few of them in all levels but one. off: by how many
    percentage points, at most, a weighted share still misses the population's.
    """

    mode: str
    state: str
    merged: tuple[tuple[str, tuple[str, ...]], ...] = ()
    dropped: tuple[str, ...] = ()
    off: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeFigure:
    """One local indicator among those who answered in one way, in the whole survey area.

    value, lower, upper, base: as in `Figure`. difference: from the mode that the others are set against, with
    its 95% interval, in the indicator's unit (points, of percentages). p: of a two-sided test; q: p adjusted
    for all tests of the release (Benjamini and Hochberg). None where nothing was tested.
    """

    indicator: str
    mode: str
    base: int
    value: float
    lower: float
    upper: float
    difference: float | None = None
    difference_lower: float | None = None
    difference_upper: float | None = None
    p: float | None = None
    q: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModesCompared:
    """What people told who answered in different ways, made once in a wave: see docs/disclosure.md.

    number: of the release it was made for. against: the mode that the others are set against. minimum: people
    a mode needs. A figure that is not here is hidden, for a reason that is not told.
    """

    number: int
    against: str
    minimum: int
    modes: tuple[ModeGroup, ...]
    figures: tuple[ModeFigure, ...]


def read_modes(raw: dict[str, Any]) -> ModesCompared:
    """A comparison as a release's JSON has it. Raises KeyError, TypeError or ValueError for anything else."""
    groups = [
        {
            **group,
            "merged": tuple((margin, tuple(levels)) for margin, levels in group["merged"]),
            "dropped": tuple(group["dropped"]),
        }
        for group in raw["modes"]
    ]
    return ModesCompared(
        **{
            **raw,
            "modes": tuple(ModeGroup(**group) for group in groups),
            "figures": tuple(ModeFigure(**figure) for figure in raw["figures"]),
        }
    )
