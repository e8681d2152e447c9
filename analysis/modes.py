"""Modes: what people told who answered on the web, on paper or with someone's help, set side by side.

A first look says little: those who choose paper are older. So each mode's answers are weighted to the same
population margins as the whole survey's, and what the margins tell of who chose which mode no longer counts
(de Leeuw 2005, "To mix or not to mix data collection modes in surveys", Journal of Official Statistics 21).
What is left is both how a mode makes people answer and how else the people who chose it differ: nothing tells
these apart where people choose for themselves (Vannieuwenhuyze, Loosveldt and Molenberghs 2010, "A method for
evaluating mode effects in mixed-mode surveys", Public Opinion Quarterly 74). So it is published for readers
to judge, and no figure is adjusted by it. Only for the whole survey area: the areas that no other holds,
taken together.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis import figures as publishing
from analysis.areas import Area, AreaSet
from analysis.breakdowns import Breakdown, decide, group_rules
from analysis.change import benjamini_hochberg, change, change_interval
from analysis.crosstabs import of_these_answers, same_answers
from analysis.figures import Estimated
from analysis.indicators import BASE, PARTS, TOTAL, Local, counts, estimates, is_proportion
from analysis.inputs import Inputs, PublicationRefusedError
from analysis.nesting import Counts, Nesting
from analysis.raking import Collapsed, RakingError
from analysis.release import Figure, Marker
from analysis.released_modes import ModeFigure, ModeGroup, ModesCompared
from analysis.tallies import Tallies, by_mode, in_areas, merge, only, roll_up
from analysis.weighting import weigh, with_margins
from analysis.weights import CellWeights

AGAINST = "web"
"""The mode that the others are set against: the one most people use."""

FEWEST = 100
"""People a mode needs to be compared."""

P_DECIMALS = 4
COMPARED, FEW, UNWEIGHTED = "compared", "few", "unweighted"
WHOLE = "whole"
LEVEL = "mode"

OfMode = Callable[[str], Tallies]
Row = Mapping[str, Any]
"""A row of `indicators.estimates`."""


def made_once(
    inputs: Inputs,
    of_mode: OfMode | None,
    figures: Mapping[str, Mapping[str, Figure]],
    exact: Mapping[str, Mapping[str, Counts]],
) -> ModesCompared | None:
    """The comparison of a wave: that of the first release after it closed, unchanged ever after.

    of_mode: the tallies of those who answered in one mode, from the snapshot that `inputs` has; called only
    when they are needed. figures: indicator -> area -> its figure in this release. exact: its counts now.
    As for breakdowns (`crosstabs.made_once`): none while the wave is open, and that of a withdrawn release is
    made anew only over the same answers, and only where readers have seen it. One that says nothing of any
    answer, because too few had answered in other ways, may be made again. Raises PublicationRefusedError when
    the modes do not add up to the answers counted.
    """
    before = next(
        (b.release for b in reversed(inputs.earlier) if (m := b.release.modes_compared) and m.figures), None
    )
    if before is None or before.modes_compared is None:
        return _made(inputs, of_mode, figures, exact)
    told = before.modes_compared
    if told.number not in {b.release.number for b in inputs.earlier if b.withdrawn}:
        return told
    if not same_answers(inputs, before):
        return None
    return _made(inputs, of_mode, figures, exact, {(f.indicator, f.mode) for f in told.figures})


@dataclass(frozen=True)
class _Mode:
    """One mode, rolled up into one area called after it. weights: None where it is not compared."""

    group: ModeGroup
    rolled: Tallies
    people: int  # everyone who answered so, placed or not
    weights: CellWeights | None


def _made(
    inputs: Inputs,
    of_mode: OfMode | None,
    figures: Mapping[str, Mapping[str, Figure]],
    exact: Mapping[str, Mapping[str, Counts]],
    seen: Collection[tuple[str, str]] | None = None,
) -> ModesCompared | None:
    if of_mode is None or not inputs.closed or inputs.responses < inputs.policy.minimum_base:
        return None
    main = inputs.geographies.main
    roots = [code for code in main.codes if not main.above[code]]
    held = [_mode(inputs, mode, of_mode(mode), roots) for mode in sorted(inputs.modes)]
    names = tuple(mode.group.mode for mode in held)
    counted = counts(merge([mode.rolled for mode in held]), _compared(inputs), names)
    _adding_up(counted, exact, roots)
    opened = {
        indicator
        for indicator, by_area in figures.items()
        if all(
            by_area[root].marker is Marker.SHOWN
            and of_these_answers(inputs, by_area[root], exact[indicator][root])
            for root in roots
        )
    }
    apart = [mode.group.mode for mode in held if mode.weights is None]
    shown = {
        local.code: _shown(inputs, names, counted[local.code], apart)
        for local in _compared(inputs)
        if local.code in opened
    }
    if seen is not None:
        shown = {code: [m for m in modes if (code, m) in seen] for code, modes in shown.items()}
    return ModesCompared(
        number=inputs.number,
        against=AGAINST,
        minimum=FEWEST,
        # As in the printed totals, a mode of a few people is not even named.
        modes=tuple(mode.group for mode in held if mode.people >= inputs.policy.minimum_base),
        figures=tuple(_figures(inputs, held, shown, counted)),
    )


def _compared(inputs: Inputs) -> list[Local]:
    """Bespoke indicators are not compared: beside their parts, a way of answering would be one thing more."""
    return [local for local in inputs.locals if local.asked and not local.indicator.made_by]


def _mode(inputs: Inputs, mode: str, tallies: Tallies, roots: Sequence[str]) -> _Mode:
    kept = in_areas(tallies, [str(code) for code in inputs.tallies.respondents["area"].unique()])
    people = sum(by_mode(kept).values())
    asked = only(kept, {local.column for local in _compared(inputs)})
    full = with_margins(asked, inputs)
    group, weights = ModeGroup(mode=mode, state=FEW), None
    if people >= FEWEST:
        try:
            weights, collapsed = weigh(full, inputs)
            group = _group(mode, weights, collapsed)
        except RakingError:
            group = replace(group, state=UNWEIGHTED)
    return _Mode(group, _rolled(full, inputs, mode, roots), people, weights)


def _group(mode: str, weights: CellWeights, collapsed: Sequence[Collapsed]) -> ModeGroup:
    gaps = [abs(row.weighted_share - row.target_share) for row in weights.report]
    stated = Counter(row.margin for row in weights.report if row.level)
    weighting = {margin for margin, levels in stated.items() if levels > 1}
    return ModeGroup(
        mode=mode,
        state=COMPARED,
        merged=tuple((c.margin, c.levels) for c in collapsed if c.into and c.margin in weighting),
        dropped=tuple(dict.fromkeys(c.margin for c in collapsed if c.margin not in weighting)),
        off=round(100 * max(gaps, default=0.0)),
    )


def _rolled(tallies: Tallies, inputs: Inputs, mode: str, roots: Collection[str]) -> Tallies:
    """Everyone who counts in one of the roots, in one area called after the mode.

    Rolled up as into any area, under areas made up for it: each smallest area lies in the mode, or nowhere.
    """
    areas = inputs.reference.areas
    levels = {areas[root].level for root in roots}
    counts_in = {
        code
        for code in map(str, tallies.respondents["area"].unique())
        if code in areas
        and code not in inputs.stragglers
        and not set(roots).isdisjoint(areas.placed_at(code, levels))
    }
    smallest = [str(code) for code in tallies.respondents["area"].unique() if str(code) in areas]
    made_up = AreaSet(
        [
            Area(code=mode, name=mode, level=LEVEL, vintage=""),
            *(
                Area(code=code, name="", level="", vintage="", parents=(mode,) if code in counts_in else ())
                for code in smallest
            ),
        ]
    )
    return roll_up(tallies, made_up, (LEVEL,))


def _adding_up(
    counted: Mapping[str, Mapping[str, Counts]],
    exact: Mapping[str, Mapping[str, Counts]],
    roots: Sequence[str],
) -> None:
    """Refuse modes that are not the answers counted: what is hidden among them could not be told."""
    for indicator, by_name in counted.items():
        whole = sum(int(exact[indicator][root][BASE]) for root in roots)
        if whole != sum(int(one[BASE]) for one in by_name.values()):
            raise PublicationRefusedError(
                ["Answers came in or were withdrawn while they were being counted. Publish again."]
            )


def _shown(
    inputs: Inputs, names: tuple[str, ...], counted: Mapping[str, Counts], apart: Collection[str]
) -> list[str]:
    """Modes whose figures may be shown beside the whole area's own, all ways of answering in one row.

    Where fewer than two may, none is: there would be nothing to compare.
    """
    table = Breakdown(
        areas=(WHOLE,),
        columns=names,
        counts=np.stack([counted[name][[BASE, *range(PARTS, len(counted[name]))]] for name in names])[None],
        sums=(0,) * len(names),
    )
    mask = decide(
        table,
        Nesting((WHOLE,), {WHOLE: ()}, {WHOLE: {}}),
        [WHOLE],
        group_rules(inputs.policy),
        least=inputs.policy.breakdown_base,
        never=apart,
        complementary=inputs.policy.complementary,
    )[0]
    found = [
        name for name, may, count in zip(names, mask, table.counts[0], strict=True) if may and count[0] > 0
    ]
    return found if len(found) > 1 else []


def _figures(
    inputs: Inputs,
    held: Sequence[_Mode],
    shown: Mapping[str, Sequence[str]],
    counted: Mapping[str, Mapping[str, Counts]],
) -> Iterator[ModeFigure]:
    """Every figure that may be shown, with its difference; the tests adjusted together."""
    found = {
        mode.group.mode: estimates(mode.rolled, _compared(inputs), mode.weights.weight, mode.people)
        for mode in held
        if mode.weights is not None
    }
    effects = {m.group.mode: m.weights.design_effect for m in held if m.weights is not None}
    made: list[ModeFigure] = []
    for local in _compared(inputs):
        rows = {mode: _row(found[mode][local.code], mode) for mode in shown.get(local.code, ())}
        for mode, row in rows.items():
            numerator = int(counted[local.code][mode][TOTAL])
            figure = _figure(inputs, local, mode, row, numerator, effects[mode])
            if mode != AGAINST and AGAINST in rows:
                figure = _differing(inputs, local, figure, rows[AGAINST], row)
            made.append(figure)
    q = benjamini_hochberg([math.nan if figure.p is None else figure.p for figure in made])
    for figure, adjusted in zip(made, q, strict=True):
        yield replace(
            figure,
            p=None if figure.p is None else round(figure.p, P_DECIMALS),
            q=None if np.isnan(adjusted) else round(float(adjusted), P_DECIMALS),
        )


def _row(table: pd.DataFrame, mode: str) -> Row:
    return {str(name): value for name, value in table.loc[mode].items()}


def _figure(
    inputs: Inputs, local: Local, mode: str, row: Row, numerator: int, design_effect: float
) -> ModeFigure:
    figure = publishing.shown(
        WHOLE,
        local,
        Estimated(
            n=int(row["n"]),
            effective_n=float(row["effective_n"]),
            estimate=float(row["estimate"]),
            lower=float(row["lower"]),
            upper=float(row["upper"]),
            missing=float(row["missing"]),
        ),
        numerator,
        design_effect,
        inputs.policy,
    )
    return ModeFigure(
        indicator=local.code,
        mode=mode,
        base=figure.base or 0,
        value=figure.value or 0.0,
        lower=figure.lower or 0.0,
        upper=figure.upper or 0.0,
    )


def _differing(inputs: Inputs, local: Local, figure: ModeFigure, against: Row, row: Row) -> ModeFigure:
    """With the difference from the mode it is set against: samples of different people, weighted apart."""
    moved = change(against["estimate"], against["se"], row["estimate"], row["se"])
    if np.isnan(moved.p):
        return figure
    lower, upper = change_interval(
        against["estimate"],
        (against["lower"], against["upper"]),
        row["estimate"],
        (row["lower"], row["upper"]),
    )
    factor = 100 if is_proportion(local.indicator) else 1
    policy = inputs.policy
    decimals = policy.percentage_decimals if factor == 100 else policy.mean_decimals
    return replace(
        figure,
        difference=round(factor * float(moved.difference), decimals) + 0.0,
        difference_lower=round(factor * float(lower), decimals) + 0.0,
        difference_upper=round(factor * float(upper), decimals) + 0.0,
        p=float(moved.p),
    )
