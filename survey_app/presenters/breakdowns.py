"""One question in one area: every option, and its figure among groups, as far as they may be shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from analysis.release import Breakdowns, Figure, GroupFigure, Marker, ReleasedIndicator
from survey_app.presenters import phrases
from survey_app.presenters.wording import Wording
from survey_app.presenters.words import Words
from survey_app.services.results import ReleaseIndex

GROUPS: dict[str, object] = {
    "age": _l("Age"),
    "sex": _l("Sex"),
    "ethnic_group": _l("Ethnic group"),
    "tenure": _l("Tenure"),
}
"""What the groups of the shipped questionnaires are called; others keep their own name."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a table. `share` (0 to 100) is how long its bar is: None where hidden, or no share."""

    words: Words | str
    value: str  # empty where it is hidden
    base: str = ""
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Page:
    area_code: str
    area: str
    title: Words
    question: Words
    value: str
    base: str
    options: tuple[Bar, ...]
    groups: tuple[Group, ...]
    made_for: int | None  # number of the release that the tables were made for


def build(index: ReleaseIndex, area: str, code: str, wording: Wording) -> Page:
    """The page of one indicator in one released area. Raises KeyError where the release has neither."""
    indicator = index.indicators[code]
    named = wording.with_unit(indicator)
    figure = index.figure(area, code)
    shown = figure if figure is not None and figure.marker is Marker.SHOWN else None
    made = index.release.breakdowns
    return Page(
        area_code=area,
        area=index.areas[area].name,
        title=wording.title(indicator),
        question=wording.question(indicator),
        value=phrases.value_and_interval(named, shown) if shown else "",
        base=phrases.base(shown.base) if shown else "",
        options=tuple(_options(index, made, area, indicator, wording)) if made else (),
        groups=tuple(_groups(index, made, area, named)) if made else (),
        made_for=made.number if made else None,
    )


def _options(
    index: ReleaseIndex, made: Breakdowns, area: str, indicator: ReleasedIndicator, wording: Wording
) -> Iterator[Bar]:
    item = indicator.item or ""
    shares = index.shares(area, item)
    for code, words in made.options.get(item, []) if shares else []:
        share = shares.get(code)
        yield Bar(
            words=wording.option(item, code, words),
            value="" if share is None else phrases.percent(share),
            share=share,
        )


def _groups(
    index: ReleaseIndex, made: Breakdowns, area: str, indicator: ReleasedIndicator
) -> Iterator[Group]:
    found = {(f.group, f.level): f for f in index.groups(area, indicator.code)}
    for name, levels in made.groups.items():
        if any((name, level) in found for level, _words in levels):
            title = str(GROUPS.get(name, name.replace("_", " ").capitalize()))
            yield Group(
                title, tuple(_bar(words, found.get((name, level)), indicator) for level, words in levels)
            )


def _bar(words: str, figure: GroupFigure | None, indicator: ReleasedIndicator) -> Bar:
    words = words[:1].upper() + words[1:].replace("_", " ")
    if figure is None:
        return Bar(words, "")
    numbers = Figure(
        area=figure.area,
        indicator=figure.indicator,
        marker=Marker.SHOWN,
        value=figure.value,
        lower=figure.lower,
        upper=figure.upper,
    )
    return Bar(
        words,
        phrases.value_and_interval(indicator, numbers),
        phrases.base(figure.base),
        figure.value if indicator.unit == "%" else None,
    )
