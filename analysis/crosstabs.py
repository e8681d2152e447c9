"""Tables of answers by group and by option: counted from tallies, decided by `breakdowns`, and released.

A group is a margin that people are weighted on (age, sex ...): tallies know it of every answer through the
weighting cell. Two dimensions at most: an area and a group, or an area and an option.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis import figures as publishing
from analysis import provenance
from analysis.breakdowns import Breakdown, decide, group_rules, option_rules
from analysis.disclosure import Policy
from analysis.estimates import estimate
from analysis.figures import Estimated
from analysis.indicators import BASE, TOTAL, Local, in_base, is_proportion, parts_of
from analysis.inputs import Inputs
from analysis.margins import margin_levels
from analysis.nesting import Counts, Nesting
from analysis.options_beside_means import hide_beside_means
from analysis.quality import SurveyQuality, heavy_by
from analysis.raking import NOT_STATED, Floats
from analysis.release import Breakdowns, Figure, GroupFigure, Marker, OptionShare, Release
from analysis.tallies import Tallies
from analysis.weights import CellWeights
from questionnaires.kinds import KINDS
from questionnaires.model import Questionnaire

FEWEST_OPTIONS = 3
"""An item with two options says all in one figure."""


@dataclass(frozen=True)
class Weighted:
    """Rolled tallies with the weight of each cell. total_n: respondents weighted together."""

    rolled: Tallies
    weights: Floats
    total_n: float
    design_effect: float
    quality: SurveyQuality

    @classmethod
    def of(
        cls, rolled: Tallies, weights: CellWeights | None, quality: SurveyQuality | None, total_n: float
    ) -> Weighted | None:
        """None where nothing is weighted, because too few answered."""
        if weights is None or quality is None:
            return None
        return cls(rolled, weights.weight, total_n, weights.design_effect, quality)


def made_once(
    inputs: Inputs,
    weighted: Weighted | None,
    figures: Mapping[str, Mapping[str, Figure]],
    exact: Mapping[str, Mapping[str, Counts]],
) -> Breakdowns | None:
    """The breakdowns of the wave: those of the first release after it closed, unchanged ever after.

    figures: indicator -> area -> its figure in this release. exact: its counts now. Made anew for a later
    release, a table that differs by one person would tell that person's answers, and there are thousands of
    such tables. For the same reason an area has none where its figure stands from an earlier release and a
    few people have answered since: the columns would add up to other totals. None while the wave is open.
    Those of a withdrawn release are made anew only over the very same answers, and only in the places where
    readers have seen them.
    """
    before = next((b.release for b in reversed(inputs.earlier) if b.release.breakdowns is not None), None)
    if before is None or before.breakdowns is None:
        return _made(inputs, weighted, figures, exact)
    if before.breakdowns.number not in {b.release.number for b in inputs.earlier if b.withdrawn}:
        return before.breakdowns
    if not same_answers(inputs, before):
        return None
    anew = _made(inputs, weighted, figures, exact)
    return None if anew is None else _where(anew, before.breakdowns)


def same_answers(inputs: Inputs, before: Release) -> bool:
    """Whether the release was made from these answers, asked, read, placed and protected as now."""
    now = {
        "snapshot": inputs.wave.snapshot,
        "questionnaire": provenance.of_questionnaire(inputs.questionnaire),
        "framework": provenance.of_framework(inputs.framework),
        "areas": provenance.of_areas(inputs.reference.areas),
        "policy": provenance.of_value(inputs.policy.as_dict()),
    }
    return all(before.provenance.get(name) == digest for name, digest in now.items())


def _where(anew: Breakdowns, seen: Breakdowns) -> Breakdowns:
    """Without what was hidden before: beside what was read then, it could be the missing part of a sum."""
    figures = {(f.area, f.indicator, f.group, f.level) for f in seen.figures}
    shares = {(s.area, s.item, s.option) for s in seen.shares}
    return replace(
        anew,
        figures=tuple(f for f in anew.figures if (f.area, f.indicator, f.group, f.level) in figures),
        shares=tuple(s for s in anew.shares if (s.area, s.item, s.option) in shares),
    )


def _made(
    inputs: Inputs,
    weighted: Weighted | None,
    figures: Mapping[str, Mapping[str, Figure]],
    exact: Mapping[str, Mapping[str, Counts]],
) -> Breakdowns | None:
    if weighted is None or not inputs.closed:
        return None
    opened = {
        indicator: {
            area
            for area in inputs.geographies.main.codes
            for figure in (held[area],)
            if figure.marker is Marker.SHOWN
            and of_these_answers(inputs, figure, exact[indicator][area])
            and not _cut(inputs, held, area)
        }
        for indicator, held in figures.items()
    }
    levels = {
        margin.name: margin_levels(inputs.questionnaire, margin)
        for margin in inputs.questionnaire.margins
        if margin.area_level is None and margin.name in weighted.rolled.cells
    }
    known = [*inputs.locals, *inputs.former]
    main = inputs.geographies.main
    shares = tuple(option_shares(weighted, known, main, opened, inputs.policy))
    return Breakdowns(
        number=inputs.number,
        groups={name: _level_words(inputs.questionnaire, name, held) for name, held in levels.items()},
        options=_option_words(inputs.questionnaire, {share.item for share in shares}),
        figures=tuple(group_figures(weighted, known, levels, main, opened, inputs.policy)),
        shares=shares,
    )


def of_these_answers(inputs: Inputs, figure: Figure, counts: Counts) -> bool:
    """Whether a shown figure is of the answers held now: it is fresh, or stands and nothing has changed."""
    if figure.stands_from is None:
        return True
    bases = next(past for past in inputs.past if past.number == figure.stands_from)
    _signature, records = bases.figures[figure.indicator]
    held = records[figure.area]
    return (held.base, held.total) == (int(counts[BASE]), int(counts[TOTAL]))


def _cut(inputs: Inputs, held: Mapping[str, Figure], area: str) -> bool:
    """Whether a place with a figure shares part of the area: its groups and that figure could be set off."""
    return any(held[other].marker is Marker.SHOWN for other in inputs.geographies.cuts[area])


def _level_words(questionnaire: Questionnaire, name: str, levels: Sequence[str]) -> list[tuple[str, str]]:
    """Each level with the words of its option, where it is that of one option only."""
    margin = next(m for m in questionnaire.margins if m.name == name)
    options = questionnaire.item(margin.item).options if margin.item else ()
    words = {level: [o.text for o in options if o.level == level] for level in levels}
    return [(level, found[0] if len(found) == 1 else level) for level, found in words.items()]


def _option_words(questionnaire: Questionnaire, items: Collection[str]) -> dict[str, list[tuple[int, str]]]:
    return {
        item.code: [(code, words.get(code, str(code))) for code in KINDS[item.kind].codes(item)]
        for item in questionnaire.items()
        if item.code in items
        for words in ({option.code: option.text for option in item.options},)
    }


def group_figures(
    weighted: Weighted,
    locals_: Sequence[Local],
    groups: Mapping[str, Sequence[str]],
    nesting: Nesting,
    open_areas: Mapping[str, Collection[str]],
    policy: Policy,
) -> Iterator[GroupFigure]:
    """Figures of every asked indicator by area and group, where they may be shown.

    groups: name of a column of the tallies' cells -> its levels, in order. open_areas: indicator -> areas
    whose own figure is shown.
    """
    columns = {group: (*levels, NOT_STATED) for group, levels in groups.items()}
    level_of = {
        group: _positions(weighted.rolled.cells[group].astype(str).to_numpy(), held)
        for group, held in columns.items()
    }
    for local in locals_:
        frame = weighted.rolled.given.rows_of(local.column)
        opened = open_areas.get(local.code, ())
        if not local.asked or frame is None or not opened or local.indicator.made_by:
            continue  # a bespoke one comes and goes, and these are made once; a composite is a table already
        answers = frame[in_base(frame, local)]
        parts = parts_of(local, locals_, answers["code"])
        for group in groups:
            column = level_of[group][answers["cell"].to_numpy(dtype=np.intp)]
            table = _table(answers, column, columns[group], nesting, parts)
            shown = decide(
                table,
                nesting,
                opened,
                group_rules(policy),
                least=policy.breakdown_base,
                never=(NOT_STATED,),
                complementary=policy.complementary,
            )
            yield from _figures(answers, column, table, shown, local, group, weighted, policy)


def option_shares(
    weighted: Weighted,
    locals_: Sequence[Local],
    nesting: Nesting,
    open_areas: Mapping[str, Collection[str]],
    policy: Policy,
) -> Iterator[OptionShare]:
    """The share of each option of every item behind an indicator, where it may be shown."""
    done: set[str] = set()
    for local in locals_:
        frame = weighted.rolled.given.rows_of(local.column)
        if not local.asked or frame is None or local.column in done or not local.is_item:
            continue
        if local.indicator.made_by:
            continue
        done.add(local.column)
        alike = [other for other in locals_ if other.column == local.column and other.asked]
        own = [other for other in alike if not other.indicator.made_by]
        opened = {area for other in own for area in open_areas.get(other.code, ())}
        answers = frame[in_base(frame, local)]
        codes = sorted({int(code) for code in answers["code"].unique()})
        if len(codes) < FEWEST_OPTIONS or not opened:
            continue
        columns = tuple(str(code) for code in codes)
        column = np.searchsorted(codes, answers["code"].to_numpy())
        sums = _known_sums(codes, alike)
        table = _table(answers, column, columns, nesting, sums=sums)
        shown = decide(
            table,
            nesting,
            opened,
            option_rules(policy),
            least=policy.breakdown_base,
            complementary=policy.complementary,
        )
        if policy.complementary:
            means = {a for o in own if not is_proportion(o.indicator) for a in open_areas.get(o.code, ())}
            averaged = np.array([area in means for area in table.areas])
            shown = hide_beside_means(table.counts[:, :, 0], shown, sums, averaged)
        yield from _shares(answers, column, table, shown, local, weighted, policy)


def _positions(values: NDArray[np.object_], columns: Sequence[str]) -> NDArray[np.intp]:
    """Each value's column; one that is none of them counts as not stated, the last."""
    found = pd.Index(columns).get_indexer(pd.Index(values))
    return np.where(found < 0, len(columns) - 1, found).astype(np.intp)


def _known_sums(codes: Sequence[int], alike: Sequence[Local]) -> tuple[int, ...]:
    """Options with the same number are counted by the same published proportions."""
    told = [tuple(code in o.indicator.codes for o in alike if is_proportion(o.indicator)) for code in codes]
    order = {pattern: number for number, pattern in enumerate(dict.fromkeys(told))}
    return tuple(order[pattern] for pattern in told)


def _table(
    answers: pd.DataFrame,
    column: NDArray[np.intp],
    columns: tuple[str, ...],
    nesting: Nesting,
    parts: NDArray[np.int64] | None = None,
    sums: tuple[int, ...] | None = None,
) -> Breakdown:
    """Counts by area and column. parts: (answers, parts) what each answer adds to each part."""
    place = _places(answers, nesting.codes)
    n = answers["n"].to_numpy(dtype=float)
    shape = (len(nesting.codes), len(columns))

    kept = place >= 0
    flat = place[kept] * shape[1] + column[kept]

    def summed(each: NDArray[np.int64] | int) -> NDArray[np.int64]:
        total = np.bincount(flat, weights=(n * each)[kept], minlength=shape[0] * shape[1])
        return total.round().astype(np.int64).reshape(shape)

    layers = [summed(1)]
    if parts is not None:
        layers += [summed(each) for each in parts.T]
    return Breakdown(
        areas=tuple(nesting.codes),
        columns=columns,
        counts=np.stack(layers, axis=-1),
        sums=sums or (0,) * len(columns),
    )


def _figures(
    answers: pd.DataFrame,
    column: NDArray[np.intp],
    table: Breakdown,
    shown: NDArray[np.bool_],
    local: Local,
    group: str,
    weighted: Weighted,
    policy: Policy,
) -> Iterator[GroupFigure]:
    codes = local.indicator.codes if is_proportion(local.indicator) else ()
    place = _places(answers, table.areas)
    cell = place * len(table.columns) + column
    seen = shown & (table.counts[:, :, 0] > 0)
    kept = seen.reshape(-1)[cell] & (place >= 0)
    frame = answers.loc[kept, ["cell", "code", "n"]].assign(area=cell[kept])
    counted = frame[frame["code"].isin(list(codes))].groupby("area")["n"].sum().to_dict()
    found = estimate(
        frame,
        weighted.weights,
        total_n=weighted.total_n,
        statistic=local.indicator.statistic.value,
        codes=codes,
    )
    heavy = heavy_by(frame, weighted.weights)
    for row in found.to_dict("records"):
        key = int(row["area"])
        area, level = divmod(key, len(table.columns))
        figure = publishing.shown(
            table.areas[area],
            local,
            Estimated(
                n=int(table.counts[area, level, 0]),
                effective_n=float(row["effective_n"]),
                estimate=float(row["estimate"]),
                lower=float(row["lower"]),
                upper=float(row["upper"]),
                missing=0.0,
            ),
            int(counted.get(key, 0)),
            weighted.design_effect,
            policy,
            weighted.quality.of(local.code, table.areas[area], float(row["effective_n"]), float(heavy[key])),
        )
        yield GroupFigure(
            area=figure.area,
            indicator=local.code,
            group=group,
            level=table.columns[level],
            base=figure.base or 0,
            value=figure.value or 0.0,
            lower=figure.lower or 0.0,
            upper=figure.upper or 0.0,
            grade=figure.grade or "",
        )


def _shares(
    answers: pd.DataFrame,
    column: NDArray[np.intp],
    table: Breakdown,
    shown: NDArray[np.bool_],
    local: Local,
    weighted: Weighted,
    policy: Policy,
) -> Iterator[OptionShare]:
    place = _places(answers, table.areas)
    kept = place >= 0
    weight = weighted.weights[answers["cell"].to_numpy(dtype=np.intp)] * answers["n"].to_numpy(dtype=float)
    flat = np.bincount(
        place[kept] * len(table.columns) + column[kept], weights=weight[kept], minlength=shown.size
    )
    weights = flat.reshape(shown.shape)
    least = 10.0**-policy.percentage_decimals
    for area, option in zip(*np.nonzero(shown), strict=True):
        share = 100 * weights[area, option] / weights[area].sum()
        some = table.counts[area, option, 0] > 0
        yield OptionShare(
            area=table.areas[area],
            item=local.column,
            option=int(table.columns[option]),
            share=max(least, round(float(share), policy.percentage_decimals)) if some else 0.0,
        )


def _places(answers: pd.DataFrame, areas: Sequence[str]) -> NDArray[np.intp]:
    """Of each answer row, the position of its area; -1 for one that is not there."""
    names = answers["area"].cat.categories
    found: NDArray[np.intp] = pd.Index(areas).get_indexer(names)[answers["area"].cat.codes.to_numpy()]
    return found
