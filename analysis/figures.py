"""Figures as they are published: rounded, scored on their yardstick, graded."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from statistics import fmean, stdev

from analysis.areas import AreaSet
from analysis.disclosure import Policy
from analysis.grading import Quality, graded
from analysis.indicators import Local
from analysis.release import Figure, Marker, Yardstick
from analysis.scoring import Z95, Scale, score
from questionnaires.framework import Framework, Statistic

FEWEST_AREAS = 5
"""Areas a yardstick taken from the survey itself needs."""

NOTHING_MORE = Quality()


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimated:
    """One row of `indicators.estimates`: n, effective n, estimate and 95% interval (shares 0 to 1)."""

    n: int
    effective_n: float
    estimate: float
    lower: float
    upper: float
    missing: float


def step(local: Local, policy: Policy) -> float:
    """What values of this indicator are rounded to, in its unit."""
    return float(10.0 ** -_decimals(local, policy))


def shown(
    area: str,
    local: Local,
    found: Estimated,
    numerator: int,
    design_effect: float,
    policy: Policy,
    more: Quality = NOTHING_MORE,
) -> Figure:
    """A figure that may be published, not yet scored. numerator: unweighted, of a proportion.

    design_effect: of the whole survey's weights. more: what else is known of its quality, beside what
    `found` tells.

    A share that is not nothing is never shown as 0, nor one that is not everything as 100.
    """
    decimals = _decimals(local, policy)
    factor = 100 if local.indicator.statistic is Statistic.PROPORTION else 1
    value = round(found.estimate * factor, decimals)
    if factor == 100:
        least = step(local, policy)
        if 0 < numerator < found.n:
            value = min(100 - least, max(least, value))
    base = policy.rounded_base(found.n)
    judged = graded(_quality(local, found, design_effect, more))
    return Figure(
        area=area,
        indicator=local.code,
        marker=Marker.SHOWN,
        base=base,
        effective_base=min(base, policy.rounded_base(found.effective_n)),
        value=float(value),
        lower=float(min(value, round(found.lower * factor, decimals))),
        upper=float(max(value, round(found.upper * factor, decimals))),
        grade=judged.grade,
        reasons=tuple(reason.criterion for reason in judged.reasons) or None,
    )


def _quality(local: Local, found: Estimated, design_effect: float, more: Quality) -> Quality:
    """With what the estimate itself tells: its base, weights, missing answers and interval."""
    half = (found.upper - found.lower) / 2
    share = local.indicator.statistic is Statistic.PROPORTION
    return replace(
        more,
        effective_n=found.effective_n,
        design_effect=max(design_effect, found.n / found.effective_n if found.effective_n > 0 else 1.0),
        missing=found.missing,
        share_half_width=half if share else None,
        mean_half_width=half / local.scale if not share and local.scale else None,
    )


def survey_yardstick(
    figures: Iterable[Figure], areas: AreaSet, levels: Sequence[str]
) -> tuple[Yardstick, float] | None:
    """A yardstick from the survey's own areas, and the standard error of its mean. None when there are
    too few.

    Taken over the shown figures of one level: of `levels` (largest areas first) the first with
    FEWEST_AREAS, since large areas differ truly rather than by chance. Only published values go in, so
    nothing hidden can be worked out.
    """
    at: dict[str, list[Figure]] = {}
    for figure in figures:
        if figure.marker is Marker.SHOWN:
            at.setdefault(areas[figure.area].level, []).append(figure)
    for level in levels:
        held = at.get(level, [])
        if len(held) < FEWEST_AREAS:
            continue
        values = [_number(f.value) for f in held]
        sd = stdev(values)
        if sd <= 0:
            return None
        errors = [((_number(f.upper) - _number(f.lower)) / (2 * Z95)) ** 2 for f in held]
        yardstick = Yardstick(mean=fmean(values), sd=sd, areas=len(held), relative_to="survey")
        return yardstick, math.sqrt(sum(errors)) / len(held)
    return None


def scored(
    figure: Figure,
    local: Local,
    framework: Framework,
    yardstick: Yardstick,
    mean_error: float,
    policy: Policy,
) -> Figure:
    """The figure with its score, from its published value and interval. Hidden figures stay as they are."""
    if figure.marker is not Marker.SHOWN or yardstick.sd <= 0:
        return figure
    scale = Scale(
        mean=yardstick.mean,
        sd=yardstick.sd,
        polarity=local.indicator.polarity,
        k=framework.k,
        bands=framework.bands,
        mean_error=mean_error,
    )
    found = score(
        _number(figure.value),
        _number(figure.lower),
        _number(figure.upper),
        scale,
        step=step(local, policy),
    )
    return replace(
        figure,
        score=found.score,
        score_lower=found.lower,
        score_upper=found.upper,
        score_uncapped=found.uncapped,
        band=found.band,
        band_chance=found.band_chance,
    )


def standing(earlier: Figure, number: int) -> Figure:
    """An earlier figure as it stands now: the same numbers, without its old score."""
    return replace(
        earlier,
        stands_from=number,
        score=None,
        score_lower=None,
        score_upper=None,
        score_uncapped=None,
        band=None,
        band_chance=None,
    )


def hidden(area: str, indicator: str) -> Figure:
    """All hidden figures look like this one."""
    return Figure(area=area, indicator=indicator, marker=Marker.HIDDEN)


def rounded_weighting(rows: Iterable[Mapping[str, object]], policy: Policy) -> tuple[dict[str, object], ...]:
    """Margin rows as published, in whole percentages of all respondents.

    A level with few people is left out, and more with it, smallest first, until those left out are two or
    more and together enough people: the rest of the margin tells how many they are.

    rows: margin, level, respondents, target_share, unweighted_share, weighted_share (shares 0 to 1).
    """
    by_margin: dict[str, list[Mapping[str, object]]] = {}
    for row in rows:
        by_margin.setdefault(str(row["margin"]), []).append(row)
    found: list[dict[str, object]] = []
    for margin, held in by_margin.items():
        order = sorted(
            (r for r in held if _number(r["respondents"]) > 0), key=lambda r: _number(r["respondents"])
        )
        held_back = [int(_number(r["respondents"])) for r in order]
        few = sum(n < policy.minimum_count for n in held_back)
        if few:
            together = accumulate(held_back)
            enough = next((at for at, n in enumerate(together, 1) if n >= policy.minimum_count), len(order))
            few = max(few, 2, enough)
        away = {str(r["level"]) for r in order[:few]}
        found += [
            {
                "margin": margin,
                "level": str(row["level"]),
                "target": None if row["level"] == "" else _percent(row["target_share"]),
                "sample": None if str(row["level"]) in away else _percent(row["unweighted_share"]),
                "weighted": None if str(row["level"]) in away else _percent(row["weighted_share"]),
            }
            for row in held
        ]
    return tuple(found)


def _decimals(local: Local, policy: Policy) -> int:
    if local.indicator.statistic is Statistic.PROPORTION:
        return policy.percentage_decimals
    return policy.mean_decimals


def _percent(share: object) -> int:
    return round(100 * _number(share))


def _number(value: object) -> float:
    if isinstance(value, (int, float)):
        return float(value)
    raise TypeError(f"a shown figure needs its numbers, not {value!r}")
