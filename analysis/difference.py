"""What moved between two releases of one wave, and why: from the published documents alone.

Nothing here is not public already: both releases are. So the result may be shown to whoever may read both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from analysis.release import Figure, Marker, Release, ReleasedIndicator

INPUTS: dict[str, str] = {
    "snapshot": "the answers counted",
    "questionnaire": "the questionnaire",
    "framework": "the framework",
    "areas": "the areas",
    "margins": "the population that answers are weighted to",
    "comments": "the reviewed comments",
    "policy": "the disclosure policy",
    "code": "the program",
}
"""Entries of a release's provenance, in words and in the order they are told."""

LAYER, RELEASE, INDICATOR, COMPARED = "national:", "release:", "indicator:", "compared:"
MEANING = ("item", "statistic", "unit", "polarity", "question")
SCORED = ("score", "score_lower", "score_upper", "band")


class DifferentWavesError(ValueError):
    """Releases of two waves were given: what changed between waves is another question (analysis.change)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A local indicator in an area."""

    area: str
    indicator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A figure shown in both releases with another value. Values in the indicator's unit.

    beyond: the later value lies outside the interval that the earlier release gave.
    redefined: the indicator means something else now, so the two values cannot be compared.
    """

    area: str
    indicator: str
    before: float
    after: float
    beyond: bool
    redefined: bool

    @property
    def change(self) -> float:
        return round(self.after - self.before, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class InputChange:
    """One input that is not the same. how: "changed", "added" or "gone"."""

    name: str  # key of the provenance
    words: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a reader of both releases sees differ.

    appeared: shown now and not before. hidden: shown before and not now. moved: shown in both, with another
    value. regraded: the same value with another interval, base, grade or score. unchanged: how many are shown
    alike in both. standing: how many figures of the later release say that they stand from an earlier one.
    national: how many national figures differ, appeared or went. redefined: indicators that mean something
    else.
    """

    wave: str
    before: int
    after: int
    responses: tuple[int, int]  # rounded, as printed
    appeared: tuple[Place, ...]
    hidden: tuple[Place, ...]
    moved: tuple[Moved, ...]
    regraded: tuple[Place, ...]
    unchanged: int
    standing: int
    national: int
    redefined: tuple[str, ...]
    breakdowns: str  # "none", "same", "made", "gone" or "changed"
    modes: str  # the comparison of ways of answering, likewise
    comments: str  # likewise; in another order they are the same
    inputs: tuple[InputChange, ...]

    @property
    def beyond(self) -> int:
        """How many figures moved out of the interval that the earlier release gave."""
        return sum(moved.beyond for moved in self.moved)

    @property
    def any(self) -> bool:
        """Whether readers would see anything change."""
        changes = (self.appeared, self.hidden, self.moved, self.regraded, self.national, self.redefined)
        return any(changes) or not {self.breakdowns, self.modes, self.comments} <= {"none", "same"}

    def as_dict(self) -> dict[str, Any]:
        document = asdict(self)
        for row, moved in zip(document["moved"], self.moved, strict=True):
            row["change"] = moved.change
        return document

    def sentences(self) -> list[str]:
        """The difference in words: what moved, then why."""
        first, last = self.responses
        return [
            f"Since release {self.before}: {last:,} answers as printed, where it was {first:,}.",
            f"Figures: {len(self.moved):,} moved ({self.beyond:,} beyond their earlier interval), "
            f"{len(self.appeared):,} appeared, {len(self.hidden):,} are hidden now, {len(self.regraded):,} "
            f"differ only in interval, base, grade or score, {self.unchanged:,} are the same.",
            *self._also(),
            f"Why: {self._why()}.",
        ]

    def _also(self) -> Iterator[str]:
        if self.standing:
            yield f"{self.standing:,} figures stand as an earlier release gave them."
        if self.national:
            yield f"{self.national:,} national figures differ."
        if self.redefined:
            yield f"Not comparable, because they mean something else now: {', '.join(self.redefined)}."
        if self.breakdowns not in ("none", "same"):
            yield f"Answers by group and by option: {self.breakdowns}."
        if self.modes not in ("none", "same"):
            yield f"Comparison of ways of answering: {self.modes}."
        if self.comments not in ("none", "same"):
            yield f"Comments: {self.comments}."

    def _why(self) -> str:
        if not self.inputs:
            return "nothing it is made from differs"
        return "; ".join(f"{change.words} {change.how}" for change in self.inputs)


def difference(before: Release, after: Release) -> Difference:
    """What differs between two releases of one wave, with the inputs that are not the same.

    Raises DifferentWavesError when they are of two waves.
    """
    if before.wave != after.wave:
        raise DifferentWavesError(f"{before.wave} and {after.wave} are two waves")
    then, now = _shown(before), _shown(after)
    redefined = _redefined(before, after)
    both = sorted(then.keys() & now.keys())
    moved = tuple(
        Moved(
            area=area,
            indicator=indicator,
            before=_number(was),
            after=_number(is_now),
            beyond=_outside(was, is_now),
            redefined=indicator in redefined,
        )
        for area, indicator in both
        for was, is_now in ((then[area, indicator], now[area, indicator]),)
        if was.value != is_now.value
    )
    regraded = tuple(
        Place(area=area, indicator=indicator)
        for area, indicator in both
        if _same_value(then[area, indicator], now[area, indicator])
        and _look(then[area, indicator]) != _look(now[area, indicator])
    )
    return Difference(
        wave=after.wave,
        before=before.number,
        after=after.number,
        responses=(before.responses, after.responses),
        appeared=_places(now.keys() - then.keys()),
        hidden=_places(then.keys() - now.keys()),
        moved=moved,
        regraded=regraded,
        unchanged=len(both) - len(moved) - len(regraded),
        standing=sum(figure.stands_from is not None for figure in now.values()),
        national=_national(before, after),
        redefined=tuple(sorted(redefined)),
        breakdowns=_became(before.breakdowns, after.breakdowns),
        modes=_became(before.modes_compared, after.modes_compared),
        comments=_became(_comments(before), _comments(after)),
        inputs=tuple(changed_inputs(before.provenance, after.provenance)),
    )


def changed_inputs(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[InputChange]:
    """The inputs whose digests differ. Earlier releases, checked against or compared with, are no cause."""
    names = [*INPUTS, *sorted(k for k in before.keys() | after.keys() if k not in INPUTS)]
    for name in names:
        if name.startswith((RELEASE, COMPARED)) or before.get(name) == after.get(name):
            continue
        how = "added" if name not in before else "gone" if name not in after else "changed"
        yield InputChange(name=name, words=words_of(name), how=how)


def words_of(name: str) -> str:
    """An entry of the provenance in words."""
    if name.startswith(LAYER):
        return f'the national layer "{name.removeprefix(LAYER)}"'
    if name.startswith(INDICATOR):
        return f'the local indicator "{name.removeprefix(INDICATOR)}"'
    return INPUTS.get(name, name)


def _shown(release: Release) -> dict[tuple[str, str], Figure]:
    return {(f.area, f.indicator): f for f in release.figures if f.marker is Marker.SHOWN}


def _places(keys: set[tuple[str, str]]) -> tuple[Place, ...]:
    return tuple(Place(area=area, indicator=indicator) for area, indicator in sorted(keys))


def _redefined(before: Release, after: Release) -> set[str]:
    def meaning(indicator: ReleasedIndicator) -> tuple[object, ...]:
        return tuple(getattr(indicator, name) for name in MEANING)

    then = {i.code: meaning(i) for i in before.indicators}
    return {i.code for i in after.indicators if i.code in then and then[i.code] != meaning(i)}


def _same_value(was: Figure, is_now: Figure) -> bool:
    return was.value == is_now.value


def _look(figure: Figure) -> tuple[object, ...]:
    """What is shown with the value."""
    names = ("lower", "upper", "base", "effective_base", "grade", *SCORED)
    return tuple(getattr(figure, name) for name in names)


def _outside(was: Figure, is_now: Figure) -> bool:
    if was.lower is None or was.upper is None:
        return False
    return not was.lower <= _number(is_now) <= was.upper


def _number(figure: Figure) -> float:
    if figure.value is None:
        raise ValueError(f"{figure.indicator} in {figure.area} is shown without a value: a damaged release")
    return figure.value


def _national(before: Release, after: Release) -> int:
    then = {(f.layer, f.area, f.indicator): f for f in before.national}
    now = {(f.layer, f.area, f.indicator): f for f in after.national}
    return sum(then.get(key) != now.get(key) for key in then.keys() | now.keys())


def _became(then: object, now: object) -> str:
    """What became of a part of the release that may be missing (None)."""
    if then is None:
        return "none" if now is None else "made"
    if now is None:
        return "gone"
    return "same" if then == now else "changed"


def _comments(release: Release) -> object:
    """What is said of comments, whatever the order of quotes and wherever counts stand from."""
    return [
        (item.item, item.bases, item.themes, set(item.counts), set(item.quotes)) for item in release.comments
    ] or None
