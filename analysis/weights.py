"""Cell weights: raked, trimmed to a cap, and described so that a reader can judge them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.raking import Floats, Margin, Targets, fit, margins

TRIMMING_ROUNDS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginRow:
    """One level of a margin before and after weighting. Shares are of all respondents; "" is not stated."""

    margin: str
    level: str
    respondents: float
    target_share: float
    unweighted_share: float
    weighted_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CellWeights:
    """`weight` (C,) is one respondent's weight in each cell, mean 1 over respondents."""

    weight: Floats
    design_effect: float  # Kish: N sum(w^2) / sum(w)^2, 1 when weights are equal
    effective_n: float  # N / design effect
    largest: float  # the largest weight any respondent has, in multiples of the mean
    trimmed_share: float  # share of respondents whose weight is at the cap
    iterations: int  # of raking, over every round of trimming
    report: tuple[MarginRow, ...]


def cell_weights(
    counts: Floats,
    cells: pd.DataFrame,
    targets: Targets,
    *,
    cap: float | None = 5.0,
    design: Floats | None = None,
) -> CellWeights:
    """Rake (see `raking.rake`), then trim to `cap` times the mean weight and rake again until both hold.

    design: (C,) the design weight of one respondent in each cell, where the wave sampled people with
    unequal chances. Raking starts from it, and those who did not state a margin keep their design-weighted
    share of it: R's `rake(svydesign(ids = ~1, weights = ~d), ...)`. Only their ratios matter.

    Where both cannot hold, the cap does: after a bounded number of rounds weights above it are cut, the
    excess is shared by the rest, and the margins end slightly off; `report` shows by how much. cap=None
    never trims. Raises RakingError when raking itself fails, ValueError when the cap is not above 1 or a
    design weight is not above 0.
    """
    if cap is not None and not cap > 1:
        raise ValueError(f"the cap is {cap}, but must be more than 1 (the mean weight)")
    counts = np.asarray(counts, dtype=float)
    start = start_weights(counts, design)
    prepared = margins(counts * start, cells, targets)
    weight, iterations, trimmed = fit_within(prepared, counts, start, cap)
    held = counts > 0
    total = float(counts.sum())
    effective = total**2 / float(counts @ weight**2)
    at_cap = counts[weight >= cap * (1 - 1e-6)].sum() / total if cap is not None and trimmed else 0.0
    return CellWeights(
        weight=weight,
        design_effect=total / effective,
        effective_n=effective,
        largest=float(weight[held].max()),
        trimmed_share=float(at_cap),
        iterations=iterations,
        report=tuple(row for margin in prepared for row in _report(margin, counts, weight)),
    )


def fit_within(
    prepared: Sequence[Margin], counts: Floats, start: Floats, cap: float | None
) -> tuple[Floats, int, bool]:
    """Weights (C,) that reach the margins from `start`, none above `cap`; iterations; whether it trimmed."""
    weight, iterations = fit(prepared, counts, start=start)
    held = counts > 0
    if cap is None or not (weight[held] > cap).any():
        return weight, iterations, False
    for _ in range(TRIMMING_ROUNDS):
        weight, more = fit(prepared, counts, start=np.minimum(weight, cap))
        iterations += more
        if weight[held].max() <= cap * (1 + 1e-12):
            break
    return _cut(weight, counts, cap), iterations, True


def start_weights(counts: Floats, design: Floats | None) -> Floats:
    """Design weights with mean 1 over respondents; ones where there are none."""
    if design is None:
        return np.ones(len(counts))
    start = np.asarray(design, dtype=float)
    if start.shape != counts.shape or not (np.isfinite(start) & (start > 0)).all():
        raise ValueError("design weights must be numbers above 0, one for each cell")
    total = float(counts @ start)
    return np.asarray(start * counts.sum() / total, dtype=float) if total > 0 else np.ones(len(counts))


def _cut(weight: Floats, counts: Floats, cap: float) -> Floats:
    """Weights at most `cap`, mean 1: what is cut is shared by the others in proportion."""
    weight = np.minimum(weight, cap)
    total = counts.sum()
    for _ in range(len(weight)):
        free = weight < cap
        room = float(counts[free] @ weight[free])
        missing = total - float(counts @ weight)
        if missing <= 1e-13 * total or room <= 0:
            break
        weight[free] = np.minimum(weight[free] * (1 + missing / room), cap)
    return weight


def _report(margin: Margin, counts: Floats, weight: Floats) -> list[MarginRow]:
    total = counts.sum()
    people, weighted = margin.totals(counts), margin.totals(counts * weight)
    return [
        MarginRow(
            margin=margin.name,
            level=level,
            respondents=float(people[i]),
            target_share=float(margin.wanted[i] / total),
            unweighted_share=float(people[i] / total),
            weighted_share=float(weighted[i] / total),
        )
        for i, level in enumerate(margin.levels)
        if people[i] > 0 or margin.wanted[i] > 0
    ]
