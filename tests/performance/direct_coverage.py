"""How often the intervals of direct estimates hold the true value, by the grade that such figures get."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from analysis.grading import CRITERIA, GRADES, tie
from analysis.intervals import mean_interval, proportion_interval
from tests.performance.synthetic_answers import Array, Item, Weights

SURVEY = 400_000
"""People drawn to learn what the whole survey would say of an item: its tie and its share."""
CHUNK = 1_000_000
HALF_WIDTHS = {"proportion": "share_half_width", "mean": "mean_half_width"}


@dataclass(frozen=True)
class Sums:
    """Of each figure's answers, each (figures,)."""

    estimate: Array
    variance: Array  # linearised, weights fixed
    weighted_variance: Array
    kish: Array
    heavy: Array


@dataclass(frozen=True)
class Cell:
    """Figures from one number of answers, kind of weights, relation and item."""

    n: int
    weights: str
    relation: str
    item: str
    figures: int
    covered: float  # share of the figures whose interval holds the true value
    grades: tuple[float, float, float, float]  # share of the figures with each grade
    covered_ungraded: float  # of the figures with grade A; not a number where there are none

    @property
    def usual_grade(self) -> str:
        """The grade that at least half of these figures get, or a better one."""
        return GRADES[int(np.searchsorted(np.cumsum(self.grades), 0.5 - 1e-12))]

    @property
    def ungraded(self) -> bool:
        return self.grades[0] >= 0.5

    @property
    def error(self) -> float:
        """Standard error of covered_ungraded where the cell is ungraded, of covered elsewhere."""
        share = self.covered_ungraded if self.ungraded else self.covered
        figures = self.figures * (self.grades[0] if self.ungraded else 1)
        return float(np.sqrt(share * (1 - share) / figures))


def cells(
    ns: Iterable[int],
    weights: Iterable[Weights],
    relations: Mapping[str, float],
    items: Iterable[Item],
    figures: int,
    seed: int,
) -> Iterator[Cell]:
    items = tuple(items)
    for kind in weights:
        for n in ns:
            for relation, rho in relations.items():
                if kind.design_effect == 1 and rho:
                    continue  # weights that are equal have to do with nothing
                yield from _cells(n, kind, relation, rho, items, figures, seed)


def _cells(
    n: int, kind: Weights, relation: str, rho: float, items: tuple[Item, ...], figures: int, seed: int
) -> Iterator[Cell]:
    draw = np.random.default_rng([seed, 0])  # the same survey for every n
    survey = {}
    z, w, u, e = _people(draw, kind, rho, (1, SURVEY))
    for item in items:
        sums = weighted_sums(w, item.answer(u, z, rho, e))
        found = tie(np.sqrt(sums.variance), sums.weighted_variance, sums.kish)
        survey[item.name] = (float(found[0]), float(sums.estimate[0]))
    draw = np.random.default_rng([seed, n])
    parts: dict[str, list[tuple[Array, Array]]] = {item.name: [] for item in items}
    left = figures
    while left > 0:
        count = min(left, max(1, CHUNK // n))
        left -= count
        z, w, u, e = _people(draw, kind, rho, (count, n))
        for item in items:
            parts[item.name].append(
                _figures(item, weighted_sums(w, item.answer(u, z, rho, e)), n, kind, *survey[item.name])
            )
    for item in items:
        covered = np.concatenate([part[0] for part in parts[item.name]])
        steps = np.concatenate([part[1] for part in parts[item.name]])
        best = covered[steps == 0]
        shares = tuple(float(np.mean(steps == at)) for at in range(len(GRADES)))
        yield Cell(
            n,
            kind.name,
            relation,
            item.name,
            figures,
            float(covered.mean()),
            shares,  # type: ignore[arg-type]
            float(best.mean()) if len(best) else float("nan"),
        )


def _people(
    draw: np.random.Generator, kind: Weights, rho: float, shape: tuple[int, int]
) -> tuple[Array, Array, Array, Array]:
    z, w = kind.draw(draw, shape)
    e = draw.normal(size=shape)
    return z, w, rho * z + np.sqrt(1 - rho**2) * e, e


def weighted_sums(w: Array, y: Array) -> Sums:
    """w, y: (figures, n). The estimates of `analysis.estimates`, for a survey much larger than the area."""
    total = w.sum(axis=1)
    square = w * w
    estimate = (w * y).sum(axis=1) / total
    residual = (y - estimate[:, np.newaxis]) ** 2
    return Sums(
        estimate,
        (square * residual).sum(axis=1) / total**2,
        (w * residual).sum(axis=1) / total,
        total**2 / square.sum(axis=1),
        square.sum(axis=1) ** 2 / (square * square).sum(axis=1),
    )


def _figures(
    item: Item, sums: Sums, n: int, kind: Weights, survey_tie: float, survey_share: float
) -> tuple[Array, Array]:
    """Whether each interval holds the true value, and the grades below "A" that the figure gets."""
    if item.statistic == "proportion":
        lower, upper = proportion_interval(sums.estimate, sums.variance, sums.kish)
        rarer = sums.kish * min(survey_share, 1 - survey_share)
    else:
        se = np.sqrt(sums.variance)
        lower, upper = mean_interval(sums.estimate, se, sums.weighted_variance, sums.kish)
        rarer = np.full(len(se), np.inf)
    known = {
        "effective_n": sums.kish,
        "design_effect": np.maximum(kind.design_effect, n / sums.kish),
        "heavy": sums.heavy,
        "rarer": rarer,
        "tie": np.full(len(rarer), survey_tie),
        HALF_WIDTHS[item.statistic]: (upper - lower) / 2 / item.range,
    }
    steps = np.max([CRITERIA[name].steps(values) for name, values in known.items()], axis=0)
    return (lower <= item.true) & (item.true <= upper), steps
