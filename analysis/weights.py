"""Cell weights: raked, trimmed to a cap, and described so that a reader can judge them."""

from __future__ import annotations

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
    counts: Floats, cells: pd.DataFrame, targets: Targets, *, cap: float | None = 5.0
) -> CellWeights:
    """Rake (see `raking.rake`), then trim to `cap` times the mean weight and rake again until both hold.

    Where both cannot hold, the cap does: after a bounded number of rounds weights above it are cut, the
    excess is shared by the rest, and the margins end slightly off; `report` shows by how much. cap=None
    never trims. Raises RakingError when raking itself fails, ValueError when the cap is not above 1.
    """
    if cap is not None and not cap > 1:
        raise ValueError(f"the cap is {cap}, but must be more than 1 (the mean weight)")
    counts = np.asarray(counts, dtype=float)
    prepared = margins(counts, cells, targets)
    weight, iterations = fit(prepared, counts)
    held = counts > 0
    above = cap is not None and bool((weight[held] > cap).any())
    if cap is not None and above:
        for _ in range(TRIMMING_ROUNDS):
            weight, more = fit(prepared, counts, start=np.minimum(weight, cap))
            iterations += more
            if weight[held].max() <= cap * (1 + 1e-12):
                break
        weight = _cut(weight, counts, cap)
    total = float(counts.sum())
    effective = total**2 / float(counts @ weight**2)
    at_cap = counts[weight >= cap * (1 - 1e-6)].sum() / total if cap is not None and above else 0.0
    return CellWeights(
        weight=weight,
        design_effect=total / effective,
        effective_n=effective,
        largest=float(weight[held].max()),
        trimmed_share=float(at_cap),
        iterations=iterations,
        report=tuple(row for margin in prepared for row in _report(margin, counts, weight)),
    )


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
