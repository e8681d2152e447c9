"""Indicators fed by a questionnaire: their counts (for disclosure) and their estimates (for publication)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis import remainders
from analysis.composites import dual, dual_column
from analysis.estimates import estimate
from analysis.nesting import Counts
from analysis.raking import Floats
from analysis.tallies import MISSING_CODES, Tallies
from questionnaires import bespoke
from questionnaires.framework import Domain, Framework, Headline, Indicator, Statistic, SubDomain
from questionnaires.kinds import KINDS
from questionnaires.model import Item, Questionnaire

BASE, TOTAL, PARTS = 0, 1, 2
"""Places in a Counts array: answers, their sum (mean) or numerator (proportion), and from PARTS on the
parts."""

NOT_REACHED = MISSING_CODES["not-asked"]

NEARLY = 0.1
"""How closely one person may at best be able to tell another's answer from a mean: see `dominated`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """An indicator that a framework takes from an item or score, and what this questionnaire has for it."""

    headline: Headline
    domain: Domain
    subdomain: SubDomain
    indicator: Indicator
    asked: bool
    question: str = ""
    outside: frozenset[int] = frozenset()  # codes that are answers but not in the base: "Don't know"
    is_item: bool = False  # its column is an item as asked: not a score, nor one option of several
    scale: float | None = None  # from the lowest answer of an item to the highest; None where not known

    @property
    def code(self) -> str:
        return self.indicator.code

    @property
    def column(self) -> str:
        return self.indicator.item or ""

    @property
    def signature(self) -> str:
        """What the number means: two releases are compared only where this is equal."""
        codes = ",".join(str(code) for code in sorted(self.indicator.codes))
        outside = ",".join(str(code) for code in sorted(self.outside))
        composite = self.indicator.composite
        if composite is not None:
            parts = sorted(f"{p.item}={','.join(map(str, sorted(p.codes)))}" for p in composite.parts)
            return f"composite|{composite.at_least}|{';'.join(parts)}"
        return f"{self.column}|{self.indicator.statistic.value}|{codes}|{outside}"


def items_in(signature: str) -> frozenset[str]:
    """The columns whose answers a `Local.signature` is about."""
    kind, *rest = signature.split("|")
    if kind != "composite":
        return frozenset({kind})
    return frozenset(part.split("=")[0] for part in rest[1].split(";"))


def local_indicators(framework: Framework, questionnaire: Questionnaire) -> tuple[Local, ...]:
    """Every indicator of the framework that names an item, in framework order."""
    columns = _columns(questionnaire)
    scores = {score.code: score.title for score in questionnaire.scores}
    askable = {each.column for each in bespoke.askables(questionnaire)}
    found = []
    for headline, domain, subdomain, indicator in framework.indicators():
        if indicator.item is None:
            continue
        composite = indicator.composite
        if composite is not None:
            asked = all(part.item in askable for part in composite.parts)
            found.append(
                Local(
                    headline=headline,
                    domain=domain,
                    subdomain=subdomain,
                    indicator=indicator,
                    asked=asked,
                    question=bespoke.said(composite, questionnaire) if asked else "",
                )
            )
            continue
        item = columns.get(indicator.item)
        asked = item is not None or indicator.item in scores
        own_codes = item is not None and item.code == indicator.item
        found.append(
            Local(
                headline=headline,
                domain=domain,
                subdomain=subdomain,
                indicator=indicator,
                asked=asked,
                question=item.text if item is not None else scores.get(indicator.item, ""),
                outside=frozenset(o.code for o in item.options if not o.substantive)
                if item is not None and own_codes
                else frozenset(),
                is_item=own_codes,
                scale=_scale(item) if item is not None and own_codes else None,
            )
        )
    return tuple(found)


def counts(
    rolled: Tallies,
    locals_: Sequence[Local],
    areas: Sequence[str],
    former: Sequence[Local] = (),
    by_option: Collection[str] = (),
) -> dict[str, dict[str, Counts]]:
    """Unweighted Counts of every asked indicator in every area (zeros where nobody answered).

    Parts are as `_parts` says: of a proportion the numerator and the complement, of a mean how far all
    answers together are from its ends. former: indicators that readers know from earlier releases.
    by_option: items of which they know every option, so that a bespoke share of one is told apart by each. A
    bespoke share also has as parts whom it leaves over when it is subtracted from another share, or the other
    from it.
    """
    known = [*locals_, *former]
    shares = remainders.facts([local.indicator for local in known if local.asked])
    made = columns_wanted([local for local in known if any(each.indicator.made_by for each in locals_)])
    frames = {column: frame for column in made if (frame := rolled.given.rows_of(column)) is not None}
    found: dict[str, dict[str, Counts]] = {}
    for local in locals_:
        if not local.asked:
            continue
        alike = [o.indicator for o in known if o.asked and o.column == local.column]
        each = bool(local.indicator.made_by) and local.column in by_option
        held = _area_counts(rolled.given.rows_of(local.column), local, alike, areas, each=each)
        more = list(_left_over(local, shares, frames, areas)) if local.indicator.made_by else []
        if more:
            stacked = np.column_stack(more)
            held = {area: np.append(held[area], stacked[at]) for at, area in enumerate(areas)}
        found[local.code] = held
    return found


def _left_over(
    local: Local,
    shares: Sequence[remainders.Fact],
    frames: Mapping[str, pd.DataFrame],
    areas: Sequence[str],
) -> Iterator[NDArray[np.int64]]:
    """People by area who are in one share and not in another that lies inside it, one being this one's."""
    for more, less in remainders.remainders(local.indicator, shares):
        if more.column in frames and less.column in frames:
            yield _people(frames, more.column, more.codes, areas) - _people(
                frames, less.column, less.codes, areas
            )
    composite = local.indicator.composite
    column = dual_column(local.column)
    if composite is not None and dual(composite) is not None and column in frames:
        yield _people(frames, column, (0,) if composite.at_least == len(composite.parts) else (1,), areas)


def _people(
    frames: Mapping[str, pd.DataFrame], column: str, codes: Collection[int], areas: Sequence[str]
) -> NDArray[np.int64]:
    frame = frames[column]
    n = frame[frame["code"].isin(list(codes))].groupby("area", observed=True)["n"].sum()
    n.index = n.index.astype(str)
    return n.reindex(list(areas), fill_value=0).to_numpy(dtype=np.int64)


def columns_wanted(locals_: Sequence[Local]) -> set[str]:
    """Columns of the tallies that these indicators are counted, and held against each other, by."""
    wanted: set[str] = set()
    for local in locals_:
        if local.asked:
            composite = local.indicator.composite
            wanted.add(local.column)
            wanted |= {part.item for part in composite.parts} if composite else set()
            wanted |= {dual_column(local.column)} if composite else set()
    return wanted


def estimates(
    rolled: Tallies, locals_: Sequence[Local], weights: Floats, total_n: float
) -> dict[str, pd.DataFrame]:
    """For every asked indicator, `estimates.estimate` by area (index), with a column `missing`.

    Estimates of proportions and their intervals are shares, 0 to 1. `missing`: the share of those asked
    who gave no answer in the base.
    """
    found: dict[str, pd.DataFrame] = {}
    for local in locals_:
        frame = rolled.given.rows_of(local.column) if local.asked else None
        if frame is None:
            continue
        valid = frame[in_base(frame, local)]
        if valid.empty:
            continue
        table = estimate(
            valid,
            weights,
            total_n=total_n,
            statistic=local.indicator.statistic.value,
            codes=local.indicator.codes if is_proportion(local.indicator) else (),
        ).set_index("area")
        table.index = table.index.astype(str)
        asked = frame[frame["code"] != NOT_REACHED].groupby("area", observed=True)["n"].sum()
        asked.index = asked.index.astype(str)
        table["missing"] = 1 - table["n"] / asked.reindex(table.index)
        found[local.code] = table
    return found


def _columns(questionnaire: Questionnaire) -> dict[str, Item]:
    """Snapshot columns and the item each comes from: its own code, and `<item>__<code>` for each option."""
    found = {f"{item.code}__{o.code}": item for item in questionnaire.items() for o in item.options}
    return {**found, **{item.code: item for item in questionnaire.items()}}


def _scale(item: Item) -> float | None:
    outside = {option.code for option in item.options if not option.substantive}
    codes = [code for code in KINDS[item.kind].codes(item) if code not in outside]
    return float(max(codes) - min(codes)) if len(codes) > 1 else None


def is_proportion(indicator: Indicator) -> bool:
    """True for a share of answers, False for a mean."""
    return indicator.statistic is Statistic.PROPORTION


def in_base(frame: pd.DataFrame, local: Local) -> pd.Series:
    """Of each answer row: whether it is in the base of the indicator."""
    return (frame["code"] >= 0) & ~frame["code"].isin(sorted(local.outside))


def _area_counts(
    frame: pd.DataFrame | None,
    local: Local,
    alike: Sequence[Indicator],
    areas: Sequence[str],
    *,
    each: bool = False,
) -> dict[str, Counts]:
    if frame is None:
        return {area: np.zeros(PARTS + 2, dtype=np.int64) for area in areas}
    valid = frame[in_base(frame, local)]
    codes = [int(code) for code in sorted(valid["code"].unique())]
    table = valid.pivot_table(
        index="area", columns="code", values="n", aggfunc="sum", fill_value=0, observed=True
    )
    table.index = table.index.astype(str)
    table = table.reindex(index=list(areas), columns=codes, fill_value=0)
    matrix = table.to_numpy(dtype=np.int64)
    if is_proportion(local.indicator):
        counted = np.array([code in local.indicator.codes for code in codes], dtype=bool)
        total = matrix[:, counted].sum(axis=1)
    else:
        total = matrix @ np.array(codes, dtype=np.int64)
    parts = matrix @ _parts(codes, local.indicator, alike, each=each)
    stacked = np.column_stack([matrix.sum(axis=1), total, parts]).astype(np.int64)
    return dict(zip(areas, stacked, strict=True))


def dominated(rolled: Tallies, locals_: Sequence[Local]) -> dict[str, frozenset[str]]:
    """Areas where one answer makes up nearly all of a mean, of every asked indicator that is one.

    The p% rule for magnitudes (Hundepool et al. 2012, "Statistical Disclosure Control", chapter 4), of steps
    from the lowest answer: whoever gave the second largest answer could tell the largest to within
    `NEARLY` of it, because all others together add less.
    """
    found: dict[str, frozenset[str]] = {}
    for local in locals_:
        frame = rolled.given.rows_of(local.column) if local.asked else None
        if frame is None or is_proportion(local.indicator):
            continue
        valid = frame[in_base(frame, local)]
        answers = valid.groupby(["area", "code"], observed=True)["n"].sum().reset_index()
        answers = answers[answers["n"] > 0].sort_values(["area", "code"], ascending=[True, False])
        steps = answers["code"].to_numpy(dtype=np.int64) - int(answers["code"].min() if len(answers) else 0)
        n = answers["n"].to_numpy(dtype=np.int64)
        area = answers["area"].astype(str).to_numpy()
        first = (
            np.flatnonzero(np.r_[True, area[1:] != area[:-1]]) if len(area) else np.empty(0, dtype=np.intp)
        )
        last = np.r_[first[1:], len(area)] - 1 if len(first) else first
        largest = steps[first]
        second = np.where(
            n[first] > 1, largest, np.where(last > first, steps[np.minimum(first + 1, last)], 0)
        )
        others = np.add.reduceat(steps * n, first) - largest - second if len(first) else largest
        found[local.code] = frozenset(area[first[(largest > 0) & (others < NEARLY * largest)]].tolist())
    return found


def parts_of(local: Local, locals_: Sequence[Local], codes: pd.Series) -> NDArray[np.int64]:
    """Of each answer (rows of `codes`), what it adds to each part of the indicator: see `counts`."""
    alike = [o.indicator for o in locals_ if o.asked and o.column == local.column]
    held = sorted({int(code) for code in codes.unique()})
    return _parts(held, local.indicator, alike)[np.searchsorted(held, codes.to_numpy())]


def _parts(
    codes: Sequence[int], indicator: Indicator, alike: Sequence[Indicator], *, each: bool = False
) -> NDArray[np.int64]:
    """(codes, parts): what an answer of each code adds to each sum that must not be small.

    alike: every indicator that readers know of the same column. Proportions tell codes apart in groups, the
    finest that differences of them tell. A mean near an end of its scale tells that few people are not at
    that end, so the steps all answers are from either end are sums like the others; and beside proportions,
    so are the steps within the groups: of 1, 2 or 3, a mean and the share of 1 tell everything.
    each: every code is a group of its own.
    """
    if not codes:
        return np.zeros((0, 2), dtype=np.int64)
    shares = [one for one in alike if is_proportion(one)]
    groups = [[at] for at in range(len(codes))] if each else _groups(codes, shares)
    found: list[NDArray[np.int64]] = []
    if is_proportion(indicator):
        found += [np.isin(np.arange(len(codes)), group).astype(np.int64) for group in groups]
    else:
        found += _steps(codes, [list(range(len(codes)))])
    if shares and len(shares) < len(alike):
        found += _steps(codes, groups)
    return np.column_stack(found)


def _steps(codes: Sequence[int], groups: Sequence[Sequence[int]]) -> list[NDArray[np.int64]]:
    """(codes,) twice: how many steps each code is above the lowest and below the highest of its group.

    A step is the distance from that end to the code next to it, so that nobody can be fewer than one away.
    """
    found = []
    for sign in (1, -1):
        away = np.zeros(len(codes), dtype=np.int64)
        for group in groups:
            from_end = sign * np.array([codes[at] for at in group], dtype=np.int64)
            from_end -= from_end.min()
            away[group] = from_end // min(from_end[from_end > 0], default=1)
        found.append(away)
    return found


def _groups(codes: Sequence[int], shares: Sequence[Indicator]) -> list[list[int]]:
    """Columns of `codes` grouped by which of the shares count them."""
    found: dict[tuple[bool, ...], list[int]] = {}
    for position, code in enumerate(codes):
        found.setdefault(tuple(code in one.codes for one in shares), []).append(position)
    return list(found.values())
