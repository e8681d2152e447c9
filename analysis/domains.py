"""Answers in the domains they are estimated for (areas, groups in areas), and sums over them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.raking import Floats

DESIGN_SUM, DESIGN_SQUARES = "design", "design_squares"
"""Optional columns of a tally of a wave that sampled: the sum of design weights, and of their squares."""


@dataclass(frozen=True)
class Domains:
    """A rows of a tally with valid answers, each in one of D domains. Linearised variances over them.

    Everyone in a row has the same answer and the same cell, so sums over rows of the tally are sums over
    people.
    """

    names: pd.Index  # (D,) sorted
    place: NDArray[np.intp]  # (A,) the domain of each row
    code: Floats  # (A,) the answer
    n: Floats  # (A,) people
    mass: Floats  # (A,) sum of their weights
    squares: Floats  # (A,) sum of their squared weights
    cluster: NDArray[np.intp] | None  # (A,) which cluster, or None: everyone is drawn alone
    scale: float  # N/(N-1), of clusters where there are clusters, in the whole sample

    def total(self, values: Floats) -> Floats:
        """Sum of values (A,) in each domain, (D,)."""
        return np.bincount(self.place, weights=values, minlength=len(self.names)).astype(float)

    @property
    def effective_n(self) -> Floats:
        """Kish (1965): (sum w)^2 / sum w^2 in each domain."""
        return np.asarray(self.total(self.mass) ** 2 / self.total(self.squares), dtype=float)

    def mean(self, y: Floats) -> Floats:
        """Weighted mean of y (A,) in each domain."""
        return np.asarray(self.total(self.mass * y) / self.total(self.mass), dtype=float)

    def spread(self, y: Floats, mean: Floats) -> Floats:
        """Weighted variance of y about the mean in each domain."""
        squared = self.total(self.mass * (y - mean[self.place]) ** 2)
        return np.asarray(squared / self.total(self.mass), dtype=float)

    def variance(self, y: Floats, mean: Floats) -> Floats:
        """Variance of the weighted mean, linearised, weights fixed, with replacement.

        R's `svymean` on `svydesign(ids = ~1, weights = ~w)`, and on `svydesign(ids = ~cluster, ...)` where
        there are clusters: the squares of the clusters' sums then stand for the squares of people's. Exactly
        0 where all answers are alike, or all are of one cluster: nothing there tells how they vary.
        """
        away = y - mean[self.place]
        if self.cluster is None:
            squared = self.total(self.squares * away**2)
        else:
            pair, at = np.unique(np.column_stack([self.place, self.cluster]), axis=0, return_inverse=True)
            sums = np.bincount(at.ravel(), weights=self.mass * away, minlength=len(pair))
            squared = np.bincount(pair[:, 0], weights=sums**2, minlength=len(self.names)).astype(float)
        variance = self.scale * squared / self.total(self.mass) ** 2
        return np.where(self._alike(y) | (self.clusters <= 1), 0.0 * self.scale, variance)

    def _alike(self, y: Floats) -> NDArray[np.bool_]:
        least, most = np.full(len(self.names), np.inf), np.full(len(self.names), -np.inf)
        np.minimum.at(least, self.place, y)
        np.maximum.at(most, self.place, y)
        return np.asarray(least == most, dtype=bool)

    @property
    def clusters(self) -> Floats:
        """Clusters with an answer in each domain; infinite where people are drawn one by one."""
        if self.cluster is None:
            return np.full(len(self.names), np.inf)
        pair = np.unique(np.column_stack([self.place, self.cluster]), axis=0)
        return np.bincount(pair[:, 0], minlength=len(self.names)).astype(float)


def domains(
    frame: pd.DataFrame, weights: Floats, *, total_n: float, total_clusters: int | None = None
) -> Domains:
    """The valid answers of a tally (see `estimates.estimate`, which documents its columns).

    Raises ValueError for a cell that has no weight, and for clusters without how many there are.
    """
    counted = frame[(frame["code"] >= 0) & (frame["n"] > 0)]
    cell = counted["cell"].to_numpy(dtype=np.intp)
    if len(cell) and (cell.min() < 0 or cell.max() >= len(weights)):
        raise ValueError(f"answers in cell {cell.max()}, but there are weights for {len(weights)} cells")
    clustered = "cluster" in counted
    if clustered and total_clusters is None:
        raise ValueError("answers are tallied by cluster: say how many clusters there are in all")
    place, names = pd.factorize(counted["area"], sort=True)
    n = counted["n"].to_numpy(dtype=float)
    g = np.asarray(weights, dtype=float)[cell]
    design = counted[DESIGN_SUM].to_numpy(dtype=float) if DESIGN_SUM in counted else n
    squares = counted[DESIGN_SQUARES].to_numpy(dtype=float) if DESIGN_SQUARES in counted else n
    units = float(total_clusters) if clustered and total_clusters is not None else total_n
    return Domains(
        names=pd.Index(names),
        place=place.astype(np.intp),
        code=counted["code"].to_numpy(dtype=float),
        n=n,
        mass=g * design,
        squares=g**2 * squares,
        cluster=counted["cluster"].to_numpy(dtype=np.intp) if clustered else None,
        scale=units / (units - 1) if units > 1 else np.nan,
    )
