"""The list of places: wider areas first, then neighbourhoods under their district, by name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import gettext as _

from analysis.release import ReleasedArea
from survey_app.presenters import band, phrases
from survey_app.presenters.scorecard import group_of
from survey_app.services.results import ReleaseIndex

MOST_LISTED = 200  # more places than this are listed one district at a time


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place in a list, with how many indicators stand where. Never sorted by these."""

    code: str
    name: str
    level: str
    base: str
    better: int
    worse: int
    few: int


@dataclass(frozen=True, slots=True)
class PlaceGroup:
    """Places under the wider area they are looked for by. `rows` is empty when there are too many to list."""

    code: str
    name: str
    count: int
    rows: tuple[PlaceRow, ...]


@dataclass(frozen=True, slots=True)
class LevelChoice:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class PlacesPage:
    wider: tuple[PlaceRow, ...]
    levels: tuple[LevelChoice, ...]
    level: str
    within: str
    groups: tuple[PlaceGroup, ...]
    found: int
    responses: str
    modes: tuple[str, ...]
    period: str


MODES = {
    "web": lambda count: _("%(count)s online", count=count),
    "paper": lambda count: _("%(count)s on paper", count=count),
    "assisted": lambda count: _("%(count)s with someone’s help", count=count),
}


def build(
    index: ReleaseIndex, reach: Collection[str], *, found: Collection[str], level: str = "", within: str = ""
) -> PlacesPage:
    """The list of one level, and of every wider area. `found` are the codes a search by name left in.

    An unknown level or container falls back on the level with most places that still fit a page.
    """
    levels = neighbourhood_levels(index, reach)
    chosen = level if level in levels else default_level(index, reach)
    places = [a for a in index.at_level(chosen) if a.code in reach and a.code in found]
    if within in index.areas:
        places = [a for a in places if within in a.parents]
    grouped: dict[str, list[ReleasedArea]] = {}
    for area in places:
        group = group_of(index, area, reach)
        grouped.setdefault(group.code if group else "", []).append(area)
    summarised = len(places) > MOST_LISTED
    groups = [
        PlaceGroup(
            code,
            index.areas[code].name if code else phrases.level(chosen, many=True),
            len(members),
            () if summarised else tuple(row(index, area) for area in members),
        )
        for code, members in grouped.items()
    ]
    release = index.release
    return PlacesPage(
        wider=tuple(
            row(index, area)
            for name in index.levels()
            if name not in levels
            for area in index.at_level(name)
            if area.code in reach
        ),
        levels=tuple(LevelChoice(code, phrases.level(code, many=True)) for code in levels),
        level=chosen,
        within=within if within in index.areas else "",
        groups=tuple(sorted(groups, key=lambda group: group.name)),
        found=len(places),
        responses=phrases.whole(release.responses),
        modes=tuple(
            MODES[mode](phrases.whole(count)) if mode in MODES else f"{mode}: {phrases.whole(count)}"
            for mode, count in sorted(release.modes.items())
        ),
        period=phrases.period(release.opened, release.closed),
    )


def row(index: ReleaseIndex, area: ReleasedArea) -> PlaceRow:
    """How many of an area's indicators stand where."""
    standings = [band.of_figure(index.figure(area.code, code)) for code in index.indicators]
    return PlaceRow(
        code=area.code,
        name=area.name,
        level=phrases.level(area.level),
        base=phrases.base(index.base(area.code)),
        better=sum(1 for s in standings if s.css in band.BETTER),
        worse=sum(1 for s in standings if s.css in band.WORSE),
        few=sum(1 for s in standings if s is band.HIDDEN),
    )


def neighbourhood_levels(index: ReleaseIndex, reach: Collection[str]) -> list[str]:
    """Levels below the one places are grouped by; every level when there is nothing below it."""
    levels = [level for level in index.levels() if any(a.code in reach for a in index.at_level(level))]
    if "lad" in levels and levels[-1] != "lad":
        return levels[levels.index("lad") + 1 :]
    return levels[-1:]


def default_level(index: ReleaseIndex, reach: Collection[str]) -> str:
    """The level with most places that still fit a page; the widest of those there are, if none fits."""
    counts = {
        level: sum(1 for area in index.at_level(level) if area.code in reach)
        for level in neighbourhood_levels(index, reach)
    }
    fitting = {level: count for level, count in counts.items() if count <= MOST_LISTED}
    return max(fitting, key=lambda level: fitting[level]) if fitting else min(counts, key=lambda c: counts[c])
