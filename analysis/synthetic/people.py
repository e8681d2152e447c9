"""Synthetic people: who they are, where they live, and how they answer, before any question is asked."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from analysis import reference

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

Margins = Mapping[str, Mapping[str, Mapping[str, float]]]
"""Population counts: area code > margin > level > count."""

AGE, TENURE, ETHNIC_GROUP = "age", "tenure", "ethnic_group"

# Relative odds of a level given the age band: young people rent, older people are more often White.
GIVEN_AGE: Mapping[str, Mapping[str, Mapping[str, float]]] = {
    TENURE: {
        "16-24": {"owned": 0.8, "social_rented": 1.2, "private_rented": 1.6},
        "25-34": {"owned": 0.65, "social_rented": 1.05, "private_rented": 2.0},
        "35-49": {"owned": 0.95, "social_rented": 1.05, "private_rented": 1.1},
        "50-64": {"owned": 1.15, "social_rented": 0.95, "private_rented": 0.6},
        "65+": {"owned": 1.25, "social_rented": 0.95, "private_rented": 0.35},
    },
    ETHNIC_GROUP: {
        "16-24": {"white": 0.95},
        "50-64": {"white": 1.4},
        "65+": {"white": 2.6},
    },
}
# Effects on wellbeing, in its standard deviations.
WELLBEING: Mapping[str, Mapping[str, float]] = {
    AGE: {"16-24": -0.1, "35-49": -0.08, "50-64": -0.05, "65+": 0.15},
    TENURE: {"owned": 0.08, "social_rented": -0.3, "private_rented": -0.12},
}
WELLBEING_PLACE, WELLBEING_WARD, WELLBEING_OWN = -0.09, 0.06, 0.96
NOT_IN_ENGLISH: Mapping[str, float] = {
    "asian": 0.18,
    "black": 0.04,
    "mixed": 0.02,
    "white": 0.024,
    "other": 0.25,
}
LANGUAGES: Mapping[str, Mapping[str, float]] = {  # which language, for those who do not answer in the first
    "asian": {"bn": 5, "ur": 5},
    "black": {"ar": 3, "ur": 1},
    "white": {"pl": 5, "ro": 5},
    "other": {"ar": 6, "ur": 2},
}
MODES = ("assisted", "paper", "web")
HOURS = np.array(
    [1, 1, 0, 0, 0, 1, 3, 6, 8, 10, 12, 11, 10, 9, 8, 8, 9, 10, 12, 14, 14, 11, 6, 3], dtype=float
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A neighbourhood people answer from, the smaller areas in it, and the codes of all it lies in."""

    code: str
    vintage: str
    parts: tuple[tuple[str, str], ...] = ()  # code and vintage of each
    within: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Skew:
    """How those who answer differ from those who live there, and how they go about it. All are assumptions.

    `areas` and `levels` are relative chances of answering, by area code (a place or any it lies in) and by
    margin and level. Shares are of responses, except where said.
    """

    areas: Mapping[str, float] = field(
        default_factory=lambda: {
            "E07000074": 4.5,  # one district keener than the others: Maldon
            "south-east-essex": 0.4,  # hardly heard from
        }
    )
    levels: Mapping[str, Mapping[str, float]] = field(
        default_factory=lambda: {
            AGE: {"16-24": 0.4, "25-34": 0.65, "35-49": 0.9, "50-64": 1.2, "65+": 1.7},
            "sex": {"F": 1.4},
            ETHNIC_GROUP: {"white": 1.3},
            TENURE: {"owned": 1.3, "private_rented": 0.8},
        }
    )
    paper: Mapping[str, float] = field(
        default_factory=lambda: {"16-24": 0.05, "25-34": 0.06, "35-49": 0.1, "50-64": 0.2, "65+": 0.42}
    )  # share of each age band
    assisted: float = 0.02
    not_in_english: float = 1.0  # times the usual shares
    no_postcode: float = 0.1  # placed in a neighbourhood, not in a smaller area
    blank: float = 0.02  # share of items, before position, person and mode
    refused: float = 0.012  # share of items that offer "prefer not to say"; four times that when sensitive
    invalid: float = 0.006  # share of choices on paper
    breaks_off: float = 0.02  # answer nothing beyond some point
    straight_lines: float = 0.025  # give one answer to every row of a page
    writes: float = 0.3  # long texts; short ones half as often again
    hostile: float = 0.03  # share of long texts with markup, formulas, other scripts, personal data ...
    days: int = 56
    place_seed: int = 2026  # keeps a neighbourhood's own effects the same from wave to wave
    shift: Mapping[str, float] = field(default_factory=dict)  # item code > move, in standard deviations


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Columns over n people.

    Traits are the margins' names and "mode"; each holds an index into `levels` of the same name.
    """

    places: Sequence[Place]
    place: Ints
    part: Ints  # index into the place's parts; -1 when only the place is known
    traits: Mapping[str, Ints]
    levels: Mapping[str, tuple[str, ...]]
    age: Floats  # standardised over the population
    disadvantage: Floats  # of the neighbourhood, standardised over the population
    wellbeing: Floats
    mode: npt.NDArray[np.str_]
    language: npt.NDArray[np.str_]
    reticence: Floats  # times the usual share of blanks and refusals, mean about 1
    started: Floats  # seconds after the wave opened
    submitted: Floats

    def __len__(self) -> int:
        return len(self.place)

    def has(self, trait: str, level: str) -> Bools:
        """Who has this level of this trait; nobody when it is not known."""
        if level not in self.levels.get(trait, ()):
            return np.zeros(len(self), dtype=bool)
        return np.asarray(self.traits[trait] == self.levels[trait].index(level))


def demo_places() -> tuple[Place, ...]:
    """The neighbourhoods of the reference tables."""
    vintages, levels = {}, {}
    with reference.path("areas.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            vintages[row["code"]], levels[row["code"]] = row["vintage"], row["level"]
    above: dict[str, str] = {}
    below: dict[str, list[str]] = defaultdict(list)
    with reference.path("area_parents.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            above[row["child"]] = row["parent"]
            below[row["parent"]].append(row["child"])
    places = []
    for code in sorted(c for c, level in levels.items() if level == "ward"):
        within = [above[code]]
        while within[-1] in above:
            within.append(above[within[-1]])
        parts = tuple((part, vintages[part]) for part in sorted(below[code]))
        places.append(Place(code=code, vintage=vintages[code], parts=parts, within=tuple(within)))
    return tuple(places)


def demo_margins() -> dict[str, dict[str, dict[str, float]]]:
    """The population margins of the reference tables, by area code."""
    counts: dict[str, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    with reference.path("margins.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            counts[row["area"]][row["margin"]][row["level"]] = float(row["count"])
    return {area: dict(margins) for area, margins in counts.items()}


def draw_people(
    places: Sequence[Place],
    margins: Margins,
    languages: Sequence[str],
    n: int,
    rng: np.random.Generator,
    options: Skew,
) -> People:
    """n people who answer. `margins` must hold every place; raises ValueError naming those it lacks."""
    lacking = [place.code for place in places if AGE not in margins.get(place.code, {})]
    if lacking or not places:
        raise ValueError(f"no population by {AGE} for: {', '.join(lacking) or 'any place, as none is given'}")
    counts = {name: _counts(places, margins, name) for name in margins[places[0].code]}
    levels = {name: tuple(margins[places[0].code][name]) for name in counts}
    population = counts[AGE].sum(axis=1)
    place = rng.choice(len(places), size=n, p=_shares(population * _eagerness(places, options)))
    traits = _traits(place, counts, levels, rng, options)
    age_scores = _standardised(np.arange(len(levels[AGE]), dtype=float), counts[AGE].sum(axis=0))
    disadvantage = _disadvantage(counts, levels, population)[place]
    mode = _modes(traits[AGE], levels[AGE], rng, options)
    submitted, started = _times(mode, rng, options)
    return People(
        places=places,
        place=place,
        part=_parts(places, place, rng, options),
        traits={**traits, "mode": np.searchsorted(MODES, mode)},
        levels={**levels, "mode": MODES},
        age=age_scores[traits[AGE]],
        disadvantage=disadvantage,
        wellbeing=_wellbeing(place, disadvantage, traits, levels, len(places), rng, options),
        mode=mode,
        language=_languages(traits, levels, languages, rng, options),
        reticence=np.exp(rng.normal(-0.32, 0.8, n)),
        started=started,
        submitted=submitted,
    )


def _counts(places: Sequence[Place], margins: Margins, name: str) -> Floats:
    levels = list(margins[places[0].code][name])
    return np.array([[margins[p.code].get(name, {}).get(level, 0.0) for level in levels] for p in places])


def _shares(weights: Floats) -> Floats:
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def _standardised(values: Floats, weights: Floats) -> Floats:
    mean = np.average(values, weights=weights)
    spread = np.sqrt(np.average((values - mean) ** 2, weights=weights))
    return np.asarray((values - mean) / spread if spread > 0 else values - mean)


def _eagerness(places: Sequence[Place], options: Skew) -> Floats:
    factors = [[options.areas.get(code, 1.0) for code in (p.code, *p.within)] for p in places]
    return np.array([np.prod(row) for row in factors])


def pick(weights: Floats, rng: np.random.Generator) -> Ints:
    """For each row of weights, the index of a column chosen with those odds."""
    cumulative = np.cumsum(weights, axis=1)
    at = rng.random(len(weights)) * cumulative[:, -1]
    return np.asarray((at[:, None] >= cumulative).sum(axis=1).clip(max=weights.shape[1] - 1))


def _traits(
    place: Ints,
    counts: Mapping[str, Floats],
    levels: Mapping[str, tuple[str, ...]],
    rng: np.random.Generator,
    options: Skew,
) -> dict[str, Ints]:
    """Age first, then the others given age: the census tables cross nothing with anything."""
    traits: dict[str, Ints] = {}
    for name in sorted(counts, key=lambda margin: margin != AGE):
        factors = options.levels.get(name, {})
        weights = _shares(counts[name] + 1e-9)[place] * [factors.get(level, 1.0) for level in levels[name]]
        for age, odds in GIVEN_AGE.get(name, {}).items():
            if age in levels[AGE]:
                of_age = traits[AGE] == levels[AGE].index(age)
                weights[of_age] *= [odds.get(level, 1.0) for level in levels[name]]
        traits[name] = pick(weights, rng)
    return traits


def _disadvantage(
    counts: Mapping[str, Floats], levels: Mapping[str, tuple[str, ...]], population: Floats
) -> Floats:
    """Per place, standardised: the share who rent, social renting counted in full and private by half."""
    if TENURE not in counts:
        return np.zeros(len(population))
    worth = [{"social_rented": 1.0, "private_rented": 0.5}.get(level, 0.0) for level in levels[TENURE]]
    return _standardised(_shares(counts[TENURE] + 1e-9) @ np.array(worth), population)


def _wellbeing(
    place: Ints,
    disadvantage: Floats,
    traits: Mapping[str, Ints],
    levels: Mapping[str, tuple[str, ...]],
    places: int,
    rng: np.random.Generator,
    options: Skew,
) -> Floats:
    own_effects = np.random.default_rng([options.place_seed, 0]).normal(0, WELLBEING_WARD, places)
    total = WELLBEING_OWN * rng.normal(size=len(place)) + WELLBEING_PLACE * disadvantage + own_effects[place]
    for name, effects in WELLBEING.items():
        if name in traits:
            total += np.array([effects.get(level, 0.0) for level in levels[name]])[traits[name]]
    return np.asarray(total)


def _modes(
    age: Ints, levels: tuple[str, ...], rng: np.random.Generator, options: Skew
) -> npt.NDArray[np.str_]:
    paper = np.array([options.paper.get(level, 0.0) for level in levels])[age]
    at = rng.random(len(age))
    return np.where(at < paper, "paper", np.where(at > 1 - options.assisted, "assisted", "web"))


def _parts(places: Sequence[Place], place: Ints, rng: np.random.Generator, options: Skew) -> Ints:
    sizes = np.array([len(p.parts) for p in places])[place]
    part = (rng.random(len(place)) * sizes).astype(np.int64)
    return np.where((sizes == 0) | (rng.random(len(place)) < options.no_postcode), -1, part)


def _languages(
    traits: Mapping[str, Ints],
    levels: Mapping[str, tuple[str, ...]],
    languages: Sequence[str],
    rng: np.random.Generator,
    options: Skew,
) -> npt.NDArray[np.str_]:
    """The language answered in: the questionnaire's first, or for a few another that it offers."""
    n = len(traits[AGE])
    spoken = np.full(n, languages[0], dtype="U16")
    at = rng.random(n)
    for index, group in enumerate(levels.get(ETHNIC_GROUP, ())):
        odds = {k: w for k, w in LANGUAGES.get(group, {}).items() if k in languages[1:]}
        others = odds or dict.fromkeys(languages[1:], 1.0)
        share = NOT_IN_ENGLISH.get(group, 0.02) * options.not_in_english
        who = np.flatnonzero((traits[ETHNIC_GROUP] == index) & (at < share))
        if others:
            spoken[who] = rng.choice(list(others), size=len(who), p=_shares(np.array(list(others.values()))))
    return spoken


def _times(mode: npt.NDArray[np.str_], rng: np.random.Generator, options: Skew) -> tuple[Floats, Floats]:
    """Seconds after opening when each was submitted and started: a rush, a lull, a rush before closing.

    Paper is keyed, not filled in, then: about three minutes, in office hours, and later in the wave.
    """
    n = len(mode)
    paper = mode == "paper"
    late = rng.random(n) < np.where(paper, 0.6, 0.35)
    through = np.where(late, rng.beta(4.0, 1.3, n), rng.beta(1.1, 2.6, n))
    office = np.zeros(24)
    office[9:17] = 1.0
    hour = np.where(paper, rng.choice(24, n, p=_shares(office)), rng.choice(24, n, p=_shares(HOURS)))
    day = np.minimum(np.floor(through * options.days), options.days - 1)
    begun = day * 86_400 + hour * 3_600 + rng.random(n) * 3_600
    took = np.exp(rng.normal(np.log(np.where(paper, 180.0, 560.0)), np.where(paper, 0.3, 0.5), n))
    end = options.days * 86_400.0 - 1
    submitted = np.minimum(begun + took, end)
    return np.floor(submitted), np.floor(np.maximum(submitted - took, 0))
