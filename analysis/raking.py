"""Raking: the weight of each cell that makes weighted margins equal to the population's.

Iterative proportional fitting (Deming and Stephan 1940) over a table of counts, so that the time taken does
not grow with the number of people. Gives the same weights, up to one constant, as `rake` of R's survey
package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Targets = Mapping[str, Mapping[str, float]]
"""Margin -> level -> population count. Only shares within a margin matter."""

NOT_STATED = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why raking is refused, naming the category it is about."""

    margin: str
    level: str
    cause: str
    remedy: str

    def __str__(self) -> str:
        place = f'{self.margin} "{self.level}"' if self.level else self.margin
        return f"{place}: {self.cause} {self.remedy}" if place else f"{self.cause} {self.remedy}"


class RakingError(Exception):
    """The counts cannot be raked to the targets; `reasons` says every reason."""

    def __init__(self, reasons: Sequence[Reason]):
        self.reasons = tuple(reasons)
        super().__init__("\n".join(str(r) for r in reasons))


@dataclass(frozen=True, slots=True)
class Margin:
    """A margin ready for raking. `levels` are in the targets' order, with NOT_STATED last where it occurs."""

    name: str
    levels: tuple[str, ...]
    position: NDArray[np.intp]  # (C,) the level of each cell, as an index into `levels`
    wanted: Floats  # (levels,) weighted respondents each level should have; sums to all respondents

    def totals(self, mass: Floats) -> Floats:
        """Sum of `mass` (C,) in each level."""
        return np.bincount(self.position, weights=mass, minlength=len(self.levels)).astype(float)


def rake(
    counts: Floats,
    cells: pd.DataFrame,
    targets: Targets,
    *,
    tolerance: float = 1e-10,
    max_iterations: int = 1000,
) -> Floats:
    """The weight (C,) of one respondent in each of C cells; the mean over respondents is 1.

    counts: (C,) respondents in each cell. cells: C rows and a column for each margin in `targets` (other
    columns are ignored); "" means not stated.

    Not stated: the people who did not state a margin keep, together, their unweighted share of it, and the
    targets of the stated levels are scaled to the rest. This is R's `rake` with a level "not stated" added
    to the population margin, whose count is the population times that share.

    Converged means that every weighted level is within `tolerance` (relative) of its target. Raises
    RakingError naming the worst margin and level when that is not reached, and, all together and before any
    iteration, for every level with a target that nobody answered and every answered level without a target.
    """
    prepared = margins(counts, cells, targets)
    weight, _ = fit(prepared, counts, tolerance=tolerance, max_iterations=max_iterations)
    return weight


def margins(counts: Floats, cells: pd.DataFrame, targets: Targets) -> tuple[Margin, ...]:
    """The margins of `targets` over these cells, by the not-stated rule of `rake`.

    Raises RakingError with every reason why they cannot be reached, and ValueError when shapes disagree.
    """
    counts = np.asarray(counts, dtype=float)
    if counts.shape != (len(cells),):
        raise ValueError(f"counts have shape {counts.shape}, but there are {len(cells)} cells")
    reasons = faults(counts, cells, targets)
    if reasons:
        raise RakingError(reasons)
    total = float(counts.sum())
    prepared = []
    for name, wanted in targets.items():
        labels = _labels(cells, name)
        levels = [*wanted, NOT_STATED]
        position = pd.Index(levels).get_indexer(pd.Index(labels)).astype(np.intp)
        # A cell with no respondents may have a level without a target: it has no mass, so its place is idle.
        position[position < 0] = len(levels) - 1
        unstated = float(counts[labels == NOT_STATED].sum())
        population = np.array([float(wanted[level]) for level in wanted])
        shares = population / population.sum() * (total - unstated)
        prepared.append(Margin(name, tuple(levels), position, np.append(shares, unstated)))
    return tuple(prepared)


def faults(counts: Floats, cells: pd.DataFrame, targets: Targets) -> list[Reason]:
    """Every reason, known before raking, why these counts cannot be raked to these targets."""
    counts = np.asarray(counts, dtype=float)
    if not np.isfinite(counts).all() or (counts < 0).any():
        return [Reason("", "", "Some counts are negative or not numbers.", "Count respondents again.")]
    if counts.sum() <= 0:
        return [Reason("", "", "There are no respondents to weight.", "Add responses.")]
    return [r for name, wanted in targets.items() for r in _margin_faults(counts, cells, name, wanted)]


def _margin_faults(
    counts: Floats, cells: pd.DataFrame, name: str, wanted: Mapping[str, float]
) -> list[Reason]:
    if name not in cells.columns:
        return [Reason(name, "", "No such weighting column.", "Name a column that the cells have.")]
    found = []
    answered = _respondents(counts, cells, name)
    for level, count in wanted.items():
        if level == NOT_STATED:
            found.append(Reason(name, "", "A target has no level name.", "Name the level, or remove it."))
        elif not np.isfinite(count) or count < 0:
            found.append(
                Reason(name, level, f"The target {count} is not a count.", "Give a number, 0 or more.")
            )
        elif count > 0 and answered.get(level, 0) == 0:
            cause = f"The population has {count:g}, but nobody who answered is in this category."
            found.append(Reason(name, level, cause, "Merge it with another category, or drop the margin."))
    for level, people in sorted(answered.items()):
        if level != NOT_STATED and people > 0 and not wanted.get(level):
            cause = f"{people:g} people gave this answer, but the population has nobody in this category."
            remedy = "Merge it with another category, give it a target, or set it to not stated (empty)."
            found.append(Reason(name, level, cause, remedy))
    return found


def fit(
    prepared: Sequence[Margin],
    counts: Floats,
    *,
    start: Floats | None = None,
    tolerance: float = 1e-10,
    max_iterations: int = 1000,
) -> tuple[Floats, int]:
    """Weights (C,) that reach every margin, from `start` (ones unless told), and the iterations it took.

    Raises RakingError naming the worst margin and level when they are not reached.
    """
    counts = np.asarray(counts, dtype=float)
    weight = np.ones(len(counts)) if start is None else np.array(start, dtype=float)
    weight *= counts.sum() / (counts @ weight)
    if not prepared:
        return weight, 0
    for iteration in range(1, max_iterations + 1):
        for margin in prepared:
            total = margin.totals(counts * weight)
            ratio = np.divide(margin.wanted, total, out=np.ones_like(total), where=total > 0)
            weight *= ratio[margin.position]
        if max(_discrepancies(m, counts * weight).max() for m in prepared) <= tolerance:
            return weight, iteration
    raise RakingError([_not_reached(prepared, counts * weight, max_iterations)])


def _not_reached(prepared: Sequence[Margin], mass: Floats, iterations: int) -> Reason:
    worst = max(prepared, key=lambda m: _discrepancies(m, mass).max())
    gap = _discrepancies(worst, mass)
    at = int(gap.argmax())
    cause = (
        f"After {iterations} rounds the weighted total is {worst.totals(mass)[at]:.6g} "
        f"where {worst.wanted[at]:.6g} is wanted."
    )
    remedy = (
        "The margins contradict each other among those who answered: merge sparse categories or drop one."
    )
    return Reason(worst.name, worst.levels[at] or "(not stated)", cause, remedy)


def _discrepancies(margin: Margin, mass: Floats) -> Floats:
    """Relative distance of each level from its target; an idle level (target 0, nobody there) has none."""
    total = margin.totals(mass)
    gap = np.abs(total - margin.wanted)
    relative = np.divide(gap, margin.wanted, out=gap.copy(), where=margin.wanted > 0)
    return np.nan_to_num(relative, nan=np.inf, posinf=np.inf)


def _labels(cells: pd.DataFrame, name: str) -> NDArray[np.object_]:
    return np.asarray(cells[name].astype(object).where(cells[name].notna(), NOT_STATED), dtype=object)


def _respondents(counts: Floats, cells: pd.DataFrame, name: str) -> dict[str, float]:
    summed = pd.Series(counts).groupby(_labels(cells, name)).sum()
    return {str(level): float(people) for level, people in summed.items()}


@dataclass(frozen=True, slots=True)
class Collapsed:
    """What became of some levels of a margin: merged `into` one level, or no longer weighting when ""."""

    margin: str
    levels: tuple[str, ...]
    into: str
    respondents: float

    def __str__(self) -> str:
        names = ", ".join(self.levels)
        if self.into:
            return f"{self.margin}: {names} weighted together as {self.into} ({self.respondents:g} people)"
        return f"{self.margin}: {names} treated as not stated ({self.respondents:g} people)"


def collapse(
    cells: pd.DataFrame, targets: Targets, counts: Floats, minimum: int
) -> tuple[pd.DataFrame, dict[str, dict[str, float]], list[Collapsed]]:
    """Merge sparse levels by a declared rule: new cells (same rows), new targets, and what was merged.

    The rule, for each margin on its own: of the levels with fewer than `minimum` respondents (or none, or
    no population) the one with fewest joins whichever of its two neighbours in the targets' order has fewer
    (the earlier on a tie); repeat. Merged levels are named "a+b". So list ordered levels in order, and
    levels that may be merged side by side. Levels with neither respondents nor population are dropped. An
    answered level that the targets do not have is treated as not stated, and a margin nobody stated stops
    weighting.
    """
    counts = np.asarray(counts, dtype=float)
    new_cells = cells.copy()
    new_targets: dict[str, dict[str, float]] = {}
    report: list[Collapsed] = []
    for name, wanted in targets.items():
        people = _respondents(counts, cells, name)
        groups = _merged_levels(wanted, people, minimum)
        into = {level: "+".join(group) for group in groups for level in group}
        new_cells[name] = [into.get(str(label), NOT_STATED) for label in _labels(cells, name)]
        strangers = sorted(k for k, n in people.items() if n > 0 and k != NOT_STATED and k not in into)
        report += [Collapsed(name, (k,), NOT_STATED, people[k]) for k in strangers]
        if groups:
            new_targets[name] = {"+".join(g): float(sum(wanted[level] for level in g)) for g in groups}
        else:
            report.append(Collapsed(name, tuple(wanted), NOT_STATED, 0.0))
        report += [
            Collapsed(name, tuple(g), "+".join(g), sum(people.get(level, 0.0) for level in g))
            for g in groups
            if len(g) > 1
        ]
    return new_cells, new_targets, report


def _merged_levels(
    wanted: Mapping[str, float], people: Mapping[str, float], minimum: int
) -> list[tuple[str, ...]]:
    """The groups of levels to weight together, in order; empty when the margin cannot weight at all."""
    groups: list[tuple[str, ...]] = [
        (level,) for level in wanted if wanted[level] > 0 or people.get(level, 0) > 0
    ]

    def size(group: tuple[str, ...]) -> float:
        return sum(people.get(level, 0.0) for level in group)

    def sparse(group: tuple[str, ...]) -> bool:
        return size(group) < max(minimum, 1) or sum(wanted[level] for level in group) <= 0

    while len(groups) > 1 and any(sparse(g) for g in groups):
        at = min((i for i, g in enumerate(groups) if sparse(g)), key=lambda i: size(groups[i]))
        beside = min((i for i in (at - 1, at + 1) if 0 <= i < len(groups)), key=lambda i: size(groups[i]))
        first = min(at, beside)
        groups[first : first + 2] = [groups[first] + groups[first + 1]]
    if len(groups) == 1 and (size(groups[0]) <= 0 or sum(wanted[level] for level in groups[0]) <= 0):
        return []
    return groups
