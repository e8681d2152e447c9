"""Modelled values of small areas: variances smoothed, a model fitted, the larger area's estimate kept.

A modelled value is the area's own answers and what areas like it say, in the proportion `shrinkage`. It is
used only where it is asked for and is always marked MODELLED.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from analysis import fay_herriot, hierarchical_bayes
from analysis.area_level import AreaLevel, SmallAreaError, standardised_residuals
from analysis.benchmarking import Benchmarked, benchmarked, benchmarked_interval
from analysis.direct_variances import smoothed
from analysis.raking import Floats
from analysis.scoring import Z95

MODELLED = "modelled"
MOST_FOR_SHAPIRO = 5000
"""Shapiro and Wilk's test is not valid beyond."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """What every model gives: values of all areas before benchmarking, and what it found. Floats: (m,)."""

    modelled: Floats
    mse: Floats
    lower: Floats
    upper: Floats
    shrinkage: Floats  # the weight of the direct estimate; 0 where there is none
    beta: Floats  # (p,)
    a: float
    a_lower: float
    a_upper: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostics:
    """What a page says of a model so that a reader can judge it."""

    model: str
    sampled: int  # areas with a direct estimate
    unsampled: int
    unit_variance: float  # of one answer, after smoothing
    a: float  # variance of true values about the covariates' line
    a_lower: float  # 95%: the posterior's, or a +- 1.96 standard errors
    a_upper: float
    coefficients: Mapping[str, float]
    residuals: Floats  # (sampled,) standardised; about 1 in 20 beyond 2 is usual
    largest_residual: float
    normality: float  # p of Shapiro and Wilk's test of the residuals; not a number with fewer than 3
    shrinkage_median: float
    benchmark: Benchmarked


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallAreas:
    """Modelled values, in the order of the areas given. Floats: (m,)."""

    direct: Floats
    direct_se: Floats  # after smoothing
    modelled: Floats
    mse: Floats
    lower: Floats
    upper: Floats
    shrinkage: Floats
    diagnostics: Diagnostics


def small_areas(
    direct: ArrayLike,
    variance: ArrayLike,
    effective_n: ArrayLike,
    covariates: Mapping[str, ArrayLike],
    *,
    target: float,
    share: ArrayLike,
    model: str = "hierarchical_bayes",
    benchmark: str = "difference",
    limits: tuple[float, float] = (-math.inf, math.inf),
) -> SmallAreas:
    """direct, variance, effective_n: (m,) estimates, their variances and effective answers (0: no sample).

    covariates: name -> (m,), for every area; a constant is added. target: the larger area's direct
    estimate. share: (m,) of its people. limits: what the item can be, such as 0 and 1. Intervals are 95%.
    Raises SmallAreaError with every reason.
    """
    if model not in MODELS:
        raise SmallAreaError([f'Unknown model "{model}". Use one of {", ".join(MODELS)}.'])
    direct, n = np.asarray(direct, dtype=float), np.asarray(effective_n, dtype=float)
    sampled = np.isfinite(direct) & (n > 0)
    x = np.column_stack([np.ones(len(direct)), *(np.asarray(c, dtype=float) for c in covariates.values())])
    if not np.all(np.isfinite(x)):
        raise SmallAreaError(["A covariate of an area is missing. Complete the covariates."])
    known = smoothed(np.where(sampled, variance, np.nan), np.where(sampled, n, 0.0))
    fit = MODELS[model](direct, known.variance, x, sampled)
    kept = benchmarked(fit.modelled, share, target, benchmark)
    mse, lower, upper = benchmarked_interval(fit.modelled, fit.lower, fit.upper, fit.mse, kept.adjustment)
    low, high = limits
    return SmallAreas(
        direct=np.where(sampled, direct, np.nan),
        direct_se=np.sqrt(known.variance),
        modelled=np.clip(kept.values, low, high),
        mse=mse,
        lower=np.clip(lower, low, high),
        upper=np.clip(upper, low, high),
        shrinkage=fit.shrinkage,
        diagnostics=_diagnostics(
            model,
            AreaLevel(direct[sampled], known.variance[sampled], x[sampled]),
            fit,
            kept,
            ["constant", *covariates],
            known.unit_variance,
        ),
    )


def _diagnostics(
    model: str, areas: AreaLevel, fit: Fitted, kept: Benchmarked, names: list[str], unit_variance: float
) -> Diagnostics:
    residuals = standardised_residuals(areas, fit.a)
    usual = residuals[np.isfinite(residuals)]
    enough = 3 <= len(usual) <= MOST_FOR_SHAPIRO and float(np.ptp(usual)) > 0
    own = fit.shrinkage[fit.shrinkage > 0]
    return Diagnostics(
        model=model,
        sampled=len(areas.y),
        unsampled=len(fit.modelled) - len(areas.y),
        unit_variance=unit_variance,
        a=fit.a,
        a_lower=fit.a_lower,
        a_upper=fit.a_upper,
        coefficients=dict(zip(names, fit.beta.tolist(), strict=True)),
        residuals=residuals,
        largest_residual=float(np.max(np.abs(usual), initial=0.0)),
        normality=float(stats.shapiro(usual).pvalue) if enough else math.nan,
        shrinkage_median=float(np.median(own)) if len(own) else 0.0,
        benchmark=kept,
    )


def _by_reml(direct: Floats, variance: Floats, x: Floats, sampled: Floats) -> Fitted:
    """Intervals are value +- 1.96 sqrt(mse), as in Rao and Molina (2015), 6.2.3: too short where A is 0."""
    at = sampled.astype(bool)
    fit = fay_herriot.fay_herriot(direct[at], variance[at], x[at])
    value, mse = fay_herriot.predicted(fit, x)
    value[at], mse[at] = fit.eblup, fit.mse
    half = Z95 * np.sqrt(mse)
    return Fitted(
        modelled=value,
        mse=mse,
        lower=value - half,
        upper=value + half,
        shrinkage=_placed(at, fit.shrinkage),
        beta=fit.beta,
        a=fit.a,
        a_lower=max(0.0, fit.a - Z95 * fit.a_se),
        a_upper=fit.a + Z95 * fit.a_se,
    )


def _by_bayes(direct: Floats, variance: Floats, x: Floats, sampled: Floats) -> Fitted:
    at = sampled.astype(bool)
    fit = hierarchical_bayes.hierarchical_bayes(direct[at], variance[at], x[at])
    rest = hierarchical_bayes.predicted(fit, x[~at])
    value, mse, lower, upper = (np.empty(len(direct)) for _ in range(4))
    value[at], mse[at], lower[at], upper[at] = fit.mean, fit.sd**2, fit.lower, fit.upper
    value[~at], mse[~at], lower[~at], upper[~at] = rest.mean, rest.sd**2, rest.lower, rest.upper
    return Fitted(
        modelled=value,
        mse=mse,
        lower=lower,
        upper=upper,
        shrinkage=_placed(at, fit.shrinkage),
        beta=fit.beta,
        a=fit.a,
        a_lower=fit.a_lower,
        a_upper=fit.a_upper,
    )


def _placed(at: np.ndarray, values: Floats) -> Floats:
    found = np.zeros(len(at))
    found[at] = values
    return found


MODELS: Mapping[str, Callable[[Floats, Floats, Floats, Floats], Fitted]] = {
    "hierarchical_bayes": _by_bayes,
    "reml": _by_reml,
}
"""Models by name: direct estimates (m,), variances (m,), covariates (m, p), whether sampled (m,)."""
