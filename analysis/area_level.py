"""Areas' direct estimates, variances and covariates: what area-level models take, checked once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.raking import Floats


class SmallAreaError(ValueError):
    """The areas cannot be modelled; `reasons` says every reason, each with its remedy."""

    def __init__(self, reasons: Sequence[str]):
        self.reasons = tuple(reasons)
        super().__init__("\n".join(self.reasons))


@dataclass(frozen=True, slots=True)
class AreaLevel:
    """m sampled areas: y_i is theta_i + e_i with Var(e_i) = d_i known; theta_i is x_i'beta + v_i."""

    y: Floats  # (m,) direct estimates
    d: Floats  # (m,) their sampling variances, in the square of y's unit
    x: Floats  # (m, p) covariates; a constant is a column like any other


def area_level(y: ArrayLike, d: ArrayLike, x: ArrayLike, *, spare: int) -> AreaLevel:
    """The three as arrays. y, d: (m,). x: (m, p), or (m,) for one covariate.

    spare: how many more areas than covariates the model needs. Raises SmallAreaError with every reason.
    """
    y, d, x = (np.asarray(a, dtype=float) for a in (y, d, x))
    x = x[:, np.newaxis] if x.ndim == 1 else x
    if y.ndim != 1 or d.shape != y.shape or x.ndim != 2 or len(x) != len(y):
        shapes = f"y {y.shape}, d {d.shape}, x {x.shape}"
        raise SmallAreaError([f"The arrays do not match ({shapes}). Give one row of each for each area."])
    reasons = []
    if not np.all(np.isfinite(y)):
        reasons.append("An area has no direct estimate. Leave it out here and predict it from the model.")
    if not np.all(np.isfinite(d) & (d > 0)):
        reasons.append("A sampling variance is not above 0. Smooth the variances first.")
    if not np.all(np.isfinite(x)):
        reasons.append("A covariate of an area is missing. Complete the covariates or leave the area out.")
    elif np.linalg.matrix_rank(x) < x.shape[1]:
        reasons.append("The covariates say the same thing twice. Leave one out.")
    if len(y) < x.shape[1] + spare:
        need = x.shape[1] + spare
        cause = f"There are {len(y)} sampled areas; {x.shape[1]} covariates need at least {need}."
        reasons.append(f"{cause} Use fewer covariates.")
    if reasons:
        raise SmallAreaError(reasons)
    return AreaLevel(y, d, x)


def standardised_residuals(areas: AreaLevel, a: float) -> Floats:
    """(m,) y - x'b divided by its standard deviation, b fitted by weighted least squares at variance a.

    Var(y - Xb) = V - X (X'V^-1X)^-1 X' with V = diag(a + d). An area that alone decides a coefficient has
    no residual: not a number.
    """
    v = a + areas.d
    q = np.linalg.inv(areas.x.T @ (areas.x / v[:, np.newaxis]))
    residual = areas.y - areas.x @ (q @ (areas.x.T @ (areas.y / v)))
    left = v - np.einsum("ij,jk,ik->i", areas.x, q, areas.x)
    usual = left > 1e-9 * v
    found = np.full(len(v), np.nan)
    found[usual] = residual[usual] / np.sqrt(left[usual])
    return found
