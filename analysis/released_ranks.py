"""Ranks of areas by their published figures, never without the range of ranks they could have."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.comparisons import RankRange
from analysis.published_errors import rounding_step, standard_error
from analysis.ranks import ranks
from analysis.release import Release

FEWEST_AREAS = 5  # to speak of a rank among them


def released_ranks(release: Release) -> Iterator[RankRange]:
    """Every shown figure among the others of its indicator and level, where there are five or more.

    Best first, whichever way the indicator runs. Ranges hold at 95% for all areas of a level together
    (`analysis.ranks`, "simultaneous"), with the standard errors in `analysis.published_errors`.
    """
    levels = {area.code: area.level for area in release.areas}
    indicators = {indicator.code: indicator for indicator in release.indicators}
    steps = {code: rounding_step(one, release.policy) for code, one in indicators.items()}
    groups: dict[tuple[str, str], list[tuple[str, float, float]]] = {}
    for figure in release.figures:
        code = figure.indicator
        error = standard_error(figure, indicators[code], steps[code])
        if error is not None and figure.value is not None:
            groups.setdefault((code, levels[figure.area]), []).append((figure.area, figure.value, error))
    for (code, _level), held in groups.items():
        if len(held) < FEWEST_AREAS:
            continue
        areas, values, errors = zip(*held, strict=True)
        found = ranks(values, errors, highest_first=indicators[code].polarity > 0)
        for area, rank, lower, upper in zip(areas, found.rank, found.lower, found.upper, strict=True):
            yield RankRange(
                area=area,
                indicator=code,
                rank=int(rank),
                lower=int(lower),
                upper=int(upper),
                among=len(held),
            )
