"""What models say of small places: on a place's page, and the page by which readers can judge them."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from analysis.release import Marker, ReleasedArea, ReleasedIndicator
from analysis.released_models import ModelledFigure, ReleasedModel
from survey_app.presenters import band, phrases
from survey_app.presenters.wording import Wording
from survey_app.presenters.words import Words
from survey_app.services.results import ReleaseIndex

FAR = 2.0
"""Standard deviations from what a model expects. About 1 place in 20 is further out by chance."""
UNLIKELY = 0.05
"""Below this the residuals do not look normal."""
SIDE = 100.0  # of the drawing
EDGE = 0.05  # of the range, left free on each side of it

REASONS: dict[str, object] = {
    "effective_n": _l("It is only as sure as a few answers would be."),
}
"""Where a reason why a figure is not firm is said in other words of a modelled one."""


@dataclass(frozen=True, slots=True)
class Modelled:
    """What a model says of one indicator in one place. own: empty where no figure of it is in it."""

    value: str
    own: str
    alike: bool  # drawn to places like it; else to all places
    grade: str
    reasons: list[str]
    level: str


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    name: Words | str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Covariate:
    """step: how far places usually differ in it. goes_with: the indicator's difference for such a step."""

    title: str
    source: str
    period: str
    step: str
    goes_with: str
    coefficient: str


@dataclass(frozen=True, slots=True)
class Benchmark:
    place: str
    target: str
    before: str


@dataclass(frozen=True, slots=True)
class Line:
    """One place. direct is empty where its figure is hidden, residual where there is none."""

    code: str
    name: str
    direct: str
    modelled: str
    own: str
    residual: str
    far: bool
    grade: str


@dataclass(frozen=True, slots=True)
class Point:
    """x: what was measured; y: what the model says; 0 to SIDE, y downwards."""

    x: float
    y: float
    name: str
    far: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    points: tuple[Point, ...]
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One model. Variances and the constant are as released, for those who make it again."""

    title: Words
    level: str
    used: str
    predicted: str
    covariates: tuple[Covariate, ...]
    differ: str
    own: str
    benchmarks: tuple[Benchmark, ...]
    far: str
    scatter: str
    lines: tuple[Line, ...]
    drawing: Drawing | None
    method: str
    constant: str
    variance: str
    unit_variance: str
    normality: str


@dataclass(frozen=True, slots=True)
class Page:
    indicators: tuple[Choice, ...]
    levels: tuple[Choice, ...]
    model: Shown | None  # None when the release has no models


METHODS: dict[str, object] = {
    "hierarchical_bayes": _l(
        "Fay-Herriot by hierarchical Bayes, flat priors, intervals with equal tails of 2.5%"
    ),
}


def of_area(index: ReleaseIndex, area: ReleasedArea, indicator: ReleasedIndicator) -> Modelled | None:
    """What a model says of an indicator in a released area. None where it is not modelled."""
    figure = index.modelled(area.code, indicator.code)
    model = index.models.get((indicator.code, area.level))
    if figure is None or model is None:
        return None
    return Modelled(
        value=phrases.value_and_interval(indicator, figure),
        own=_own(figure),
        alike=bool(model.covariates),
        grade=band.grade(figure.grade),
        reasons=[
            str(REASONS[name]) if name in REASONS else told
            for name in figure.reasons
            for told in band.reasons([name])
        ],
        level=area.level,
    )


def build(
    index: ReleaseIndex, reach: Collection[str], wording: Wording, *, indicator: str = "", level: str = ""
) -> Page:
    """The page of one model, the one asked for or else the first; it names no place outside `reach`."""
    if not index.models:
        return Page((), (), None)
    codes = list(dict.fromkeys(code for code, _level in index.models))
    code = indicator if indicator in codes else codes[0]
    levels = [at for of, at in index.models if of == code]
    at = level if level in levels else levels[0]
    every = dict.fromkeys(at for _code, at in index.models)
    return Page(
        indicators=tuple(Choice(c, wording.title(index.indicators[c]), c == code) for c in codes),
        levels=tuple(Choice(each, phrases.level(each, many=True), each == at) for each in every),
        model=_shown(index, reach, wording, index.models[code, at]),
    )


def _shown(index: ReleaseIndex, reach: Collection[str], wording: Wording, model: ReleasedModel) -> Shown:
    released = index.indicators[model.indicator]
    indicator = wording.with_unit(released)
    residuals = dict(model.residuals)
    rows = [
        (area, figure)
        for area in index.at_level(model.level)
        if area.code in reach and (figure := index.modelled(area.code, model.indicator)) is not None
    ]
    return Shown(
        title=wording.title(released),
        level=phrases.level(model.level, many=True),
        used=ngettext(
            "It is made from the figures of %(num)s place.",
            "It is made from the figures of %(num)s places.",
            model.areas,
        ),
        predicted=_predicted(indicator, model),
        covariates=tuple(_covariates(index, indicator, model)),
        differ=_differ(indicator, model),
        own=_(
            "Of the places whose figures are shown, half keep at least %(share)s of their own answers.",
            share=phrases.percent(100 * model.own_share),
        ),
        benchmarks=tuple(_benchmarks(index, indicator, model)),
        far=_far(model),
        scatter=_scatter(model),
        lines=tuple(_line(index, indicator, area, figure, residuals.get(area.code)) for area, figure in rows),
        drawing=_drawing(index, indicator, rows, residuals),
        method=str(METHODS.get(model.method, model.method)),
        constant=_number(model.constant),
        variance=_(
            "%(value)s (%(lower)s to %(upper)s)",
            value=_number(model.variance),
            lower=_number(model.variance_lower),
            upper=_number(model.variance_upper),
        ),
        unit_variance=_number(model.unit_variance),
        normality="" if model.normality is None else _number(model.normality),
    )


def _predicted(indicator: ReleasedIndicator, model: ReleasedModel) -> str:
    if not model.predicted:
        return ""
    told = ngettext(
        "%(num)s more place has too few answers for a figure: it is given what is to be expected of such "
        "a place.",
        "%(num)s more places have too few answers for a figure: they are given what is to be expected of "
        "such places.",
        model.predicted,
    )
    if indicator.unit != "%":
        return told
    unlike = _(
        "A percentage is also hidden where hardly anyone or nearly everyone gives that answer, so such "
        "places may be further out."
    )
    return f"{told} {unlike}"


def _differ(indicator: ReleasedIndicator, model: ReleasedModel) -> str:
    """The standard deviation of true values about the line, in words."""
    share = indicator.unit == "%"
    low, usual, high = (
        phrases.decimal(math.sqrt(variance), 1 if share else 2)
        for variance in (model.variance_lower, model.variance, model.variance_upper)
    )
    if share:
        return _(
            "Places that are alike in all this still differ: two in three lie within %(usual)s percentage "
            "points (%(low)s to %(high)s) of what is to be expected of them.",
            usual=usual,
            low=low,
            high=high,
        )
    return _(
        "Places that are alike in all this still differ: two in three lie within %(usual)s (%(low)s to "
        "%(high)s) of what is to be expected of them.",
        usual=usual,
        low=low,
        high=high,
    )


def _far(model: ReleasedModel) -> str:
    held = [residual for _area, residual in model.residuals if residual is not None]
    return ngettext(
        "Of %(num)s place %(far)s lies far from what the model expects; by chance about 1 in 20 do.",
        "Of %(num)s places %(far)s lie far from what the model expects; by chance about 1 in 20 do.",
        len(held),
        far=sum(abs(residual) > FAR for residual in held),
    )


def _scatter(model: ReleasedModel) -> str:
    if model.normality is None:
        return ""
    if model.normality < UNLIKELY:
        return _("Places do not scatter about it as the model supposes: take its ranges with care.")
    return _("Places scatter about it as the model supposes, as far as can be seen.")


def _covariates(
    index: ReleaseIndex, indicator: ReleasedIndicator, model: ReleasedModel
) -> Iterator[Covariate]:
    for each in model.covariates:
        yield Covariate(
            title=each.title,
            source=index.release.sources.get(each.layer, each.layer),
            period=each.period,
            step=_number(each.spread),
            goes_with=phrases.difference(indicator, each.coefficient * each.spread),
            coefficient=_number(each.coefficient),
        )


def _benchmarks(
    index: ReleaseIndex, indicator: ReleasedIndicator, model: ReleasedModel
) -> Iterator[Benchmark]:
    for each in model.benchmarks:
        area = index.areas.get(each.area)
        yield Benchmark(
            place=area.name if area else each.area,
            target=phrases.measured(indicator, each.target),
            before=phrases.measured(indicator, each.before, national=True),
        )


def _line(
    index: ReleaseIndex,
    indicator: ReleasedIndicator,
    area: ReleasedArea,
    figure: ModelledFigure,
    residual: float | None,
) -> Line:
    direct = index.figure(area.code, indicator.code)
    shown = direct is not None and direct.marker is Marker.SHOWN
    return Line(
        code=area.code,
        name=area.name,
        direct=phrases.value_and_interval(indicator, direct) if direct is not None and shown else "",
        modelled=phrases.value_and_interval(indicator, figure),
        own=_own(figure),
        residual="" if residual is None else phrases.decimal(round(residual, 1) + 0.0),  # no "-0.0"
        far=residual is not None and abs(residual) > FAR,
        grade=band.grade(figure.grade),
    )


def _drawing(
    index: ReleaseIndex,
    indicator: ReleasedIndicator,
    rows: list[tuple[ReleasedArea, ModelledFigure]],
    residuals: dict[str, float | None],
) -> Drawing | None:
    """Measured against modelled. None with fewer than two places to draw."""
    held = []
    for area, figure in rows:
        direct = index.figure(area.code, indicator.code)
        if direct is not None and direct.value is not None and not figure.synthetic:
            held.append((area, direct.value, figure.value))
    ends = [value for _area, *values in held for value in values]
    if len(held) < 2 or min(ends) == max(ends):
        return None
    free = EDGE * (max(ends) - min(ends))
    low, high = min(ends) - free, max(ends) + free

    def at(value: float) -> float:
        return round(SIDE * (value - low) / (high - low), 1)

    return Drawing(
        points=tuple(
            Point(
                x=at(direct),
                y=round(SIDE - at(modelled), 1),
                name=area.name,
                far=abs(residuals.get(area.code) or 0) > FAR,
            )
            for area, direct, modelled in held
        ),
        low=phrases.measured(indicator, min(ends)),
        high=phrases.measured(indicator, max(ends)),
    )


def _own(figure: ModelledFigure) -> str:
    return "" if figure.synthetic else phrases.percent(100 * figure.own_share)


def _number(value: float) -> str:
    """As released, to four significant digits."""
    return f"{value:.4g}"
