"""What of a framework is told of by national figures, by a survey, by both or by neither."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from questionnaires.framework import Framework, Indicator, SubDomain
from questionnaires.kinds import KINDS
from questionnaires.model import Questionnaire


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """One sub-domain: codes of its local indicators that are asked, and the national names held for it."""

    headline: str
    domain: str
    subdomain: str
    title: str
    local: tuple[str, ...]
    national: tuple[str, ...]

    @property
    def state(self) -> str:
        """ "both", "national", "local" (only the survey fills it) or "neither"."""
        if self.local:
            return "both" if self.national else "local"
        return "national" if self.national else "neither"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A name that the framework takes from a national layer, and that the layer does not hold."""

    layer: str
    indicator: str
    used_by: str  # code of the indicator, part of the framework or "models.<level>"; "" for the whole


Held = Mapping[str, Collection[str]]
"""Names held, by national layer."""


def coverage(framework: Framework, held: Held, asked: Collection[str] | None = None) -> tuple[Covered, ...]:
    """Every sub-domain, in the framework's order; a bespoke indicator counts wherever it is shown.

    asked: codes of the items and scores that a questionnaire has; every local indicator counts as asked
    without. An index's own score of a sub-domain is a national figure of it; one of its domain is not.
    """
    elsewhere: dict[str, list[Indicator]] = {}
    for _, _, _, each in framework.indicators():
        for code in each.also_under:
            elsewhere.setdefault(code, []).append(each)
    return tuple(
        Covered(
            headline=headline.code,
            domain=domain.code,
            subdomain=subdomain.code,
            title=subdomain.title,
            local=tuple(
                each.code
                for each in (*subdomain.indicators, *elsewhere.get(subdomain.code, ()))
                if each.item is not None and (asked is None or _is_asked(each, asked))
            ),
            national=tuple(
                f"{layer}: {name}" for layer, name in _named(subdomain) if name in held.get(layer, ())
            ),
        )
        for headline, domain, subdomain in framework.subdomains()
    )


def _is_asked(indicator: Indicator, asked: Collection[str]) -> bool:
    if indicator.composite is not None:
        return all(part.item in asked for part in indicator.composite.parts)
    return indicator.item in asked


def missing(framework: Framework, held: Held) -> tuple[Missing, ...]:
    """Names that the framework expects of its layers and that are not held: misspelt, or not imported."""
    wanted = [
        (each.benchmark.layer, each.benchmark.indicator, each.code)
        for _, _, _, each in framework.indicators()
        if each.benchmark is not None
    ]
    wanted += [(score.layer, score.indicator, code) for code, score in framework.index_scores()]
    wanted += [
        (each.layer, each.indicator, f"models.{model.level}")
        for model in framework.models
        for each in model.covariates
    ]
    return tuple(
        Missing(layer=layer, indicator=name, used_by=code)
        for layer, name, code in wanted
        if name not in held.get(layer, ())
    )


def asked(questionnaire: Questionnaire) -> frozenset[str]:
    """Codes that an indicator can name as its item: items, options of multiple choices, scores."""
    codes = {score.code for score in questionnaire.scores}
    for item in questionnaire.items():
        codes.add(item.code)
        if item.kind in KINDS:
            codes.update(KINDS[item.kind].columns(item))
    return frozenset(codes)


def _named(subdomain: SubDomain) -> list[tuple[str, str]]:
    benchmarks = [each.benchmark for each in subdomain.indicators if each.benchmark is not None]
    names = [(each.layer, each.indicator) for each in benchmarks]
    return names + [(each.layer, each.indicator) for each in subdomain.index]
