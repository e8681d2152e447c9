"""Weighted medians of ordered answers, such as 0-10 items, with Woodruff's interval."""

from __future__ import annotations

import numpy as np

from analysis.domains import Domains
from analysis.intervals import proportion_interval, t_quantile, wald_interval
from analysis.raking import Floats


def median(of: Domains) -> Floats:
    """The weighted median in each domain, (D,): see `medians`."""
    return _Quantiles(of).quantile(np.full(len(of.names), 0.5))


def medians(of: Domains, level: float = 0.95) -> dict[str, Floats]:
    """Columns (D,) of the median in each domain.

    estimate: the lowest answer that at least half of the weight is at or below (R's `svyquantile(...,
    0.5, qrule = "math")`, Hyndman and Fan's type 1). An answer that people gave, never one between two.

    woodruff_lower, woodruff_upper, se: R's interval (Woodruff 1952, as `interval.type = "mean"`): a Wald
    interval, with t on answers - 1 (clusters - 1), about the share at or below the median, read back as
    quantiles; se is its width / 2t. Not a number where that interval leaves 0 to 1. Where answers are
    coarse R's lower end is too high: much more than half can be at or below a median of 7.

    lower, upper: the quantiles at the ends of `proportion_interval` about one half itself, with the
    effective sample size of the share at or below the median. Over-covers slightly where answers are few.
    weighted_variance: of the answers about their mean.
    """
    at = _Quantiles(of)
    middle = at.quantile(np.full(len(of.names), 0.5))
    below = (of.code <= middle[of.place]).astype(float)
    share = of.mean(below)
    variance = of.variance(below, share)
    kish = of.effective_n
    most = of.clusters - 1
    df = np.minimum(of.total(of.n) - 1, most)
    wald = wald_interval(share, variance, df, level)
    # R reads quantiles only inside 0 to 1. All answers alike: the share is 1 with no variance.
    share_ends = [np.where((end >= 0) & (end <= 1), end, np.nan) for end in wald]
    woodruff_lower, woodruff_upper = (at.quantile(end) for end in share_ends)
    # The variance that one half would have with the same effective sample size.
    spread = share * (1 - share)
    half = np.divide(0.25 * variance, spread, out=np.zeros_like(spread), where=spread > 0)
    lower, upper = (
        at.quantile(end) for end in proportion_interval(np.full_like(share, 0.5), half, kish, level, most)
    )
    mean = of.mean(of.code)
    return {
        "estimate": middle,
        "se": (woodruff_upper - woodruff_lower) / (2 * t_quantile(df, level)),
        "weighted_variance": of.spread(of.code, mean),
        "lower": lower,
        "upper": upper,
        "woodruff_lower": woodruff_lower,
        "woodruff_upper": woodruff_upper,
    }


class _Quantiles:
    """The answers of each domain in order, with the share of the weight up to each."""

    def __init__(self, of: Domains):
        order = np.lexsort((of.code, of.place))
        self.place, self.code = of.place[order], of.code[order]
        weight = of.mass[order]
        cumulated = np.cumsum(weight)
        first = np.searchsorted(self.place, np.arange(len(of.names)))
        before = np.concatenate([[0.0], cumulated])[first]
        total = of.total(of.mass)
        self.upto = (cumulated - before[self.place]) / total[self.place]  # not a number without weight
        self.last = np.append(first[1:], len(self.place)) - 1
        self.first = first

    def quantile(self, share: Floats) -> Floats:
        """The lowest answer in each domain with at least `share` (D,) of the weight at or below it."""
        found = np.full(len(self.first), np.nan)
        for d in np.flatnonzero(~np.isnan(share)):
            upto = self.upto[self.first[d] : self.last[d] + 1]
            if np.isnan(upto[-1]):
                continue
            # Sums of weights carry rounding: what reaches the share but for 1e-12 reaches it.
            at = min(int(np.searchsorted(upto, share[d] - 1e-12)), len(upto) - 1)
            found[d] = self.code[self.first[d] + at]
        return found
