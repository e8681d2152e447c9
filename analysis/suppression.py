"""A simple, safe suppression of estimates by area, for people who work without the web app.

Smaller than the disclosure control of a Release: one table, areas against their total. It does not know
earlier publications or other tables of the same answers; whoever publishes must.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.change import benjamini_hochberg, change_interval
from analysis.estimates import ALL
from analysis.planned_items import PlannedItem
from analysis.release import Marker

MINIMUM_BASE = 30
SMALLEST_COUNT = 10
BASE_ROUNDED_TO = 5
UNITS = {"mean": 0.1, "median": 0.1}
UNIT_OF_SHARES = 0.01

RELEASED_COLUMNS = [
    "area",
    "wave",
    "item",
    "n",
    "effective_n",
    "estimate",
    "se",
    "lower",
    "upper",
    "marker",
]


SIGNIFICANT = 0.05
CHANGED_COLUMNS = [
    "area",
    "item",
    "from_wave",
    "to_wave",
    "difference",
    "lower",
    "upper",
    "changed",
    "marker",
]


def hidden_areas(counts: pd.DataFrame, items: Sequence[PlannedItem]) -> set[str]:
    """The areas, and perhaps ALL, whose figures for these items must not be shown.

    counts: columns area ("" is not known), code, n: unweighted answers in the one column the items share. A
    group of answers may be shown when it has MINIMUM_BASE answers, and no 1 to 9 of them can be told apart:
    the shares and nets published of one column, with their complements and differences, split its answers
    into parts, and each part must be empty or have SMALLEST_COUNT. Areas that fail are hidden. What is left
    when the shown areas are taken from the total (hidden areas, and answers from no known area) must pass
    too: until it does, the smallest shown area is hidden with them, and when none is left, the total.
    """
    part = [str([item.side(code) for item in items]) for code in counts["code"]]
    parts = counts.assign(part=part).pivot_table(index="area", columns="part", values="n", aggfunc="sum")
    table = parts.fillna(0.0)
    whole = table.sum()
    hidden = {str(area) for area in table.index if area and not _may_be_shown(table.loc[area])}
    shown = [str(area) for area in table.sum(axis=1).sort_values(kind="stable").index]
    shown = [area for area in shown if area and area not in hidden]
    if not _may_be_shown(whole):
        return hidden | {ALL}
    while shown:
        rest = whole - table.loc[shown].sum()
        if rest.sum() == 0 or _may_be_shown(rest):
            return hidden
        hidden.add(shown.pop(0))
    return hidden if _nothing_shown_is_safe(table) else hidden | {ALL}


def _nothing_shown_is_safe(table: pd.DataFrame) -> bool:
    """With every area hidden the total stands alone, unless it is the figure of a single area."""
    return int((table.sum(axis=1) > 0).sum()) > 1


def _may_be_shown(parts: pd.Series) -> bool:
    split = parts[(parts > 0) & (parts < SMALLEST_COUNT)]
    return float(parts.sum()) >= MINIMUM_BASE and split.empty


def suppressed(estimates: pd.DataFrame, counts: pd.DataFrame, items: Sequence[PlannedItem]) -> pd.DataFrame:
    """Estimates fit to leave the building: hidden cells empty, numbers rounded, and a marker on every row.

    estimates: columns area, wave, item and those of `estimates.estimate`. counts: wave, column, area, code,
    n. Bases are rounded to 5, means to one decimal, proportions to whole percentages; intervals and
    standard errors to the same units, away from the estimate. Rounding in a mean is what keeps one person's
    answer from being read off two releases.
    """
    by_column = items_by_column(items)
    hidden: set[tuple[str, str, str]] = set()
    for (wave, column), answers in counts.groupby(["wave", "column"], sort=True):
        of_column = by_column[str(column)]
        for area in hidden_areas(answers, of_column):
            hidden |= {(area, str(wave), item.name) for item in of_column}
    keys = zip(estimates["area"], estimates["wave"], estimates["item"], strict=True)
    return released(estimates, np.array([key in hidden for key in keys], dtype=bool), items)


def items_by_column(items: Sequence[PlannedItem]) -> dict[str, list[PlannedItem]]:
    found: dict[str, list[PlannedItem]] = {}
    for item in items:
        found.setdefault(item.column, []).append(item)
    return found


def released(
    table: pd.DataFrame,
    secret: NDArray[np.bool_],
    items: Sequence[PlannedItem],
    also: tuple[str, ...] = (),
) -> pd.DataFrame:
    """RELEASED_COLUMNS of a table, rounded; empty where `secret` or where nobody answered.

    also: more columns that say what a row is about, after area, wave and item.
    """
    found = table.copy()
    unit = found["item"].map({i.name: unit_of(i) for i in items}).astype(float)
    found["n"] = _rounded(found["n"], BASE_ROUNDED_TO)
    found["effective_n"] = _rounded(found["effective_n"], BASE_ROUNDED_TO)
    found["estimate"] = (found["estimate"] / unit).round() * unit
    found["lower"] = np.floor(found["lower"] / unit + 1e-9) * unit
    for outward in ("se", "upper"):
        found[outward] = np.ceil(found[outward] / unit - 1e-9) * unit
    numbers = ["n", "effective_n", "estimate", "se", "lower", "upper"]
    found[numbers] = found[numbers].astype(float).round(6)
    withheld = secret | (table["n"] == 0).to_numpy()
    found.loc[withheld, numbers] = np.nan
    found["marker"] = np.where(withheld, Marker.HIDDEN.value, Marker.SHOWN.value)
    for base in ("n", "effective_n"):
        found[base] = found[base].astype("Int64")
    return found[[*RELEASED_COLUMNS[:3], *also, *RELEASED_COLUMNS[3:]]]


def unit_of(item: PlannedItem) -> float:
    """What a figure is rounded to."""
    return UNITS.get(item.statistic, UNIT_OF_SHARES)


def released_changes(
    changes: pd.DataFrame, estimates: pd.DataFrame, items: Sequence[PlannedItem]
) -> pd.DataFrame:
    """CHANGED_COLUMNS: what anyone could work out from the released estimates, and whether it is a change.

    changes: survey_estimates.changes_between_waves, exact. estimates: from `suppressed`. Differences and
    intervals are of the rounded figures, so they tell nothing more. `changed` is yes where p, adjusted over
    what is shown here, is below 0.05; empty where it cannot be tested.
    """
    figures = estimates.set_index(["area", "wave", "item"])
    ends = []
    for wave in ("from_wave", "to_wave"):
        keys = pd.MultiIndex.from_frame(changes[["area", wave, "item"]])
        ends.append(figures.loc[keys].reset_index(drop=True))
    before, after = ends
    shown = before["estimate"].notna() & after["estimate"].notna()
    adjusted = benjamini_hochberg(changes["p"].reset_index(drop=True).where(shown))
    lower, upper = change_interval(
        before["estimate"],
        (before["lower"], before["upper"]),
        after["estimate"],
        (after["lower"], after["upper"]),
    )
    unit = changes["item"].map({i.name: unit_of(i) for i in items}).to_numpy(dtype=float)
    found = changes[["area", "item", "from_wave", "to_wave"]].reset_index(drop=True)
    found["difference"] = (after["estimate"] - before["estimate"]).astype(float).round(6)
    found["lower"] = np.round(np.floor(lower / unit + 1e-9) * unit, 6)
    found["upper"] = np.round(np.ceil(upper / unit - 1e-9) * unit, 6)
    yes_or_no = np.where(adjusted < SIGNIFICANT, "yes", "no")
    found["changed"] = pd.Series(yes_or_no, dtype=object).where(~np.isnan(adjusted), "")
    found["marker"] = np.where(shown, Marker.SHOWN.value, Marker.HIDDEN.value)
    return found[CHANGED_COLUMNS]


def _rounded(values: pd.Series, to: int) -> pd.Series:
    return (values / to).round() * to
