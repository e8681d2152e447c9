"""A release as a document: every part that was decided, put where readers and programs find it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from analysis import figures as publishing
from analysis import provenance
from analysis.indicators import Local
from analysis.inputs import Inputs
from analysis.margins import population
from analysis.national import benchmark_yardstick, index_figures, published
from analysis.national import figures as national_figures
from analysis.release import (
    Breakdowns,
    Figure,
    Release,
    ReleasedArea,
    ReleasedIndicator,
    TreeNode,
    Yardstick,
)
from analysis.released_modes import ModesCompared
from analysis.weights import CellWeights
from questionnaires.framework import Framework, Indicator, Statistic


def document(
    inputs: Inputs,
    plain: Mapping[str, Mapping[str, Figure]],
    yardsticks: Mapping[str, tuple[Yardstick, float] | None],
    weights: CellWeights | None,
    renewed: bool,
    broken_down: Breakdowns | None,
    compared: ModesCompared | None,
) -> Release:
    """The release, scored, with the national layers beside it.

    plain: indicator -> area -> figure not yet scored. yardsticks: of each indicator, with the standard error
    of its mean. renewed: whether totals and margins are printed anew.
    """
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
    responses, by_mode, weighting = _totals(inputs, weights, renewed)
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
        modes=by_mode,
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
        modes_compared=compared,
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
        parents=inputs.geographies.above[code],
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
            made_by=indicator.made_by,
            also_under=indicator.also_under,
            sentence=indicator.sentence if indicator.made_by else "",
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
    found |= provenance.of_indicators(inputs.framework)
    found |= {f"national:{layer.id}": provenance.of_layer(layer) for layer in inputs.reference.national}
    return found | {f"release:{before.release.number}": before.release.digest for before in inputs.earlier}
