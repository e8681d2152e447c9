"""From tallies to a release: the one call that the rest of the product makes.

No SQL goes in and nothing undisclosed comes out: the `Release` may be shown to anyone. The `bases` and
the `ManagerReport` may not: the first is kept beside the release to check later ones, the second is for
its manager.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pandas as pd

from analysis import figures as publishing
from analysis import modes, regions
from analysis.comments import PublishedComments
from analysis.compared import compared
from analysis.crosstabs import Weighted, made_once
from analysis.disclosure import Decision, Overlapping, Policy, decide
from analysis.document import document
from analysis.earlier import Bases, Earlier
from analysis.figures import Estimated
from analysis.indicators import TOTAL, Local, columns_wanted, counts, dominated, estimates, items_in
from analysis.inputs import Inputs, PublicationRefusedError, Reference, WaveFacts, prepare
from analysis.manager_report import ManagerReport, Withheld, comment_notes, report
from analysis.modelled_figures import modelled
from analysis.national import benchmark_yardstick, published
from analysis.nesting import Counts
from analysis.quality import SurveyQuality, heavy_areas, survey_quality
from analysis.raking import RakingError
from analysis.relatives import relatives
from analysis.release import (
    Figure,
    Marker,
    Release,
    Yardstick,
    carrying,
)
from analysis.released_changes import EarlierWave
from analysis.tallies import Tallies, only, roll_up
from analysis.themes import Exact
from analysis.weighting import weigh, with_margins
from analysis.weights import CellWeights
from questionnaires.framework import Framework
from questionnaires.model import Questionnaire

__all__ = [
    "Built",
    "Earlier",
    "EarlierWave",
    "ManagerReport",
    "Policy",
    "PublicationRefusedError",
    "Reference",
    "WaveFacts",
    "Withheld",
    "build_release",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    release: Release
    bases: str  # JSON, kept beside the release and never shown
    report: ManagerReport
    comment_counts: Mapping[str, Exact] = field(default_factory=dict)  # by item; kept like the bases


def build_release(
    tallies: Tallies,
    questionnaire: Questionnaire,
    framework: Framework,
    reference: Reference,
    policy: Policy,
    *,
    wave: WaveFacts,
    number: int,
    created: datetime,
    earlier: Sequence[Earlier] = (),
    of_mode: Callable[[str], Tallies] | None = None,
    comments: PublishedComments | None = None,
    former: Framework | None = None,
    earlier_wave: EarlierWave | None = None,
) -> Built:
    """Weight, estimate, score, attach the national layer, disclose, model what the framework declares.

    created: aware, UTC. earlier: every earlier release of this wave. of_mode: the tallies of those who
    answered in one way ("web"), from the same snapshot; without it ways of answering are not compared.
    comments: as analysis.comments decided for this release; they are carried as they are. former: the
    framework with bespoke indicators that earlier releases showed and this one does not: readers know them,
    so they count when it is asked what can be subtracted (codes of their own). earlier_wave: what changes are
    told since; none without it. Figures are made for every released area and every indicator that the
    framework takes from an item; national ones for released areas that have a value.

    A wave with fewer respondents than the policy's minimum base is not weighted at all: every figure is
    hidden. Raises PublicationRefusedError with every reason found: margins or areas that are not loaded,
    units that differ from the national layer's, weights that cannot be found,
    unreadable earlier bases.
    """
    inputs = prepare(
        tallies,
        questionnaire,
        framework,
        reference,
        policy,
        wave=wave,
        number=number,
        created=created,
        earlier=earlier,
        former=former,
    )
    enough = inputs.responses >= policy.minimum_base
    weighted, weights, collapsed = _weighted(inputs) if enough else (inputs.tallies, None, ())
    asked = only(weighted, columns_wanted([*inputs.locals, *inputs.former]))
    rolled = roll_up(asked, reference.areas, wave.levels, inputs.stragglers)
    by_option = _shown_by_option(inputs.earlier)
    exact = counts(rolled, inputs.locals, inputs.codes, inputs.former, by_option)
    overlapping = regions.overlapping(inputs, asked, by_option)
    decisions = _decided(inputs, exact, overlapping, rolled)
    found = estimates(rolled, inputs.locals, weights.weight, inputs.responses) if weights else {}
    quality = survey_quality(inputs, weighted, rolled, weights.weight) if weights else None
    heavy = heavy_areas(rolled, inputs.locals, weights.weight) if weights else {}
    plain = _figures(inputs, decisions, found, exact, weights, quality, heavy)
    yardsticks = {local.code: _yardstick(inputs, local, plain) for local in inputs.locals}
    renewed = _totals_renewed(inputs)
    broken_down = made_once(inputs, Weighted.of(rolled, weights, quality, inputs.responses), plain, exact)
    by_mode = modes.made_once(inputs, of_mode, plain, exact)
    told = document(inputs, plain, yardsticks, weights, renewed, broken_down, by_mode)
    made = modelled(told, framework.models, inputs.layers, {o.code: o.scale for o in inputs.locals})
    release = compared(inputs, replace(told, modelled=made.figures, models=made.models), earlier_wave)
    bases = Bases(
        number=number,
        responses=inputs.responses,
        responses_since=inputs.responses if renewed else inputs.past[-1].responses_since,
        figures={
            local.code: (local.signature, decisions[local.code].records)
            for local in inputs.locals
            if local.asked
        },
    )
    withheld = report(inputs, decisions, exact, weights, collapsed, made.notes)
    said = comments or PublishedComments()
    return Built(
        release=carrying(release, said),
        bases=bases.to_json(),
        report=replace(withheld, notes=(*withheld.notes, *comment_notes(said))),
        comment_counts=said.exact,
    )


def _decided(
    inputs: Inputs,
    exact: Mapping[str, Mapping[str, Counts]],
    overlapping: Mapping[str, Overlapping],
    rolled: Tallies,
) -> dict[str, Decision]:
    """Every asked indicator's decision. Those that are new in the wave come last, and see the others'."""
    pasts = {
        local.code: [p for b in inputs.past if (p := b.past(local.code, local.signature)) is not None]
        for local in inputs.locals
        if local.asked
    }
    known, nearly_one = relatives(inputs, rolled), dominated(rolled, inputs.locals)
    decisions: dict[str, Decision] = {}
    fresh: dict[frozenset[str], set[str]] = {}
    for local in sorted((one for one in inputs.locals if one.asked), key=lambda one: not pasts[one.code]):
        beside = fresh.setdefault(items_in(local.signature), set())
        decisions[local.code] = decide(
            inputs.geographies.main,
            exact[local.code],
            inputs.policy,
            pasts[local.code],
            inputs.number,
            [before.release.number for before in inputs.earlier if before.withdrawn],
            overlapping.get(local.code),
            known[local.code],
            beside=beside,
            dominated=nearly_one.get(local.code, ()),
        )
        beside |= decisions[local.code].fresh
    return decisions


def _shown_by_option(earlier: Iterable[Earlier]) -> frozenset[str]:
    """Items of which an earlier release shows the share of each option somewhere."""
    tables = [before.release.breakdowns for before in earlier if before.release.breakdowns is not None]
    return frozenset(share.item for table in tables for share in table.shares)


def _weighted(inputs: Inputs) -> tuple[Tallies, CellWeights, tuple[str, ...]]:
    """Tallies with every margin in their cells, the weight of each cell, and what was merged to find them."""
    tallies = with_margins(inputs.tallies, inputs)
    try:
        weights, collapsed = weigh(tallies, inputs)
    except RakingError as error:
        raise PublicationRefusedError(
            [f"The answers cannot be weighted to the population. {reason}" for reason in error.reasons]
        ) from error
    return tallies, weights, tuple(str(c) for c in collapsed)


def _figures(
    inputs: Inputs,
    decisions: Mapping[str, Decision],
    found: Mapping[str, pd.DataFrame],
    exact: Mapping[str, Mapping[str, Counts]],
    weights: CellWeights | None,
    quality: SurveyQuality | None,
    heavy: Mapping[str, Mapping[Hashable, float]],
) -> dict[str, dict[str, Figure]]:
    """Indicator -> area -> figure, rounded and not yet scored."""
    then = {
        (before.release.number, figure.area, figure.indicator): figure
        for before in inputs.earlier
        for figure in before.release.figures
    }
    figures: dict[str, dict[str, Figure]] = {}
    for local in inputs.locals:
        held: dict[str, Figure] = {}
        decision = decisions.get(local.code)
        for code in inputs.codes:
            if decision is None:
                held[code] = Figure(area=code, indicator=local.code, marker=Marker.NOT_ASKED)
            elif code in decision.stands:
                since = decision.stands[code].number
                held[code] = publishing.standing(then[since, code, local.code], since)
            elif code in decision.fresh and weights is not None and quality is not None:
                estimated = _estimated(found[local.code], code)
                held[code] = publishing.shown(
                    code,
                    local,
                    estimated,
                    int(exact[local.code][code][TOTAL]),
                    weights.design_effect,
                    inputs.policy,
                    quality.of(local.code, code, estimated.effective_n, heavy[local.code][code]),
                )
            else:
                held[code] = publishing.hidden(code, local.code)
        figures[local.code] = held
    return figures


def _estimated(table: pd.DataFrame, code: str) -> Estimated:
    row: dict[str, Any] = {str(name): value for name, value in table.loc[code].items()}
    return Estimated(
        n=int(row["n"]),
        effective_n=float(row["effective_n"]),
        estimate=float(row["estimate"]),
        lower=float(row["lower"]),
        upper=float(row["upper"]),
        missing=float(row["missing"]),
    )


def _yardstick(
    inputs: Inputs, local: Local, plain: Mapping[str, Mapping[str, Figure]]
) -> tuple[Yardstick, float] | None:
    """What the indicator is scored on, and the standard error of its mean (0 where unknown)."""
    benchmark = local.indicator.benchmark
    national = benchmark_yardstick(local.indicator, inputs.layers)
    if benchmark is not None and benchmark.comparable and national is not None and national[1].sd > 0:
        return published(national[1], national[0]), 0.0
    return publishing.survey_yardstick(
        plain[local.code].values(), inputs.reference.areas, _largest_first(inputs)
    )


def _largest_first(inputs: Inputs) -> tuple[str, ...]:
    """Published levels, those that hold others first."""
    areas = inputs.reference.areas
    depth = {
        level: min(len(inputs.geographies.above[c]) for c in inputs.codes if areas[c].level == level)
        for level in {areas[c].level for c in inputs.codes}
    }
    return tuple(sorted(depth, key=lambda level: (depth[level], level)))


def _totals_renewed(inputs: Inputs) -> bool:
    """False when too few responses have come or gone for totals, modes and margins to be printed anew."""
    if not inputs.past:
        return True
    change = abs(inputs.responses - inputs.past[-1].responses_since)
    corrects = change == 0 and inputs.earlier[-1].withdrawn
    return corrects or change >= inputs.policy.minimum_change
