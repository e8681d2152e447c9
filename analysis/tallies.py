"""Counts of answers by area, weighting cell, item and code: the only crossing from answers to results.

Everyone in a weighting cell shares a weight, so weighted proportions and means and their linearised standard
errors follow exactly from these counts (docs/adr/0001). They are not anonymous: many cells hold one person.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

MISSING_CODES = {"not-asked": -1, "not-answered": -2, "prefer-not-to-say": -3, "invalid-mark": -4}
"""How a snapshot column stores a missing reason (questionnaires.answers.Missing values)."""


@dataclass(frozen=True)
class Tallies:
    """Counts for one wave (or several pooled).

    cells: one row per weighting cell, index 0..C-1, one column per item margin; "" means not stated.
    respondents: columns area, mode, cell, n. `area` is the code of the smallest area known for the person.
    answers: columns area, cell, item, code, n. Negative codes are MISSING_CODES. A multiple-choice item
        appears as one 0/1 column per option, named `<item>__<code>`; scores appear under their own code.
    """

    cells: pd.DataFrame
    respondents: pd.DataFrame
    answers: pd.DataFrame
