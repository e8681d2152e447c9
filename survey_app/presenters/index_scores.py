"""Scores of national indices beside parts of the framework: as published, on the index's own scale."""

from __future__ import annotations

from dataclasses import dataclass

from survey_app.presenters import phrases
from survey_app.services.results import ReleaseIndex


@dataclass(frozen=True, slots=True)
class IndexScore:
    """What a national index says of a part of the framework, on its own scale, and of which place."""

    index: str
    title: str
    value: str
    scale: str
    period: str
    place: str
    inherited: bool
    source: str


def of_part(index: ReleaseIndex, area: str, node: str) -> tuple[IndexScore, ...]:
    """The scores beside a headline, domain or sub-domain ("" for the whole), the area's own or inherited."""
    return tuple(
        IndexScore(
            index=one.index,
            title=one.title,
            value=phrases.as_published(one.value),
            scale=one.scale,
            period=one.period,
            place=index.areas[one.area].name,
            inherited=one.area != area,
            source=index.release.sources.get(one.layer, one.layer),
        )
        for one in index.index_scores(area, node)
    )


def sources(index: ReleaseIndex, area: str) -> tuple[tuple[str, str], ...]:
    """(who published them, period) of all the scores that the area's page shows, each once."""
    shown = (
        one for node in ("", *(n.code for n in index.release.tree)) for one in of_part(index, area, node)
    )
    return tuple(dict.fromkeys((one.source, one.period) for one in shown))
