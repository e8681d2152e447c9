"""What people told who answered in different ways, in words: where it differs, and what that can mean."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from analysis.release import Figure, Marker, ReleasedIndicator
from analysis.released_modes import ModeFigure, ModeGroup, ModesCompared
from survey_app.presenters import phrases
from survey_app.presenters.breakdowns import GROUPS
from survey_app.presenters.wording import Wording
from survey_app.presenters.words import Words
from survey_app.services.results import ReleaseIndex

MODES: Mapping[str, object] = {
    "web": _l("Online"),
    "paper": _l("On paper"),
    "assisted": _l("With someone’s help"),
}
"""Ways of answering, the one that others are set against first."""

SURE = 0.05
"""Of the differences that are said to be there, this share may be chance (false discovery rate)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One way of answering. Empty: `value` where it is not shown, `differs` where there is nothing to say."""

    mode: str
    value: str
    base: str
    differs: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Question:
    title: Words
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Page:
    area: str
    differing: tuple[Question, ...]
    alike: tuple[Question, ...]
    notes: tuple[str, ...]  # how each way of answering was weighted, or why it is not compared
    made_for: int | None  # number of the release that it was made for


def roots(index: ReleaseIndex) -> frozenset[str]:
    """The areas that the comparison is of: those that no other released area holds."""
    return frozenset(code for code, area in index.areas.items() if not area.parents)


def told(index: ReleaseIndex, reach: Collection[str]) -> bool:
    """Whether there is a comparison for this reader to look at: it is of the whole survey area."""
    made = index.release.modes_compared
    return made is not None and bool(made.figures) and roots(index) <= set(reach)


def build(index: ReleaseIndex, wording: Wording) -> Page:
    """The page of one release."""
    made = index.release.modes_compared
    names = phrases.listed(phrases.said(index.areas[code].name) for code in sorted(roots(index)))
    if made is None:
        return Page(names, (), (), (), None)
    held: dict[str, dict[str, ModeFigure]] = {}
    for figure in made.figures:
        held.setdefault(figure.indicator, {})[figure.mode] = figure
    questions = [
        _question(index.indicators[code], held[code], made, wording)
        for code in index.indicators
        if code in held
    ]
    return Page(
        area=names,
        differing=tuple(q for q in questions if any(row.sure for row in q.rows)),
        alike=tuple(q for q in questions if not any(row.sure for row in q.rows)),
        notes=tuple(_notes(index, made)),
        made_for=made.number,
    )


def name(mode: str) -> str:
    """What a way of answering is called at the beginning of a line."""
    return str(MODES.get(mode, mode))


def _in_order(modes: Iterable[str]) -> list[str]:
    known = list(MODES)
    return sorted(modes, key=lambda mode: (known.index(mode) if mode in known else len(known), mode))


def _question(
    indicator: ReleasedIndicator, held: Mapping[str, ModeFigure], made: ModesCompared, wording: Wording
) -> Question:
    named = wording.with_unit(indicator)
    compared = [group.mode for group in made.modes if group.state == "compared"]
    return Question(
        title=wording.title(indicator),
        rows=tuple(_row(named, mode, held.get(mode), made.against) for mode in _in_order({*compared, *held})),
    )


def _row(indicator: ReleasedIndicator, mode: str, figure: ModeFigure | None, against: str) -> Row:
    if figure is None:
        return Row(name(mode), "", "", "", False)
    sure = figure.q is not None and figure.q < SURE
    numbers = Figure(
        area="",
        indicator=figure.indicator,
        marker=Marker.SHOWN,
        value=figure.value,
        lower=figure.lower,
        upper=figure.upper,
    )
    return Row(
        name(mode),
        phrases.value_and_interval(indicator, numbers),
        phrases.base(figure.base),
        _difference(indicator, figure, sure) if mode != against else "",
        sure,
    )


def _difference(indicator: ReleasedIndicator, figure: ModeFigure, sure: bool) -> str:
    if figure.difference is None or figure.difference_lower is None or figure.difference_upper is None:
        return _("Cannot be compared")
    if not sure:
        return _("No clear difference")
    if figure.difference == 0:
        return _("Slightly different")
    number = phrases.whole if indicator.unit == "%" else phrases.decimal
    way = 1 if figure.difference > 0 else -1
    lower, upper = sorted(way * end + 0.0 for end in (figure.difference_lower, figure.difference_upper))
    return _SENTENCES[indicator.unit == "%", way](
        {"by": number(abs(figure.difference)), "lower": number(lower), "upper": number(upper)}
    )


_SENTENCES: Mapping[tuple[bool, int], Callable[[Mapping[str, str]], str]] = {
    (True, 1): lambda numbers: _("Higher by %(by)s points (%(lower)s to %(upper)s)", **numbers),
    (True, -1): lambda numbers: _("Lower by %(by)s points (%(lower)s to %(upper)s)", **numbers),
    (False, 1): lambda numbers: _("Higher by %(by)s (%(lower)s to %(upper)s)", **numbers),
    (False, -1): lambda numbers: _("Lower by %(by)s (%(lower)s to %(upper)s)", **numbers),
}


def _notes(index: ReleaseIndex, made: ModesCompared) -> Iterator[str]:
    groups = {group.mode: group for group in made.modes}
    for mode in _in_order(groups):
        for words in _STATES[groups[mode].state](index, made, groups[mode]):
            yield _("%(mode)s: %(words)s", mode=name(mode), words=words)


def _few(index: ReleaseIndex, made: ModesCompared, group: ModeGroup) -> Iterator[str]:
    yield _("fewer than %(count)s people answered so, too few to compare.", count=phrases.whole(made.minimum))


def _unweighted(index: ReleaseIndex, made: ModesCompared, group: ModeGroup) -> Iterator[str]:
    yield _("these people could not be weighted to match who lives here, so they are not compared.")


def _compared(index: ReleaseIndex, made: ModesCompared, group: ModeGroup) -> Iterator[str]:
    if group.merged:
        yield _(
            "these groups were weighted as one, because few people of one of them answered so: %(groups)s.",
            groups="; ".join(
                f"{_margin(margin)}: {_listed(_level(index, margin, level) for level in levels)}"
                for margin, levels in group.merged
            ),
        )
    if group.dropped:
        yield _(
            "not weighted by: %(groups)s. Nearly all who answered so are in one group, or did not say.",
            groups=_listed(_margin(margin) for margin in group.dropped),
        )
    if group.off:
        yield _(
            "after weighting, the share of a group of people is still up to %(points)s points away from the "
            "population’s.",
            points=phrases.whole(group.off),
        )


_STATES: Mapping[str, Callable[[ReleaseIndex, ModesCompared, ModeGroup], Iterator[str]]] = {
    "compared": _compared,
    "few": _few,
    "unweighted": _unweighted,
}


def _listed(names: Iterable[str]) -> str:
    """Names in a sentence that is yet to be escaped."""
    return phrases.listed(names).unescape()


def _margin(margin: str) -> str:
    if margin in phrases.LEVELS:
        return phrases.level(margin)
    return str(GROUPS.get(margin, margin.replace("_", " ").capitalize()))


def _level(index: ReleaseIndex, margin: str, level: str) -> str:
    """The words of a level: of its option, or the name of an area, else as it is written."""
    if level in index.areas:
        return index.areas[level].name
    made = index.release.breakdowns
    words = dict(made.groups.get(margin, [])) if made is not None else {}
    return words.get(level, level).replace("_", " ")
