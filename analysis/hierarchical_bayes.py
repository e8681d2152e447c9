"""The Fay-Herriot model by hierarchical Bayes, exactly and without simulation.

Flat priors on the coefficients and on the variance A between areas. Given A everything is normal, so the
posterior is a mixture of normals over A, integrated on a grid: Rao and Molina (2015), 10.3. Unlike REML, A
is never taken to be 0 for certain, so intervals of small areas keep their coverage.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.area_level import AreaLevel, area_level
from analysis.raking import Floats

GRID = 60
FINE_GRID = 1000
SPARE_AREAS = 3
"""Areas needed beyond the covariates. With fewer the posterior of A is not proper."""
NEGLIGIBLE = 40.0
"""Log densities this far below the highest are left out: e^-40."""


@dataclass(frozen=True, slots=True)
class Grid:
    """What the posterior is made of at each of K values of A."""

    range: tuple[float, float]  # of u, see `_grid`
    a: Floats  # (K,)
    weight: Floats  # (K,) posterior probability of each; sums to 1
    beta: Floats  # (K, p)
    covariance: Floats  # (K, p, p) of beta


@dataclass(frozen=True, slots=True)
class HierarchicalBayes:
    """The posterior, m sampled areas and p covariates. Intervals have equal tails."""

    areas: AreaLevel
    grid: Grid
    level: float
    a: float  # posterior median: the mean need not exist
    a_lower: float
    a_upper: float
    beta: Floats  # (p,) posterior means
    mean: Floats  # (m,)
    sd: Floats  # (m,)
    lower: Floats  # (m,)
    upper: Floats  # (m,)
    shrinkage: Floats  # (m,) posterior mean of A/(A+d): the weight that the direct estimate keeps


@dataclass(frozen=True, slots=True)
class Predicted:
    """Areas with no sample, from the model alone: each (k,)."""

    mean: Floats
    sd: Floats  # not finite with fewer than covariates + 5 areas, where the variance does not exist
    lower: Floats
    upper: Floats


def hierarchical_bayes(y: ArrayLike, d: ArrayLike, x: ArrayLike, *, level: float = 0.95) -> HierarchicalBayes:
    """y: (m,) direct estimates; d: (m,) their variances, taken as known; x: (m, p), its constant included.

    p(A | y) is proportional to prod (A+d)^-1/2 |X'V^-1X|^-1/2 exp(-r'V^-1r / 2), V = diag(A + d), r = y -
    Xb(A), on GRID Gauss-Legendre points. Raises SmallAreaError when the areas cannot be modelled, for
    example with fewer than p + 3 of them.
    """
    areas = area_level(y, d, x, spare=SPARE_AREAS)
    grid = _grid(areas)
    v = grid.a[:, np.newaxis] + areas.d
    gamma = grid.a[:, np.newaxis] / v
    fitted = grid.beta @ areas.x.T
    means = gamma * areas.y + (1 - gamma) * fitted
    variances = gamma * areas.d + (1 - gamma) ** 2 * _spread(grid, areas.x)
    mean = grid.weight @ means
    a, a_lower, a_upper = _quantiles_of_a(areas, grid, (0.5, 0.5 - level / 2, 0.5 + level / 2))
    lower, upper = _ends(grid.weight, means, variances, level)
    return HierarchicalBayes(
        areas=areas,
        grid=grid,
        level=level,
        a=a,
        a_lower=a_lower,
        a_upper=a_upper,
        beta=grid.weight @ grid.beta,
        mean=mean,
        sd=np.sqrt(grid.weight @ (variances + (means - mean) ** 2)),
        lower=lower,
        upper=upper,
        shrinkage=grid.weight @ gamma,
    )


def predicted(fit: HierarchicalBayes, x: ArrayLike) -> Predicted:
    """Posterior of areas with no sample: theta is x'beta + v with v of variance A. x: (k, p)."""
    x = np.asarray(x, dtype=float).reshape(-1, fit.areas.x.shape[1])
    grid = fit.grid
    means = grid.beta @ x.T
    variances = grid.a[:, np.newaxis] + _spread(grid, x)
    mean = grid.weight @ means
    m, p = fit.areas.x.shape
    sd = np.sqrt(grid.weight @ (variances + (means - mean) ** 2))
    lower, upper = _ends(grid.weight, means, variances, fit.level)
    return Predicted(mean, sd if m - p > 4 else np.full(len(x), np.inf), lower, upper)


def _grid(areas: AreaLevel) -> Grid:
    """Gauss-Legendre points in u, A = s (u / (1-u))^2, over all u that matter.

    u reaches A of any size on a finite scale: the density falls as A^-(m-p)/2 only, yet in u it is smooth
    and bounded up to u = 1 for every m that is allowed.
    """
    scale = float(np.median(areas.d))
    low, high = 0.0, 1.0
    for _ in range(3):
        edges = np.linspace(low, high, 202)
        density = _log_density_of_u(areas, edges[1:-1], scale)
        kept = np.flatnonzero(density > density.max() - NEGLIGIBLE) + 1
        low, high = float(edges[kept[0] - 1]), float(edges[kept[-1] + 1])
    points, weights = np.polynomial.legendre.leggauss(GRID)
    u = low + (high - low) * (points + 1) / 2
    log = _log_density_of_u(areas, u, scale) + np.log(weights)
    weight = np.exp(log - special.logsumexp(log))
    a = scale * (u / (1 - u)) ** 2
    _, beta, covariance = _given(areas, a)
    return Grid((low, high), a, weight, beta, covariance)


def _log_density_of_u(areas: AreaLevel, u: Floats, scale: float) -> Floats:
    density, _, _ = _given(areas, scale * (u / (1 - u)) ** 2)
    return np.asarray(density + np.log(u) - 3 * np.log1p(-u), dtype=float)


def _given(areas: AreaLevel, a: Floats) -> tuple[Floats, Floats, Floats]:
    """For each A: log p(A | y) up to a constant (K,), beta (K, p) and its covariance (K, p, p)."""
    v = a[:, np.newaxis] + areas.d
    information = np.einsum("km,mi,mj->kij", 1 / v, areas.x, areas.x, optimize=True)
    covariance = np.linalg.inv(information)
    beta = np.einsum("kij,kj->ki", covariance, (areas.y / v) @ areas.x)
    residual = areas.y - beta @ areas.x.T
    _, determinant = np.linalg.slogdet(information)
    log = -0.5 * (np.log(v).sum(axis=1) + determinant + (residual**2 / v).sum(axis=1))
    return log, beta, covariance


def _spread(grid: Grid, x: Floats) -> Floats:
    """x'Cov(beta)x at each A: (K, areas)."""
    return np.asarray(np.einsum("mi,kij,mj->km", x, grid.covariance, x, optimize=True), dtype=float)


def _ends(weight: Floats, means: Floats, variances: Floats, level: float) -> tuple[Floats, Floats]:
    tail = 0.5 - level / 2
    sds = np.sqrt(variances)
    return _quantile(weight, means, sds, tail), _quantile(weight, means, sds, 1 - tail)


def _quantile(weight: Floats, means: Floats, sds: Floats, share: float) -> Floats:
    """The value below which `share` of each mixture lies, by halving. weight (K,), means and sds (K, n).

    A mixture's quantile lies between its parts' quantiles.
    """
    parts = means + special.ndtri(share) * sds
    low, high = parts.min(axis=0), parts.max(axis=0)
    for _ in range(100):
        middle = (low + high) / 2
        below = weight @ special.ndtr((middle - means) / sds) < share
        low, high = np.where(below, middle, low), np.where(below, high, middle)
        if np.all(high - low <= 1e-13 * (np.abs(high) + sds.min(axis=0))):
            break
    return np.asarray((low + high) / 2, dtype=float)


def _quantiles_of_a(areas: AreaLevel, grid: Grid, shares: tuple[float, ...]) -> tuple[float, ...]:
    """Quantiles of A, from its density on a finer grid of u."""
    scale = float(np.median(areas.d))
    low, high = grid.range
    step = (high - low) / FINE_GRID
    u = low + step * (np.arange(FINE_GRID, dtype=float) + 0.5)
    log = _log_density_of_u(areas, u, scale)
    reached = np.cumsum(np.exp(log - special.logsumexp(log)))
    found = np.interp(shares, reached, u + step / 2, left=low)
    return tuple(float(scale * (at / (1 - at)) ** 2) for at in found)
