"""How far a figure can be leaned on: "A" to "D", the worst of several criteria, with the reasons kept.

"A" is a figure shown ungraded: it carries no caution, and its 95% interval holds the true value in 93 to 97
of 100 samples. docs/reliability.md has the simulation that says so; tests/spec/test_coverage.py fails when a
threshold is loosened so that it is no longer true.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.raking import Floats

GRADES = "ABCD"
UNGRADED = "A"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """What is known of a figure; None where it is not. A criterion that is not known does not count."""

    effective_n: float | None = None  # Kish's, of those who answered here; of a model: see `equivalent_n`
    design_effect: float | None = None  # of the weights: the larger of the survey's and this area's
    missing: float | None = None  # share of those asked without a substantive answer, 0 to 1
    share_half_width: float | None = None  # half the 95% interval of a share, 0 to 1
    mean_half_width: float | None = None  # half the 95% interval of a mean, as a share of its scale's range
    heavy: float | None = None  # see `heavy_answers`
    rarer: float | None = None  # see `rarer_answers`
    tie: float | None = None  # see `tie`
    unmet_margins: float | None = None  # share of the population in levels of a margin that nobody answered
    mode_gap: float | None = None  # see `mode_gap`
    model_share: float | None = None  # 1 - shrinkage: how much of a modelled value is not the area's own
    age: float | None = None  # years since the answers were given


@dataclass(frozen=True, slots=True)
class Criterion:
    """thresholds: where A, B and C end. A value on a threshold still has the better grade."""

    thresholds: tuple[float, float, float]
    says: str  # what a person reads when this is the reason
    least: bool = False  # whether small values are the bad ones

    def steps(self, value: ArrayLike) -> NDArray[np.int_]:
        """Grades below "A" that each value costs, 0 to 3; shape as value. Not a number costs 3."""
        value = np.asarray(value, dtype=float)[..., np.newaxis]
        limits = np.asarray(self.thresholds)
        kept = value >= limits if self.least else value <= limits
        return np.asarray(np.sum(~kept, axis=-1), dtype=int)

    def cost(self, value: float) -> int:
        """`steps` of one value: a release with breakdowns asks this a million times."""
        return sum(not (value >= limit if self.least else value <= limit) for limit in self.thresholds)


CRITERIA: Mapping[str, Criterion] = {
    "effective_n": Criterion((100, 50, 30), "Few people answered.", least=True),
    "design_effect": Criterion((1.5, 2.0, 3.0), "Some people's answers count for many times others'."),
    "missing": Criterion((0.05, 0.10, 0.20), "Many people left this question out."),
    "share_half_width": Criterion((0.10, 0.14, 0.18), "The percentage may be well above or below this."),
    "mean_half_width": Criterion((0.06, 0.09, 0.12), "The average may be well above or below this."),
    "heavy": Criterion((60, 30, 15), "A few people's answers decide how sure the figure is.", least=True),
    "rarer": Criterion((10, 5, 2), "Nearly everyone, or nearly no one, gives this answer.", least=True),
    "tie": Criterion((1.12, 1.5, 2.0), "People who are hard to reach answer differently."),
    "unmet_margins": Criterion((0.01, 0.05, 0.10), "Some kinds of people did not answer at all."),
    "mode_gap": Criterion((0.2, 0.4, 0.6), "People here answered in other ways than elsewhere."),
    "model_share": Criterion((0.1, 0.5, 0.8), "Much of this figure comes from areas like this one."),
    "age": Criterion((1, 2, 3), "The answers are some years old."),
}
"""By field of Quality. Thresholds for half-widths are what the thresholds of effective_n come to where
answers are most divided: a share of one half, and a standard deviation of 3 on a scale of 0 to 10."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One criterion that costs a grade."""

    criterion: str  # a key of CRITERIA
    value: float
    grade: str

    @property
    def says(self) -> str:
        return CRITERIA[self.criterion].says


@dataclass(frozen=True, slots=True)
class Graded:
    grade: str  # "A" to "D"
    reasons: tuple[Reason, ...]  # every criterion that is not met for "A", worst first


def graded(quality: Quality) -> Graded:
    """The worst of the criteria that are known, and why."""
    found = []
    for name, criterion in CRITERIA.items():
        value = getattr(quality, name)
        cost = 0 if value is None else criterion.cost(value)
        if cost:
            found.append(Reason(name, float(value), GRADES[cost]))
    found.sort(key=lambda reason: reason.grade, reverse=True)
    return Graded(found[0].grade if found else UNGRADED, tuple(found))


def grade(effective_n: float, design_effect: float, missing: float) -> str:
    """The grade by three criteria alone."""
    return graded(Quality(effective_n=effective_n, design_effect=design_effect, missing=missing)).grade


def heavy_answers(weights: ArrayLike, counts: ArrayLike = 1.0) -> float:
    """(sum g^2 n)^2 / sum g^4 n: how many people decide the standard error; n when weights are equal.

    weights: of a respondent in each cell; counts: respondents there. The effective sample size of squares:
    a standard error that rests on 10 people is not known, whatever Kish's effective n says.
    """
    g, n = np.broadcast_arrays(np.asarray(weights, dtype=float), np.asarray(counts, dtype=float))
    fourth = float(np.sum(g**4 * n))
    return float(np.sum(g**2 * n)) ** 2 / fourth if fourth > 0 else 0.0


def rarer_answers(effective_n: float, share_in_survey: float) -> float:
    """Effective answers of the rarer kind to expect here, from the share in the whole survey (0 to 1).

    The area's own share would not do: areas picked for having enough of them are not like the others.
    """
    return effective_n * min(share_in_survey, 1 - share_in_survey)


def tie(se: ArrayLike, weighted_variance: ArrayLike, effective_n: ArrayLike) -> Floats:
    """How much the answers have to do with the weights: 1 for nothing; shape as the inputs.

    The linearised variance se^2 by Kish's, weighted_variance / (effective_n - 1), or the inverse, whichever
    is larger: the one is too small, or the other needlessly large, where people with large weights answer
    differently. Take all areas together: in one area it is mostly chance, and picking areas by chance spoils
    their intervals. Not a number with an effective n of 1 or less; 1 where all answers agree.
    """
    se, variance, n = (np.asarray(a, dtype=float) for a in (se, weighted_variance, effective_n))
    with np.errstate(all="ignore"):
        ratio = se**2 * (n - 1) / variance
        ratio = np.where((variance == 0) & (n > 1), 1.0, np.where(n > 1, ratio, np.nan))
        return np.asarray(np.fmax(ratio, 1 / ratio), dtype=float)


def mode_gap(here: Mapping[str, float], everywhere: Mapping[str, float]) -> float:
    """Half the sum of differences between the shares of modes (web, paper, ...) here and everywhere: 0 to 1.

    People give other answers on paper or to an interviewer, so areas that answered in other ways compare
    less well. Values are counts or shares; with none on a side nothing is known: not a number.
    """
    ours, theirs = sum(here.values()), sum(everywhere.values())
    if ours <= 0 or theirs <= 0:
        return math.nan
    modes = {*here, *everywhere}
    return 0.5 * sum(abs(here.get(m, 0) / ours - everywhere.get(m, 0) / theirs) for m in modes)


def equivalent_n(unit_variance: float, mse: float) -> float:
    """Answers that an unmodelled estimate would need to be as sure as a modelled one: their effective_n."""
    return unit_variance / mse if mse > 0 else math.inf
