"""A synthetic population whose true values are known: weights of different skew, and answers tied to them.

Everybody has a latent z, standard normal in the population, that decides how easily they are reached: the
weight of those who answered. A latent answer u = rho z + sqrt(1 - rho^2) e, standard normal too, is cut into
options. So every true share and mean is exact, whatever the weights and rho.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from scipy import optimize, stats

Array = np.ndarray
HEAVY_PEOPLE = 0.08


@dataclass(frozen=True)
class Weights:
    """How people come to answer. draw(generator, shape): z and the weight of those who did."""

    name: str
    design_effect: float
    draw: Callable[[Generator, tuple[int, ...]], tuple[Array, Array]]


@dataclass(frozen=True)
class Item:
    """answer(u, z, rho, e): what is given. true: its mean in the population, for any rho."""

    name: str
    statistic: str
    true: float
    answer: Callable[[Array, Array, float, Array], Array]
    range: float = 1.0


def lognormal(design_effect: float) -> Weights:
    """Everybody has a weight of their own, w = exp(s z)."""
    s = np.sqrt(np.log(design_effect))

    def draw(generator: Generator, shape: tuple[int, ...]) -> tuple[Array, Array]:
        z = generator.normal(-s, 1, shape)
        return z, np.exp(s * z)

    return Weights(f"smooth {design_effect:g}", design_effect, draw)


def few_heavy(design_effect: float, share: float = HEAVY_PEOPLE) -> Weights:
    """A small group is hardly reached: the `share` of people with the highest z weigh r times the rest."""

    def reached(r: float) -> float:
        return (share / r) / (share / r + 1 - share)

    def effect(r: float) -> float:
        a = reached(r)
        return (a * r * r + 1 - a) / (a * r + 1 - a) ** 2

    r = optimize.brentq(lambda r: effect(r) - design_effect, 1.0, 500.0)

    def draw(generator: Generator, shape: tuple[int, ...]) -> tuple[Array, Array]:
        heavy = generator.random(shape) < reached(r)
        u = generator.random(shape)
        z = np.where(heavy, stats.norm.isf(u * share), stats.norm.isf(share + u * (1 - share)))
        return z, np.where(heavy, r, 1.0)

    return Weights(f"few heavy {design_effect:g}", design_effect, draw)


def equal() -> Weights:
    def draw(generator: Generator, shape: tuple[int, ...]) -> tuple[Array, Array]:
        return generator.normal(size=shape), np.ones(shape)

    return Weights("equal", 1.0, draw)


def share(p: float) -> Item:
    cut = stats.norm.isf(p)
    return Item(f"{p:.0%} say yes", "proportion", p, lambda u, z, rho, e: (u > cut).astype(float))


def scale(name: str, shares: list[float]) -> Item:
    """Options 0, 1, ... with these shares."""
    whole = np.asarray(shares) / sum(shares)
    cuts = stats.norm.ppf(np.cumsum(whole)[:-1])
    true = float(whole @ np.arange(len(whole)))
    return Item(
        name,
        "mean",
        true,
        lambda u, z, rho, e: np.searchsorted(cuts, u).astype(float),
        range=len(whole) - 1.0,
    )


def spreading(name: str) -> Item:
    """0 to 10 around 5: people with large weights differ more among themselves (rho > 0), or less."""
    return Item(
        name,
        "mean",
        5.0,
        lambda u, z, rho, e: np.clip(np.rint(5 + 1.5 * np.exp(rho * z) * e), 0, 10),
        range=10.0,
    )


WEIGHTS = (
    equal(),
    *(lognormal(d) for d in (1.1, 1.25, 1.5, 2, 3)),
    *(few_heavy(d) for d in (1.1, 1.25, 1.5, 2)),
)
RELATIONS: Mapping[str, float] = {
    "none": 0.0,
    "weak, up": 0.3,
    "weak, down": -0.3,
    "strong, up": 0.6,
    "strong, down": -0.6,
}
"""rho: whether, and which way, people with large weights answer differently."""
ITEMS = (
    *(share(p) for p in (0.02, 0.05, 0.1, 0.3, 0.5, 0.8, 0.95)),
    scale("satisfaction 0-10", [2, 1, 2, 3, 4, 10, 10, 18, 25, 13, 12]),
    scale("anxiety 0-10", [32, 12, 12, 9, 7, 9, 6, 5, 4, 2, 2]),
    scale("agreement 0-4", [10, 20, 30, 25, 15]),
    spreading("spread 0-10"),
)
