"""What a release says of small areas by way of a model, and how each model was made: data only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelledFigure:
    """What an area-level model says of one indicator in one area, beside the figure and never instead of it.

    Made from what the release itself shows and from public covariates, nothing else. value, lower, upper:
    as in `Figure`. own_share: the weight, 0 to 1, of the area's own figure; 0 where it is not shown.
    """

    area: str
    indicator: str
    value: float
    lower: float
    upper: float
    own_share: float
    synthetic: bool  # no figure of the area is in it: it is hidden
    grade: str
    reasons: tuple[str, ...] = ()  # as in `Figure`


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedCovariate:
    """coefficient: units of the indicator for one of the covariate. spread: its standard deviation over the
    areas modelled."""

    title: str
    layer: str
    indicator: str
    period: str
    coefficient: float
    spread: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelBenchmark:
    """The larger area's figure that modelled areas inside it were made to come to, and what they came to
    before."""

    area: str
    target: float
    before: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedModel:
    """How one indicator was modelled for the areas of one level, so that a reader can judge it.

    Variances are in the square of the indicator's unit. residuals: (area, standardised residual) of each
    area used; None where the area alone decides a coefficient.
    """

    indicator: str
    level: str
    method: str
    areas: int  # with a figure that is shown
    predicted: int  # without one
    constant: float
    covariates: tuple[ReleasedCovariate, ...]
    variance: float  # between true values of areas, about what the covariates say
    variance_lower: float
    variance_upper: float
    unit_variance: float  # of one answer, from the published intervals
    own_share: float  # median, of the areas used
    largest_residual: float
    normality: float | None  # p of Shapiro and Wilk's test of the residuals
    residuals: tuple[tuple[str, float | None], ...]
    benchmarks: tuple[ModelBenchmark, ...] = ()


def read_model(raw: dict[str, Any]) -> ReleasedModel:
    """A model as a release's JSON has it. Raises KeyError, TypeError or ValueError for anything else."""
    read = {
        "covariates": tuple(ReleasedCovariate(**one) for one in raw["covariates"]),
        "benchmarks": tuple(ModelBenchmark(**one) for one in raw["benchmarks"]),
        "residuals": tuple((area, residual) for area, residual in raw["residuals"]),
    }
    return ReleasedModel(**{**raw, **read})
