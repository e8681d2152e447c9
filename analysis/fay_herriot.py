"""The Fay-Herriot model by restricted maximum likelihood: EBLUPs and their mean squared errors.

Fay and Herriot (1979); Rao and Molina (2015), chapter 6. Defined as `eblupFH` and `mseFH` of R's sae package
with method = "REML", at full precision (theirs stop at 1e-4); checked against metafor and samplics.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.area_level import AreaLevel, SmallAreaError, area_level
from analysis.raking import Floats

MOST_ROUNDS = 200
PRECISION = 1e-13
NEAR = 0.01
"""Steps this short, relative to the size of a variance, are Newton's."""


@dataclass(frozen=True, slots=True)
class FayHerriot:
    """The fitted model, m sampled areas and p covariates."""

    areas: AreaLevel
    a: float  # variance of true values about x'beta; 0 is an estimate that REML often gives
    a_se: float  # from the information, sqrt(2 / sum (a + d)^-2): rough in few areas
    beta: Floats  # (p,)
    covariance: Floats  # (p, p) of beta, for the estimated a
    eblup: Floats  # (m,) a/(a+d) y + d/(a+d) x'beta
    mse: Floats  # (m,) g1 + g2 + 2 g3
    shrinkage: Floats  # (m,) a/(a+d): the weight that the direct estimate keeps
    rounds: int


def fay_herriot(y: ArrayLike, d: ArrayLike, x: ArrayLike) -> FayHerriot:
    """y: (m,) direct estimates; d: (m,) their variances, taken as known; x: (m, p), its constant included.

    Fisher scoring, never below 0. Raises SmallAreaError when it does not converge, or when the areas cannot
    be modelled (see `area_level.area_level`).
    """
    areas = area_level(y, d, x, spare=1)
    a, rounds = _reml(areas)
    v = a + areas.d
    covariance: Floats = np.linalg.inv(areas.x.T @ (areas.x / v[:, np.newaxis])).astype(float)
    beta = covariance @ (areas.x.T @ (areas.y / v))
    shrinkage = a / v
    b = 1 - shrinkage
    variance_of_a = 2 / np.sum(v**-2)
    g1 = shrinkage * areas.d
    g2 = b**2 * np.einsum("ij,jk,ik->i", areas.x, covariance, areas.x)
    g3 = b**2 * variance_of_a / v
    return FayHerriot(
        areas=areas,
        a=a,
        a_se=float(np.sqrt(variance_of_a)),
        beta=beta,
        covariance=covariance,
        eblup=shrinkage * areas.y + b * (areas.x @ beta),
        mse=g1 + g2 + 2 * g3,
        shrinkage=shrinkage,
        rounds=rounds,
    )


def predicted(fit: FayHerriot, x: ArrayLike) -> tuple[Floats, Floats]:
    """Values of areas with no sample, and their mean squared errors: x'beta, and a + x'Cov(beta)x.

    x: (k, p). Both (k,). Rao and Molina (2015), 6.1: the synthetic estimator.
    """
    x = np.asarray(x, dtype=float).reshape(-1, len(fit.beta))
    return x @ fit.beta, fit.a + np.einsum("ij,jk,ik->i", x, fit.covariance, x)


def _reml(areas: AreaLevel) -> tuple[float, int]:
    """The REML estimate of the model variance, and the rounds it took.

    From the median of d, as in sae: Fisher scoring as far as it strides, Newton's steps once they are short
    (near 0 scoring creeps), and halving the range in which the slope changes sign where neither
    gets on. Of two maxima this is the nearer one, as in sae.
    """
    scale = float(np.median(areas.d))
    a, low, high = scale, 0.0, math.inf
    strides = [math.inf, math.inf]
    for done in range(1, MOST_ROUNDS + 1):
        score, expected, observed = _score(areas, a)
        if a == 0.0 and score <= 0:
            return 0.0, done
        low, high = (a, high) if score > 0 else (low, a)
        near = observed > 0 and strides[-1] <= NEAR * (a + scale)
        following = max(0.0, a + score / (observed if near else expected))
        if math.isfinite(high) and not (low <= following <= high and abs(following - a) <= strides[-2] / 2):
            following = (low + high) / 2 if done > 2 else following
        strides = [strides[-1], abs(following - a)]
        a = following
        if a > 0 and strides[-1] <= PRECISION * (a + scale):
            return a, done
    raise SmallAreaError(
        [
            f"The variance between areas did not converge in {MOST_ROUNDS} rounds (the last change was "
            f"{strides[-1]:.2g}, to {a:.6g}). Use hierarchical_bayes, or other covariates."
        ]
    )


def _score(areas: AreaLevel, a: float) -> tuple[float, float, float]:
    """Slope of the restricted log-likelihood at a, its expected and its observed information.

    P = V^-1 - W Q W' with W = V^-1 X and Q = (X'V^-1X)^-1, never written out as an (m, m) matrix.
    """
    v = a + areas.d
    w = areas.x / v[:, np.newaxis]
    q = np.linalg.inv(areas.x.T @ w)

    def p_times(values: Floats) -> Floats:
        return np.asarray(values / v - w @ (q @ (w.T @ values)), dtype=float)

    py = p_times(areas.y)
    ww = w.T @ w
    www = w.T @ (w / v[:, np.newaxis])
    trace_p = np.sum(1 / v) - np.trace(q @ ww)
    trace_pp = np.sum(v**-2) - 2 * np.trace(q @ www) + np.trace(q @ ww @ q @ ww)
    score = 0.5 * (py @ py - trace_p)
    return float(score), float(0.5 * trace_pp), float(py @ p_times(py) - 0.5 * trace_pp)
