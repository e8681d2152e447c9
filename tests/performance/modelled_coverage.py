"""How often the intervals of modelled small areas hold the true value, by the grade that such figures get."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.grading import CRITERIA, GRADES
from analysis.intervals import mean_interval, proportion_interval
from analysis.small_area import small_areas
from tests.performance.direct_coverage import weighted_sums
from tests.performance.synthetic_answers import Array, Weights

AREAS = 25
SMALLEST, LARGEST = 15, 300
BANDS = ((0, 30), (30, 100), (100, 1000))
"""Areas are reported by answers: from the first number, to below the second."""


@dataclass(frozen=True)
class Kind:
    """An item in areas: theta = line + slope x + sqrt(variance) v on a latent scale, then `true`."""

    name: str
    statistic: str
    line: float
    slope: float
    spread: float  # of the latent answer within an area
    limits: tuple[float, float]

    def true(self, place: Array) -> Array:
        if self.statistic == "proportion":
            return np.asarray(special.ndtr(place / self.spread))
        steps = np.arange(10) + 0.5
        return np.sum(special.ndtr((place[:, np.newaxis] - steps) / self.spread), axis=1)

    def answers(self, place: float, u: Array) -> Array:
        latent = place + self.spread * u
        return (
            (latent > 0).astype(float) if self.statistic == "proportion" else np.clip(np.rint(latent), 0, 10)
        )


KINDS = (
    Kind("satisfaction 0-10", "mean", 7.2, 0.3, 2.1, (0.0, 10.0)),
    Kind("a share of about 35%", "proportion", -0.4, 0.15, 1.0, (0.0, 1.0)),
)
VARIANCES: Mapping[str, float] = {"hardly any": 0.0003, "little": 0.005, "some": 0.03, "much": 0.15}
"""Variance between areas beyond the covariate, as a share of the variance between people."""
MODELS = ("hierarchical_bayes", "reml")


@dataclass(frozen=True)
class ModelCell:
    item: str
    weights: str
    relation: str
    between: str
    model: str  # "direct" for the unmodelled estimates of the same areas
    band: tuple[int, int]
    figures: int
    covered: float
    error: float  # standard error of covered, from the spread between simulated surveys
    half_width: float  # mean, as a share of the range
    grades: tuple[float, ...]

    @property
    def usual_grade(self) -> str:
        return GRADES[int(np.searchsorted(np.cumsum(self.grades), 0.5 - 1e-12))]

    @property
    def ungraded(self) -> bool:
        return self.grades[0] >= 0.5


def cells(
    weights: Iterable[Weights],
    relations: Mapping[str, float],
    surveys: int,
    seed: int,
    *,
    kinds: Iterable[Kind] = KINDS,
    variances: Mapping[str, float] = VARIANCES,
    models: Iterable[str] = MODELS,
) -> Iterator[ModelCell]:
    kinds, models = tuple(kinds), tuple(models)
    for weight in weights:
        for relation, rho in relations.items():
            for between, variance in variances.items():
                for kind in kinds:
                    found = _surveys(kind, weight, rho, variance, surveys, seed, models)
                    yield from _summed(found, (kind.name, weight.name, relation, between), kind)


Found = dict[str, list[tuple[Array, Array, Array, Array]]]
"""By model: of each survey, the areas' answers, whether covered, half-widths, and grades below "A"."""


def _surveys(
    kind: Kind, weight: Weights, rho: float, variance: float, surveys: int, seed: int, models: tuple[str, ...]
) -> Found:
    draw = np.random.default_rng(seed)
    n = np.rint(np.geomspace(SMALLEST, LARGEST, AREAS)).astype(int)
    found: Found = {name: [] for name in ("direct", *models)}
    for _ in range(surveys):
        x = draw.normal(size=AREAS)
        place = kind.line + kind.spread * (kind.slope * x + np.sqrt(variance) * draw.normal(size=AREAS))
        true = kind.true(place)
        sums = []
        for size, at in zip(n, place, strict=True):
            z, w = weight.draw(draw, (1, int(size)))
            u = rho * z + np.sqrt(1 - rho**2) * draw.normal(size=z.shape)
            sums.append(weighted_sums(w, kind.answers(float(at), u)))
        y, v, s2, kish = (
            np.concatenate([getattr(s, part) for s in sums])
            for part in ("estimate", "variance", "weighted_variance", "kish")
        )
        ratio = float(v.sum() / np.sum(s2 / (kish - 1)))  # of all areas together, as `grading.tie`
        given = {
            "effective_n": kish,
            "design_effect": np.maximum(weight.design_effect, n / kish),
            "heavy": np.concatenate([s.heavy for s in sums]),
            "tie": np.full(AREAS, max(ratio, 1 / ratio)),
        }
        ends = (
            proportion_interval(y, v, kish)
            if kind.statistic == "proportion"
            else mean_interval(y, np.sqrt(v), s2, kish)
        )
        found["direct"].append((n, *_judged(kind, true, *ends, given)))
        for name in models:
            fit = small_areas(
                y,
                v,
                kish,
                {"x": x},
                target=float(y.mean()),
                share=np.ones(AREAS),
                model=name,
                limits=kind.limits,
            )
            known = given | {
                "effective_n": fit.diagnostics.unit_variance / fit.mse,
                "model_share": 1 - fit.shrinkage,
            }
            found[name].append((n, *_judged(kind, true, fit.lower, fit.upper, known)))
    return found


def _judged(
    kind: Kind, true: Array, lower: Array, upper: Array, known: Mapping[str, Array]
) -> tuple[Array, Array, Array]:
    half = (upper - lower) / 2 / (kind.limits[1] - kind.limits[0])
    width = "share_half_width" if kind.statistic == "proportion" else "mean_half_width"
    steps = [CRITERIA[name].steps(values) for name, values in {**known, width: half}.items()]
    return (lower <= true) & (true <= upper), half, np.max(steps, axis=0)


def _summed(found: Found, of: tuple[str, str, str, str], kind: Kind) -> Iterator[ModelCell]:
    for model, surveys in found.items():
        n, covered, half, steps = (np.stack([s[at] for s in surveys]) for at in range(4))
        for low, high in BANDS:
            areas = (n[0] >= low) & (n[0] < high)
            by_survey = covered[:, areas].mean(axis=1)
            yield ModelCell(
                *of,
                model,
                (low, high),
                int(areas.sum() * len(surveys)),
                float(by_survey.mean()),
                float(by_survey.std(ddof=1) / np.sqrt(len(surveys))),
                float(half[:, areas].mean()),
                tuple(float(np.mean(steps[:, areas] == at)) for at in range(len(GRADES))),
            )
