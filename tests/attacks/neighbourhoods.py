"""A made-up survey of places that overlap: wards, health neighbourhoods, and places drawn by hand.

The attacks do without the linear programming that protects it: they try sums and differences one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product

import numpy as np
from numpy.typing import NDArray

from analysis.areas import Area, AreaSet
from analysis.build import Earlier, Policy, Reference
from analysis.margins import MarginCount, PopulationMargins
from analysis.release import Marker, Release
from analysis.tallies import count
from questionnaires.model import Margin
from tests.attacks.attacks import FEW, FEWEST, Outcome
from tests.unit.analysis import samples

SMALL = tuple(f"L{n:02}" for n in range(12))
WARDS = {f"Ward{n}": SMALL[3 * n : 3 * n + 3] for n in range(4)}
HEALTH = {"HealthWest": SMALL[:5], "HealthMid": SMALL[5:8], "HealthEast": SMALL[8:]}
DRAWN = {"Riverside": ("L01", "L02", "L03"), "Old Town": ("L03", "L04", "L10"), "Station": ("L07", "L08")}
LEVELS = ("ward", "county", "health", "drawn")
PLACES: Mapping[str, tuple[str, ...]] = {"C": SMALL, **WARDS, **HEALTH, **DRAWN}
COLD_CODE = 2
AGE = Margin(name="age", item="age_band", levels=("young", "old"))


def areas() -> AreaSet:
    level_of = {
        **dict.fromkeys(WARDS, "ward"),
        **dict.fromkeys(HEALTH, "health"),
        **dict.fromkeys(DRAWN, "drawn"),
    }
    found = [Area(code="C", name="County", level="county", vintage="2026")]
    found += [
        Area(code=code, name=code, level=level, vintage="2026", parents=("C",))
        for code, level in level_of.items()
    ]
    for small in SMALL:
        around = tuple(code for code in level_of if small in PLACES[code])
        found.append(Area(code=small, name=small, level="small", vintage="2026", parents=around))
    return AreaSet(found)


@dataclass(frozen=True)
class Survey:
    """Releases of one survey, and of each the exact (small areas, [base, cold, not cold]) behind it."""

    releases: tuple[Release, ...]
    truth: tuple[NDArray[np.int64], ...]


def publish(seed: int, policy: Policy) -> Survey:
    """Two releases while the wave is open, two after; a few answers come before each but the first."""
    random = np.random.default_rng(seed)
    sizes = random.choice([4, 12, 25, 40, 60, 90], len(SMALL))
    people = [small for small, size in zip(SMALL, sizes, strict=True) for _ in range(size)]
    random.shuffle(people)
    rows = [
        (
            small,
            "web",
            ("old", "young")[random.integers(2)],
            int(random.integers(4, 11)),
            1 + int(random.random() < 0.25),
        )
        for small in [*people, *random.choice(SMALL, 60)]
    ]
    ends = [len(people), len(people) + 15, len(people) + 45, len(people) + 60]
    moments = [datetime(2026, month, 10, tzinfo=UTC) for month in (4, 4, 5, 6)]
    reference = Reference(areas=areas(), margins=_population())
    earlier: tuple[Earlier, ...] = ()
    truth = []
    for number, (end, moment) in enumerate(zip(ends, moments, strict=True), start=1):
        built = samples.built(
            count(samples.frame(rows[:end]), ["age"]),
            questionnaire=samples.questionnaire(AGE),
            reference=reference,
            policy=policy,
            wave=samples.wave(LEVELS),
            number=number,
            earlier=earlier,
            created=moment,
        )
        earlier = (*earlier, Earlier(built.release, built.bases))
        truth.append(_exact(rows[:end]))
    return Survey(tuple(each.release for each in earlier), tuple(truth))


def _population() -> PopulationMargins:
    return PopulationMargins(
        [
            MarginCount(area=small, margin="age", level=level, count=people)
            for small in SMALL
            for level, people in (("children", 300.0), ("young", 600.0), ("old", 400.0))
        ]
    )


def _exact(rows: list[tuple[str, str, str, int, int]]) -> NDArray[np.int64]:
    found = np.zeros((len(SMALL), 3), dtype=np.int64)
    for small, _mode, _age, _life, warm in rows:
        found[SMALL.index(small)] += (1, warm == COLD_CODE, warm != COLD_CODE)
    return found


def shown(release: Release, *, fresh: bool = False) -> list[str]:
    """Places whose figure is shown (and is of this release's own answers)."""
    return [
        figure.area
        for figure in release.figures
        if figure.indicator == "cold"
        and figure.marker is Marker.SHOWN
        and not (fresh and figure.stands_from is not None)
    ]


def told(places: list[str]) -> Iterator[NDArray[np.bool_]]:
    """Every set of small areas that adding and subtracting these places, each once, singles out."""
    rows = np.array([[small in PLACES[place] for small in SMALL] for place in places], dtype=np.int8)
    rows = rows.reshape(-1, len(SMALL))
    signs = np.array(list(product((-1, 0, 1), repeat=len(places))), dtype=np.int8)
    sums = signs @ rows
    single = sums[((sums == 0) | (sums == 1)).all(axis=1) & sums.any(axis=1)]
    yield from np.unique(single.astype(bool), axis=0)


def subtract_places(survey: Survey) -> Outcome:
    """Add and subtract whatever one release shows."""
    outcome = Outcome()
    for release, exact in zip(survey.releases, survey.truth, strict=True):
        for chosen in told(shown(release, fresh=True)):
            base, cold, warm = exact[chosen].sum(axis=0)
            outcome.tried += 1
            if 0 < base < FEWEST or 0 < cold < FEW or 0 < warm < FEW:
                names = "+".join(small for small, here in zip(SMALL, chosen, strict=True) if here)
                outcome.recovered.append(f"{release.number} {names}: {base}, {cold} cold")
    return outcome


def subtract_releases(survey: Survey) -> Outcome:
    """The same people in two releases, by whichever places tell of them: who came in between?"""
    outcome = Outcome()
    for after in range(len(survey.releases)):
        for before in range(after):
            then = {each.tobytes() for each in told(shown(survey.releases[before], fresh=True))}
            for chosen in told(shown(survey.releases[after], fresh=True)):
                if chosen.tobytes() not in then:
                    continue
                came = int((survey.truth[after] - survey.truth[before])[chosen, 0].sum())
                outcome.tried += 1
                if 0 < came < FEW:
                    outcome.recovered.append(f"{before + 1} to {after + 1}: {came} came")
    return outcome


ATTACKS = {"subtract places": subtract_places, "subtract releases": subtract_releases}
