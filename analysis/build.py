"""From tallies to a release: the one call that the rest of the product makes.

No SQL goes in and nothing undisclosed comes out: the `Release` may be shown to anyone. The `bases` and
the `ManagerReport` may not: the first is kept beside the release to check later ones, the second is for
its manager.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import pandas as pd

from analysis import figures as publishing
from analysis import provenance
from analysis.crosstabs import Weighted, made_once
from analysis.disclosure import Decision, Policy, decide
from analysis.earlier import Bases, Earlier
from analysis.figures import Estimated
from analysis.indicators import TOTAL, Local, counts, estimates
from analysis.inputs import Inputs, PublicationRefusedError, Reference, WaveFacts, prepare
from analysis.manager_report import ManagerReport, Withheld, report
from analysis.margins import population
from analysis.modelled_figures import modelled
from analysis.national import benchmark_yardstick, index_figures, published
from analysis.national import figures as national_figures
from analysis.nesting import Counts
from analysis.quality import SurveyQuality, heavy_areas, in_survey, mode_gaps, unmet_margins, years_since
from analysis.raking import RakingError, collapse
from analysis.release import (
    Breakdowns,
    Figure,
    Marker,
    Release,
    ReleasedArea,
    ReleasedIndicator,
    TreeNode,
    Yardstick,
)
from analysis.tallies import Tallies, cell_counts, only, roll_up, with_area_margin
from analysis.weights import CellWeights, cell_weights
from questionnaires.framework import Framework, Indicator, Statistic
from questionnaires.model import Questionnaire

__all__ = [
    "Built",
    "Earlier",
    "ManagerReport",
    "Policy",
    "PublicationRefusedError",
    "Reference",
    "WaveFacts",
    "Withheld",
    "build_release",
]

SPARSE = 10
"""A level of a margin with fewer respondents than this is weighted together with a neighbour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    release: Release
    bases: str  # JSON, kept beside the release and never shown
    report: ManagerReport


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
) -> Built:
    """Weight, estimate, score, attach the national layer, disclose, model what the framework declares.

    created: aware, UTC. earlier: every earlier release of this wave. Figures are made for every released
    area and every indicator that the framework takes from an item; national ones for released areas that
    have a value.

    A wave with fewer respondents than the policy's minimum base is not weighted at all: every figure is
    hidden. Raises PublicationRefusedError with every reason found: margins or areas that are not loaded,
    overlapping levels, units that differ from the national layer's, weights that cannot be found,
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
    )
    enough = inputs.responses >= policy.minimum_base
    weighted, weights, collapsed = _weighted(inputs) if enough else (inputs.tallies, None, ())
    wanted = {local.column for local in inputs.locals if local.asked}
    rolled = roll_up(only(weighted, wanted), reference.areas, wave.levels, inputs.stragglers)
    exact = counts(rolled, inputs.locals, inputs.nesting.codes)
    decisions = {
        local.code: decide(
            inputs.nesting,
            exact[local.code],
            policy,
            [p for p in (bases.past(local.code, local.signature) for bases in inputs.past) if p is not None],
            number,
            [before.release.number for before in earlier if before.withdrawn],
        )
        for local in inputs.locals
        if local.asked
    }
    found = estimates(rolled, inputs.locals, weights.weight, inputs.responses) if weights else {}
    quality = _quality(inputs, weighted, rolled, weights) if weights else None
    heavy = heavy_areas(rolled, inputs.locals, weights.weight) if weights else {}
    plain = _figures(inputs, decisions, found, exact, weights, quality, heavy)
    yardsticks = {local.code: _yardstick(inputs, local, plain) for local in inputs.locals}
    renewed = _totals_renewed(inputs)
    broken_down = made_once(inputs, Weighted.of(rolled, weights, quality, inputs.responses), plain, exact)
    release = _release(inputs, plain, yardsticks, weights, renewed, broken_down)
    made = modelled(release, framework.models, inputs.layers, {o.code: o.scale for o in inputs.locals})
    release = replace(release, modelled=made.figures, models=made.models)
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
    return Built(
        release=release,
        bases=bases.to_json(),
        report=report(inputs, decisions, exact, weights, collapsed, made.notes),
    )


def _weighted(inputs: Inputs) -> tuple[Tallies, CellWeights, tuple[str, ...]]:
    """Tallies with every margin in their cells, the weight of each cell, and what was merged to find them."""
    tallies = inputs.tallies
    areas = inputs.reference.areas
    smallest = [str(code) for code in tallies.respondents["area"].unique()]
    for margin in inputs.questionnaire.margins:
        if margin.area_level is not None:
            placed = {code: areas.placed_at(code, (margin.area_level,)) for code in smallest}
            tallies = with_area_margin(tallies, margin.name, {c: p[0] for c, p in placed.items() if p})
    cells = tallies.cells.assign(**{name: "" for name in inputs.targets if name not in tallies.cells})
    respondents = cell_counts(tallies)
    cells, wanted, collapsed = collapse(cells, inputs.targets, respondents, SPARSE)
    try:
        weights = cell_weights(respondents, cells, wanted)
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


def _quality(inputs: Inputs, weighted: Tallies, rolled: Tallies, weights: CellWeights) -> SurveyQuality:
    return SurveyQuality(
        indicators=in_survey(weighted, inputs.locals, weights.weight, inputs.responses),
        unmet_margins=unmet_margins(weighted, inputs.targets),
        age=years_since(inputs.wave.closed, inputs.created),
        mode_gaps=mode_gaps(rolled, inputs.modes),
    )


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
        level: min(len(inputs.nesting.above[c]) for c in inputs.codes if areas[c].level == level)
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


def _release(
    inputs: Inputs,
    plain: Mapping[str, Mapping[str, Figure]],
    yardsticks: Mapping[str, tuple[Yardstick, float] | None],
    weights: CellWeights | None,
    renewed: bool,
    broken_down: Breakdowns | None,
) -> Release:
    by_code = {local.code: local for local in inputs.locals}
    scored: list[Figure] = []
    for code, held in plain.items():
        yardstick = yardsticks[code]
        for figure in held.values():
            if yardstick is not None:
                figure = publishing.scored(
                    figure, by_code[code], inputs.framework, *yardstick, policy=inputs.policy
                )
            scored.append(figure)
    responses, modes, weighting = _totals(inputs, weights, renewed)
    wave, questionnaire, framework = inputs.wave, inputs.questionnaire, inputs.framework
    return Release(
        wave=wave.slug,
        wave_title=wave.title,
        number=inputs.number,
        created=inputs.created.isoformat(),
        opened=wave.opened,
        closed=wave.closed,
        questionnaire=questionnaire.id,
        questionnaire_version=questionnaire.version,
        framework=framework.id,
        framework_version=framework.version,
        k=framework.k,
        bands=framework.bands,
        responses=responses,
        modes=modes,
        areas=tuple(_released_area(inputs, code) for code in inputs.codes),
        tree=tuple(_tree(framework)),
        indicators=tuple(_indicators(inputs, by_code, yardsticks)),
        figures=tuple(scored),
        national=national_figures(framework, inputs.layers, inputs.codes),
        policy=inputs.policy.as_dict(),
        weighting=weighting,
        provenance=_provenance(inputs),
        sources=_sources(inputs),
        breakdowns=broken_down,
        index=index_figures(framework, inputs.layers, inputs.codes),
    )


def _totals(
    inputs: Inputs, weights: CellWeights | None, renewed: bool
) -> tuple[int, dict[str, int], tuple[dict[str, Any], ...]]:
    """Responses, responses by mode, and margin rows, as printed: anew, or as the last release gave them."""
    if not renewed:
        last = inputs.earlier[-1].release
        if inputs.earlier[-1].withdrawn:  # readers know the number; the shares may be why it was withdrawn
            return last.responses, {}, ()
        return last.responses, last.modes, last.weighting
    policy = inputs.policy
    rows = [asdict(row) for row in weights.report] if weights else []
    return (
        policy.rounded_base(inputs.responses),
        {mode: policy.rounded_base(n) for mode, n in inputs.modes.items() if n >= policy.minimum_base},
        publishing.rounded_weighting(rows, policy),
    )


def _released_area(inputs: Inputs, code: str) -> ReleasedArea:
    area = inputs.reference.areas[code]
    people = population(inputs.questionnaire, inputs.reference.margins, inputs.reference.areas, code)
    return ReleasedArea(
        code=code,
        name=area.name,
        level=area.level,
        parents=inputs.nesting.above[code],
        population=None if people is None else round(people),
    )


def _tree(framework: Framework) -> Iterable[TreeNode]:
    for headline in framework.headlines:
        yield TreeNode(code=headline.code, title=headline.title, kind="headline", parent=None)
        for domain in headline.domains:
            yield TreeNode(code=domain.code, title=domain.title, kind="domain", parent=headline.code)
            for subdomain in domain.subdomains:
                yield TreeNode(
                    code=subdomain.code, title=subdomain.title, kind="subdomain", parent=domain.code
                )


def _indicators(
    inputs: Inputs,
    by_code: Mapping[str, Local],
    yardsticks: Mapping[str, tuple[Yardstick, float] | None],
) -> Iterable[ReleasedIndicator]:
    for headline, domain, subdomain, indicator in inputs.framework.indicators():
        local = by_code.get(indicator.code)
        held = yardsticks[indicator.code] if local else None
        benchmark = indicator.benchmark
        national = benchmark_yardstick(indicator, inputs.layers)
        yield ReleasedIndicator(
            code=indicator.code,
            title=indicator.title,
            headline=headline.code,
            domain=domain.code,
            subdomain=subdomain.code,
            polarity=indicator.polarity,
            statistic=indicator.statistic.value,
            unit=indicator.unit or _default_unit(indicator),
            item=indicator.item,
            question=local.question if local else "",
            yardstick=held[0] if held else published(national[1], national[0]) if national else None,
            national_layer=national[0].id if national else "",
            comparable=benchmark.comparable if benchmark else True,
            note=benchmark.note if benchmark else "",
        )


def _sources(inputs: Inputs) -> dict[str, str]:
    """Who published each layer that the framework sets figures beside, as far as it is known."""
    named = {i.benchmark.layer for _, _, _, i in inputs.framework.indicators() if i.benchmark}
    named |= {score.layer for _, score in inputs.framework.index_scores()}
    named |= {each.layer for model in inputs.framework.models for each in model.covariates}
    return {id: layer.source for id, layer in inputs.layers.items() if id in named and layer.source}


def _default_unit(indicator: Indicator) -> str:
    return "%" if indicator.item and indicator.statistic is Statistic.PROPORTION else ""


def _provenance(inputs: Inputs) -> dict[str, str]:
    found = {
        "questionnaire": provenance.of_questionnaire(inputs.questionnaire),
        "framework": provenance.of_framework(inputs.framework),
        "areas": provenance.of_areas(inputs.reference.areas),
        "margins": provenance.of_margins(inputs.reference.margins),
        "policy": provenance.of_value(inputs.policy.as_dict()),
        "snapshot": inputs.wave.snapshot,
        "code": provenance.code_version(),
    }
    found |= {f"national:{layer.id}": provenance.of_layer(layer) for layer in inputs.reference.national}
    return found | {f"release:{before.release.number}": before.release.digest for before in inputs.earlier}
