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
class SubDomain:
    code: str
    title: str
    indicators: tuple[Indicator, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    code: str
    title: str
    subdomains: tuple[SubDomain, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    code: str
    title: str
    domains: tuple[Domain, ...]


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

    def subdomains(self) -> Iterator[tuple[Headline, Domain, SubDomain]]:
        for headline in self.headlines:
            for domain in headline.domains:
                for subdomain in domain.subdomains:
                    yield headline, domain, subdomain

    def indicators(self) -> Iterator[tuple[Headline, Domain, SubDomain, Indicator]]:
        for headline, domain, subdomain in self.subdomains():
            for indicator in subdomain.indicators:
                yield headline, domain, subdomain, indicator
