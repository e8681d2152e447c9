"""What a release knows of the quality of its figures, beyond their own base and interval: see `grading`.

How heavy weights are is looked at where people answered; how the answers have to do with the weights, and
how rare an answer is, in the whole survey (docs/reliability.md says why).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from analysis.estimates import estimate, everywhere
from analysis.grading import Quality, mode_gap, rarer_answers, tie
from analysis.indicators import Local, in_base, is_proportion
from analysis.inputs import Inputs
from analysis.raking import NOT_STATED, Floats, Targets
from analysis.tallies import Tallies, cell_counts

DAYS_IN_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class InSurvey:
    """What all answers together say of an indicator."""

    tie: float
    share: float | None  # of a proportion, 0 to 1


@dataclass(frozen=True, slots=True)
class SurveyQuality:
    """What is known of every figure of a survey alike.

    unmet_margins, age: as in `grading.Quality`. mode_gaps: area -> `grading.mode_gap`.
    """

    indicators: Mapping[str, InSurvey]
    unmet_margins: float
    age: float
    mode_gaps: Mapping[str, float]

    def of(self, indicator: str, area: str, effective_n: float, heavy: float) -> Quality:
        """What `figures.shown` takes as more. heavy: `grading.heavy_answers` of the figure's own answers."""
        found = self.indicators[indicator]
        return Quality(
            heavy=heavy,
            tie=found.tie,
            rarer=None if found.share is None else rarer_answers(effective_n, found.share),
            unmet_margins=self.unmet_margins,
            mode_gap=self.mode_gaps.get(area),
            age=self.age,
        )


def survey_quality(inputs: Inputs, weighted: Tallies, rolled: Tallies, weights: Floats) -> SurveyQuality:
    """Of the wave's answers. weighted: with every margin in their cells; rolled: the same, rolled up.

    weights: (C,) of one respondent in each cell.
    """
    return SurveyQuality(
        indicators=in_survey(weighted, inputs.locals, weights, inputs.responses),
        unmet_margins=unmet_margins(weighted, inputs.targets),
        age=years_since(inputs.wave.closed, inputs.created),
        mode_gaps=mode_gaps(rolled, inputs.modes),
    )


def in_survey(
    tallies: Tallies, locals_: Sequence[Local], weights: Floats, total_n: float
) -> dict[str, InSurvey]:
    """Of every asked indicator that anyone answered.

    tallies: each person once, in their smallest area (not rolled up). weights: (C,) of one respondent in
    each of its cells. total_n: all respondents weighted together.
    """
    found = {}
    for local in locals_:
        frame = tallies.given.rows_of(local.column) if local.asked else None
        if frame is None:
            continue
        valid = frame[in_base(frame, local)]
        if valid.empty:
            continue
        share = is_proportion(local.indicator)
        row = estimate(
            everywhere(valid),
            weights,
            total_n=total_n,
            statistic=local.indicator.statistic.value,
            codes=local.indicator.codes if share else (),
        ).iloc[0]
        tied = tie(row["se"], row["weighted_variance"], row["effective_n"])
        found[local.code] = InSurvey(
            math.nan if np.isnan(tied) else float(tied), float(row["estimate"]) if share else None
        )
    return found


def heavy_by(frame: pd.DataFrame, weights: Floats, by: str = "area") -> pd.Series:
    """`grading.heavy_answers` of each value of `by`, in order. frame: columns `by`, cell, n."""
    squares = weights[frame["cell"].to_numpy(dtype=np.intp)] ** 2
    n = frame["n"].to_numpy(dtype=float)
    sums = (
        pd.DataFrame({"key": frame[by].to_numpy(), "second": squares * n, "fourth": squares**2 * n})
        .groupby("key", observed=True)
        .sum()
    )
    return (sums["second"] ** 2 / sums["fourth"].where(sums["fourth"] > 0)).fillna(0.0)


def heavy_areas(
    rolled: Tallies, locals_: Sequence[Local], weights: Floats
) -> dict[str, dict[Hashable, float]]:
    """Of every asked indicator that anyone answered, `heavy_by` area."""
    return {
        local.code: heavy_by(frame[in_base(frame, local)], weights).to_dict()
        for local in locals_
        if local.asked and (frame := rolled.given.rows_of(local.column)) is not None
    }


def unmet_margins(tallies: Tallies, targets: Targets) -> float:
    """The largest share of the population, over margins, in levels that nobody in the survey belongs to.

    0 to 1. tallies: with a column of each margin in their cells; a margin without one is met by nobody.
    """
    counts = cell_counts(tallies)
    worst = 0.0
    for margin, wanted in targets.items():
        population = sum(wanted.values())
        if margin not in tallies.cells or population <= 0:
            continue
        labels = tallies.cells[margin].astype(str).to_numpy()[counts > 0]
        met = set(labels) - {NOT_STATED}
        worst = max(worst, sum(people for level, people in wanted.items() if level not in met) / population)
    return worst


def mode_gaps(rolled: Tallies, everywhere: Mapping[str, float]) -> dict[str, float]:
    """`grading.mode_gap` of every area. everywhere: respondents of the whole survey by mode."""
    table = rolled.respondents.pivot_table(
        index="area", columns="mode", values="n", aggfunc="sum", fill_value=0, observed=True
    )
    return {
        str(area): mode_gap({str(mode): float(n) for mode, n in row.items()}, everywhere)
        for area, row in zip(table.index, table.to_dict("records"), strict=True)
    }


def years_since(closed: str, created: datetime) -> float:
    """Years from the day a wave closed (ISO) to a release; 0 while it is open."""
    days = (created.date() - datetime.fromisoformat(closed).date()).days
    return max(0, days) / DAYS_IN_YEAR
