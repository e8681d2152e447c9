"""Modelled figures of a release: what areas like it say of an area, beside what its own answers say.

Made from a release as readers have it and from public covariates, and from nothing else that comes of
answers: so they tell nothing that a reader could not work out (docs/adr/0027). Values are those of
`small_area`, with standard errors from the published intervals.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from analysis.area_level import SmallAreaError
from analysis.benchmarking import benchmarked, benchmarked_interval
from analysis.grading import GRADES, Graded, Quality, equivalent_n, graded
from analysis.national import NationalLayer
from analysis.quality import years_since
from analysis.raking import Floats
from analysis.release import Figure, Marker, Release, ReleasedArea, ReleasedIndicator
from analysis.released_models import ModelBenchmark, ModelledFigure, ReleasedCovariate, ReleasedModel
from analysis.scoring import Z95
from analysis.small_area import SmallAreas, small_areas
from questionnaires.framework import AreaModel, Covariate, Statistic

METHOD, BENCHMARK = "hierarchical_bayes", "difference"
WHOLE = 0.02
"""Areas stand for the whole of a larger one when their people come to its own within this share."""
FEWEST_SHOWN = 0.5
"""Share of the areas that must have a figure that is shown: hidden ones are smaller, and a share is hidden
where few gave the answer, so the fewer are shown the less they are like the rest."""
DIGITS = 6
"""What is said of a model is rounded to so many digits, which are the same on every machine."""
OF_THE_SURVEY = ("tie", "unmet_margins")
"""Criteria that cost every figure of an indicator the same: a model does not heal them."""


@dataclass(frozen=True, slots=True)
class Modelled:
    """notes: for the wave's manager, on what was declared and could not be modelled."""

    figures: tuple[ModelledFigure, ...] = ()
    models: tuple[ReleasedModel, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Direct:
    """What a release shows of one indicator in the areas of a model, in order. Floats: (m,), its unit.

    A figure that is not shown has no value, and 0 effective answers: nothing of it is used.
    """

    indicator: ReleasedIndicator
    areas: tuple[ReleasedArea, ...]
    value: Floats
    variance: Floats
    effective_n: Floats
    costs: Mapping[str, str]  # criteria of OF_THE_SURVEY that figures have as a reason -> grade

    @property
    def share(self) -> bool:
        return self.indicator.statistic == Statistic.PROPORTION.value


@dataclass(frozen=True)
class Fitted:
    """After benchmarking. Floats: (m,)."""

    found: SmallAreas
    value: Floats
    mse: Floats
    lower: Floats
    upper: Floats
    benchmarks: tuple[ModelBenchmark, ...]


def modelled(
    release: Release,
    declared: Iterable[AreaModel],
    layers: Mapping[str, NationalLayer],
    scales: Mapping[str, float | None],
) -> Modelled:
    """What the models declared make of a release that has its figures.

    scales: indicator -> from its lowest answer to its highest, where known. A model that cannot be made (too
    few figures shown, no covariates held) is left out, and a note says why. An area with no value of a
    covariate is left out of the models that use it.
    """
    figures: list[ModelledFigure] = []
    models: list[ReleasedModel] = []
    notes: list[str] = []
    shown = {(figure.area, figure.indicator): figure for figure in release.figures}
    for model in declared:
        areas, x = _covariates(release, model, layers, notes)
        for indicator in release.indicators:
            if (model.indicators and indicator.code not in model.indicators) or indicator.item is None:
                continue
            held = [shown.get((area.code, indicator.code)) for area in areas]
            if not areas or all(f is None or f.marker is Marker.NOT_ASKED for f in held):
                continue
            direct = _direct(indicator, areas, held)
            try:
                fitted = _fitted(release, direct, x, shown)
            except SmallAreaError as error:
                for reason in error.reasons:
                    notes.append(f'"{indicator.title}" is not modelled by {model.level}: {reason}')
                continue
            figures += _figures(release, direct, fitted, scales.get(indicator.code))
            models.append(_model(direct, model, fitted, x, layers))
    return Modelled(tuple(figures), tuple(models), tuple(notes))


def _covariates(
    release: Release, model: AreaModel, layers: Mapping[str, NationalLayer], notes: list[str]
) -> tuple[tuple[ReleasedArea, ...], dict[str, Floats]]:
    """Areas of the level that have every covariate, and each covariate, (m,)."""
    at = [area for area in release.areas if area.level == model.level]
    if not at:
        notes.append(
            f'Models are declared for level "{model.level}", which this wave does not publish: publish it, '
            "or take the models out of the framework."
        )
    kept, values = at, {}
    for each in model.covariates:
        layer = layers.get(each.layer)
        held = {a.code: layer.values.get((a.code, each.indicator)) for a in at} if layer else {}
        absent = [area for area in at if held.get(area.code) is None]
        if absent:
            notes.append(
                f'{len(absent)} of {len(at)} areas of level "{model.level}" have no "{each.indicator}" in '
                f'national layer "{each.layer}" and are not modelled: survey-app national import.'
            )
        kept = [area for area in kept if held.get(area.code) is not None]
        values[_key(each)] = held
    return tuple(kept), {
        key: np.array([held[area.code] for area in kept], dtype=float) for key, held in values.items()
    }


def _key(covariate: Covariate) -> str:
    return f"{covariate.layer}: {covariate.indicator}"


def _direct(
    indicator: ReleasedIndicator, areas: tuple[ReleasedArea, ...], held: Sequence[Figure | None]
) -> Direct:
    used = [f if f is not None and f.marker is Marker.SHOWN and f.effective_base else None for f in held]
    rows = [_numbers(f) if f is not None else (math.nan, math.nan, 0.0) for f in used]
    value, variance, n = np.array(rows, dtype=float).reshape(-1, 3).T
    costs = {
        criterion: min(grades)
        for criterion in OF_THE_SURVEY
        if (grades := [f.grade or "A" for f in used if f is not None and criterion in (f.reasons or ())])
    }
    return Direct(indicator, areas, value, variance, n, costs)


def _numbers(figure: Figure) -> tuple[float, float, float]:
    """Value, variance (from the published interval) and effective answers of a shown figure."""
    if figure.value is None or figure.lower is None or figure.upper is None:
        raise ValueError(f"{figure.indicator} in {figure.area} is shown without its numbers")
    return (
        figure.value,
        ((figure.upper - figure.lower) / (2 * Z95)) ** 2,
        float(figure.effective_base or 0),
    )


def _fitted(
    release: Release, direct: Direct, x: Mapping[str, Floats], shown: Mapping[tuple[str, str], Figure]
) -> Fitted:
    """Fitted to all areas, then benchmarked in each larger area by itself. Raises SmallAreaError."""
    held = int(np.count_nonzero(direct.effective_n > 0))
    if held < FEWEST_SHOWN * len(direct.areas):
        raise SmallAreaError(
            [
                f"Only {held} of {len(direct.areas)} areas have a figure that is shown, and those hidden may "
                "be unlike them. Model larger areas, or collect more answers."
            ]
        )
    found = small_areas(
        direct.value,
        direct.variance,
        direct.effective_n,
        x,
        target=math.nan,
        share=np.ones(len(direct.areas)),
        model=METHOD,
        benchmark="none",
    )
    adjustment = np.zeros(len(direct.areas))
    told = []
    for code, inside in _larger(release, direct.areas).items():
        figure = shown.get((code, direct.indicator.code))
        people = _people(release, code, [direct.areas[i] for i in inside])
        if figure is None or figure.value is None or people is None:
            continue
        kept = benchmarked(found.modelled[inside], people, figure.value, BENCHMARK)
        adjustment[inside] = kept.adjustment
        told.append(ModelBenchmark(area=code, target=figure.value, before=_told(kept.before)))
    mse, lower, upper = benchmarked_interval(found.modelled, found.lower, found.upper, found.mse, adjustment)
    low, high = (0.0, 100.0) if direct.share else (-math.inf, math.inf)
    return Fitted(
        found=found,
        value=np.clip(found.modelled + adjustment, low, high),
        mse=mse,
        lower=np.clip(lower, low, high),
        upper=np.clip(upper, low, high),
        benchmarks=tuple(told),
    )


def _larger(release: Release, areas: Sequence[ReleasedArea]) -> dict[str, list[int]]:
    """The fewest larger areas of one level that every area lies in one of, with the places of theirs.

    Of two levels with as few, the smaller areas. Empty when no level holds all.
    """
    levels = {area.code: area.level for area in release.areas}
    by_level: dict[str, dict[str, list[int]]] = {}
    depth: dict[str, int] = {}
    for place, area in enumerate(areas):
        for step, code in enumerate(area.parents):
            by_level.setdefault(levels[code], {}).setdefault(code, []).append(place)
            depth[levels[code]] = max(depth.get(levels[code], 0), step)
    whole = [
        level
        for level, held in by_level.items()
        if sorted(place for inside in held.values() for place in inside) == list(range(len(areas)))
    ]
    if not whole:
        return {}
    return by_level[min(whole, key=lambda level: (len(by_level[level]), depth[level], level))]


def _people(release: Release, larger: str, inside: Sequence[ReleasedArea]) -> Floats | None:
    """People of each area inside a larger one; None unless they are all known and are the larger one's."""
    whole = next(area.population for area in release.areas if area.code == larger)
    people = [area.population for area in inside]
    if not whole or any(n is None for n in people):
        return None
    known = np.array(people, dtype=float)
    return known if abs(known.sum() - whole) <= WHOLE * whole else None


def _figures(
    release: Release, direct: Direct, fitted: Fitted, scale: float | None
) -> Iterable[ModelledFigure]:
    """Rounded as the release's figures are, with a grade."""
    decimals = int(release.policy["percentage_decimals" if direct.share else "mean_decimals"])
    age = years_since(release.closed, datetime.fromisoformat(release.created))
    for i, area in enumerate(direct.areas):
        value, lower, upper = (float(a[i]) for a in (fitted.value, fitted.lower, fitted.upper))
        half, own = (upper - lower) / 2, float(fitted.found.shrinkage[i])
        judged = _graded(
            Quality(
                effective_n=equivalent_n(fitted.found.diagnostics.unit_variance, float(fitted.mse[i])),
                share_half_width=half / 100 if direct.share else None,
                mean_half_width=half / scale if not direct.share and scale else None,
                model_share=1 - own,
                age=age,
            ),
            direct.costs,
        )
        rounded = round(value, decimals)
        yield ModelledFigure(
            area=area.code,
            indicator=direct.indicator.code,
            value=rounded,
            lower=min(rounded, round(lower, decimals)),
            upper=max(rounded, round(upper, decimals)),
            own_share=round(own, 2),
            synthetic=not direct.effective_n[i] > 0,
            grade=judged[0],
            reasons=judged[1],
        )


def _graded(quality: Quality, costs: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Grade and reasons, worst first: the model's, and what costs the whole survey's figures a grade.

    How much the latter cost is not published: it is taken as the best grade of the figures it is a reason of.
    """
    judged: Graded = graded(quality)
    told = [(reason.grade, reason.criterion) for reason in judged.reasons]
    told += [(grade, criterion) for criterion, grade in costs.items()]
    told.sort(key=lambda each: GRADES.index(each[0]), reverse=True)
    return told[0][0] if told else judged.grade, tuple(criterion for _grade, criterion in told)


def _model(
    direct: Direct,
    model: AreaModel,
    fitted: Fitted,
    x: Mapping[str, Floats],
    layers: Mapping[str, NationalLayer],
) -> ReleasedModel:
    known = fitted.found.diagnostics
    used = [area.code for area, n in zip(direct.areas, direct.effective_n, strict=True) if n > 0]
    return ReleasedModel(
        indicator=direct.indicator.code,
        level=model.level,
        method=known.model,
        areas=known.sampled,
        predicted=known.unsampled,
        constant=_told(known.coefficients["constant"]),
        covariates=tuple(
            ReleasedCovariate(
                title=each.title or each.indicator,
                layer=each.layer,
                indicator=each.indicator,
                period=layers[each.layer].periods.get(each.indicator, ""),
                coefficient=_told(known.coefficients[_key(each)]),
                spread=_told(float(np.std(x[_key(each)], ddof=1))),
            )
            for each in model.covariates
        ),
        variance=_told(known.a),
        variance_lower=_told(known.a_lower),
        variance_upper=_told(known.a_upper),
        unit_variance=_told(known.unit_variance),
        own_share=_told(known.shrinkage_median),
        largest_residual=_told(known.largest_residual),
        normality=_told(known.normality) if math.isfinite(known.normality) else None,
        residuals=tuple(
            (code, _told(float(residual)) if math.isfinite(residual) else None)
            for code, residual in zip(used, known.residuals, strict=True)
        ),
        benchmarks=fitted.benchmarks,
    )


def _told(number: Any) -> float:
    return float(f"{float(number):.{DIGITS}g}")
