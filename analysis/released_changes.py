"""Change since an earlier wave, from the published figures of two releases.

Nothing else goes in, so whoever reads both releases could work out the same, and nothing hidden can be told.
That both waves asked different people is assumed: where the same people answer twice, errors are too large
if they answer alike, so that too little is said to have moved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.change import benjamini_hochberg, change, change_interval
from analysis.comparisons import ChangeFigure, Changes, Uncompared
from analysis.earlier import BasesUnreadableError, read_bases
from analysis.indicators import Local
from analysis.published_errors import rounding_step, standard_error
from analysis.raking import Floats
from analysis.release import Figure, Marker, Release
from analysis.scoring import Z95
from questionnaires.comparison import ORDER, Verdict, verdicts
from questionnaires.model import Questionnaire

LEVEL = 0.05  # of what is said to have moved, about so much is chance

BY_VERDICT: Mapping[Verdict, Uncompared] = {
    Verdict.CARE: Uncompared.WORDED,
    Verdict.NOT: Uncompared.ANOTHER,
    Verdict.ONE_ONLY: Uncompared.ANOTHER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierWave:
    """The release of an earlier wave to compare with, and what says what its figures meant.

    bases: kept beside it; only the meanings of its indicators are read. questionnaire: as its wave asked it;
    None where it is no longer held, and then nothing is compared.
    """

    release: Release
    bases: str
    questionnaire: Questionnaire | None


@dataclass(frozen=True, slots=True)
class _Pair:
    then: Figure
    now: Figure
    errors: tuple[float, float]
    step: float  # the coarser of the two

    def interval(self, when: int) -> tuple[float, float]:
        """The published interval, no nearer to the value on either side than the error reaches."""
        figure = (self.then, self.now)[when]
        value, reach = _number(figure.value), Z95 * self.step / 2
        return min(_number(figure.lower), value - reach), max(_number(figure.upper), value + reach)


def changes(
    release: Release, locals_: Sequence[Local], questionnaire: Questionnaire, before: EarlierWave
) -> Changes:
    """Every figure that both releases show, of indicators that mean and ask the same in both.

    locals_, questionnaire: of `release`. The interval is square-and-add (`analysis.change.change_interval`),
    p of the standard errors in `analysis.published_errors`, q by Benjamini and Hochberg over all figures
    compared at one level of areas.
    """
    uncompared = uncomparable(locals_, questionnaire, before)
    levels = {area.code: area.level for area in release.areas}
    pairs: dict[str, list[_Pair]] = {}
    for pair in _pairs(release, before.release):
        if pair.now.indicator not in uncompared:
            pairs.setdefault(levels[pair.now.area], []).append(pair)
    return Changes(
        wave=before.release.wave,
        wave_title=before.release.wave_title,
        number=before.release.number,
        opened=before.release.opened,
        closed=before.release.closed,
        figures=tuple(found for level in sorted(pairs) for found in _tested(pairs[level])),
        uncompared={code: why.value for code, why in uncompared.items()},
    )


def uncomparable(
    locals_: Sequence[Local], questionnaire: Questionnaire, before: EarlierWave
) -> dict[str, Uncompared]:
    """Indicators asked now that cannot be compared, and why.

    Comparable with care is not enough: another wording could be all that changed.
    """
    asked = [local for local in locals_ if local.asked]
    try:
        then = read_bases(before.bases).figures
    except BasesUnreadableError:
        then = None
    if before.questionnaire is None or then is None:
        return {local.code: Uncompared.NOT_HELD for local in asked}
    verdict = {found.code: found.verdict for found in verdicts(before.questionnaire, questionnaire)}
    found: dict[str, Uncompared] = {}
    for local in asked:
        held = max((_verdict(column, verdict) for column in _columns(local)), key=ORDER.__getitem__)
        if local.code not in then:
            found[local.code] = Uncompared.NOT_ASKED
        elif held in BY_VERDICT:
            found[local.code] = BY_VERDICT[held]
        elif then[local.code][0] != local.signature:
            found[local.code] = Uncompared.COUNTED
    return found


def _columns(local: Local) -> tuple[str, ...]:
    """What an indicator is made of: for a composite, every one of its parts."""
    composite = local.indicator.composite
    return tuple(part.item for part in composite.parts) if composite else (local.column,)


def _verdict(column: str, verdict: Mapping[str, Verdict]) -> Verdict:
    # The column of one option of several is named after its item.
    item = column if column in verdict else column.rpartition("__")[0]
    return verdict.get(item, Verdict.ONE_ONLY)


def _pairs(release: Release, before: Release) -> Iterator[_Pair]:
    """Figures shown in both, of areas that are of one kind in both, where both errors are known."""
    same = {(a.code, a.level) for a in before.areas} & {(a.code, a.level) for a in release.areas}
    codes = {code for code, _level in same}
    then = {(f.area, f.indicator): f for f in before.figures if f.marker is Marker.SHOWN}
    meant, means = ({i.code: i for i in one.indicators} for one in (before, release))
    for now in release.figures:
        earlier = then.get((now.area, now.indicator))
        if now.marker is not Marker.SHOWN or earlier is None or now.area not in codes:
            continue
        was, is_now = meant[now.indicator], means[now.indicator]
        steps = rounding_step(was, before.policy), rounding_step(is_now, release.policy)
        first, second = standard_error(earlier, was, steps[0]), standard_error(now, is_now, steps[1])
        if first is not None and second is not None:
            yield _Pair(earlier, now, (first, second), max(steps))


def _tested(pairs: Sequence[_Pair]) -> Iterator[ChangeFigure]:
    """All figures of one level, tested together."""
    first, second = _column([p.then.value for p in pairs]), _column([p.now.value for p in pairs])
    errors = np.array([pair.errors for pair in pairs])
    intervals = [np.array([pair.interval(when) for pair in pairs]) for when in (0, 1)]
    found = change(first, errors[:, 0], second, errors[:, 1])
    lower, upper = change_interval(
        first,
        (intervals[0][:, 0], intervals[0][:, 1]),
        second,
        (intervals[1][:, 0], intervals[1][:, 1]),
    )
    adjusted = benjamini_hochberg(found.p)
    for at, pair in enumerate(pairs):
        yield ChangeFigure(
            area=pair.now.area,
            indicator=pair.now.indicator,
            difference=_rounded(found.difference[at], pair.step),
            lower=_rounded(lower[at], pair.step),
            upper=_rounded(upper[at], pair.step),
            p=round(float(found.p[at]), 6),
            q=round(float(adjusted[at]), 6),
            moved=bool(adjusted[at] < LEVEL and (lower[at] > 0 or upper[at] < 0)),
        )


def _rounded(value: float, step: float) -> float:
    decimals = round(-np.log10(step))
    return round(float(value), int(decimals)) + 0.0  # no -0.0


def _column(values: Sequence[float | None]) -> Floats:
    return np.array([_number(value) for value in values])


def _number(value: float | None) -> float:
    if value is None:
        raise ValueError("a shown figure without its numbers: a damaged release")
    return value
