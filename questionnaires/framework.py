"""A wellbeing framework as frozen typed objects: headline > domain > sub-domain > indicator.

The framework is data (`frameworks/*.yaml`) and replaceable; nothing in code knows a domain's name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum


class Statistic(StrEnum):
    MEAN = "mean"
    PROPORTION = "proportion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """The national figure an indicator is set beside and scored on: a column of a national layer."""

    layer: str  # id of a national layer, as given to `survey-app national import`
    indicator: str  # the indicator's name in that layer
    comparable: bool = True  # False when mode or wording differ: shown, not scored on
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing that holds for a person, or does not: an answer to `item` that is among `codes`."""

    item: str  # an item, or `<item>__<code>` for an option of a multiple choice
    codes: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Composite:
    """People for whom at least so many of the parts hold. Told within each person: see docs/indicators.md."""

    parts: tuple[Part, ...]
    at_least: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A number that tells how a sub-domain fares.

    A local indicator has `item` (an item or score, or the column of its `composite`); one with only a
    `benchmark` is national. A bespoke one says who made it, and where else than in its first sub-domain it
    is shown.
    """

    code: str
    title: str
    polarity: int  # +1 higher is better, -1 lower is better
    item: str | None = None
    statistic: Statistic = Statistic.MEAN
    codes: tuple[int, ...] = ()  # PROPORTION: the codes that count
    unit: str = ""  # "%", "out of 10", "years"
    benchmark: Benchmark | None = None
    sentence: str = ""  # "feel {value} about ..."; words for the scorecard
    composite: Composite | None = None
    made_by: str = ""  # "" for one of the framework's own
    also_under: tuple[str, ...] = ()  # codes of more sub-domains
    digest: str = ""  # of its definition, when it is bespoke


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexLayer:
    """A national layer that is an index with scores of its own, and how readers are told of it."""

    id: str  # as given to `survey-app national import`
    title: str  # "ONS Health Index"
    scale: str = ""  # "100 = England 2015"
    period: str = ""  # the one to take; the newest held when not said


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexScore:
    """An index's own score, set beside a part of the framework as published: never scored again."""

    layer: str  # id of an IndexLayer of the framework
    indicator: str  # the score's name in that layer
    title: str = ""  # what the index calls it; its name in the layer when not said


@dataclass(frozen=True, slots=True, kw_only=True)
class Covariate:
    """What is known of every area besides the answers: a column of a national layer."""

    layer: str  # as given to `survey-app national import`
    indicator: str  # its name in that layer
    title: str = ""  # what readers are told it is; its name in the layer when not said


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaModel:
    """That indicators are modelled for the areas of a level, and with which covariates."""

    level: str
    indicators: tuple[str, ...] = ()  # codes; every indicator that is asked when none is named
    covariates: tuple[Covariate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SubDomain:
    code: str
    title: str
    indicators: tuple[Indicator, ...] = ()
    index: tuple[IndexScore, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    code: str
    title: str
    subdomains: tuple[SubDomain, ...]
    index: tuple[IndexScore, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    code: str
    title: str
    domains: tuple[Domain, ...]
    index: tuple[IndexScore, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    id: str
    version: str
    title: str
    headlines: tuple[Headline, ...]
    k: float = 2.0  # points of the 0-10 scale per standard deviation
    bands: tuple[float, ...] = (3.5, 4.5, 5.5, 6.5)
    source: str = ""
    digest: str = ""
    layers: tuple[IndexLayer, ...] = ()
    index: tuple[IndexScore, ...] = ()  # of the whole: an overall score
    models: tuple[AreaModel, ...] = ()

    @property
    def periods(self) -> dict[str, str]:
        """The period to take of a layer, by its id, where the framework names one."""
        return {layer.id: layer.period for layer in self.layers if layer.period}

    def subdomains(self) -> Iterator[tuple[Headline, Domain, SubDomain]]:
        for headline in self.headlines:
            for domain in headline.domains:
                for subdomain in domain.subdomains:
                    yield headline, domain, subdomain

    def indicators(self) -> Iterator[tuple[Headline, Domain, SubDomain, Indicator]]:
        for headline, domain, subdomain in self.subdomains():
            for indicator in subdomain.indicators:
                yield headline, domain, subdomain, indicator

    def with_indicators(self, additions: Collection[tuple[tuple[str, ...], Indicator]]) -> Framework:
        """The framework with more indicators, each with the codes of the sub-domains it is shown under.

        Each stands in the first of its sub-domains that the framework has, and names the rest: it is one
        figure, however often it is shown. One without any, or with a code that is taken, is left out. The
        digest stays that of the framework's file.
        """
        known = {subdomain.code for _, _, subdomain in self.subdomains()}
        taken = {indicator.code for _, _, _, indicator in self.indicators()}
        more: dict[str, list[Indicator]] = {}
        for under, indicator in additions:
            places = [code for code in dict.fromkeys(under) if code in known]
            if places and indicator.code not in taken:
                taken.add(indicator.code)
                added = replace(indicator, also_under=tuple(places[1:]))
                more.setdefault(places[0], []).append(added)
        if not more:
            return self
        headlines = tuple(
            replace(
                headline,
                domains=tuple(
                    replace(
                        domain,
                        subdomains=tuple(
                            replace(each, indicators=(*each.indicators, *more.get(each.code, ())))
                            for each in domain.subdomains
                        ),
                    )
                    for domain in headline.domains
                ),
            )
            for headline in self.headlines
        )
        return replace(self, headlines=headlines)

    def index_scores(self) -> Iterator[tuple[str, IndexScore]]:
        """(code of the headline, domain or sub-domain, score) from the widest down; "" for the whole."""
        for score in self.index:
            yield "", score
        for headline in self.headlines:
            for score in headline.index:
                yield headline.code, score
            for domain in headline.domains:
                for score in domain.index:
                    yield domain.code, score
                for subdomain in domain.subdomains:
                    for score in subdomain.index:
                        yield subdomain.code, score
