"""Weighted means and proportions, their standard errors and intervals, from counts.

Everyone in a cell has the same weight, so these are the estimates one would get from the rows, exactly:
`svymean` and `svyby` of R's survey package for `svydesign(ids = ~1, weights = ~w)` with the raked weights
taken as fixed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.intervals import mean_interval, proportion_interval
from analysis.raking import Floats

COLUMNS = [
    "area",
    "n",
    "effective_n",
    "estimate",
    "se",
    "weighted_variance",
    "lower",
    "upper",
    "weighted_n",
]
ALL = "all"


def estimate(
    frame: pd.DataFrame,
    weights: Floats,
    *,
    total_n: float,
    statistic: str,
    codes: Sequence[float] = (),
    level: float = 0.95,
) -> pd.DataFrame:
    """One row per area in `frame`, sorted by area, with COLUMNS. For totals pass `everywhere(frame)`.

    frame: columns area, cell (an index into `weights`), code, n: the count of answers to one item. Rows
    with a negative code (a missing reason, see tallies.MISSING_CODES) are left out; an area with no other
    rows has no row. weights: (C,) of one respondent in each cell. total_n: N, all respondents weighted
    together, not the area's. statistic: "mean" (the code is the value) or "proportion" (of answers whose
    code is in `codes`).

    n is unweighted; effective_n is Kish's (sum g n)^2 / sum g^2 n. se = sqrt(N/(N-1) sum g^2 n (y -
    mean)^2) / sum g n: with-replacement linearisation, weights fixed. weighted_variance = sum g n (y -
    mean)^2 / sum g n. weighted_n = sum g n. lower, upper: intervals.proportion_interval or
    intervals.mean_interval. Raises ValueError for another statistic, a proportion without codes, or a cell
    that has no weight.
    """
    if statistic not in ("mean", "proportion"):
        raise ValueError(f"unknown statistic {statistic!r}: use mean or proportion")
    if (statistic == "proportion") != bool(len(codes)):
        raise ValueError("codes are for proportions, which need at least one")
    counted = frame[(frame["code"] >= 0) & (frame["n"] > 0)]
    cell = counted["cell"].to_numpy(dtype=np.intp)
    if len(cell) and (cell.min() < 0 or cell.max() >= len(weights)):
        raise ValueError(f"answers in cell {cell.max()}, but there are weights for {len(weights)} cells")
    code = counted["code"].to_numpy(dtype=float)
    y = code if statistic == "mean" else np.isin(code, np.asarray(codes, dtype=float)).astype(float)
    area, names = pd.factorize(counted["area"], sort=True)
    g = np.asarray(weights, dtype=float)[cell]
    n = counted["n"].to_numpy(dtype=float)

    def total(values: Floats) -> Floats:
        return np.bincount(area, weights=values, minlength=len(names)).astype(float)

    weighted_n = total(g * n)
    mean = total(g * n * y) / weighted_n
    squares = (y - mean[area]) ** 2
    effective_n = weighted_n**2 / total(g**2 * n)
    scale = total_n / (total_n - 1) if total_n > 1 else np.nan
    se = np.sqrt(scale * total(g**2 * n * squares)) / weighted_n
    variance = total(g * n * squares) / weighted_n
    if statistic == "mean":
        lower, upper = mean_interval(mean, se, variance, effective_n, level)
    else:
        lower, upper = proportion_interval(mean, se**2, effective_n, level)
    columns = [names, total(n).round().astype(int), effective_n, mean, se, variance, lower, upper, weighted_n]
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))


def everywhere(frame: pd.DataFrame) -> pd.DataFrame:
    """The same counts as one area, `all`."""
    summed = frame.groupby(["cell", "code"], sort=True)["n"].sum().reset_index()
    summed.insert(0, "area", ALL)
    return summed
