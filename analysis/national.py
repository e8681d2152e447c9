"""National layers: published values by area, and the yardstick each indicator is scored on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from analysis.areas import Area, AreaSet
from analysis.release import IndexFigure, NationalFigure, Yardstick
from analysis.scoring import Scale, band, cap
from questionnaires.framework import Framework, Indicator, Statistic

PERCENT = frozenset({"%", "percent", "per cent", "percentage", "pct"})
_YEARS = re.compile(r"(?<!\d)(\d\d)(\d\d)(?!\d)(?:\s*[-/\u2013]\s*(\d\d)(?!\d))?")
SHARE = frozenset({"share", "proportion", "fraction", "0-1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalYardstick:
    """Mean and standard deviation of one indicator over the areas of a layer, in the layer's unit."""

    mean: float
    sd: float
    areas: int
    period: str = ""
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class NationalLayer:
    """One published layer: `values` by (area code, indicator), `yardsticks` by indicator.

    Values and yardsticks are of one period for each indicator: the newest that was loaded, unless chosen.
    `periods` names it by indicator, also for one that has no yardstick.
    `source` names the publisher and licence as readers are told them; empty when the import did not say.
    """

    id: str
    source: str = ""
    values: Mapping[tuple[str, str], float] = field(default_factory=dict)
    yardsticks: Mapping[str, NationalYardstick] = field(default_factory=dict)
    periods: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inherited:
    """A national value and the area it belongs to: `area` itself or the nearest area around it that has
    one."""

    value: float
    area: Area


class UnitMismatchError(Exception):
    """Shares cannot be scored against a layer in an unknown unit; `reasons` names every indicator."""

    def __init__(self, reasons: Iterable[str]):
        self.reasons = tuple(reasons)
        super().__init__("\n".join(self.reasons))


def inherited(layer: NationalLayer, areas: AreaSet, area: str, indicator: str) -> Inherited | None:
    """The layer's value for an area, or for the nearest area that contains it. None when there is none.

    Raises KeyError for an unknown area.
    """
    for place in (areas[area], *areas.ancestors(area)):
        value = layer.values.get((place.code, indicator))
        if value is not None:
            return Inherited(value=value, area=place)
    return None


def newest(periods: Iterable[str]) -> str:
    """The latest of some periods, by the last year each names: "2018-20" ends in 2020. "" for none.

    Where the years are the same, the last in the order of the alphabet.
    """
    return max(periods, key=lambda period: (_last_year(period), period), default="")


def _last_year(period: str) -> int:
    ends = [0]
    for century, year, short in _YEARS.findall(period):
        ends += [int(century + year)] + ([int(century + short)] if short else [])
    return max(ends)


def index_figures(
    framework: Framework, layers: Mapping[str, NationalLayer], codes: Iterable[str]
) -> tuple[IndexFigure, ...]:
    """An index's own scores beside the parts of the framework that name them, for areas that have them.

    As published, on the index's own scale.
    """
    told = {layer.id: layer for layer in framework.layers}
    places = tuple(codes)
    found = []
    for node, score in framework.index_scores():
        layer, about = layers.get(score.layer), told.get(score.layer)
        if layer is None or about is None:
            continue
        for code in places:
            value = layer.values.get((code, score.indicator))
            if value is None:
                continue
            found.append(
                IndexFigure(
                    area=code,
                    node=node,
                    layer=layer.id,
                    index=about.title,
                    title=score.title or score.indicator,
                    value=value,
                    period=layer.periods.get(score.indicator, ""),
                    scale=about.scale,
                )
            )
    return tuple(found)


def layers_by_id(layers: Iterable[NationalLayer]) -> dict[str, NationalLayer]:
    return {layer.id: layer for layer in layers}


def benchmark_yardstick(
    indicator: Indicator, layers: Mapping[str, NationalLayer]
) -> tuple[NationalLayer, NationalYardstick] | None:
    """The layer and yardstick an indicator's benchmark names, with shares turned to percentages.

    None when it has no benchmark or the layer does not have it. Raises UnitMismatchError for a local
    proportion whose layer is in neither percentages nor shares: a score would be a hundred times off or
    meaningless.
    """
    if indicator.benchmark is None or indicator.benchmark.layer not in layers:
        return None
    layer = layers[indicator.benchmark.layer]
    yardstick = layer.yardsticks.get(indicator.benchmark.indicator)
    if yardstick is None:
        return None
    factor = _factor(indicator, layer, yardstick)
    if factor == 1:
        return layer, yardstick
    turned = NationalYardstick(
        mean=yardstick.mean * factor,
        sd=yardstick.sd * factor,
        areas=yardstick.areas,
        period=yardstick.period,
        unit="%",
    )
    return layer, turned


def unit_problems(framework: Framework, layers: Mapping[str, NationalLayer]) -> list[str]:
    """Every reason `benchmark_yardstick` would give for this framework's indicators."""
    found: list[str] = []
    for _, _, _, indicator in framework.indicators():
        try:
            benchmark_yardstick(indicator, layers)
        except UnitMismatchError as error:
            found += error.reasons
    return found


def published(yardstick: NationalYardstick, layer: NationalLayer) -> Yardstick:
    """The yardstick as a release shows it."""
    return Yardstick(
        mean=yardstick.mean,
        sd=yardstick.sd,
        areas=yardstick.areas,
        relative_to="national",
        layer=layer.id,
        period=yardstick.period,
    )


def figures(
    framework: Framework, layers: Mapping[str, NationalLayer], codes: Iterable[str]
) -> tuple[NationalFigure, ...]:
    """The national value and score of every indicator with a benchmark, for the areas that have one of
    their own.

    Scored on the national yardstick with the framework's polarity, k and bands, two decimals. Raises
    UnitMismatchError as `benchmark_yardstick` does.
    """
    places = tuple(codes)
    found = []
    for _, _, _, indicator in framework.indicators():
        held = benchmark_yardstick(indicator, layers)
        if held is None or indicator.benchmark is None or held[1].sd <= 0:
            continue
        layer, yardstick = held
        factor = _factor(indicator, layer, layer.yardsticks[indicator.benchmark.indicator])
        scale = Scale(
            mean=yardstick.mean,
            sd=yardstick.sd,
            polarity=indicator.polarity,
            k=framework.k,
            bands=framework.bands,
        )
        for code in places:
            value = layer.values.get((code, indicator.benchmark.indicator))
            if value is None:
                continue
            score = cap(scale.uncapped(value * factor))
            found.append(
                NationalFigure(
                    area=code,
                    indicator=indicator.code,
                    value=round(value * factor, 6),
                    score=round(score, 2),
                    band=band(score, framework.bands),
                    period=yardstick.period,
                    layer=layer.id,
                )
            )
    return tuple(found)


def _factor(indicator: Indicator, layer: NationalLayer, yardstick: NationalYardstick) -> float:
    """What turns the layer's unit into the local one. Only local proportions (in %) can disagree."""
    if indicator.item is None or indicator.statistic is not Statistic.PROPORTION:
        return 1
    unit = yardstick.unit.strip().lower()
    if unit in PERCENT:
        return 1
    if unit in SHARE:
        return 100
    raise UnitMismatchError(
        [
            f'Indicator "{indicator.code}" is a percentage here, but national layer "{layer.id}" gives it in '
            f'"{yardstick.unit}". Import the layer again and state the unit as "%" or "share": '
            "survey-app national import."
        ]
    )
