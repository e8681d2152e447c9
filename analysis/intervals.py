"""Confidence intervals for weighted proportions and means, on arrays; no data make them raise.

The choices come from simulated coverage at neighbourhood sizes (n = 20 to 300, design effects 1 to 2.5):
the usual Wald and logit intervals cover 70% where 95% is claimed, these at least 94%.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from analysis.raking import Floats

Interval = tuple[Floats, Floats]


def proportion_interval(
    p: ArrayLike,
    variance: ArrayLike,
    kish_n: ArrayLike,
    level: float = 0.95,
    most_df: ArrayLike = np.inf,
) -> Interval:
    """Wilson's interval on the smaller of two effective sample sizes; shape as the inputs, within 0 and 1.

    n = min(p(1-p)/variance, kish_n), or kish_n where p is 0 or 1 or the variance is 0; t has n - 1 degrees
    of freedom. At p = 0 the interval is [0, t^2/(n + t^2)], never a point. With n of 1 or less nothing is
    known and it is [0, 1]. Not a number where p is not. most_df: a limit on the degrees of freedom, one less
    than the clusters where people were drawn in clusters. Wilson (1927); effective sample size as in Korn
    and Graubard (1998), who use the variance's alone.
    """
    p, variance, kish_n, most = np.broadcast_arrays(
        *(np.asarray(a, dtype=float) for a in (p, variance, kish_n, most_df))
    )
    spread = p * (1 - p)
    usual = (spread > 0) & (variance > 0)
    by_variance = np.divide(spread, variance, out=np.full(p.shape, np.inf), where=usual)
    n = np.minimum(by_variance, kish_n)
    t = t_quantile(np.minimum(n - 1, most), level)
    with np.errstate(all="ignore"):
        # Divided through by t^2, so that an unbounded t (n near 1) tends to [0, 1] instead of overflowing.
        a = n / t**2
        half = np.sqrt(spread * a + 0.25) / (1 + a)
        middle = (p * a + 0.5) / (1 + a)
    # At the ends the formula gives exactly 0 or 1 but for rounding.
    lower = np.where(p <= 0, 0.0, np.clip(middle - half, 0.0, 1.0))
    upper = np.where(p >= 1, 1.0, np.clip(middle + half, 0.0, 1.0))
    nothing = ~((n > 1) & (most > 0))
    lower, upper = np.where(nothing, 0.0, lower), np.where(nothing, 1.0, upper)
    return _hidden_where(np.isnan(p), lower, upper)


def mean_interval(
    mean: ArrayLike,
    se_linearised: ArrayLike,
    weighted_variance: ArrayLike,
    kish_n: ArrayLike,
    level: float = 0.95,
    most_df: ArrayLike = np.inf,
) -> Interval:
    """mean +- t times the larger of the linearised and the Kish standard error; shape as the inputs.

    Kish standard error: sqrt(weighted_variance / (k - 1)), k = kish_n, weighted_variance = sum w (y -
    mean)^2 / sum w; t has k - 1 degrees of freedom. Neither standard error alone is safe when the variance
    rises with the weight. With k of 1 or less there is no interval: both ends are not a number. When every
    answer is the same both ends equal the mean: read such an interval by its base, not its width. most_df:
    as in `proportion_interval`.
    """
    mean, se, variance, k, most = np.broadcast_arrays(
        *(np.asarray(a, dtype=float) for a in (mean, se_linearised, weighted_variance, kish_n, most_df))
    )
    t = t_quantile(np.minimum(k - 1, most), level)
    with np.errstate(all="ignore"):
        half = t * np.fmax(se, np.sqrt(variance / (k - 1)))
    return _hidden_where(~np.isfinite(half), mean - half, mean + half)


def net_interval(
    net: ArrayLike,
    se_linearised: ArrayLike,
    weighted_variance: ArrayLike,
    kish_n: ArrayLike,
    level: float = 0.95,
    most_df: ArrayLike = np.inf,
) -> Interval:
    """For a net share (positive minus negative, -1 to 1): `mean_interval`, cut at -1 and 1.

    Where all answers are alike it is Wilson's interval for the share (net + 1)/2, stretched back to -1 to 1:
    few people who all agree are not a point. With nothing known it is [-1, 1].
    """
    net, se, variance, k, most = np.broadcast_arrays(
        *(np.asarray(a, dtype=float) for a in (net, se_linearised, weighted_variance, kish_n, most_df))
    )
    lower, upper = mean_interval(net, se, variance, k, level, most)
    alike = np.broadcast_arrays(*proportion_interval((net + 1) / 2, 0.0, k, level, most))
    wilson = ~np.isnan(net) & (np.isnan(lower) | (variance <= 1e-15))
    lower = np.where(wilson, 2 * alike[0] - 1, np.maximum(lower, -1.0))
    upper = np.where(wilson, 2 * alike[1] - 1, np.minimum(upper, 1.0))
    return _hidden_where(np.isnan(net), lower, upper)


def logit_interval(
    p: ArrayLike, variance: ArrayLike, degrees_of_freedom: ArrayLike, level: float = 0.95
) -> Interval:
    """A Wald interval for log(p/(1-p)), taken back: R's `svyciprop(method = "logit")`, its default.

    R takes degrees of freedom = answers - 1 (`degf`). Offered to compare with R; it covers too little in
    small samples, see `proportion_interval`. Not a number where p is 0 or 1, or where there is no degree of
    freedom.
    """
    p, variance, df = np.broadcast_arrays(
        *(np.asarray(a, dtype=float) for a in (p, variance, degrees_of_freedom))
    )
    with np.errstate(all="ignore"):
        centre = np.log(p / (1 - p))
        half = t_quantile(df, level) * np.sqrt(variance) / (p * (1 - p))
        lower, upper = 1 / (1 + np.exp(half - centre)), 1 / (1 + np.exp(-half - centre))
    usual = (p > 0) & (p < 1) & np.isfinite(half)
    return _hidden_where(~usual, lower, upper)


def wald_interval(
    estimate: ArrayLike, variance: ArrayLike, degrees_of_freedom: ArrayLike, level: float = 0.95
) -> Interval:
    """estimate +- t sqrt(variance): R's `svyciprop(method = "mean")` and `confint(svymean(...), df = ...)`.

    Offered to compare with R. Not a number where there is no degree of freedom.
    """
    estimate, variance, df = np.broadcast_arrays(
        *(np.asarray(a, dtype=float) for a in (estimate, variance, degrees_of_freedom))
    )
    with np.errstate(all="ignore"):
        half = t_quantile(df, level) * np.sqrt(variance)
    return _hidden_where(~np.isfinite(half), estimate - half, estimate + half)


def t_quantile(degrees_of_freedom: ArrayLike, level: float = 0.95) -> Floats:
    """The t quantile for a two-sided interval; not a number without a degree of freedom."""
    degrees = np.asarray(degrees_of_freedom, dtype=float)
    df = np.where(degrees > 0, degrees, np.nan)
    return np.asarray(stats.t.ppf(0.5 + level / 2, df), dtype=float)


def _hidden_where(unknown: np.ndarray, lower: Floats, upper: Floats) -> Interval:
    return np.where(unknown, np.nan, lower), np.where(unknown, np.nan, upper)
