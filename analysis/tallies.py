"""Counts of answers by area, weighting cell, item and code: the only crossing from answers to results.

Everyone in a weighting cell shares a weight, so weighted proportions and means and their linearised standard
errors follow exactly from these counts (docs/adr/0001). They are not anonymous: many cells hold one person.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis import answer_counts
from analysis.answer_counts import AnswerCounts, Integers, category, together
from analysis.areas import AreaSet

MISSING_CODES = {"not-asked": -1, "not-answered": -2, "prefer-not-to-say": -3, "invalid-mark": -4}
"""How a snapshot column stores a missing reason (questionnaires.answers.Missing values)."""

AREA, MODE, LANGUAGE, ID, SEQUENCE = (
    "response.area",
    "response.mode",
    "response.language",
    "response.id",
    "response.sequence",
)
"""Columns of a snapshot that are not items. Item codes have no dots, so they never clash."""

MARGIN_PREFIX = "margin."

UNPLACED = ""
"""The area of a person who did not say where they live: weighted with the rest, counted in no area."""


@dataclass(frozen=True)
class Tallies:
    """Counts for one wave (or several pooled).

    cells: one row per weighting cell, index 0..C-1, one column per item margin; "" means not stated.
    respondents: columns area, mode, cell, n. `area` is the code of the smallest area known for the person.
    given: how often each code was answered. Negative codes are MISSING_CODES. A multiple-choice item appears
        as one 0/1 column per option, named `<item>__<code>`; scores appear under their own code.
    """

    cells: pd.DataFrame
    respondents: pd.DataFrame
    given: AnswerCounts

    @property
    def answers(self) -> pd.DataFrame:
        """Columns area, cell, item, code, n, made anew each time: it may have tens of millions of rows, so
        take an item at a time where that will do (`given.rows_of`).
        """
        return self.given.frame()


class UnknownAreasError(Exception):
    """Responses have area codes that the areas do not; `codes` names every one."""

    def __init__(self, codes: Iterable[str]):
        self.codes = tuple(sorted(codes))
        listed = ", ".join(self.codes[:20])
        more = f" and {len(self.codes) - 20} more" if len(self.codes) > 20 else ""
        super().__init__(
            f"responses have areas that are not known: {listed}{more}. "
            "Import those areas (survey-app areas import), or correct the responses."
        )


def count(frame: pd.DataFrame, margins: Sequence[str]) -> Tallies:
    """Count a snapshot that is in memory; `analysis.engines.tally` counts one in a folder.

    frame: one row per response with columns AREA, MODE, MARGIN_PREFIX + name for each of `margins`, and
    one integer column per item (every other column). Each item is one scatter-add over (area, cell)
    groups, so time grows with rows x items and memory with the groups, not the rows. Raises KeyError for
    a missing column.
    """
    from analysis.counting import Axis, Counting

    texts = {text: _sorted(frame[text]) for text in (AREA, MODE, *(MARGIN_PREFIX + name for name in margins))}
    if len(frame) == 0:
        return nothing(margins)
    axes = {text: Axis(names) for text, (_, names) in texts.items()}
    values = {name: frame[name].to_numpy() for name in items(frame)}
    counting = Counting(
        axes[AREA],
        axes[MODE],
        {name: axes[MARGIN_PREFIX + name] for name in margins},
        {name: (int(codes.min()), int(codes.max())) for name, codes in values.items()},
    )
    counting.add({text: codes for text, (codes, _) in texts.items()}, values.items())
    return counting.tallies()


def nothing(margins: Sequence[str]) -> Tallies:
    """Tallies of no responses."""
    none = np.empty(0, dtype=np.int64)
    return Tallies(
        cells=cells_of(none, {name: [] for name in margins}),
        respondents=respondent_rows(category(none, []), category(none, []), none, none),
        given=AnswerCounts([], none.astype(np.int32), none.astype(np.int32), [], {}),
    )


def items(frame: pd.DataFrame) -> list[str]:
    """The item columns of a snapshot frame."""
    return [name for name in frame.columns if "." not in name]


def only(tallies: Tallies, wanted: Collection[str]) -> Tallies:
    """Tallies with the answers to some items only; respondents stay whole."""
    return replace(tallies, given=tallies.given.only(wanted))


def in_areas(tallies: Tallies, codes: Collection[str]) -> Tallies:
    """Tallies of the people whose smallest known area is one of `codes`."""
    kept = tallies.respondents["area"].isin(list(codes))
    return replace(
        tallies,
        respondents=tallies.respondents[kept].reset_index(drop=True),
        given=tallies.given.in_areas(set(codes)),
    )


def merge(parts: Sequence[Tallies]) -> Tallies:
    """One tally of several that share margins: counting shards and merging equals counting all at once.

    Raises ValueError when there are no parts or their margins differ.
    """
    if not parts:
        raise ValueError("nothing to merge")
    columns = list(parts[0].cells.columns)
    if any(list(part.cells.columns) != columns for part in parts):
        raise ValueError("tallies of different margins cannot be merged")
    stacked = pd.concat([part.cells for part in parts], ignore_index=True)
    if columns:
        number = stacked.groupby(columns, sort=True, observed=True).ngroup().to_numpy()
        cells = stacked.assign(_n=number).drop_duplicates("_n").sort_values("_n")[columns]
    else:
        number, cells = np.zeros(len(stacked), dtype=np.int64), stacked.head(1)
    offsets = np.cumsum([0, *(len(part.cells) for part in parts)])
    numbers = [
        number[start : start + len(part.cells)].astype(np.int64)
        for part, start in zip(parts, offsets, strict=False)
    ]
    return Tallies(
        cells=cells.reset_index(drop=True),
        respondents=_summed(
            [
                part.respondents.assign(cell=new[part.respondents["cell"].to_numpy()].astype(np.int32))
                for part, new in zip(parts, numbers, strict=True)
            ],
            ["area", "mode", "cell"],
        ),
        given=together([(part.given, new) for part, new in zip(parts, numbers, strict=True)]),
    )


def roll_up(
    tallies: Tallies, areas: AreaSet, levels: Collection[str], left_out: Collection[str] = ()
) -> Tallies:
    """Tallies by every area of `levels` that a person is in: one person counts in several areas.

    A person placed only at ward or district counts there and above, never below; one who gave no place
    (UNPLACED), or whose smallest known area is one of `left_out`, counts nowhere. Raises UnknownAreasError.
    """
    known = [str(code) for code in tallies.respondents["area"].unique()]
    unknown = [code for code in known if code not in areas and code != UNPLACED]
    if unknown:
        raise UnknownAreasError(unknown)
    nowhere = {UNPLACED, *left_out}
    return place(tallies, {code: () if code in nowhere else areas.placed_at(code, levels) for code in known})


def place(tallies: Tallies, placed: Mapping[str, tuple[str, ...]]) -> Tallies:
    """Tallies by where people count: `placed` names the places of each smallest area, all of them known."""
    placing = _Placing(placed)
    return Tallies(
        cells=tallies.cells,
        respondents=_rolled_respondents(tallies.respondents, placing),
        given=_rolled_answers(tallies.given, placing),
    )


def with_area_margin(tallies: Tallies, name: str, level_of: Mapping[str, str]) -> Tallies:
    """Tallies whose cells also tell a margin that follows from the area, such as the district.

    level_of: smallest area -> level of the margin; an area that is not there is "not stated".
    """
    respondents, given = tallies.respondents, tallies.given
    width = len(tallies.cells)
    names = sorted({"", *level_of.values()})
    number = {value: position for position, value in enumerate(names)}

    def keys(area: Integers, area_names: Sequence[str], cell: NDArray[Any]) -> Integers:
        value = np.array([number[level_of.get(code, "")] for code in area_names], dtype=np.int64)
        found: Integers = value[area] * width + cell
        return found

    keyed = keys(*_coded(respondents["area"]), respondents["cell"].to_numpy())
    held = np.unique(keyed)
    cells = tallies.cells.iloc[held % width].reset_index(drop=True) if width else tallies.cells.copy()
    cells[name] = [names[i] for i in held // max(width, 1)]
    number_of = np.full(len(names) * max(width, 1), -1, dtype=np.int32)
    number_of[held] = np.arange(len(held), dtype=np.int32)
    return Tallies(
        cells=cells,
        respondents=respondents.assign(cell=number_of[keyed]),
        # Cells of one area keep their order, so groups do too.
        given=replace(given, cell=number_of[keys(given.area.astype(np.int64), given.areas, given.cell)]),
    )


def cell_counts(tallies: Tallies) -> NDArray[np.float64]:
    """Respondents (C,) in each cell."""
    counted: NDArray[np.float64] = np.bincount(
        tallies.respondents["cell"].to_numpy(dtype=np.int64),
        weights=tallies.respondents["n"].to_numpy(dtype=np.float64),
        minlength=len(tallies.cells),
    ).astype(np.float64)
    return counted


def by_mode(tallies: Tallies) -> dict[str, int]:
    """Respondents by mode, most first."""
    summed = tallies.respondents.groupby("mode", observed=True)["n"].sum()
    return {str(mode): int(n) for mode, n in sorted(summed.items(), key=lambda pair: (-pair[1], pair[0]))}


def _coded(column: pd.Series) -> tuple[Integers, list[str]]:
    """Codes (rows,) into names; missing becomes ""."""
    values = column.astype("category")
    names = [str(name) for name in values.cat.categories]
    codes = values.cat.codes.to_numpy().astype(np.int64)
    if (codes < 0).any():
        if "" not in names:
            names.append("")
        codes = np.where(codes < 0, names.index(""), codes)
    return codes, names


def _sorted(column: pd.Series) -> tuple[Integers, list[str]]:
    """Codes (rows,) into the names that occur, in order."""
    codes, names = _coded(column)
    used = [names[i] for i in np.flatnonzero(np.bincount(codes, minlength=len(names)))]
    order = {name: position for position, name in enumerate(sorted(used))}
    return np.array([order.get(name, 0) for name in names], dtype=np.int64)[codes], list(order)


def cells_of(held: Integers, names: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """The cells, from their numbers among all combinations of the levels of each margin."""
    if not names:
        return pd.DataFrame(index=range(len(held)))
    level = np.unravel_index(held, tuple(max(len(levels), 1) for levels in names.values()))
    return pd.DataFrame(
        {
            name: pd.Series([levels[i] for i in at], dtype=object)
            for (name, levels), at in zip(names.items(), level, strict=True)
        }
    )


def respondent_rows(
    area: pd.Categorical[Any], mode: pd.Categorical[Any], cell: Integers, n: Integers
) -> pd.DataFrame:
    """The table of respondents, in the types that it keeps."""
    return pd.DataFrame({"area": area, "mode": mode, "cell": cell.astype(np.int32), "n": n.astype(np.int64)})


def _sums(key: Integers, n: NDArray[Any], size: int) -> tuple[Integers, Integers]:
    """Keys (0 to size - 1) that occur, and the sum of `n` at each."""
    if size <= answer_counts.DENSE_LIMIT:
        total = np.bincount(key, weights=n, minlength=size)
        held = np.flatnonzero(total)
        return held, total[held].astype(np.int64)
    held, inverse = np.unique(key, return_inverse=True)
    return held, np.bincount(inverse, weights=n).astype(np.int64)


def _summed(frames: list[pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    texts = [key for key in keys if key in ("area", "mode")]
    for text in texts:
        names = sorted({str(name) for frame in frames for name in frame[text].unique()})
        frames = [f.assign(**{text: pd.Categorical(f[text].astype(object), names)}) for f in frames]
    return pd.concat(frames, ignore_index=True).groupby(keys, observed=True)["n"].sum().reset_index()


class _Placing:
    """Where each area's people count: a table (areas, most places) of positions in `names`, -1 for none."""

    def __init__(self, placed: Mapping[str, tuple[str, ...]]) -> None:
        self.names = sorted({code for codes in placed.values() for code in codes})
        self._placed = placed
        self._number = {code: position for position, code in enumerate(self.names)}

    def of(self, area_names: Sequence[str]) -> Integers:
        most = max((len(codes) for codes in self._placed.values()), default=0)
        table = np.full((max(len(area_names), 1), most), -1, dtype=np.int64)
        for row, name in enumerate(area_names):
            codes = self._placed.get(name, ())
            table[row, : len(codes)] = [self._number[code] for code in codes]
        return table

    def sums(
        self, to: Integers, inner: Integers, size: int, n: NDArray[Any]
    ) -> tuple[Integers, Integers, Integers]:
        """Sum n over (place, inner), where `to` (rows, most places) says the places of each row."""
        used = to >= 0
        key = (to * size + inner[:, None])[used]
        weight = np.broadcast_to(n[:, None], to.shape)[used]
        held, total = _sums(key, weight, max(len(self.names), 1) * size)
        return held // size, held % size, total


def _rolled_respondents(frame: pd.DataFrame, placing: _Placing) -> pd.DataFrame:
    area, area_names = _coded(frame["area"])
    mode, mode_names = _coded(frame["mode"])
    cell = frame["cell"].to_numpy(dtype=np.int64)
    modes = max(len(mode_names), 1)
    size = (int(cell.max()) + 1 if len(cell) else 1) * modes
    place, inner, n = placing.sums(
        placing.of(area_names)[area], cell * modes + mode, size, frame["n"].to_numpy()
    )
    return pd.DataFrame(
        {
            "area": category(place, placing.names),
            "mode": category(inner % modes, mode_names),
            "cell": (inner // modes).astype(np.int32),
            "n": n,
        }
    )


def _rolled_answers(given: AnswerCounts, placing: _Placing) -> AnswerCounts:
    to = placing.of(given.areas)[given.area]
    source, column = np.nonzero(to >= 0)
    return given.regrouped(placing.names, source, to[source, column], given.cell[source].astype(np.int64))
