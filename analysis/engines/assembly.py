"""Tallies from the rows that a database's GROUP BY gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.answer_counts import AnswerCounts, Codes, Integers, category, summed
from analysis.tallies import AREA, MARGIN_PREFIX, MODE, Tallies, cells_of, respondent_rows


class Groups:
    """The areas and cells in which a database counted people, numbered by area, then cell.

    respondents: columns AREA, MODE, MARGIN_PREFIX + name for each of `margins`, and n. Texts may be null, and
    rows come in any order and more than once. Names are ordered by their characters: any two tallies of the
    same rows are the same.
    """

    def __init__(self, respondents: pd.DataFrame, margins: Sequence[str]) -> None:
        self._margins = tuple(margins)
        self.texts = (AREA, *(MARGIN_PREFIX + name for name in margins))
        self._names = {text: sorted(set(_filled(respondents, text))) for text in (*self.texts, MODE)}
        self._shape = tuple(len(self._names[text]) for text in self.texts)
        self._respondents = respondents
        self._held = np.unique(self._flat(respondents))

    def __len__(self) -> int:
        return len(self._held)

    def numbers(self, frame: pd.DataFrame) -> Integers:
        """The group of each row, from its texts."""
        return np.searchsorted(self._held, self._flat(frame)).astype(np.int64)

    def table(self) -> pd.DataFrame:
        """The texts of each group, in order."""
        numbers = np.unravel_index(self._held, self._shape)
        return pd.DataFrame(
            {
                text: np.array(self._names[text], dtype=object)[at]
                for text, at in zip(self.texts, numbers, strict=True)
            }
        )

    def tallies(self, names: Sequence[str], items: Mapping[str, Codes]) -> Tallies:
        """names: every item, in order. items: its counts in these groups."""
        width = int(np.prod(self._shape[1:], dtype=np.int64))
        modes = self._names[MODE]
        people = self._respondents
        keys, at = np.unique(
            self.numbers(people) * len(modes) + self._numbered(people, MODE), return_inverse=True
        )
        n = np.zeros(len(keys), dtype=np.int64)
        np.add.at(n, at, people["n"].to_numpy(dtype=np.int64))
        area, flat = np.divmod(self._held, width)
        held, cell = np.unique(flat, return_inverse=True)
        group = keys // len(modes)
        return Tallies(
            cells=cells_of(held, {name: self._names[MARGIN_PREFIX + name] for name in self._margins}),
            respondents=respondent_rows(
                category(area[group], self._names[AREA]), category(keys % len(modes), modes), cell[group], n
            ),
            given=AnswerCounts(
                self._names[AREA], area.astype(np.int32), cell.astype(np.int32), list(names), items
            ),
        )

    def _flat(self, frame: pd.DataFrame) -> Integers:
        flat = np.zeros(len(frame), dtype=np.int64)
        for text, size in zip(self.texts, self._shape, strict=True):
            flat = flat * size + self._numbered(frame, text)
        return flat

    def _numbered(self, frame: pd.DataFrame, text: str) -> Integers:
        found = pd.Categorical(_filled(frame, text), categories=self._names[text])
        return found.codes.astype(np.int64)


def assemble(
    respondents: pd.DataFrame, answers: pd.DataFrame, margins: Sequence[str], item_names: Sequence[str]
) -> Tallies:
    """Tallies of counts that a database made of texts.

    respondents: as `Groups` takes them; answers: AREA, the margins, item (one of `item_names`), code and n,
    in any order and more than once.
    """
    groups = Groups(respondents, margins)
    group = groups.numbers(answers)
    code, n = answers["code"].to_numpy(dtype=np.int64), answers["n"].to_numpy(dtype=np.int64)
    item = pd.Categorical(answers["item"].astype(object), categories=list(item_names)).codes
    items = {}
    for position, name in enumerate(item_names):
        rows = np.flatnonzero(item == position)
        items[name] = summed(group[rows], code[rows], n[rows], len(groups))
    return groups.tallies(item_names, items)


def _filled(frame: pd.DataFrame, text: str) -> pd.Series:
    return frame[text].astype(object).where(frame[text].notna(), "")
