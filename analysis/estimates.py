"""Weighted means, proportions, nets and medians, their standard errors and intervals, from counts.

Everyone in a cell has the same weight, so these are the estimates one would get from the rows, exactly:
`svymean`, `svyby` and `svyquantile` of R's survey package for `svydesign(ids = ~1, weights = ~w)` with the
raked weights taken as fixed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.domains import DESIGN_SQUARES, DESIGN_SUM, Domains, domains
from analysis.intervals import Interval, mean_interval, net_interval, proportion_interval
from analysis.medians import median, medians
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

Codes = Sequence[float]
Valued = Callable[[Floats, Codes, Codes], Floats]
"""What each answer's code counts for, given the statistic's codes and its negative codes."""
Bounded = Callable[[Floats, Floats, Floats, Floats, float, Floats], Interval]
"""An interval from mean, se, weighted variance, Kish n, the level, and the most degrees of freedom."""
Found = Mapping[str, Floats]
"""Columns, (D,) each: estimate, se, weighted_variance, lower, upper, and what else a statistic has."""


@dataclass(frozen=True, slots=True)
class Statistic:
    """How a statistic is estimated. `lists`: which of codes and negative it is made of.

    shares: its values and interval lie from 0 to 1.
    """

    estimate: Callable[[Domains, Codes, Codes, float], Found]
    point: Callable[[Domains, Codes, Codes], Floats]  # the estimate alone, for replicates
    lists: tuple[str, ...] = ()
    shares: bool = False


def _mean_of(
    value: Valued, interval: Bounded, lists: tuple[str, ...] = (), *, shares: bool = False
) -> Statistic:
    def point(of: Domains, codes: Codes, negative: Codes) -> Floats:
        return of.mean(value(of.code, codes, negative))

    def found(of: Domains, codes: Codes, negative: Codes, level: float) -> Found:
        y = value(of.code, codes, negative)
        mean = of.mean(y)
        se = np.sqrt(of.variance(y, mean))
        spread = of.spread(y, mean)
        lower, upper = interval(mean, se, spread, of.effective_n, level, of.clusters - 1)
        return {"estimate": mean, "se": se, "weighted_variance": spread, "lower": lower, "upper": upper}

    return Statistic(found, point, lists, shares)


def _itself(code: Floats, codes: Codes, negative: Codes) -> Floats:
    return code


def _among(code: Floats, codes: Codes, negative: Codes) -> Floats:
    return np.isin(code, np.asarray(codes, dtype=float)).astype(float)


def _within(code: Floats, codes: Codes, negative: Codes) -> Floats:
    start, end = codes
    return ((code >= start) & (code < end)).astype(float)


def _net(code: Floats, codes: Codes, negative: Codes) -> Floats:
    return _among(code, codes, ()) - _among(code, negative, ())


def _share_interval(
    mean: Floats, se: Floats, spread: Floats, kish: Floats, level: float, most: Floats
) -> Interval:
    return proportion_interval(mean, se**2, kish, level, most)


STATISTICS: Mapping[str, Statistic] = {
    "mean": _mean_of(_itself, mean_interval),
    "proportion": _mean_of(_among, _share_interval, ("codes",), shares=True),
    "top_box": _mean_of(_among, _share_interval, ("codes",), shares=True),
    "band": _mean_of(_within, _share_interval, ("codes",), shares=True),
    "net": _mean_of(_net, net_interval, ("codes", "negative")),
    "median": Statistic(
        lambda of, codes, negative, level: medians(of, level), lambda of, codes, negative: median(of)
    ),
}
"""Add a statistic by adding an entry (and, for the command, one in planned_items.STATISTICS)."""


def estimate(
    frame: pd.DataFrame,
    weights: Floats,
    *,
    total_n: float,
    statistic: str,
    codes: Sequence[float] = (),
    negative: Sequence[float] = (),
    level: float = 0.95,
    total_clusters: int | None = None,
) -> pd.DataFrame:
    """One row per area in `frame`, sorted by area, with COLUMNS. For totals pass `everywhere(frame)`.

    frame: columns area (or any other domain), cell (an index into `weights`), code, n: the count of answers
    to one item. Rows with a negative code (a missing reason, see tallies.MISSING_CODES) are left out; an
    area with no other rows has no row. weights: (C,) of one respondent in each cell. total_n: N, all
    respondents weighted together, not the area's.

    statistic: "mean" (the code is the value), "proportion" or "top_box" (of answers whose code is in
    `codes`), "band" (of answers from codes[0] to below codes[1]), "net" (share in `codes` minus share in
    `negative`, -1 to 1: the mean of a variable that is 1, -1 or 0), or "median" (see medians.medians).

    Where a wave sampled people with unequal chances, `weights` multiply design weights d, and frame has
    columns design (sum of d) and design_squares (sum of d^2) beside n. Where people were drawn in clusters
    (events, streets), frame has a column cluster (an integer), and total_clusters says how many clusters
    the whole sample has; the result then has a column clusters.

    n is unweighted; effective_n is Kish's (sum g n)^2 / sum g^2 n. se = sqrt(N/(N-1) sum g^2 n (y -
    mean)^2) / sum g n: with-replacement linearisation, weights fixed; over clusters, the squared sums of
    each cluster and its C/(C-1). weighted_variance = sum g n (y - mean)^2 / sum g n. weighted_n = sum g n.
    lower, upper: intervals.proportion_interval, mean_interval, net_interval or medians.medians. A median
    has columns woodruff_lower and woodruff_upper too. Raises ValueError for another statistic, codes that
    are missing or not wanted, clusters that are not counted, or a cell that has no weight.
    """
    known = _statistic(statistic, codes, negative)
    of = domains(frame, weights, total_n=total_n, total_clusters=total_clusters)
    found = {
        "area": of.names,
        "n": of.total(of.n).round().astype(int),
        "effective_n": of.effective_n,
        "weighted_n": of.total(of.mass),
        **known.estimate(of, codes, negative, level),
    }
    if of.cluster is not None:
        found["clusters"] = of.clusters.astype(int)
    table = pd.DataFrame(found)
    return table[[*COLUMNS, *(name for name in table if name not in COLUMNS)]]


def replicate_estimates(
    frame: pd.DataFrame,
    weights: Floats,
    *,
    statistic: str,
    codes: Sequence[float] = (),
    negative: Sequence[float] = (),
) -> pd.DataFrame:
    """The estimates alone, a row per area and a column per replicate; empty where nobody is left.

    frame: as of `estimate`, with a column group. weights: (R, C); replicate r leaves out the answers of
    group r and weighs the others by weights[r]. Errors as of `estimate`.
    """
    known = _statistic(statistic, codes, negative)
    valid = frame[(frame["code"] >= 0) & (frame["n"] > 0)].drop(columns="cluster", errors="ignore")
    of = domains(valid, np.ones(weights.shape[1]), total_n=np.nan)
    cell, group = valid["cell"].to_numpy(dtype=np.intp), valid["group"].to_numpy()
    found = {}
    with np.errstate(invalid="ignore"):  # 0 / 0 where nobody is left
        for left_out, weight in enumerate(weights):
            mass = np.where(group == left_out, 0.0, of.mass * weight[cell])
            found[left_out] = known.point(replace(of, mass=mass), codes, negative)
    return pd.DataFrame(found, index=of.names)


def _statistic(statistic: str, codes: Codes, negative: Codes) -> Statistic:
    known = STATISTICS.get(statistic)
    if known is None:
        raise ValueError(f"unknown statistic {statistic!r}: use one of {', '.join(STATISTICS)}")
    given = tuple(name for name, listed in (("codes", codes), ("negative", negative)) if len(listed))
    if given != known.lists:
        raise ValueError(
            f"a {statistic} takes {' and '.join(known.lists) or 'no codes'}: codes are for proportions and "
            "nets, which need at least one (a band: two ends)"
        )
    return known


def everywhere(frame: pd.DataFrame) -> pd.DataFrame:
    """The same counts as one area, `all`."""
    by = [name for name in ("cluster", "cell", "code") if name in frame]
    sums = [name for name in ("n", DESIGN_SUM, DESIGN_SQUARES) if name in frame]
    summed = frame.groupby(by, sort=True)[sums].sum().reset_index()
    summed.insert(0, "area", ALL)
    return summed
