"""Estimates of every planned item from weighted responses: by area, by group within areas, and changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.change import benjamini_hochberg, change, change_interval
from analysis.estimates import ALL, STATISTICS, estimate
from analysis.intervals import logit_interval
from analysis.plan import Plan, PlannedItem
from analysis.raking import Floats
from analysis.replicates import Jackknife, jackknife_se
from analysis.survey_files import Labels, Responses
from analysis.waves import WeightedWave

ESTIMATE_COLUMNS = [
    "area",
    "wave",
    "item",
    "n",
    "effective_n",
    "estimate",
    "se",
    "lower",
    "upper",
    "weighted_n",
    "logit_lower",
    "logit_upper",
]
GROUP_COLUMNS = [*ESTIMATE_COLUMNS[:3], "group", "level", *ESTIMATE_COLUMNS[3:]]
CHANGE_COLUMNS = [
    "area",
    "item",
    "from_wave",
    "to_wave",
    "from_n",
    "to_n",
    "from_estimate",
    "to_estimate",
    "difference",
    "se",
    "z",
    "p",
    "adjusted_p",
    "lower",
    "upper",
]
MORE_COLUMNS = ["clusters", "woodruff_lower", "woodruff_upper", "jackknife_se"]
"""Columns that a table has at its end only where the plan asks for what fills them."""
BY = "by "
"""Before the name of a column that groups are made of, in counts."""


@dataclass(frozen=True)
class Sample:
    """A weighted wave and how its people were drawn."""

    weighted: WeightedWave
    cluster: NDArray[np.int64] | None = None  # (N,) numbered from 0
    jackknife: Jackknife | None = None

    @property
    def total_clusters(self) -> int | None:
        return None if self.cluster is None else int(self.cluster.max()) + 1


def estimates_by_area(plan: Plan, answered: Responses, samples: Sequence[Sample]) -> pd.DataFrame:
    """ESTIMATE_COLUMNS (and weighted_variance) for every item, wave and area, `all` first.

    An area where nobody answered an item has n = 0 and empty numbers.
    """
    area = answered.labels[plan.area]
    everyone = np.zeros(len(answered), dtype=np.int64)
    found = []
    for sample in samples:
        present = _present(area, sample)
        names = [ALL, *(area.names[at] for at in present)]
        for item in plan.items:
            rows = [
                _figures(item, answered, everyone, sample, [0]),
                _figures(item, answered, _stated(area), sample, present),
            ]
            found.append(pd.concat(rows, ignore_index=True).assign(area=names))
    return _ordered(found, ESTIMATE_COLUMNS)


def estimates_by_group(plan: Plan, answered: Responses, samples: Sequence[Sample]) -> pd.DataFrame:
    """GROUP_COLUMNS for every item, wave, group, area (`all` first) and level: domain estimates.

    The people who did not state a group's column are in no level of it. R: `svyby(~y, ~area + group, ...)`.
    """
    area = answered.labels[plan.area]
    found = []
    for sample in samples:
        areas = _present(area, sample)
        for name, columns in plan.groups.items():
            level = answered.margin(columns)
            levels = _present(level, sample)
            in_level, in_area = _stated(level), _stated(area)
            size = len(level.names)
            crossed = np.where((in_level < 0) | (in_area < 0), -1, in_area * size + in_level)
            wanted = [a * size + b for a in areas for b in levels]
            places = [ALL, *(area.names[at] for at in areas)]
            for item in plan.items:
                rows = [
                    _figures(item, answered, in_level, sample, levels),
                    _figures(item, answered, crossed, sample, wanted),
                ]
                table = pd.concat(rows, ignore_index=True).assign(group=name)
                table["area"] = np.repeat(np.array(places, dtype=object), len(levels))
                table["level"] = [level.names[at] for at in levels] * len(places)
                found.append(table)
    return _ordered(found, GROUP_COLUMNS)


def changes_between_waves(plan: Plan, estimates: pd.DataFrame) -> pd.DataFrame:
    """What moved from each wave to the next, for every item and area estimated in both.

    Waves are in the order of their names. CHANGE_COLUMNS; adjusted_p is Benjamini and Hochberg's over the
    whole table. Medians have no z and p: their standard error is too coarse to test.
    """
    waves = sorted(set(estimates["wave"]))
    of_wave = {wave: part.set_index(["item", "area"]) for wave, part in estimates.groupby("wave")}
    tables = []
    for before, after in pairwise(waves):
        first, second = of_wave[before], of_wave[after]
        both = [key for key in first.index if key in second.index]
        first, second = first.loc[both], second.loc[both]
        answered = ((first["n"] > 0) & (second["n"] > 0)).to_numpy()
        tables.append(_change(before, after, first[answered], second[answered]))
    table = pd.concat(tables, ignore_index=True) if tables else _change("", "", *_nothing(estimates))
    untested = table["item"].isin([item.name for item in plan.items if item.statistic == "median"])
    table.loc[untested, ["z", "p"]] = np.nan
    table["adjusted_p"] = benjamini_hochberg(table["p"])
    return table[CHANGE_COLUMNS]


def counts_by_area(plan: Plan, answered: Responses, samples: Sequence[Sample]) -> pd.DataFrame:
    """Unweighted answers beneath the estimates, for suppression to look at.

    Columns wave, column, area, "by x" for each column x that groups are made of, code, n.
    """
    of_groups = dict.fromkeys(c for columns in plan.groups.values() for c in columns)
    keys = {"area": plan.area, **{BY + column: column for column in of_groups}}
    found = []
    for sample in samples:
        rows = sample.weighted.rows
        for column in plan.item_columns:
            frame = pd.DataFrame({"code": answered.answers[column][rows]})
            for name, of in keys.items():
                labels = answered.labels[of]
                frame[name] = pd.Categorical.from_codes(labels.code[rows], pd.Index(labels.names))
            counted = frame.dropna(subset="code").groupby([*keys, "code"], observed=True).size()
            table = counted.rename("n").reset_index().astype(dict.fromkeys(keys, str))
            found.append(table.assign(wave=sample.weighted.wave, column=column))
    return pd.concat(found, ignore_index=True)


def _change(before: str, after: str, first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    moved = change(first["estimate"], first["se"], second["estimate"], second["se"])
    lower, upper = change_interval(
        first["estimate"],
        (first["lower"], first["upper"]),
        second["estimate"],
        (second["lower"], second["upper"]),
    )
    return pd.DataFrame(
        {
            "area": first.index.get_level_values("area"),
            "item": first.index.get_level_values("item"),
            "from_wave": before,
            "to_wave": after,
            "from_n": first["n"].to_numpy(),
            "to_n": second["n"].to_numpy(),
            "from_estimate": first["estimate"].to_numpy(),
            "to_estimate": second["estimate"].to_numpy(),
            "difference": moved.difference,
            "se": moved.se,
            "z": moved.z,
            "p": moved.p,
            "lower": lower,
            "upper": upper,
        }
    )


def _nothing(estimates: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    empty = estimates[:0].set_index(["item", "area"])
    return empty, empty


def _figures(
    item: PlannedItem,
    answered: Responses,
    domain: NDArray[np.int64],
    sample: Sample,
    wanted: Sequence[int],
) -> pd.DataFrame:
    """Estimates of one item in the wanted domains, in their order; n = 0 where nobody answered.

    domain: a number for each response; below 0 it is in none.
    """
    tally = _tally(answered.answers[item.column], domain, sample)
    rows = estimate(
        tally,
        sample.weighted.weights.weight,
        total_n=len(sample.weighted.rows),
        statistic=item.statistic,
        codes=item.codes,
        negative=item.negative,
        total_clusters=sample.total_clusters,
    ).set_index("area")
    if sample.jackknife is not None:
        rows["jackknife_se"] = jackknife_se(
            tally, sample.jackknife, statistic=item.statistic, codes=item.codes, negative=item.negative
        )
    rows = rows.reindex(list(wanted))
    for count in {"n", "clusters"} & set(rows):
        rows[count] = rows[count].fillna(0).astype(int)
    rows["logit_lower"] = rows["logit_upper"] = np.nan
    if STATISTICS[item.statistic].shares:
        df = (rows["clusters"] if "clusters" in rows else rows["n"]) - 1
        rows["logit_lower"], rows["logit_upper"] = logit_interval(rows["estimate"], rows["se"] ** 2, df)
    return rows.reset_index(drop=True).assign(wave=sample.weighted.wave, item=item.name)


def _tally(values: Floats, domain: NDArray[np.int64], sample: Sample) -> pd.DataFrame:
    """Counts of one column's answers, in an order that rows cannot change.

    Columns area (the number of the domain), cell, code, n, and cluster and group where people were drawn in
    clusters, or are left out in groups.
    """
    rows = sample.weighted.rows
    value, place = values[rows], domain[rows]
    given = ~np.isnan(value) & (place >= 0)
    keys = {"area": place[given], "cell": sample.weighted.cell[given]}
    if sample.cluster is not None:
        keys["cluster"] = sample.cluster[given]
    elif sample.jackknife is not None:
        keys["group"] = sample.jackknife.group[given]
    code, distinct = pd.factorize(value[given], sort=True)
    unique, n = _counted(np.column_stack([*keys.values(), code]))
    found = pd.DataFrame(dict(zip([*keys, "code"], unique.T, strict=True))).assign(n=n)
    found["code"] = np.asarray(distinct, dtype=float)[found["code"].to_numpy(dtype=np.intp)]
    if sample.jackknife is not None and sample.cluster is not None:
        found["group"] = found["cluster"]  # clusters are what is left out
    return found


def _counted(columns: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Distinct rows in order, and how often each occurs. One number per row: sorting rows is slow."""
    if not len(columns):
        return columns, np.zeros(0, dtype=np.int64)
    sizes = columns.max(axis=0) + 1
    key = np.ravel_multi_index(tuple(columns.T), tuple(sizes))
    keys, n = np.unique(key, return_counts=True)
    return np.column_stack(np.unravel_index(keys, tuple(sizes))), n


def _present(labels: Labels, sample: Sample) -> list[int]:
    """The labels that somebody in the sample has, in order; not the not stated."""
    return [int(at) for at in np.unique(labels.code[sample.weighted.rows]) if labels.names[at]]


def _stated(labels: Labels) -> NDArray[np.int64]:
    """Each response's label; -1 where it is not stated."""
    stated = np.array([bool(name) for name in labels.names], dtype=bool)
    return np.where(stated[labels.code], labels.code, -1)


def _ordered(tables: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    table = pd.concat(tables, ignore_index=True)
    more = [column for column in MORE_COLUMNS if column in table]
    return table[[*columns, *more, "weighted_variance"]]


def shown_columns(table: pd.DataFrame) -> pd.DataFrame:
    """The table as it is written: without what only later steps need."""
    return table.drop(columns="weighted_variance")


def samples_of(
    plan: Plan, answered: Responses, weighted: Sequence[WeightedWave], jackknives: Sequence[Jackknife | None]
) -> Iterator[Sample]:
    """Each wave with its clusters, numbered within it."""
    cluster = answered.clusters(plan.cluster) if plan.cluster else None
    for wave, jackknife in zip(weighted, jackknives, strict=True):
        own = None if cluster is None else np.unique(cluster[wave.rows], return_inverse=True)[1]
        yield Sample(wave, own, jackknife)
