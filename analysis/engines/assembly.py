"""Tallies from the rows that a database's GROUP BY gives back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.tallies import (
    AREA,
    MARGIN_PREFIX,
    MODE,
    Integers,
    Rows,
    Tallies,
    category,
    cells_of,
    respondent_rows,
)


def assemble(
    respondents: pd.DataFrame, answers: pd.DataFrame, margins: Sequence[str], item_names: Sequence[str]
) -> Tallies:
    """Tallies of counts that a database made.

    respondents: columns AREA, MODE, MARGIN_PREFIX + name for each of `margins`, and n; answers: AREA, the
    margins, item (one of `item_names`), code and n. Texts may be null, and rows come in any order and more
    than once. Cells are ordered by their levels, respondents by area, cell and mode, answers by item (as
    given), area, cell and code, names by their characters: any two tallies of the same rows are the same.
    """
    texts = [AREA, *(MARGIN_PREFIX + name for name in margins)]
    names = {text: sorted({str(v) for v in respondents[text].fillna("").unique()}) for text in [*texts, MODE]}
    number = {text: {name: i for i, name in enumerate(held)} for text, held in names.items()}
    width = int(np.prod([len(names[text]) for text in texts[1:]], dtype=np.int64))

    def numbered(frame: pd.DataFrame, text: str) -> Integers:
        found = frame[text].fillna("").map(number[text])
        return np.asarray(found, dtype=np.int64)

    def place(frame: pd.DataFrame) -> tuple[Integers, Integers]:
        flat = np.zeros(len(frame), dtype=np.int64)
        for text in texts[1:]:
            flat = flat * len(names[text]) + numbered(frame, text)
        return numbered(frame, AREA), flat

    area, flat = place(respondents)
    held = np.unique(flat)
    modes = len(names[MODE])
    keys, n = _added(
        (area * width + flat) * modes + numbered(respondents, MODE), respondents["n"].to_numpy(dtype=np.int64)
    )
    at = keys // modes
    rows = Rows(names[AREA], list(item_names))
    area, flat = place(answers)
    where = area * width + flat
    item = (
        answers["item"].astype(object).map({name: i for i, name in enumerate(item_names)}).to_numpy(np.int64)
    )
    code, count_ = answers["code"].to_numpy(dtype=np.int64), answers["n"].to_numpy(dtype=np.int64)
    for position in range(len(item_names)):
        chosen = np.flatnonzero(item == position)
        lowest = int(code[chosen].min()) if len(chosen) else 0
        span = int(code[chosen].max()) - lowest + 1 if len(chosen) else 1
        found, total = _added(where[chosen] * span + (code[chosen] - lowest), count_[chosen])
        there = found // span
        rows.add(position, there // width, np.searchsorted(held, there % width), found % span + lowest, total)
    return Tallies(
        cells=cells_of(held, {name: names[MARGIN_PREFIX + name] for name in margins}),
        respondents=respondent_rows(
            category(at // width, names[AREA]),
            category(keys % modes, names[MODE]),
            np.searchsorted(held, at % width),
            n,
        ),
        answers=rows.frame(),
    )


def _added(key: Integers, n: Integers) -> tuple[Integers, Integers]:
    """Keys that occur, in order, and the sum of n at each."""
    held, inverse = np.unique(key, return_inverse=True)
    total = np.zeros(len(held), dtype=np.int64)
    np.add.at(total, inverse, n)
    return held, total
