"""Standard errors by the jackknife: leave a cluster out, rake again, estimate again.

For what tallies do not give in a formula, and for errors that count the raking itself: `se` elsewhere takes
the weights as fixed. The same as R's `rake(as.svrepdesign(svydesign(ids = ~cluster, weights = ~d), type =
"JK1"), ...)` followed by `svymean` or `svyby`, centred on the mean of the replicates as R does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.estimates import replicate_estimates
from analysis.raking import Floats, Margin, RakingError, Reason
from analysis.weights import fit_within


@dataclass(frozen=True)
class Jackknife:
    """`weight[r]` (C,) weighs each cell when the people of group r are left out."""

    group: NDArray[np.int64]  # (N,) the group of each respondent, 0 to R - 1
    weight: Floats  # (R, C)

    @property
    def replicates(self) -> int:
        return len(self.weight)


def deal(ids: Sequence[str], groups: int) -> NDArray[np.int64]:
    """A group (N,) for each person: the ids in order are dealt out in turn, so that rows can be in any order.

    In R: `(order(order(id, method = "radix")) - 1) %% groups`.
    """
    order = sorted(range(len(ids)), key=lambda at: str(ids[at]))
    dealt = np.empty(len(ids), dtype=np.int64)
    dealt[order] = np.arange(len(ids)) % groups
    return dealt


def jackknife(
    group: NDArray[np.int64],
    cell: NDArray[np.int64],
    counts: Floats,
    weight: Floats,
    margins: Sequence[Margin],
    *,
    cap: float | None = None,
) -> Jackknife:
    """Weights raked again with each group left out in turn.

    group, cell: (N,) of each respondent. counts, weight: (C,) respondents and full-sample weight of each
    cell; margins: as `raking.margins` prepared them for the full sample, so that every replicate is held to
    the same targets. Raking starts from `weight`, which leads where design weights lead. Raises RakingError
    where leaving a group out empties a level that has a population, or raking does not get there.
    """
    _, group = np.unique(group, return_inverse=True)
    groups = int(group.max()) + 1 if len(group) else 0
    if groups < 2:
        cause = "All responses are in one group, so none can be left out."
        raise RakingError([Reason("", "", cause, "Name more clusters, or more groups.")])
    again = np.empty((groups, len(counts)))
    for left_out in range(groups):
        kept = counts - np.bincount(cell[group == left_out], minlength=len(counts))
        emptied = [r for margin in margins for r in _emptied(margin, kept)]
        if emptied:
            raise RakingError(emptied)
        again[left_out], _, _ = fit_within(margins, kept, weight, cap)
    return Jackknife(group.astype(np.int64), again)


def _emptied(margin: Margin, kept: Floats) -> list[Reason]:
    people = margin.totals(kept)
    cause = "Everyone in this category is in one group, so that leaving it out leaves nobody."
    remedy = "Merge it with another category, or use more groups or clusters."
    return [
        Reason(margin.name, level or "(not stated)", cause, remedy)
        for level, n, wanted in zip(margin.levels, people, margin.wanted, strict=True)
        if wanted > 0 and n <= 0
    ]


def jackknife_se(
    tally: pd.DataFrame,
    of: Jackknife,
    *,
    statistic: str,
    codes: Sequence[float] = (),
    negative: Sequence[float] = (),
) -> pd.Series:
    """The jackknife standard error by area, where every replicate has an answer.

    tally: columns area, cell, code, n as `estimates.estimate`, and group. sqrt((R-1)/R sum (t_r -
    mean(t))^2) over the R replicate estimates t_r. For medians it needs groups of many people: leaving
    single people out does not give a valid error.
    """
    table = replicate_estimates(tally, of.weight, statistic=statistic, codes=codes, negative=negative)
    away = table.sub(table.mean(axis=1), axis=0)
    squares = (away**2).sum(axis=1, skipna=False)
    return pd.Series(np.sqrt((of.replicates - 1) / of.replicates * squares), index=table.index)
