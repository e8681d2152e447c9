"""What a release is built from, checked together before anything is counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis.areas import Area, AreaSet, reached, within
from analysis.disclosure import Policy
from analysis.earlier import Bases, BasesUnreadableError, Earlier, read_bases
from analysis.geographies import Geographies, geographies
from analysis.indicators import Local, local_indicators
from analysis.margins import MarginsMissingError, PopulationMargins, targets
from analysis.national import NationalLayer, layers_by_id, unit_problems
from analysis.raking import Targets
from analysis.tallies import UNPLACED, Tallies, UnknownAreasError, by_mode, in_areas, only, roll_up
from questionnaires.framework import Framework
from questionnaires.model import Questionnaire

STAND_APART = 5
"""How many times the minimum base must be known by a larger area only, to be counted in it: so many that even
an answer of one in ten would be given by enough of them to be shown."""


@dataclass(frozen=True, kw_only=True)
class Reference:
    """What the answers are set against. A layer that is not here is not shown."""

    areas: AreaSet
    margins: PopulationMargins
    national: tuple[NationalLayer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveFacts:
    """A wave as a release names it. `areas`: codes surveyed (none: all). `levels`: published, smallest
    first or not.

    snapshot: digest of the snapshot that was tallied. (Of the tallies themselves none is published:
    those of a small wave could be found by trying.)
    """

    slug: str
    title: str
    opened: str
    closed: str
    levels: tuple[str, ...]
    areas: tuple[str, ...] = ()
    snapshot: str = ""


class PublicationRefusedError(Exception):
    """This wave cannot be published yet; `reasons` says every reason and what to do."""

    def __init__(self, reasons: Iterable[str]):
        self.reasons = tuple(reasons)
        super().__init__("\n".join(self.reasons))


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """Everything given, and what follows from it before any weighting."""

    tallies: Tallies
    questionnaire: Questionnaire
    framework: Framework
    reference: Reference
    policy: Policy
    wave: WaveFacts
    number: int
    created: datetime
    earlier: tuple[Earlier, ...]
    past: tuple[Bases, ...]  # of `earlier`, in the same order
    locals: tuple[Local, ...]
    former: tuple[Local, ...]  # bespoke indicators of earlier releases that are not among `locals`
    layers: Mapping[str, NationalLayer]
    codes: tuple[str, ...]  # released areas
    geographies: Geographies
    targets: Targets
    stragglers: frozenset[str]  # smallest known areas of people who count in no released area
    responses: int
    modes: Mapping[str, int]
    notes: tuple[str, ...]

    @property
    def closed(self) -> bool:
        """Whether the wave had closed when the release was made: what is made once is made then."""
        return self.created.date().isoformat() > self.wave.closed


def prepare(
    tallies: Tallies,
    questionnaire: Questionnaire,
    framework: Framework,
    reference: Reference,
    policy: Policy,
    *,
    wave: WaveFacts,
    number: int,
    created: datetime,
    earlier: Sequence[Earlier],
    former: Framework | None = None,
) -> Inputs:
    """Check the inputs against each other. Raises PublicationRefusedError with every reason found."""
    if created.tzinfo is None:
        raise ValueError("created must say its time zone (UTC)")
    layers = layers_by_id(reference.national)
    reasons: list[str] = []
    codes = _released(reference.areas, wave, reasons)
    places = geographies(reference.areas, codes, wave.levels)
    wanted = _targets(questionnaire, reference, wave, reasons)
    kept = _in_wave(tallies, reference.areas, wave, reasons)
    reasons += unit_problems(framework, layers)
    past = _past(earlier, number, reasons)
    if reasons:
        raise PublicationRefusedError(reasons)
    responses = int(kept.respondents["n"].sum())
    apart = _stragglers(kept, reference.areas, codes, STAND_APART * policy.minimum_base)
    return Inputs(
        tallies=kept,
        questionnaire=questionnaire,
        framework=framework,
        reference=reference,
        policy=policy,
        wave=wave,
        number=number,
        created=created,
        earlier=tuple(earlier),
        past=past,
        locals=local_indicators(framework, questionnaire),
        former=()
        if former is None
        else tuple(one for one in local_indicators(former, questionnaire) if one.indicator.made_by),
        layers=layers,
        codes=codes,
        geographies=places,
        targets=wanted,
        stragglers=frozenset(apart),
        responses=responses,
        modes=by_mode(kept),
        notes=_notes(framework, layers, int(tallies.respondents["n"].sum()) - responses, sum(apart.values())),
    )


def _released(areas: AreaSet, wave: WaveFacts, reasons: list[str]) -> tuple[str, ...]:
    unknown = [code for code in wave.areas if code not in areas]
    if unknown:
        reasons.append(
            f"The wave names areas that are not loaded: {', '.join(unknown)}: survey-app areas import."
        )
        return ()
    codes = within(areas, wave.areas, wave.levels)
    if not codes:
        levels = ", ".join(wave.levels) or "(none)"
        reasons.append(f"No area of the wave is at a published level: {levels}. Set its published levels.")
    return codes


def _in_wave(tallies: Tallies, areas: AreaSet, wave: WaveFacts, reasons: list[str]) -> Tallies:
    """Without people placed outside the wave's areas: they are not of the population it is weighted to.

    People who gave no place stay: they were asked only once they had said that they live inside.
    """
    try:
        roll_up(only(tallies, ()), areas, wave.levels)
    except UnknownAreasError as error:
        reasons.append(str(error))
    if any(code not in areas for code in wave.areas):
        return tallies
    return in_areas(tallies, {UNPLACED, *reached(areas, wave.areas)})


def _targets(
    questionnaire: Questionnaire, reference: Reference, wave: WaveFacts, reasons: list[str]
) -> dict[str, dict[str, float]]:
    if any(code not in reference.areas for code in wave.areas):
        return {}
    try:
        return targets(questionnaire, reference.margins, reference.areas, wave.areas)
    except MarginsMissingError as error:
        reasons += error.reasons
        return {}


def _past(earlier: Sequence[Earlier], number: int, reasons: list[str]) -> tuple[Bases, ...]:
    """The bases of earlier releases. All must be there: one that is left out could not be checked against."""
    past: list[Bases] = []
    for before in earlier:
        try:
            past.append(read_bases(before.bases))
        except BasesUnreadableError as error:
            reasons.append(f"Release {before.release.number}: {error}")
    given = [before.release.number for before in earlier]
    if given != list(range(1, number)):
        reasons.append(
            f"Release {number} must be checked against every earlier one (1 to {number - 1}, oldest first), "
            f"but was given: {', '.join(map(str, given)) or 'none'}."
        )
    elif len(past) == len(given) and [p.number for p in past] != given:
        reasons.append(
            "The bases kept with earlier releases belong to other releases: restore from a backup."
        )
    return tuple(past)


def _stragglers(tallies: Tallies, areas: AreaSet, codes: Sequence[str], enough: int) -> dict[str, int]:
    """People known only by an area with released areas inside it, where they are fewer than `enough`.

    Counted in it, they alone would be what is left when the areas inside are taken away: to protect them,
    whole neighbourhoods would have to be hidden. So they count in the weights and in no area. By smallest
    known area.
    """
    released = set(codes)
    around = {above.code for code in codes for above in areas.ancestors(code) if above.code in released}
    n = tallies.respondents.groupby("area", observed=True)["n"].sum()
    found: dict[str, dict[str, int]] = {}
    for code, people in n.items():
        inside = [c for c in (str(code), *(a.code for a in _above(areas, str(code)))) if c in released]
        if inside and inside[0] in around:
            found.setdefault(inside[0], {})[str(code)] = int(people)
    few = [group for group in found.values() if sum(group.values()) < enough]
    return {code: people for group in few for code, people in group.items()}


def _above(areas: AreaSet, code: str) -> tuple[Area, ...]:
    return areas.ancestors(code) if code in areas else ()


def _notes(
    framework: Framework, layers: Mapping[str, NationalLayer], outside: int, apart: int
) -> tuple[str, ...]:
    missing = {
        indicator.benchmark.layer
        for _, _, _, indicator in framework.indicators()
        if indicator.benchmark is not None and indicator.benchmark.layer not in layers
    }
    told = []
    if outside:
        told.append(f"{outside} responses are from outside the wave's areas and are left out.")
    if apart:
        told.append(f"{apart} people named no neighbourhood: too few to stand apart, so they only weigh.")
    told += [
        f'National layer "{layer}" is not loaded, so nothing is set beside it: survey-app national import.'
        for layer in sorted(missing)
    ]
    return tuple(told)
