"""What a reader is shown: published releases, parsed once per process, and only the places in reach."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from sqlmodel import Session

from analysis.comparisons import ChangeFigure, Changes, RankRange
from analysis.release import (
    Figure,
    GroupFigure,
    IndexFigure,
    NationalFigure,
    Release,
    ReleasedArea,
    ReleasedIndicator,
    from_json,
)
from analysis.released_models import ModelledFigure, ReleasedModel
from questionnaires import catalogue
from questionnaires.framework import Framework
from questionnaires.model import Questionnaire
from questionnaires.problems import FileRefusedError
from survey_app.services import questionnaire, released
from survey_app.services.released import NoReleaseError, Published, ReleaseDamagedError, State
from survey_app.store import areas, releases, waves

KEPT_IN_MEMORY = 4  # parsed releases: a reader moves between the latest of a few waves


@dataclass(frozen=True, slots=True)
class PublishedWave:
    """A wave that has a release to show: its latest not withdrawn. `withdrawn`: later ones that were."""

    slug: str
    title: str
    number: int
    digest: str
    withdrawn: tuple[Published, ...] = ()


@dataclass(frozen=True, slots=True)
class WithdrawnWave:
    """A wave whose every release was withdrawn: nothing of it is shown but when and why."""

    slug: str
    title: str
    withdrawn: tuple[Published, ...]


class ReleaseIndex:
    """A release with what pages look up: figures by (area, indicator), areas and indicators by code."""

    def __init__(self, release: Release):
        self.release = release
        self.areas: dict[str, ReleasedArea] = {area.code: area for area in release.areas}
        self.indicators: dict[str, ReleasedIndicator] = {i.code: i for i in release.indicators}
        self._figures = {(figure.area, figure.indicator): figure for figure in release.figures}
        self._national = {(figure.area, figure.indicator): figure for figure in release.national}
        self._groups: dict[tuple[str, str], list[GroupFigure]] = {}
        self._shares: dict[tuple[str, str], dict[int, float]] = {}
        if release.breakdowns is not None:
            for figure in release.breakdowns.figures:
                self._groups.setdefault((figure.area, figure.indicator), []).append(figure)
            for share in release.breakdowns.shares:
                self._shares.setdefault((share.area, share.item), {})[share.option] = share.share
        self._index: dict[tuple[str, str], list[IndexFigure]] = {}
        for one in release.index:
            self._index.setdefault((one.area, one.node), []).append(one)
        changed = release.changes.figures if release.changes is not None else ()
        self._changes = {(change.area, change.indicator): change for change in changed}
        self._ranks = {(rank.area, rank.indicator): rank for rank in release.ranks}
        self.models: dict[tuple[str, str], ReleasedModel] = {
            (m.indicator, m.level): m for m in release.models
        }
        self._modelled = {(figure.area, figure.indicator): figure for figure in release.modelled}

    def figure(self, area: str, indicator: str) -> Figure | None:
        """The local figure. None when the release says nothing of this indicator in this area."""
        return self._figures.get((area, indicator))

    def change(self, area: str, indicator: str) -> ChangeFigure | None:
        """How the figure changed since the wave before: see `since`. None where it could not be compared."""
        return self._changes.get((area, indicator))

    def rank(self, area: str, indicator: str) -> RankRange | None:
        """Between which ranks the area stands. None where too few areas of its level are shown."""
        return self._ranks.get((area, indicator))

    def modelled(self, area: str, indicator: str) -> ModelledFigure | None:
        """What a model says of the indicator in this area. None where it is not modelled."""
        return self._modelled.get((area, indicator))

    def groups(self, area: str, indicator: str) -> list[GroupFigure]:
        """The indicator among groups of people of the area: those figures that may be shown."""
        return self._groups.get((area, indicator), [])

    def shares(self, area: str, item: str) -> dict[int, float]:
        """The shares of the item's options that may be shown, by option code."""
        return self._shares.get((area, item), {})

    def broken_down(self, area: str, indicator: ReleasedIndicator) -> bool:
        """Whether the indicator's answers in this area can be shown by option or by group."""
        return bool(self.groups(area, indicator.code) or self.shares(area, indicator.item or ""))

    def national(self, area: str, indicator: str) -> NationalFigure | None:
        """The national figure of the area itself or, failing that, of the nearest area that contains it.

        Its `area` says whose it is: on a smaller area's page it is inherited and must be labelled so.
        """
        held = self.areas[area]
        for code in (area, *held.parents):
            found = self._national.get((code, indicator))
            if found is not None:
                return found
        return None

    def index_scores(self, area: str, node: str) -> list[IndexFigure]:
        """Scores of national indices beside a part of the framework ("" for the whole), in its order.

        Each is the area's own or that of the nearest area that contains it, which `area` of the score names.
        """
        found: dict[tuple[str, str], IndexFigure] = {}
        for code in (area, *self.areas[area].parents):
            for one in self._index.get((code, node), []):
                found.setdefault((one.layer, one.title), one)
        return list(found.values())

    def base(self, area: str) -> int | None:
        """The largest base of any figure shown for the area: about how many people answered there."""
        figures = (self.figure(area, indicator) for indicator in self.indicators)
        return max((f.base for f in figures if f is not None and f.base is not None), default=None)

    def levels(self) -> list[str]:
        """Levels from the widest to the smallest: areas of a wide level have few parents."""
        parents: dict[str, list[int]] = {}
        for area in self.release.areas:
            parents.setdefault(area.level, []).append(len(area.parents))
        return sorted(parents, key=lambda level: (sum(parents[level]) / len(parents[level]), level))

    def at_level(self, level: str) -> list[ReleasedArea]:
        """Areas of a level by name: never by score."""
        return sorted((a for a in self.release.areas if a.level == level), key=lambda a: (a.name, a.code))

    def inside(self, code: str) -> list[ReleasedArea]:
        """Released areas that lie in this one, by name."""
        return sorted((a for a in self.release.areas if code in a.parents), key=lambda a: (a.name, a.code))


_parsed: OrderedDict[str, ReleaseIndex] = OrderedDict()
_lock = Lock()


def published(session: Session) -> list[PublishedWave]:
    """Waves with a release to show, the latest wave first."""
    return [wave for wave in _all(session) if isinstance(wave, PublishedWave)]


def withdrawn(session: Session) -> list[WithdrawnWave]:
    """Waves whose every release was withdrawn, the latest wave first."""
    return [wave for wave in _all(session) if isinstance(wave, WithdrawnWave)]


def histories(session: Session) -> list[tuple[str, list[Published]]]:
    """Title and releases, the newest first, of every wave that has any; the latest wave first."""
    held = released.history(session)
    return [
        (wave.title, of_wave)
        for wave in waves.all_waves(session)
        if (of_wave := [each for each in held if each.wave == wave.slug])
    ]


def _all(session: Session) -> Iterator[PublishedWave | WithdrawnWave]:
    by_wave: dict[str, list[Published]] = {}
    for each in released.history(session):
        by_wave.setdefault(each.wave, []).append(each)
    for wave in waves.all_waves(session):
        held = by_wave.get(wave.slug, [])
        current = next((each for each in held if each.state is State.CURRENT), None)
        gone = tuple(each for each in held if each.state is State.WITHDRAWN)
        if current is not None:
            since = tuple(each for each in gone if each.number > current.number)
            yield PublishedWave(wave.slug, wave.title, current.number, current.digest, since)
        elif gone:
            yield WithdrawnWave(wave.slug, wave.title, gone)


def read(session: Session, wave: PublishedWave) -> ReleaseIndex:
    """The wave's latest release, parsed at most once per process while it is among the last few read.

    A release never changes, so its digest is a safe key. Raises ReleaseDamagedError.
    """
    with _lock:
        if wave.digest in _parsed:
            _parsed.move_to_end(wave.digest)
            return _parsed[wave.digest]
    row = releases.by_number(session, wave.slug, wave.number)
    if row is None or row.digest != wave.digest:
        raise ReleaseDamagedError(f"release {wave.number} of wave {wave.slug} is not the one listed")
    index = ReleaseIndex(from_json(released.intact(row, wave.slug)))
    with _lock:
        _parsed[wave.digest] = index
        while len(_parsed) > KEPT_IN_MEMORY:
            _parsed.popitem(last=False)
    return index


def since(session: Session, release: Release) -> Changes | None:
    """What changed since the wave before, unless the release compared with is withdrawn by now."""
    changes = release.changes
    if changes is None:
        return None
    try:
        then = released.one(session, changes.wave, changes.number)
    except NoReleaseError:
        return None
    return None if then.state is State.WITHDRAWN else changes


@dataclass(frozen=True, slots=True)
class Texts:
    """What a release's framework and questionnaire say: each as written, and as said in `language`.

    None where the installation no longer holds the version that the release was made with.
    """

    language: str
    framework: tuple[Framework, Framework] | None = None
    questionnaire: tuple[Questionnaire, Questionnaire] | None = None


def texts(release: Release, library: Path, frameworks: Path, language: str) -> Texts:
    """The texts behind a release, for a page in `language`. Files are parsed once per process."""
    framework = asked = None
    try:
        written = questionnaire.framework(frameworks, release.framework)
        if (written.id, written.version) == (release.framework, release.framework_version):
            framework = (written, catalogue.translated_framework(written, language))
    except FileRefusedError:
        pass  # a release is readable without them: it is shown in its own words
    try:
        original = questionnaire.version(
            library, frameworks, release.questionnaire, release.questionnaire_version
        )
        asked = (original, catalogue.translated(original, language))
    except (LookupError, FileRefusedError):
        pass
    return Texts(language, framework, asked)


def in_reach(session: Session, index: ReleaseIndex, area_codes: Collection[str]) -> frozenset[str]:
    """Codes of released areas someone limited to `area_codes` may read; no codes means all of them.

    Those areas, what lies inside them, and what contains them (to compare with).
    """
    if not area_codes:
        return frozenset(index.areas)
    named = {code for code in area_codes if code in index.areas}
    reached = set(named)
    for code in named:
        reached.update(index.areas[code].parents)
    reached.update(code for code, area in index.areas.items() if named.intersection(area.parents))
    for code in set(area_codes) - named:  # a grant may name an area of a level that is not published
        around = [*areas.ancestors(session, code), *areas.descendants(session, code)]
        reached.update(area.code for area in around if area.code in index.areas)
    return frozenset(reached)


def named(session: Session, index: ReleaseIndex, name: str, reach: Collection[str]) -> frozenset[str]:
    """Codes in reach whose name holds `name`, or that are also known by it ("Malden" finds Maldon)."""
    wanted = areas.folded(name)
    if not wanted:
        return frozenset(reach)
    known_as = {area.code for area in areas.find_by_name(session, name)}
    return frozenset(
        code for code in reach if code in known_as or wanted in areas.folded(index.areas[code].name)
    )
