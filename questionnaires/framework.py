"""A wellbeing framework as frozen typed objects: headline > domain > sub-domain > indicator.

The framework is data (`frameworks/*.yaml`) and replaceable; nothing in code knows a domain's name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
class Indicator:
    """A number that tells how a sub-domain fares.

    A local indicator has `item` (an item or score); one with only a `benchmark` is national.
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
