"""How well a published figure is known, from what was published of it and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.disclosure import Policy
from analysis.release import Figure, ReleasedIndicator
from analysis.scoring import Z95
from questionnaires.framework import Statistic

NEVER_ALL_ALIKE = 1000
"""With so many effective answers an interval of no width is rounding; with fewer, all may have agreed."""


def rounding_step(indicator: ReleasedIndicator, policy: Mapping[str, Any]) -> float:
    """What the indicator's values are rounded to in a release with this policy, in its unit."""
    rules = Policy(**policy)
    share = indicator.statistic == Statistic.PROPORTION
    return float(10.0 ** -(rules.percentage_decimals if share else rules.mean_decimals))


def standard_error(figure: Figure, indicator: ReleasedIndicator, step: float) -> float | None:
    """(upper - lower) / 2 / 1.96 of the published interval, at least half a rounding step.

    None where it is not known: the figure is not shown, or is a mean whose interval has no width though few
    answered. Those answers were all alike, which does not make the mean known without error.
    """
    if figure.value is None or figure.lower is None or figure.upper is None:
        return None
    alike = figure.lower == figure.upper and (figure.effective_base or 0) < NEVER_ALL_ALIKE
    if alike and indicator.statistic != Statistic.PROPORTION:
        return None
    return max((figure.upper - figure.lower) / 2 / Z95, step / 2)
