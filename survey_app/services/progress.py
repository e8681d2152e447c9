"""How waves are going, for those who run them: answers so far, and where they come from.

Counts of who answered, never an answer. The population is the one that publishing weights to.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlmodel import Session

from analysis.areas import Area, AreaSet, AreasRefusedError
from analysis.margins import MarginCount, PopulationMargins, base_margin, population_by_area
from questionnaires.model import Questionnaire
from survey_app.services.places import DISTRICT
from survey_app.store import areas, margins, releases, responses, waves
from survey_app.store.releases import ReleaseRow
from survey_app.tables import Wave

Load = Callable[[Wave], Questionnaire | None]
"""The questionnaire of a wave; None when it cannot be read."""


@dataclass(frozen=True, slots=True)
class District:
    """Answers from a district, and the people of the ages surveyed in the part of it that the wave covers.

    `share`: of all answers whose district is known; `expected`: of the people. From 0 to 1, or None.
    """

    code: str
    name: str
    answers: int
    people: float | None
    share: float | None
    expected: float | None


@dataclass(frozen=True, slots=True)
class Progress:
    """A wave so far. `placed` of its answers are in a known district."""

    wave: Wave
    answers: dict[str, int]  # submitted, by mode
    unfinished: int
    placed: int
    districts: tuple[District, ...]  # by name
    latest: ReleaseRow | None
    areas_agree: bool  # False when the areas held contradict each other: no district can be told

    @property
    def total(self) -> int:
        return sum(self.answers.values())


@dataclass(frozen=True)
class _Ground:
    """The areas of a wave and the people of each of its districts."""

    areas: AreaSet
    people: dict[str, float | None]


def all_waves(session: Session, load: Load, area_codes: Collection[str] = ()) -> list[Progress]:
    """Every wave and how it is going, the latest first.

    Someone limited to `area_codes` gets the waves that reach into these areas and only their districts there;
    counts by mode are of the whole wave, as in its results.
    """
    latest: dict[str, ReleaseRow] = {}
    for row in releases.all_releases(session):
        shown = row.withdrawn_at is None
        if shown and (row.wave not in latest or row.number > latest[row.wave].number):
            latest[row.wave] = row
    grounds: dict[object, _Ground | None] = {}
    found = []
    for wave in waves.all_waves(session):
        questionnaire = load(wave)
        key = (tuple(wave.area_codes), questionnaire.digest if questionnaire else "")
        if key not in grounds:
            grounds[key] = _ground(session, wave, questionnaire)
        ground = grounds[key]
        seen = _seen(ground, area_codes)
        if seen or not area_codes:
            found.append(_progress(session, wave, ground, seen, latest.get(wave.slug)))
    return found


def _progress(
    session: Session, wave: Wave, ground: _Ground | None, seen: Collection[str], latest: ReleaseRow | None
) -> Progress:
    counts = responses.counts(session, wave.id or 0)
    by_district = _by_district(session, wave, ground)
    placed = sum(by_district.values())
    people = {} if ground is None else ground.people
    everyone = None if None in people.values() else sum(each or 0.0 for each in people.values())
    districts = [
        District(
            code,
            ground.areas[code].name,
            by_district.get(code, 0),
            each,
            by_district.get(code, 0) / placed if placed else None,
            each / everyone if each is not None and everyone else None,
        )
        for code, each in people.items()
        if ground is not None and code in seen
    ]
    return Progress(
        wave=wave,
        answers={mode: number for (status, mode), number in sorted(counts.items()) if status == "submitted"},
        unfinished=sum(number for (status, _mode), number in counts.items() if status == "draft"),
        placed=placed,
        districts=tuple(sorted(districts, key=lambda district: (district.name, district.code))),
        latest=latest,
        areas_agree=ground is not None,
    )


def _by_district(session: Session, wave: Wave, ground: _Ground | None) -> dict[str, int]:
    found: dict[str, int] = {}
    if ground is None:
        return found
    for code, number in responses.counts_by_area(session, wave.id or 0).items():
        if code is None or code not in ground.areas:
            continue
        for district in ground.areas.placed_at(code, (DISTRICT,))[:1]:
            if district in ground.people:
                found[district] = found.get(district, 0) + number
    return found


def _ground(session: Session, wave: Wave, questionnaire: Questionnaire | None) -> _Ground | None:
    """None when the areas held contradict each other: publishing refuses them with its reasons."""
    try:
        held = AreaSet(
            Area(code=row.code, name=row.name, level=row.level, vintage=row.vintage, parents=row.parents)
            for row in areas.rows(session, wave.area_codes)
        )
    except AreasRefusedError:
        return None
    if any(code not in held for code in wave.area_codes):
        return None
    if questionnaire is None:
        districts = [area.code for area in held.at_level(DISTRICT)]
        return _Ground(held, dict.fromkeys(districts))
    base = base_margin(questionnaire)
    counts = PopulationMargins(
        [
            MarginCount(area=row.area_code, margin=row.margin, level=row.level, count=row.count)
            for row in margins.within(session, wave.area_codes, [base.name] if base else [])
        ]
    )
    return _Ground(held, population_by_area(questionnaire, counts, held, wave.area_codes, DISTRICT))


def _seen(ground: _Ground | None, area_codes: Collection[str]) -> list[str]:
    """The districts in reach of someone limited to `area_codes`; no codes means every one."""
    if ground is None:
        return []
    known = [code for code in area_codes if code in ground.areas]
    return [
        district
        for district in ground.people
        if not area_codes
        or any(ground.areas.inside(district, code) or ground.areas.inside(code, district) for code in known)
    ]
