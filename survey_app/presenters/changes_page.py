"""The page of what moved where since the wave before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from analysis.comparisons import ChangeFigure, Changes, Uncompared
from analysis.release import ReleasedIndicator
from survey_app.presenters import changed, phrases, place_list
from survey_app.presenters.place_list import LevelChoice
from survey_app.presenters.wording import Wording
from survey_app.presenters.words import Words
from survey_app.services.results import ReleaseIndex

BY_CHANCE = 0.05  # of tests of nothing, each taken by itself, that seem to find something

REASONS: dict[Uncompared, object] = {
    Uncompared.NOT_HELD: _l("what was asked then is no longer known"),
    Uncompared.NOT_ASKED: _l("not asked then"),
    Uncompared.COUNTED: _l("worked out in another way then"),
    Uncompared.WORDED: _l("the words, their order or who was asked differ"),
    Uncompared.ANOTHER: _l("asked as another question then"),
}


@dataclass(frozen=True, slots=True)
class Moved:
    """One place where an indicator moved. better: "Better" or "Worse"."""

    area: str
    name: str
    before: str
    now: str
    change: str
    better: str


@dataclass(frozen=True, slots=True)
class MovedIndicator:
    title: Words
    rows: tuple[Moved, ...]  # by name of the place


@dataclass(frozen=True, slots=True)
class ChangesPage:
    since: str
    release: int  # of the earlier wave
    wave_title: str
    level: str
    level_name: str
    levels: tuple[LevelChoice, ...]
    compared: int  # figures, of the places in reach
    moved: int
    chance: str  # how many would seem to have moved by chance, each tested by itself
    indicators: tuple[MovedIndicator, ...]
    uncompared: tuple[tuple[Words, object], ...]  # title, why


def build(
    index: ReleaseIndex,
    changes: Changes,
    reach: Collection[str],
    *,
    level: str = "",
    wording: Wording | None = None,
) -> ChangesPage:
    """What moved in the places in reach of one level; an unknown one falls back on the level of places."""
    wording = wording or Wording()
    held: dict[str, list[ChangeFigure]] = {}
    for figure in changes.figures:
        if figure.area in reach and figure.area in index.areas:
            held.setdefault(index.areas[figure.area].level, []).append(figure)
    levels = [code for code in index.levels() if code in held]
    chosen = level if level in levels else _usual(index, reach, levels)
    figures = held.get(chosen, [])
    moved: dict[str, list[ChangeFigure]] = {}
    for figure in figures:
        if figure.moved:
            moved.setdefault(figure.indicator, []).append(figure)
    return ChangesPage(
        since=changed.when(changes),
        release=changes.number,
        wave_title=changes.wave_title,
        level=chosen,
        level_name=phrases.level(chosen, many=True) if chosen else "",
        levels=tuple(LevelChoice(code, _counted(code, held[code])) for code in levels),
        compared=len(figures),
        moved=sum(len(found) for found in moved.values()),
        chance=phrases.whole(BY_CHANCE * len(figures)),
        indicators=tuple(
            MovedIndicator(wording.title(one), _rows(index, wording.with_unit(one), moved[one.code]))
            for one in index.release.indicators
            if one.code in moved
        ),
        uncompared=tuple(
            (wording.title(one), REASONS[Uncompared(changes.uncompared[one.code])])
            for one in index.release.indicators
            if one.code in changes.uncompared
        ),
    )


def _counted(level: str, figures: list[ChangeFigure]) -> str:
    """A level with how much moved there, so that nobody has to look at each."""
    return _(
        "%(level)s: %(moved)s of %(compared)s changed",
        level=phrases.level(level, many=True),
        moved=phrases.whole(sum(figure.moved for figure in figures)),
        compared=phrases.whole(len(figures)),
    )


def _usual(index: ReleaseIndex, reach: Collection[str], levels: list[str]) -> str:
    usual = place_list.default_level(index, reach)
    return usual if usual in levels else next(iter(levels), "")


def _rows(
    index: ReleaseIndex, indicator: ReleasedIndicator, figures: list[ChangeFigure]
) -> tuple[Moved, ...]:
    return tuple(
        sorted((_moved(index, indicator, one) for one in figures), key=lambda row: (row.name, row.area))
    )


def _moved(index: ReleaseIndex, indicator: ReleasedIndicator, figure: ChangeFigure) -> Moved:
    shown = index.figure(figure.area, figure.indicator)
    value = shown.value if shown is not None else None
    if value is None:
        raise ValueError(
            f"{figure.indicator} in {figure.area} changed without being shown: a damaged release"
        )
    return Moved(
        area=figure.area,
        name=index.areas[figure.area].name,
        before=phrases.measured(indicator, value - figure.difference),
        now=phrases.measured(indicator, value),
        change=changed.amount(indicator, figure),
        better=_("Better") if figure.difference * indicator.polarity > 0 else _("Worse"),
    )
